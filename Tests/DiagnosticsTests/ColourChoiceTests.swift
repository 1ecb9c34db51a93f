import Diagnostics
import Testing

@Test(
  arguments: [
    (.automatic, [:], true, true),
    (.automatic, [:], false, false),
    (.automatic, ["TERM": "xterm"], true, true),
    (.automatic, ["TERM": "dumb"], true, false),
    (.automatic, ["NO_COLOR": "1"], true, false),
    (.automatic, ["NO_COLOR": ""], true, true),
    (.automatic, ["FORCE_COLOR": "1"], false, true),
    (.automatic, ["FORCE_COLOR": "0"], true, false),
    (.automatic, ["FORCE_COLOR": ""], false, false),
    (.automatic, ["FORCE_COLOR": "1", "TERM": "dumb"], true, true),
    (.automatic, ["NO_COLOR": "1", "FORCE_COLOR": "1"], true, false),
    (.always, ["NO_COLOR": "1", "TERM": "dumb"], false, true),
    (.never, ["FORCE_COLOR": "1"], true, false),
  ] as [(ColourChoice, [String: String], Bool, Bool)])
func `colour is the flag's, then the environment's, then the terminal's choice`(
  choice: ColourChoice, environment: [String: String], isTerminal: Bool, expected: Bool
) {
  #expect(isColourWanted(choice, environment: environment, isTerminal: isTerminal) == expected)
}

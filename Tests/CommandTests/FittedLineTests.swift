import Terminal
import Testing

@Suite struct FittedLineTests {
  private static var line: FittedLine {
    var line = FittedLine()
    line.add("epoch 1/20")
    line.add("━━━━━━━━", rank: 3)
    line.add("loss D 1.23")
    line.add("D(x) 0.55", rank: 2)
    line.add("D(G(z)) 0.42", rank: 2)
    line.add("1:49 left", rank: 1)
    return line
  }

  @Test(
    arguments: [
      (80, "epoch 1/20  ━━━━━━━━  loss D 1.23  D(x) 0.55  D(G(z)) 0.42  1:49 left"),
      (69, "epoch 1/20  ━━━━━━━━  loss D 1.23  D(x) 0.55  D(G(z)) 0.42  1:49 left"),
      (68, "epoch 1/20  loss D 1.23  D(x) 0.55  D(G(z)) 0.42  1:49 left"),
      (58, "epoch 1/20  loss D 1.23  1:49 left"),
      (33, "epoch 1/20  loss D 1.23"),
      (9, "epoch 1/2"),
    ])
  func theLeastImportantPartsGoFirst(_ width: Int, _ text: String) {
    #expect(Self.line.text(width: width) == text)
  }
}

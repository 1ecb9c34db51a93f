import Foundation
import Layers
import Spec
import Testing

@testable import Schema

/// The page of everything that the language can say.
@Suite struct ReferenceTests {
  @Test func thePageIsUpToDate() throws {
    let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("docs/reference.md")
    if ProcessInfo.processInfo.environment["DCGAN_UPDATE"] != nil {
      try Data(Reference.page.utf8).write(to: page)
    }
    let written = try String(contentsOf: page, encoding: .utf8)
    #expect(written == Reference.page, "`make docs` writes it anew")
  }

  @Test(arguments: LayerKind.allCases)
  func everyLayerIsExplained(_ kind: LayerKind) throws {
    let text = try #require(Reference.explanation(of: kind.rawValue))
    #expect(text.hasPrefix("\(kind.rawValue): \(kind.type.summary)\n"))
    #expect(text.contains("Example:\n  - \(kind.rawValue)"))
  }

  /// What a key takes is known everywhere, and says what it is for.
  @Test func nothingIsLeftUnsaid() {
    for section in Reference.file + Reference.layers + Reference.carried {
      for option in section.options {
        #expect(option.value != .anything, "\(section.title).\(option.key)")
        #expect(!option.help.isEmpty, "\(section.title).\(option.key)")
      }
    }
  }

  @Test(arguments: ["train", "train.generator", "adam", "learning_rate", "ADAM", "r1", "average"])
  func keysAndNamesAreFound(_ word: String) {
    #expect(Reference.explanation(of: word)?.isEmpty == false)
  }

  @Test func othersAreNot() { #expect(Reference.explanation(of: "learning_rte") == nil) }
}

import Diagnostics
import Spec
import Testing

@Suite struct DataSpecTests {
  /// What is said of a `data` section, with codes.
  private func messages(_ data: String) -> [String] {
    let (spec, diagnostics) = SpecText("data: \(data)").decoded
    return (diagnostics + (spec?.data.unreadableSources ?? [])).map {
      "\($0.severity) \($0.code): \($0.message)"
    }
  }

  @Test(arguments: DataSource.allCases)
  func everySourceIsAKnownName(_ source: DataSource) {
    let found = messages("{source: \(source.rawValue)}")
    if source.isReadable {
      #expect(found == [])
    } else {
      #expect(found == ["note D601: this version cannot read `\(source.rawValue)` yet"])
    }
  }

  @Test func optionsWithoutEffectAreNamed() {
    #expect(
      messages("{source: mnist, path: train}")
        == ["warning D602: `mnist` reads no `path`: its files have fixed names"])
    #expect(
      messages("{source: digits, path: x}")
        == ["warning D602: `digits` reads no `path`: the program draws its images"])
    #expect(
      messages("{source: mnist, fallback: mnist}")
        == ["warning D602: the fallback is the source itself"])
    #expect(
      messages("{source: digits, fallback: mnist}")
        == ["warning D602: `digits` needs no files, so its fallback is never used"])
    #expect(messages("{source: mnist, fallback: digits}") == [])
  }

  @Test func anUnreadableSourceMayHaveAFallback() throws {
    let text = SpecText("data: {source: lsun, path: bedroom, fallback: digits}")
    let notes = try #require(text.decoded.spec).data.unreadableSources
    #expect(notes.map(\.help) == [["training uses the fallback `digits`"]])
  }

  @Test func slipsAreCorrected() throws {
    let text = SpecText("data: {source: minst, fallback: digit}")
    let problems = text.decoded.diagnostics
    #expect(problems.map(\.severity) == [.error, .error])
    #expect(
      problems.flatMap(\.repairs).map(\.title) == [
        "did you mean `mnist`?", "write `digits`",
      ])
  }
}

import Diagnostics
import Spec
import Testing

@Suite struct DataSpecTests {
  /// What is said of a `data` section, with codes.
  private func messages(_ data: String) -> [String] {
    return SpecText("data: \(data)").decoded.diagnostics.map {
      "\($0.severity) \($0.code): \($0.message)"
    }
  }

  @Test(arguments: DataSource.allCases)
  func everySourceIsAKnownName(_ source: DataSource) {
    #expect(messages("{source: \(source.rawValue)}") == [])
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
    #expect(
      messages("{source: mnist, fit: pad}")
        == ["warning D602: `mnist` reads no `fit`: its images have one size"])
    #expect(
      messages("{source: lsun, classes: [a], shuffle: 5}")
        == [
          "warning D602: `lsun` reads no `classes`: its pictures have no labels",
          "warning D602: `lsun` reads no `shuffle`: its images are shuffled all together",
        ])
  }

  @Test func optionsOfPicturesAreRead() throws {
    let text = SpecText(
      "data: {source: folder, path: a, fit: pad, alpha: drop, filter: box, flip: true, "
        + "attributes: t.txt, label: Male, classes: [b, c], limit: 10, holdout: 5%, cache: off, "
        + "skip: s.txt}")
    let reading = try #require(text.decoded.spec).data.reading
    var expected = DataReading()
    (expected.path, expected.fit, expected.alpha, expected.filter) = ("a", .pad, .drop, .box)
    (expected.flip, expected.attributes, expected.label) = (true, "t.txt", "Male")
    (expected.classes, expected.limit, expected.holdout) = (["b", "c"], 10, 5)
    (expected.cache, expected.skip) = (.off, "s.txt")
    #expect(reading == expected)
    #expect(text.decoded.diagnostics == [])
  }

  @Test func wrongValuesAreNamed() {
    #expect(
      messages("{source: folder, holdout: 0.1}")
        == [
          "error S203: `holdout` must be a percentage from 0% to 90%, such as 10%, found `0.1`"
        ])
    #expect(
      messages("{source: folder, holdout: 95%}")
        == [
          "error S203: `holdout` must be a percentage from 0% to 90%, such as 10%, found `95%`"
        ])
    #expect(
      messages("{source: folder, classes: cats}")
        == ["error S203: `classes` must be a list of names, found `cats`"])
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

import Foundation
import Testing

@testable import Studies

@Suite struct LinearClassifierTests {
  private struct Fixture: Decodable {
    let features: [[Float]]
    let labels: [Int]
    let test: [[Float]]
    /// By LIBLINEAR's own commands.
    let predicted: [Int]
  }

  /// Of three overlapping groups, as `liblinear-train -s 1 -c 0.5 -B 1 -e 0.1` and `liblinear-predict`
  /// have it.
  @Test func tellsWhatLIBLINEARsCommandsTell() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/Studies/svm.json")
    let fixture = try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: file))
    let classifier = LinearClassifier(
      .init(fixture.features, fixture.labels, scale: 1), cost: 0.5)
    let test = LinearClassifier.Examples(fixture.test, fixture.predicted, scale: 1)
    #expect(classifier.classes(of: test) == fixture.predicted)
    #expect(classifier.accuracy(on: test) == 1)
  }

  /// The class with the largest score is the one that it tells, with two classes and with three.
  @Test(arguments: [2, 3]) func theLargestScoreTellsTheClass(_ classes: Int) {
    let features = (0..<60).map {
      [Float($0 % classes) + Float($0 * 7 % 11) / 20, Float($0 * 5 % 13)]
    }
    // Classes are met in another order than that of their numbers; 4 is never met.
    let labels = (0..<60).map { classes - 1 - $0 % classes }
    let examples = LinearClassifier.Examples(features, labels, scale: 3)
    let classifier = LinearClassifier(examples, cost: 1)
    let told = classifier.scores(of: examples, classes: 5).map { scores in
      scores.indices.max { scores[$0] < scores[$1] }
    }
    #expect(told == classifier.classes(of: examples))
    #expect(classifier.accuracy(on: examples) > 0.5)
    #expect(classifier.scores(of: examples, classes: 5).allSatisfy { $0[4] == -.infinity })
  }

  /// The same whenever it learns, whatever was drawn before.
  @Test func learnsTheSameAgain() {
    let features = (0..<40).map { [Float($0 * 7 % 11), Float($0 * 5 % 13)] }
    let examples = LinearClassifier.Examples(features, (0..<40).map { $0 % 2 }, scale: 3)
    let first = LinearClassifier(examples, cost: 0.1).classes(of: examples)
    _ = (0..<5).map { _ in rand() }
    #expect(LinearClassifier(examples, cost: 0.1).classes(of: examples) == first)
  }
}

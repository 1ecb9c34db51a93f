import Diagnostics
import Spec

/// A question that `--explain` answers besides those after codes.
public enum ExplainedTopic: String, CaseIterable, Sendable {
  case losses

  /// One line of `--explain` alone.
  public var title: String {
    switch self {
    case .losses: "is my loss normal? (with numbers of real trainings)"
    }
  }

  /// For a terminal, in lines of at most 80 columns.
  public var text: String {
    switch self {
    case .losses: LossRanges.text
    }
  }
}

/// What losses are in trainings that go well.
enum LossRanges {
  /// A part of a training, with the median and the range of nine steps in ten of each number.
  private struct Row {
    let steps: String
    let numbers: [String]
  }

  /// Recorded from `metrics.jsonl` of these commands; all of them ended with good images, and no health
  /// check spoke.
  private static let recorded: [(training: String, rows: [Row])] = [
    (
      "MNIST: dcgan-run mnist train --epochs 20",
      [
        Row(
          steps: "100-1,000",
          numbers: ["0.67 (0.44-1.26)", "2.0 (0.7-3.7)", "0.77 (0.44-0.94)", "0.22 (0.05-0.58)"]),
        Row(
          steps: "last epoch",
          numbers: ["0.29 (0.10-0.99)", "3.9 (1.8-5.8)", "0.92 (0.60-0.99)", "0.08 (0.01-0.38)"]),
      ]
    ),
    (
      "Fashion-MNIST: dcgan-run fashion-mnist train --epochs 5",
      [
        Row(
          steps: "100-1,000",
          numbers: ["0.43 (0.25-0.83)", "2.2 (1.1-3.4)", "0.84 (0.59-0.93)", "0.16 (0.05-0.40)"]),
        Row(
          steps: "last epoch",
          numbers: ["0.82 (0.69-1.06)", "1.5 (0.9-2.4)", "0.71 (0.48-0.86)", "0.30 (0.14-0.52)"]),
      ]
    ),
    (
      "10,526 gray faces: dcgan-run faces64-gray train --epochs 20",
      [
        Row(
          steps: "100-1,000",
          numbers: ["0.49 (0.28-0.99)", "4.4 (2.7-7.0)", "0.84 (0.62-0.93)", "0.16 (0.02-0.41)"]),
        Row(
          steps: "last epoch",
          numbers: ["0.65 (0.50-0.93)", "2.7 (1.6-4.1)", "0.78 (0.57-0.89)", "0.23 (0.07-0.44)"]),
      ]
    ),
  ]

  static var text: String {
    let columns = ["steps", "loss D", "loss G", "D(x)", "D(G(z))"]
    func line(_ cells: [String]) -> String {
      zip(cells, [11, 17, 14, 17, 0]).map { $0.padded(to: $1) }.joined()
    }
    let table = recorded.flatMap { training, rows in
      ["", training] + rows.map { "  " + line([$0.steps] + $0.numbers) }
    }
    let codes = HealthCode.allCases.filter { $0 != .notFinite && $0.rawValue >= "R71" }
      .map { "  \($0.rawValue)  \($0.entry.title)" }
    let parts: [String] = [
      "Is my loss normal?", meaning.wrapped(at: 80),
      "Medians of trainings with good images, and the range of nine steps in ten:",
      "  " + line(columns) + table.map { "\n" + $0 }.joined(), trends.wrapped(at: 80),
      "What is not normal is said while training, once, with one of these codes:",
      codes.joined(separator: "\n"),
    ]
    return parts.joined(separator: "\n\n") + "\n"
  }

  private static let meaning =
    "The losses are those of a game, so neither falls to 0 in a training that goes well. With the "
    + "objective `minimax` the discriminator's is -log D(x) - log(1 - D(G(z))): 1.39 where it gives "
    + "every image 0.5, and 0 where it is never wrong. The generator's is -log D(G(z)): 0.69 at 0.5, "
    + "and more the better the discriminator sees through it. They say who is ahead, not how good "
    + "the images are: look at the samples."

  private static let trends =
    "That the discriminator gets ahead slowly, over many epochs, is normal. Single steps with a loss "
    + "of 5 or 10 in the first hundred are, too. With `hinge` the discriminator's loss is 2 where it "
    + "has learned nothing and 0 where it is never wrong; with `least_squares` 0.25 "
    + "and 0; "
    + "the scores of `wasserstein` have no scale, and only their trend tells anything."
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}

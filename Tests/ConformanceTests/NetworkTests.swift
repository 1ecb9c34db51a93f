import Foundation
import Testing

/// Every network of the fixture: four steps of training, step by step as PyTorch takes them.
@Suite struct NetworkTests {
  @Test(arguments: try! Fixture.files("networks"), Engine.allCases)
  func trainsAsPyTorchDoes(_ path: String, by engine: Engine) throws {
    var replay = try TrainingReplay(path, engine)
    try replay.run()
    var compared = 0
    for name in replay.file.names {
      let kind = NetworkTolerance.Kind(name)
      guard let kind else { continue }
      let expected = try replay.tensor(name)
      let found = try #require(replay.results[name], "\(name) was not computed")
      compared += 1
      guard kind == .change else {
        let error = found.error(from: expected)
        #expect(error <= NetworkTolerance.largest(kind, engine), "\(name)")
        continue
      }
      // The change, since four small steps hide behind the parameters' size.
      let start = try replay.tensor(name.replacingOccurrences(of: "final.", with: "init."))
      let (moved, shouldMove) = (found.minus(start), expected.minus(start))
      #expect(
        moved.error(from: shouldMove) <= NetworkTolerance.largest(.change, engine), "\(name)")
      #expect(
        moved.rootMeanSquareError(from: shouldMove)
          <= NetworkTolerance.changeRootMeanSquare(engine), "\(name)")
    }
    let results = replay.file.names.filter { NetworkTolerance.Kind($0) != nil }
    #expect(compared == results.count && compared > 0)
  }
}

/// Largest allowed error, relative to the tensor's largest element: for the runtime as the set's
/// README suggests for single precision, for the reference interpreter what is left in double.
enum NetworkTolerance {
  enum Kind {
    case fake
    case logits
    case gradient
    case loss
    case change
    case statistics
    case sampleEval
    case sampleTrain

    /// Nil for what the file gives rather than expects.
    init?(_ name: String) {
      switch name {
      case "forward.fake": self = .fake
      case "sample.eval": self = .sampleEval
      case "sample.train": self = .sampleTrain
      case _ where name.hasPrefix("forward.logits"): self = .logits
      case _ where name.hasPrefix("grad."): self = .gradient
      case _ where name.hasPrefix("loss."): self = .loss
      case _ where name.hasPrefix("final."):
        self = name.contains(".running_") ? .statistics : .change
      default: return nil
      }
    }
  }

  static func largest(_ kind: Kind, _ engine: Engine) -> Double {
    // The files' own repeatability on other vector instructions is 1e-12; Adam's first steps, which
    // have the size of the learning rate however small a gradient is, amplify it.
    if engine == .reference { return kind == .change ? 1e-6 : 1e-8 }
    switch kind {
    case .fake: return 5e-6
    case .logits: return 2e-5
    case .gradient: return 1e-4
    case .loss: return 3e-6
    case .change: return 1e-3
    case .statistics: return 1e-5
    case .sampleEval: return 5e-6
    case .sampleTrain: return 1e-5
    }
  }

  static func changeRootMeanSquare(_ engine: Engine) -> Double {
    engine == .reference ? 1e-6 : 4e-4
  }
}

extension Values {
  func minus(_ other: Values) -> Values {
    Values(shape: shape, elements: zip(elements, other.elements).map { $0 - $1 })
  }

  /// Root mean square of the difference over the largest |b|.
  func rootMeanSquareError(from expected: Values) -> Double {
    let scale = max(expected.elements.map(abs).max() ?? 0, .leastNormalMagnitude)
    let squares = minus(expected).elements.map { $0 * $0 }
    return (squares.reduce(0, +) / Double(max(squares.count, 1))).squareRoot() / scale
  }
}

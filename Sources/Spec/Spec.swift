import Diagnostics
import Document

/// A whole spec, decoded and complete: every option has its value.
public struct Spec: Sendable {
  public let file: SourceFile
  public let name: String
  public let image: ImageSpec
  public let latent: LatentSpec
  /// The label classes of a conditional network.
  public let condition: ConditionSpec?
  public let generator: NetworkSpec
  public let discriminator: NetworkSpec
  public let initialization: InitializationSpec
  public let objective: ObjectiveSpec
  public let data: DataSpec
  public let train: TrainSpec
  /// Guidelines that are departed from on purpose: code, reason, position of the code.
  public let deviations: [Deviation]

  public func network(_ role: NetworkRole) -> NetworkSpec {
    switch role {
    case .generator: generator
    case .discriminator: discriminator
    }
  }
}

/// Pixels: their number and the range of their values.
public struct ImageSpec: Hashable, Sendable {
  public let height: Int
  public let width: Int
  public let channels: Int
  /// What black and white are for the networks: [−1, 1] or [0, 1] as a rule.
  public let range: ClosedRange<Double>
  public let span: SourceSpan
  public let rangeSpan: SourceSpan
}

/// The generator's input z.
public struct LatentSpec: Hashable, Sendable {
  public let size: Int
  public let distribution: Distribution
  public let span: SourceSpan

  public enum Distribution: String, Hashable, Sendable, CaseIterable {
    /// On [−1, 1].
    case uniform
    /// Mean 0, standard deviation 1.
    case normal
  }
}

/// What a conditional network is told besides z.
public struct ConditionSpec: Hashable, Sendable {
  public let classes: Int
  public let span: SourceSpan
}

/// How trained tensors start: normal distributions. Biases and shifts start at 0.
public struct InitializationSpec: Hashable, Sendable {
  public let weight: Normal
  public let normScale: Normal
  public let weightSpan: SourceSpan

  public struct Normal: Hashable, Sendable {
    public let mean: Double
    public let deviation: Double
  }
}

/// What both networks are trained for.
public struct ObjectiveSpec: Hashable, Sendable {
  public let loss: Loss
  public let generator: GeneratorLoss
  /// Coefficient and centre of a penalty on the discriminator's gradient for its input.
  public let gradientPenalty: GradientPenalty?
  public let span: SourceSpan

  public enum Loss: String, Hashable, Sendable, CaseIterable {
    case minimax
    case leastSquares = "least_squares"
    case wasserstein
    case hinge
  }

  /// The generator's side of minimax.
  public enum GeneratorLoss: String, Hashable, Sendable, CaseIterable {
    case nonSaturating = "non_saturating"
    case saturating
  }

  public struct GradientPenalty: Hashable, Sendable {
    public let coefficient: Double
    public let centre: Double
  }
}

public struct DataSpec: Hashable, Sendable {
  /// Checked against the known formats when data is opened.
  public let source: String
  public let sourceSpan: SourceSpan
  /// The source to use where the first is not there.
  public let fallback: String?
  public let fallbackSpan: SourceSpan?
  public let path: String?
}

public struct TrainSpec: Hashable, Sendable {
  public let batch: Int
  public let epochs: Int
  public let seed: UInt64
  public let updates: Updates
  public let optimizer: OptimizerSpec
  public let batchSpan: SourceSpan

  public enum Updates: Hashable, Sendable {
    /// Both networks on each batch, as in PyTorch's example. The generator's step takes new noise
    /// (`fresh`) or that of the discriminator's step (`shared`, the default).
    case both(noise: Noise)
    /// Batches in turn for the generator and the discriminator, as in the paper's code.
    case alternate
  }

  public enum Noise: String, Hashable, Sendable, CaseIterable {
    case shared
    case fresh
  }
}

/// PyTorch's options; the weight decay is coupled (added to the gradient).
public struct OptimizerSpec: Hashable, Sendable {
  public let rule: Rule
  public let learningRate: Double
  public let weightDecay: Double
  public let span: SourceSpan
  /// Where the value of each written option stands.
  public let optionSpans: [String: SourceSpan]

  public enum Rule: Hashable, Sendable {
    case adam(beta1: Double, beta2: Double, epsilon: Double)
    case rmsprop(smoothing: Double, epsilon: Double, momentum: Double)
    case sgd(momentum: Double)
  }
}

public struct Deviation: Hashable, Sendable {
  public let code: String
  public let reason: String
  public let span: SourceSpan
}

/// Every objective, by the name that specs use: the one list of them.
public enum ObjectiveKind: String, Hashable, Sendable, CaseIterable {
  case minimax
  case leastSquares = "least_squares"
  case wasserstein
  case hinge
  case relativisticAverage = "relativistic_average"
  /// No game: both networks are the halves of one autoencoder; see `Reconstruction`.
  case reconstruction
  /// No game: the discriminator alone learns to tell the classes of real images.
  case classification

  /// Whether the discriminator's loss is 0 where it makes no mistake, and never less.
  public var endsAtZero: Bool {
    switch self {
    case .minimax, .leastSquares, .hinge, .relativisticAverage: true
    case .wasserstein, .reconstruction, .classification: false
    }
  }

  /// Whether a generator and a discriminator play against each other.
  public var isGame: Bool {
    switch self {
    case .minimax, .leastSquares, .wasserstein, .hinge, .relativisticAverage: true
    case .reconstruction, .classification: false
    }
  }

  /// Whether there is a generator: a classifier has none.
  public var hasGenerator: Bool { self != .classification }

  /// The game of this name; nil for what is none.
  ///
  /// Only minimax has several forms of the generator's loss, and targets to smooth.
  public func objective(
    generator: Minimax.GeneratorLoss, smoothing: Double = 0
  ) -> (any Objective)? {
    switch self {
    case .minimax: Minimax(generator: generator, smoothing: smoothing)
    case .leastSquares: LeastSquares()
    case .wasserstein: Wasserstein()
    case .hinge: Hinge()
    case .relativisticAverage: RelativisticAverage()
    case .reconstruction, .classification: nil
    }
  }
}

/// Every objective, by the name that specs use: the one list of them.
public enum ObjectiveKind: String, Hashable, Sendable, CaseIterable {
  case minimax
  case leastSquares = "least_squares"
  case wasserstein
  case hinge
  /// No game: both networks are the halves of one autoencoder; see `Reconstruction`.
  case reconstruction

  /// Whether the discriminator's loss is 0 where it makes no mistake, and never less.
  public var endsAtZero: Bool {
    switch self {
    case .minimax, .leastSquares, .hinge: true
    case .wasserstein, .reconstruction: false
    }
  }

  /// The game of this name; nil for the reconstruction, which is none.
  ///
  /// Only minimax has several forms of the generator's loss.
  public func objective(generator: Minimax.GeneratorLoss) -> (any Objective)? {
    switch self {
    case .minimax: Minimax(generator: generator)
    case .leastSquares: LeastSquares()
    case .wasserstein: Wasserstein()
    case .hinge: Hinge()
    case .reconstruction: nil
    }
  }
}

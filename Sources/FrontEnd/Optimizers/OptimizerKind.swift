import Decoding

/// Every optimiser, by the name that specs use: the one list of them.
public enum OptimizerKind: String, Hashable, Sendable, CaseIterable {
  case adam
  case rmsprop
  case sgd

  /// Reads the rule's own options.
  public func rule(reading options: inout OptionReader) -> OptimizerRule {
    switch self {
    case .adam: .adam(Adam(reading: &options))
    case .rmsprop: .rmsprop(RMSProp(reading: &options))
    case .sgd: .sgd(SGD(reading: &options))
    }
  }
}

/// An optimiser with its options.
public enum OptimizerRule: Hashable, Sendable {
  case adam(Adam)
  case rmsprop(RMSProp)
  case sgd(SGD)

  public var kind: OptimizerKind {
    switch self {
    case .adam: .adam
    case .rmsprop: .rmsprop
    case .sgd: .sgd
    }
  }

  /// What the rule does, whichever it is.
  public var optimizer: any Optimizer {
    switch self {
    case .adam(let rule): rule
    case .rmsprop(let rule): rule
    case .sgd(let rule): rule
    }
  }
}

import Program

/// A game between the two networks: what each of them makes small.
///
/// Losses are computed from logits [N], never from probabilities: log σ(x) of an extreme x is then
/// exact. Each loss is a scalar, a mean over the batch. A new objective is one file with a type of
/// this protocol, one case of `ObjectiveKind`, and one arm of `ObjectiveKind.objective`.
public protocol Objective: Sendable {
  /// Whether the generator's loss also needs the discriminator's logits of real images, as
  /// relativistic losses do.
  var generatorReadsReal: Bool { get }

  /// The discriminator's loss for its logits of real and of generated images, [N] each.
  func discriminatorLoss(real: Value, fake: Value, in program: inout ProgramBuilder) -> Value

  /// The generator's loss for the discriminator's logits of generated images, [N].
  ///
  /// `real` has the logits of real images, [N], if `generatorReadsReal`.
  func generatorLoss(real: Value?, fake: Value, in program: inout ProgramBuilder) -> Value
}

extension Objective {
  public var generatorReadsReal: Bool { false }
}

import LayerGraph
import Program
import Spec

/// One step of training: gradients and updates of both networks, or of one of them.
///
/// Its parts are programs that run one after the other over the same tensors, so that gradients can
/// be summed over several machines between them; `program` is all of them in one, for a single
/// process. The inputs are the images `real` [N, H, W, C], one-hot `labels` [N, classes] of a
/// conditional network, the scalars of the optimisers, and the state: parameters, running
/// statistics and moments, which come out again under the same names. The noise is drawn inside.
///
/// Real and generated images pass the discriminator as two batches, each with its own statistics.
package struct TrainingStep: Sendable {
  package let kind: Kind
  package let batch: Int
  /// In the order in which they run: for each network that learns, gradients and then the update.
  package let parts: [StepPart]
  /// All parts as one program.
  package let program: Program

  /// Which networks learn.
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case both
    case discriminator
    case generator

    /// In the order in which they learn.
    package var roles: [NetworkRole] {
      switch self {
      case .both: [.discriminator, .generator]
      case .discriminator: [.discriminator]
      case .generator: [.generator]
      }
    }
  }

  /// What a program takes and gives beyond training itself; tests replay whole runs with it.
  package struct Options: Hashable, Sendable {
    /// The noise comes in as an input for each network.
    package var takesNoise = false
    /// Images, logits and gradients go out as well.
    package var givesIntermediates = false
    /// Logits and a number for each layer and each gradient go out as well.
    package var examines = false
    /// Equal parts that the batch of all machines is cut into: the step is that of one of them.
    package var shards = 1

    package init(
      takesNoise: Bool = false, givesIntermediates: Bool = false, examines: Bool = false,
      shards: Int = 1
    ) {
      self.takesNoise = takesNoise
      self.givesIntermediates = givesIntermediates
      self.examines = examines
      self.shards = shards
    }
  }

  package init(
    _ kind: Kind, of spec: Spec, graph: LayerGraph, batch: Int, options: Options = Options()
  ) {
    var gradients = GradientPrograms(
      spec: spec, graph: graph, batch: batch, kind: kind, options: options)
    let updates = UpdatePrograms(spec: spec, graph: graph)
    let parts = kind.roles.flatMap { role in
      [gradients.part(of: role), updates.part(of: role)]
    }
    self.kind = kind
    self.batch = batch
    self.parts = parts
    program = Program.joined(parts.map(\.program)) { name in
      options.givesIntermediates || !TensorName.isGradient(name)
    }
  }

  /// Whether the step looks at real images.
  package var readsReal: Bool { program.inputs.contains { $0.name == TensorName.real } }

  /// What `Options.examines` looks at, in the order in which a step computes it.
  package var places: [StepPlace] { parts.flatMap(\.places) }

  /// The steps that the spec takes in turn, one a batch.
  ///
  /// - Parameter batch: images in a step, if not those of the spec.
  package static func all(
    of spec: Spec, graph: LayerGraph, batch: Int? = nil, options: Options = Options()
  ) -> [TrainingStep] {
    sequence(of: spec).map {
      TrainingStep(
        $0, of: spec, graph: graph, batch: batch ?? spec.train.batch, options: options)
    }
  }

  /// The kinds of step that the spec takes in turn, one a batch.
  ///
  /// A network that takes several steps in a row takes those before the last, or after the first, alone.
  package static func sequence(of spec: Spec) -> [Kind] {
    let train = spec.train
    guard spec.objective.loss.hasGenerator else { return [.discriminator] }
    let alone = (
      discriminator: [Kind](repeating: .discriminator, count: train.discriminator.steps - 1),
      generator: [Kind](repeating: .generator, count: train.generator.steps - 1)
    )
    switch train.updates {
    case .both: return alone.discriminator + [.both] + alone.generator
    case .alternate:
      return alone.generator + [.generator] + alone.discriminator + [.discriminator]
    }
  }
}

/// A program of a step: the place between two parts is where machines meet.
package struct StepPart: Sendable {
  package let role: NetworkRole
  package let half: Half
  package let program: Program
  /// What `TrainingStep.Options.examines` looks at.
  package let places: [StepPlace]

  init(role: NetworkRole, half: Half, program: Program, places: [StepPlace] = []) {
    self.role = role
    self.half = half
    self.program = program
    self.places = places
  }

  package enum Half: Hashable, Sendable {
    /// Losses, means, running statistics and the gradient of each parameter go out: what data
    /// parallel training reduces over its machines.
    case gradients
    /// The gradients go in; the parameters and what the optimiser keeps of them come out.
    case update
  }
}

import Autodiff
import LayerGraph
import Layers
import Program
import Spec

/// One step of training as one program: forward, gradients, updates of both networks.
///
/// Its inputs are the images `real` [N, H, W, C], one-hot `labels` [N, classes] of a conditional
/// network, the scalars of the optimisers, and the state: parameters, running statistics and
/// moments, which come out again under the same names. The noise is drawn inside.
///
/// Real and generated images pass the discriminator as two batches, each with its own statistics.
package struct TrainingStep: Sendable {
  package let kind: Kind
  package let batch: Int
  package let program: Program

  /// Which networks learn.
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case both
    case discriminator
    case generator

    func trains(_ role: NetworkRole) -> Bool {
      switch (self, role) {
      case (.both, _), (.discriminator, .discriminator), (.generator, .generator): true
      case (.discriminator, .generator), (.generator, .discriminator): false
      }
    }
  }

  /// What a program takes and gives beyond training itself; tests replay whole runs with it.
  package struct Options: Hashable, Sendable {
    /// The noise comes in as the inputs `z.discriminator` and `z.generator` [N, Z].
    package var takesNoise = false
    /// Images, logits and gradients go out as well.
    package var givesIntermediates = false

    package init(takesNoise: Bool = false, givesIntermediates: Bool = false) {
      self.takesNoise = takesNoise
      self.givesIntermediates = givesIntermediates
    }
  }

  package init(
    _ kind: Kind, of spec: Spec, graph: LayerGraph, batch: Int, options: Options = Options()
  ) {
    var assembly = Assembly(spec: spec, graph: graph, batch: batch, options: options)
    switch kind {
    case .both:
      assembly.trainDiscriminator()
      assembly.trainGenerator()
    case .discriminator:
      assembly.trainDiscriminator()
    case .generator:
      assembly.trainGenerator()
    }
    self.kind = kind
    self.batch = batch
    self.program = assembly.finish()
  }

  /// The scalar inputs of step `t` of a network, counted from 1.
  static func scalarInputs(
    of role: NetworkRole, step t: Int, optimizer: OptimizerSpec
  ) -> [(name: String, value: Double)] {
    Optimizer(optimizer).scalars(step: t).map { (scalarName($0.key, role), $0.value) }
  }

  fileprivate static func scalarName(_ scalar: Optimizer.Scalar, _ role: NetworkRole) -> String {
    "\(scalar.rawValue).\(role.rawValue)"
  }

  /// The steps that the spec takes in turn, one a batch.
  package static func all(of spec: Spec, graph: LayerGraph) -> [TrainingStep] {
    sequence(of: spec.train.updates).map {
      TrainingStep($0, of: spec, graph: graph, batch: spec.train.batch)
    }
  }

  /// The kinds of step that the spec takes in turn, one a batch.
  package static func sequence(of updates: TrainSpec.Updates) -> [Kind] {
    switch updates {
    case .both: [.both]
    case .alternate: [.generator, .discriminator]
    }
  }
}

/// A training step while it is put together.
private struct Assembly {
  let spec: Spec
  let graph: LayerGraph
  let batch: Int
  let options: TrainingStep.Options
  var program = ProgramBuilder()
  /// The present value of every tensor of both networks, as updated so far.
  var tensors: [String: Value] = [:]
  var outputs: [(name: String, value: Value)] = []
  var labels: Value?
  var nextStream = 0
  /// What the generator made for the discriminator's step, when both steps share it.
  var sharedImages: Value?

  init(spec: Spec, graph: LayerGraph, batch: Int, options: TrainingStep.Options) {
    self.spec = spec
    self.graph = graph
    self.batch = batch
    self.options = options
    for role in NetworkRole.allCases {
      tensors.merge(graph.network(role).declaredTensors(in: &program)) { $1 }
    }
    if let condition = spec.condition {
      labels = program.input("labels", [batch, condition.classes])
    }
  }

  // MARK: The two halves of a step

  /// real, fake → loss, one update of the discriminator; the generator only moves its statistics.
  mutating func trainDiscriminator() {
    let real = program.input(
      "real", [batch, spec.image.height, spec.image.width, spec.image.channels])
    let fake = generate(noise(for: .discriminator))
    if case .both(noise: .shared) = spec.train.updates { sharedImages = fake }

    let onReal = discriminate(real)
    let onFake = discriminate(fake)
    var loss = program.with(origin: Origin(path: "objective")) {
      $0.discriminatorLoss(spec.objective.loss, real: onReal, fake: onFake)
    }
    if let penalty = spec.objective.gradientPenalty {
      loss = program.add(loss, gradientPenalty(penalty, real: real, fake: fake))
    }
    record("mean_d_real", program.mean(program.logistic(onReal)))
    record("mean_d_fake", program.mean(program.logistic(onFake)))
    if options.givesIntermediates {
      record("forward.fake", fake)
      record("forward.logits.real", onReal)
      record("forward.logits.fake", onFake)
    }
    update(.discriminator, toReduce: loss)
  }

  /// fake → loss, one update of the generator through the discriminator as it now is.
  mutating func trainGenerator() {
    let fake = sharedImages ?? generate(noise(for: .generator))
    let onFake = discriminate(fake)
    let loss = program.with(origin: Origin(path: "objective")) {
      $0.generatorLoss(spec.objective.loss, spec.objective.generator, fake: onFake)
    }
    if sharedImages == nil, spec.train.updates == .alternate {
      record("mean_d_fake", program.mean(program.logistic(onFake)))
    }
    update(.generator, toReduce: loss)
  }

  /// The finished program; every tensor that has changed comes out under its name.
  mutating func finish() -> Program {
    for parameter in graph.parameters {
      let (name, shape) = (parameter.name, parameter.shape)
      let value = tensors[name]!
      if value != program.input(name, shape) { record(name, value) }
    }
    return program.program(outputs: outputs)
  }

  // MARK: Pieces

  private mutating func noise(for role: NetworkRole) -> Value {
    let shape: Shape = [batch, spec.latent.size]
    if options.takesNoise { return program.input("z.\(role.rawValue)", shape) }
    defer { nextStream += 1 }
    return program.latent(spec.latent, shape, stream: nextStream)
  }

  private mutating func generate(_ z: Value) -> Value {
    run(graph.generator, z, upTo: .output)
  }

  /// Logits [N]; the running statistics move, and a later pass sees them moved.
  private mutating func discriminate(_ images: Value) -> Value {
    run(graph.discriminator, images, upTo: .logits)
  }

  private mutating func run(
    _ network: NetworkGraph, _ x: Value, upTo ending: NetworkGraph.Ending
  ) -> Value {
    let pass = network.lower(
      x, mode: .train, labels: labels, tensors: tensors, firstStream: nextStream, upTo: ending,
      into: &program)
    tensors.merge(pass.updates) { $1 }
    nextStream = pass.nextStream
    return pass.output
  }

  private mutating func gradientPenalty(
    _ penalty: ObjectiveSpec.GradientPenalty, real: Value, fake: Value
  ) -> Value {
    let mix = program.random(.uniform, [batch], stream: nextStream)
    nextStream += 1
    let x = program.interpolated(real: real, fake: fake, mix: mix)
    let critic = program.sum(discriminate(x))
    let slope = program.gradients(of: critic, withRespectTo: [x])[0]
    return program.gradientPenalty(
      slope: slope, coefficient: penalty.coefficient, centre: penalty.centre
    ).loss
  }

  private mutating func update(_ role: NetworkRole, toReduce loss: Value) {
    record("loss.\(role.rawValue)", loss)
    let trained = graph.network(role).parameters.filter(\.role.isTrained)
    // The other network may have been updated in this very program: to differentiate through that
    // update would be another algorithm (Metz et al. 2017, "Unrolled GANs").
    let others = graph.parameters.map { tensors[$0.name]! }
    let gradients = program.gradients(
      of: loss, withRespectTo: trained.map { tensors[$0.name]! }, holding: others)
    let optimizer = Optimizer(spec.train.optimizer)
    var scalars: [Optimizer.Scalar: Value] = [:]
    for scalar in Optimizer.Scalar.allCases {
      scalars[scalar] = program.input(TrainingStep.scalarName(scalar, role), .scalar)
    }
    for (parameter, gradient) in zip(trained, gradients) {
      if options.givesIntermediates { record("grad.\(parameter.name)", gradient) }
      let outer = program.setOrigin(Origin(path: parameter.name, phase: .update))
      defer { _ = program.setOrigin(outer) }
      let stateNames = optimizer.stateNames.map { "\($0).\(parameter.name)" }
      let state = stateNames.map { program.input($0, parameter.shape) }
      let updated = optimizer.update(
        tensors[parameter.name]!, gradient: gradient, state: state, scalars: scalars, in: &program)
      tensors[parameter.name] = updated.parameter
      for (name, value) in zip(stateNames, updated.state) { record(name, value) }
    }
  }

  private mutating func record(_ name: String, _ value: Value) { outputs.append((name, value)) }
}

extension ProgramBuilder {
  /// Noise z [N, Z] as the spec wants it.
  mutating func latent(_ latent: LatentSpec, _ shape: Shape, stream: Int) -> Value {
    switch latent.distribution {
    case .normal:
      return random(.normal, shape, stream: stream)
    case .uniform:
      // [0, 1) → [−1, 1)
      let unit = random(.uniform, shape, stream: stream)
      return offset(scale(unit, by: 2), by: -1)
    }
  }
}

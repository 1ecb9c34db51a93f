import Autodiff
import LayerGraph
import Layers
import Objectives
import Program
import Spec

/// Makes the gradients' parts of a step, the discriminator's before the generator's.
struct GradientPrograms {
  let spec: Spec
  let graph: LayerGraph
  let batch: Int
  let kind: TrainingStep.Kind
  let options: TrainingStep.Options
  /// Nil for what is no game.
  let objective: (any Objective)?
  /// The first stream of random numbers that no part has used.
  private var nextStream = 0
  /// Where the streams inside the generator begin in the discriminator's part, for each piece.
  private var generatorStreams: [Int] = []

  init(
    spec: Spec, graph: LayerGraph, batch: Int, kind: TrainingStep.Kind,
    options: TrainingStep.Options, objective: (any Objective)? = nil
  ) {
    self.spec = spec
    self.graph = graph
    self.batch = batch
    self.kind = kind
    self.options = options
    self.objective = objective ?? spec.objective.objective
  }

  mutating func part(of role: NetworkRole) -> StepPart {
    var assembly = assembled(role)
    let program = assembly.finish()
    return StepPart(role: role, half: .gradients, program: program, places: assembly.places)
  }

  private mutating func assembled(_ role: NetworkRole) -> Assembly {
    var assembly = Assembly(
      spec: spec, graph: graph, batch: batch, options: options,
      nextStream: nextStream, role: role, generatorStreams: generatorStreams)
    for piece in 0..<spec.train.pieces(of: batch) {
      assembly.begin(piece: piece)
      switch (objective, role) {
      case (nil, _) where spec.objective.loss == .classification: assembly.classification()
      case (nil, _): assembly.reconstruction(role)
      case (let objective?, .discriminator): assembly.discriminator(objective)
      case (let objective?, .generator): assembly.generator(objective, in: kind)
      }
    }
    nextStream = assembly.nextStream
    generatorStreams = assembly.generatorStreams
    return assembly
  }
}

/// A part while it is put together.
private struct Assembly {
  let spec: Spec
  let graph: LayerGraph
  let batch: Int
  let options: TrainingStep.Options
  var nextStream: Int
  var program = ProgramBuilder()
  /// The present value of every tensor of both networks; passes move the running statistics.
  var tensors: [String: Value] = [:]
  var outputs: [(name: String, value: Value)] = []
  /// One-hot labels of the piece, [N, classes].
  var labels: Value?
  /// What is looked at, where the options ask for it.
  var places: [StepPlace] = []
  let role: NetworkRole
  var generatorStreams: [Int]
  /// Pieces that the batch is worked on in, and the present one.
  let pieces: Int
  var piece = 0
  /// Values of all passes that count as constants in gradients.
  var held: [Value] = []
  /// What the discriminator has said about classes in its latest pass.
  var classifications: [Lowering.Classification] = []
  /// What the discriminator's last layer read in its latest pass.
  var features: Value?
  /// The noise of the whole batch, [N, Z].
  var wholeNoise: Value?

  init(
    spec: Spec, graph: LayerGraph, batch: Int, options: TrainingStep.Options,
    nextStream: Int, role: NetworkRole, generatorStreams: [Int]
  ) {
    self.spec = spec
    self.graph = graph
    self.batch = batch
    self.options = options
    self.nextStream = nextStream
    self.role = role
    self.generatorStreams = generatorStreams
    pieces = spec.train.pieces(of: batch)
    for role in NetworkRole.allCases {
      tensors.merge(graph.network(role).declaredTensors(in: &program)) { $1 }
    }
  }

  mutating func begin(piece: Int) {
    self.piece = piece
    if let classes = spec.condition?.classes {
      labels = ofPiece(program.input(TensorName.labels, [batch, classes]))
    }
  }

  // MARK: The two networks

  /// real, fake → loss and its gradients; the generator only moves its statistics.
  mutating func discriminator(_ objective: any Objective) {
    let real = realImages()
    let z = noise(for: .discriminator)
    generatorStreams.append(nextStream)
    let fake = generate(z, .generated)
    let (changedReal, changedFake) = (augmented(real), augmented(fake))
    let (seenReal, seenFake) = (withNoise(changedReal), withNoise(changedFake))
    let onReal = discriminate(seenReal, .real)
    let errorOnReal = classificationError()
    let onFake = discriminate(seenFake, .generated)
    let errors = [errorOnReal, classificationError()].compactMap(\.self)
    let (calledReal, calledFake) = withFlips(onReal, onFake)
    var loss = program.with(origin: Origin(path: "objective")) {
      objective.discriminatorLoss(real: calledReal, fake: calledFake, in: &$0)
    }
    for error in errors { loss = program.add(loss, error) }
    let regularization = spec.objective.regularization
    for (gamma, logits, images) in [
      (regularization.r1, onReal, seenReal), (regularization.r2, onFake, seenFake),
    ] where gamma > 0 {
      let slope = program.gradients(
        of: program.sum(logits), withRespectTo: [images], holding: held)[0]
      let penalty = Regularization.slopePenalty(gamma, slope: slope, in: &program)
      loss = program.add(loss, penalty)
    }
    if let penalty = spec.objective.gradientPenalty {
      loss = program.add(loss, self.loss(of: penalty, real: changedReal, fake: changedFake))
    }
    recordMean(of: onReal, TensorName.meanOnReal, TensorName.scoreOnReal)
    recordMean(of: onFake, TensorName.meanOnFake, TensorName.scoreOnFake)
    if options.givesIntermediates { record(TensorName.fakeImages, fake, isRows: true) }
    if options.givesIntermediates || options.examines {
      record(TensorName.logitsOnReal, onReal, isRows: true)
      record(TensorName.logitsOnFake, onFake, isRows: true)
    }
    recordGradients(of: loss, .discriminator)
  }

  /// fake → loss and its gradients, through the discriminator as it is after its own update.
  mutating func generator(_ objective: any Objective, in kind: TrainingStep.Kind) {
    let fake: Value
    if kind == .both, spec.train.updates == .both(noise: .shared) {
      // The images of the discriminator's part: the same noise, and the same streams inside. That
      // part has moved the statistics already.
      let (declared, next) = (tensors, nextStream)
      if piece == 0 { nextStream = 0 }
      var z = noise(for: .discriminator)
      // Equal operations are made once, so that one piece is generated once for both parts. Several
      // would all have to wait in memory for the second: these are made again, from another value.
      if pieces > 1 { z = program.negate(program.negate(z)) }
      nextStream = generatorStreams[piece]
      fake = generate(z, .generated)
      (tensors, nextStream) = (declared, next)
    } else {
      fake = generate(noise(for: .generator), .generated)
    }
    let matching = spec.objective.regularization.featureMatching
    let readsReal = objective.generatorReadsReal || matching > 0
    let onReal = readsReal ? discriminate(withNoise(augmented(realImages())), .real) : nil
    let realFeatures = features
    let onFake = discriminate(withNoise(augmented(fake)), .generated)
    var loss = program.with(origin: Origin(path: "objective")) {
      objective.generatorLoss(real: onReal, fake: onFake, in: &$0)
    }
    if let error = classificationError() { loss = program.add(loss, error) }
    if matching > 0, let realFeatures, let features {
      let distance = Regularization.featureDistance(
        real: realFeatures, fake: features, in: &program)
      loss = program.add(loss, program.scale(distance, by: matching))
    }
    if kind == .generator {
      recordMean(of: onFake, TensorName.meanOnFake, TensorName.scoreOnFake)
    }
    recordGradients(of: loss, .generator)
  }

  /// real → a number for each class, and the gradients of their cross-entropy with the labels.
  ///
  /// The mean probability of the right class goes out as that of a real image to be real.
  mutating func classification() {
    guard let labels, let classes = spec.condition?.classes else {
      preconditionFailure("a classifier without classes")
    }
    let output = run(graph.discriminator, augmented(realImages()), .real, upTo: .output)
    let logits = program.reshape(output, [batch / pieces, classes])
    var loss = program.with(origin: Origin(path: "objective")) {
      $0.crossEntropy(logits, labels: labels)
    }
    if let error = classificationError() { loss = program.add(loss, error) }
    let powers = program.exp(
      program.subtract(
        logits,
        program.broadcast(
          program.reduceMaximum(logits, axes: [1]), to: program.shape(of: logits), axes: [0])))
    let right = program.reduceSum(program.multiply(powers, labels), axes: [1])
    record(
      TensorName.meanOnReal,
      program.mean(program.divide(right, program.reduceSum(powers, axes: [1]))))
    recordGradients(of: loss, .discriminator)
  }

  /// real → its code → an image, and the gradients of what differs for one of the two networks.
  mutating func reconstruction(_ role: NetworkRole) {
    let real = realImages()
    let code = run(graph.discriminator, real, .real, upTo: .output)
    let made = generate(code, .generated)
    let loss = program.with(origin: Origin(path: "objective")) {
      Reconstruction.loss(image: real, made: made, in: &$0)
    }
    recordGradients(of: loss, role)
  }

  /// The finished program; every statistic that has moved comes out under its name.
  mutating func finish() -> Program {
    for parameter in graph.parameters {
      let declared = program.input(parameter.name, parameter.shape)
      if let value = tensors[parameter.name], value != declared {
        outputs.append((parameter.name, value))
      }
    }
    return program.program(outputs: outputs)
  }

  // MARK: Pieces

  private mutating func realImages() -> Value {
    ofPiece(
      program.input(
        TensorName.real, [batch, spec.image.height, spec.image.width, spec.image.channels]))
  }

  /// The noise of the piece; that of the whole batch is drawn once.
  private mutating func noise(for role: NetworkRole) -> Value {
    let shape: Shape = [batch, spec.latent.size]
    if let wholeNoise { return ofPiece(wholeNoise) }
    let whole: Value
    if options.takesNoise {
      whole = program.input(TensorName.noise(role), shape)
    } else {
      whole = spec.latent.noise(shape, stream: nextStream, in: &program)
      nextStream += 1
    }
    wholeNoise = whole
    return ofPiece(whole)
  }

  /// The rows of a batch that belong to the piece.
  private mutating func ofPiece(_ whole: Value) -> Value {
    guard pieces > 1 else { return whole }
    let shape = program.shape(of: whole)
    let count = batch / pieces
    var (start, limit) = (shape.dimensions.map { _ in 0 }, shape.dimensions)
    (start[0], limit[0]) = (piece * count, (piece + 1) * count)
    return program.slice(whole, start: start, limit: limit)
  }

  /// Images with the changes of `augment`.
  private mutating func augmented(_ images: Value) -> Value {
    if spec.augmentation.options.isEmpty { return images }
    defer { nextStream += 1 }
    return program.with(origin: Origin(path: "augment")) {
      spec.augmentation.apply(
        to: images, range: spec.image.range, stream: nextStream, in: &$0)
    }
  }

  /// Images with the noise of `instance_noise`.
  private mutating func withNoise(_ images: Value) -> Value {
    let deviation = spec.objective.regularization.instanceNoise
    guard deviation > 0 else { return images }
    let noise = program.random(.normal, program.shape(of: images), stream: nextStream)
    nextStream += 1
    return program.add(images, program.scale(noise, by: deviation))
  }

  /// Logits [N] of real and of generated images, which change sides at some places of the batch.
  private mutating func withFlips(_ real: Value, _ fake: Value) -> (Value, Value) {
    let share = spec.objective.regularization.flippedLabels
    guard share > 0 else { return (real, fake) }
    let shape = program.shape(of: real)
    let chance = program.random(.uniform, shape, stream: nextStream)
    nextStream += 1
    let isFlipped = program.greater(program.constant(share, shape), chance)
    return (program.select(isFlipped, fake, real), program.select(isFlipped, real, fake))
  }

  /// How far the discriminator's latest pass has missed the labels; nil where it tells no classes.
  private mutating func classificationError() -> Value? {
    guard let labels else { return nil }
    var sum: Value?
    for classification in classifications {
      let error = program.with(origin: Origin(path: "objective")) {
        $0.scale(
          $0.crossEntropy(classification.logits, labels: labels), by: classification.share)
      }
      sum = sum.map { program.add($0, error) } ?? error
    }
    return sum
  }

  private mutating func generate(_ z: Value, _ pass: LayerPass) -> Value {
    run(graph.generator, z, pass, upTo: .output)
  }

  /// Logits [N]; the running statistics move, and a later pass sees them moved.
  private mutating func discriminate(_ images: Value, _ pass: LayerPass) -> Value {
    run(graph.discriminator, images, pass, upTo: .logits)
  }

  private mutating func run(
    _ network: NetworkGraph, _ x: Value, _ name: LayerPass, upTo ending: NetworkGraph.Ending
  ) -> Value {
    let pass = network.lower(
      x, mode: .train, labels: labels, real: network.looksAtReal ? realImages() : nil,
      tensors: tensors, firstStream: nextStream, shards: options.shards, upTo: ending,
      into: &program)
    tensors.merge(pass.updates) { $1 }
    nextStream = pass.nextStream
    held += pass.held
    if network.role == .discriminator { classifications = pass.classifications }
    // What the last layer with weights reads.
    if network.role == .discriminator,
      let last = network.nodes.lastIndex(where: { $0.kind.role == .weighted }), last > 0
    {
      features = pass.values[last - 1]
    }
    if options.examines {
      for (node, value) in zip(network.nodes, pass.values) {
        examine(.output(path: node.path, name), program.mean(value))
      }
    }
    return pass.output
  }

  private mutating func loss(
    of penalty: GradientPenalty, real: Value, fake: Value
  ) -> Value {
    let mix = program.random(.uniform, [batch / pieces], stream: nextStream)
    nextStream += 1
    let points = GradientPenalty.points(real: real, fake: fake, mix: mix, in: &program)
    let critic = program.sum(discriminate(points, .between))
    let slope = program.gradients(of: critic, withRespectTo: [points], holding: held)[0]
    return penalty.loss(slope: slope, in: &program).loss
  }

  /// What the discriminator says of images on average: a probability, and a score where the loss is
  /// about scores.
  private mutating func recordMean(of logits: Value, _ probability: String, _ score: String) {
    record(probability, program.mean(program.logistic(logits)))
    if spec.objective.loss != .minimax { record(score, program.mean(logits)) }
  }

  private mutating func recordGradients(of loss: Value, _ role: NetworkRole) {
    record(TensorName.loss(role), loss)
    let trained = graph.network(role).parameters.filter(\.role.isTrained)
    let values = trained.map { program.input($0.name, $0.shape) }
    let gradients = program.gradients(of: loss, withRespectTo: values, holding: held)
    for (parameter, gradient) in zip(trained, gradients) {
      record(TensorName.gradient(parameter.name), gradient)
      if options.examines {
        examine(.gradient(parameter: parameter.name), program.mean(program.square(gradient)))
      }
    }
  }

  private mutating func examine(_ kind: StepPlace.Kind, _ value: Value) {
    let place = StepPlace(role: role, kind: kind)
    if piece == 0 { places.append(place) }
    record(place.name, value)
  }

  /// Puts a value out: rows one piece after the other, all else as the mean over the pieces.
  private mutating func record(_ name: String, _ value: Value, isRows: Bool = false) {
    guard pieces > 1 else {
      outputs.append((name, value))
      return
    }
    let share = isRows ? value : program.scale(value, by: 1 / Double(pieces))
    guard let place = outputs.firstIndex(where: { $0.name == name }) else {
      outputs.append((name, share))
      return
    }
    outputs[place].value =
      isRows
      ? program.concatenate([outputs[place].value, share], axis: 0)
      : sum(outputs[place].value, share)
  }

  /// a + b as a sum over two rows: what is summed is stored where it is made, whereas a chain of
  /// additions would become one pass after the last piece, for which all of them would have to wait.
  private mutating func sum(_ a: Value, _ b: Value) -> Value {
    let shape = program.shape(of: a)
    let row = Shape([1] + shape.dimensions)
    let rows = program.concatenate(
      [program.reshape(a, row), program.reshape(b, row)], axis: 0)
    return program.reduceSum(rows, axes: [0])
  }
}

extension TrainSpec {
  /// Pieces that a batch of so many images is worked on in.
  fileprivate func pieces(of batch: Int) -> Int {
    batch.isMultiple(of: accumulate) ? accumulate : 1
  }
}

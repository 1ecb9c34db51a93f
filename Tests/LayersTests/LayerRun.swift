import Decoding
import Diagnostics
import Document
import Layers
import Program
import Reference
import Testing

/// A layer between inputs that tests can fill, and what comes out of it.
struct LayerRun {
  static let batch = 3
  /// The form of the images that a layer may look at.
  static let image = FeatureShape.maps(channels: 2, height: 4, width: 2)

  let layer: any Layer
  let context: LayerContext
  let input: FeatureShape
  let output: FeatureShape
  let parameters: [Parameter]
  var builder: ProgramBuilder
  let x: Value
  let tensors: [String: Value]
  let y: Value
  let updates: [String: Value]
  /// Rows of a reference batch that the layer puts ahead.
  let addedRows: Int
  /// Constants in gradients.
  let held: [Value]

  init(
    _ yaml: String, _ input: FeatureShape, mode: Lowering.Mode = .train, batch: Int = batch,
    classes: Int? = nil, hasNorm: Bool = false, isGenerator: Bool = false,
    referenceSize: Int = 0
  ) throws {
    layer = try Self.layer(yaml)
    context = LayerContext(
      classes: classes, hasNorm: hasNorm, isGenerator: isGenerator, hasReference: referenceSize > 0,
      image: Self.image,
      earlier: ["input": input])
    self.input = input
    output = try layer.outputShape(for: input, context)
    parameters = layer.parameters(for: input, context)

    var program = ProgramBuilder()
    x = program.input("x", input.batch(of: batch))
    let labels = classes.map { program.input("labels", [batch, $0]) }
    var tensors: [String: Value] = [:]
    for parameter in parameters {
      tensors["layer.\(parameter.name)"] = program.input(parameter.name, parameter.shape)
    }
    self.tensors = tensors
    var lowering = Lowering(program: program, mode: mode, labels: labels, tensors: tensors)
    if layer is BlurredImage {
      lowering.realImages = lowering.program.input("real", Self.image.batch(of: batch))
    }
    lowering.begin(with: x, referenceSize: referenceSize)
    y = lowering.lower(layer, path: "layer", context, x)
    builder = lowering.program
    updates = lowering.updates
    held = lowering.held
    addedRows = lowering.referenceSize - referenceSize
  }

  init(_ sample: LayerSample, mode: Lowering.Mode = .train) throws {
    try self.init(
      sample.yaml, sample.input, mode: mode, classes: sample.classes,
      isGenerator: sample.isInGenerator, referenceSize: sample.referenceSize)
  }

  /// The layer of one entry of a `layers:` list, which must have no faults.
  static func layer(_ yaml: String) throws -> any Layer {
    let (layer, diagnostics) = try decoded(yaml)
    try #require(diagnostics.isEmpty, "\(diagnostics.map(\.message))")
    return layer
  }

  /// Numbers without a pattern for the inputs that are not given, in −1 ..< 1; variances are
  /// positive, and labels one-hot.
  func numbers(_ given: [String: [Double]] = [:]) -> [String: Tensor<Double>] {
    var numbers: [String: Tensor<Double>] = [:]
    let program = builder.program(outputs: [])
    let all = Program(instructions: builder.instructions, outputs: program.outputs)
    for (index, input) in all.inputs.enumerated() {
      let stream = RandomStream(key: RandomKey(seed: 64, step: 0), stream: index)
      let elements = (0..<input.shape.count).map { position in
        if input.name == "labels" { return position % (input.shape[1] + 1) == 0 ? 1.0 : 0 }
        let number = Double(stream.uniform(at: position))
        return input.name == "running_var" ? 0.5 + number : 2 * number - 1
      }
      numbers[input.name] = Tensor(shape: input.shape, elements: given[input.name] ?? elements)
    }
    return numbers
  }

  /// The output's elements, in program order: [N, F] or [N, H, W, C].
  func result(_ given: [String: [Double]] = [:]) throws -> [Double] {
    try tensor(y, given).elements
  }

  func tensor(_ value: Value, _ given: [String: [Double]] = [:]) throws -> Tensor<Double> {
    let program = builder.program(outputs: [("y", value)])
    #expect(program.violations() == [])
    return try ReferenceInterpreter<Double>().run(program, inputs: numbers(given))["y"]!
  }
}

extension FeatureShape {
  func batch(of count: Int) -> Shape {
    switch self {
    case .vector(let size): [count, size]
    case .maps(let channels, let height, let width): [count, height, width, channels]
    }
  }
}

/// Why a layer refuses an input; nil where it takes it.
func refusal(
  _ yaml: String, _ input: FeatureShape, classes: Int? = nil
) throws -> String? {
  let layer = try LayerRun.layer(yaml)
  do {
    _ = try layer.outputShape(for: input, LayerContext(classes: classes))
    return nil
  } catch {
    return ([error.message] + error.help).joined(separator: "; ")
  }
}

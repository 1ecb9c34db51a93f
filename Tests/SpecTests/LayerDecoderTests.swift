import Layers
import Spec
import Testing

@Suite struct LayerDecoderTests {
  /// The one entry is the text's fourth line.
  private func generator(_ entry: String, defaults: String = "{}") -> SpecText {
    SpecText("generator:\n  defaults: \(defaults)\n  layers:\n    - \(entry)")
  }

  private func layer(_ entry: String, defaults: String = "{}") throws -> LayerSpec {
    let text = generator(entry, defaults: defaults)
    #expect(text.problems == [])
    return try #require(text.decoded.spec?.generator.layers.first)
  }

  @Test func aBareWordHasNoOptions() throws {
    #expect(try layer("flatten").main.kind == .flatten)
    #expect(try layer("flatten:").main.kind == .flatten)
    #expect(try layer("flatten: {}").main.kind == .flatten)
  }

  @Test func normAndActivationAreRead() throws {
    let entry = "linear: {units: 1, norm: {batch: {epsilon: 0.1}}, activation: {leaky_relu: 0.3}}"
    let layer = try layer(entry)
    #expect(layer.norm?.kind == .batchNorm)
    #expect(layer.norm?["epsilon"] == "0.1")
    #expect(layer.activation?.kind == .leakyReLU)
    #expect(layer.activation?["slope"] == "0.3")
    #expect(layer.components.map(\.path) == ["linear1", "linear1.norm", "linear1.activation"])
  }

  @Test func eachKindTakesTheDefaultsThatItKnows() throws {
    let defaults = "{kernel: 5, stride: 2, norm: batch, activation: relu}"
    let linear = try layer("linear: {units: 1, activation: none}", defaults: defaults)
    #expect(linear.norm?.kind == .batchNorm)
    #expect(linear.norm?.isInherited == true)
    #expect(linear.activation == nil)
    #expect(linear.main["kernel"] == nil)
    let conv = try layer("conv: {filters: 1, stride: 1, norm: none}", defaults: defaults)
    #expect(conv.norm == nil)
    #expect((conv.main["kernel"], conv.main["stride"]) == ("5", "1"))
    #expect(try layer("flatten", defaults: defaults).activation == nil)
  }

  @Test(arguments: [
    ("conv2d: {filters: 1}", "4:7 S223 there is no layer `conv2d`"),
    ("cnov: {filters: 1}", "4:7 S223 there is no layer `cnov`"),
    ("[relu]", "4:7 S222 a layer is one key with its options, found a list"),
    (
      "{conv: {filters: 1, kernel: 3}, relu: {}}",
      "4:39 S222 a layer is one key with its options below it; `relu` stands beside `conv`"
    ),
    ("flatten: {norm: batch}", "4:23 S227 `flatten` carries no `norm`"),
    (
      "linear: {units: 1, norm: bacth}",
      "4:32 S205 `norm` must be `none`, `batch`, `conditional_batch`, `instance`, "
        + "`adaptive_instance`, `virtual_batch`, `layer` or `group`, found `bacth`"
    ),
    (
      "linear: {units: 1, norm: {batch: {epsilom: 1}}}",
      "4:41 S202 `batch` has no option `epsilom`"
    ),
    ("linear: {units: 1, name: a.b}", "4:32 S221 `a.b` cannot name a layer"),
  ])
  func mistakes(entry: String, problem: String) {
    #expect(generator(entry).problems == [problem])
  }

  @Test func unknownDefaultsAreReported() {
    let text = generator("flatten", defaults: "{stirde: 2}")
    #expect(text.problems == ["2:14 S231 no layer has an option `stirde`"])
    #expect(text.decoded.diagnostics.first?.help == ["did you mean `stride`?"])
  }

  @Test func aWrongDefaultIsReportedOnce() {
    let text = SpecText(
      """
      generator:
        defaults: {kernel: 0}
        layers: [conv: {filters: 1}, conv: {filters: 2}]
      """)
    #expect(text.problems == ["2:22 S209 `kernel` must be from 1 to 1024, found 0"])
  }

  @Test func otherProgramsNamesAreUnderstood() {
    let help = [
      "deconv": "conv_transpose", "dense": "linear", "bn": "batch_norm", "nn.Conv2d": "conv",
      "UpSampling2D": "upsample", "BatchNormalization": "batch_norm", "tconv": "conv_transpose",
    ]
    for (name, kind) in help {
      #expect(generator(name).decoded.diagnostics.first?.help == ["write `\(kind)`"])
    }
  }
}

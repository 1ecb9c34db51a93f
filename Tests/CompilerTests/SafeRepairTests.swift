import Compiler
import Diagnostics
import Spec
import Testing

/// A safe repair keeps the meaning of what is written; what is another thing is told apart.
@Suite struct SafeRepairTests {
  private static let spec = """
    dcgan: 1
    image: {size: 28, channels: 1}
    generator:
      defaults: {kernel: 4, stride: 2, norm: batch, activation: relu}
      layers:
        - project: {to: [16, 7, 7]}
        - conv_transpose: {filters: 8}
        - conv_transpose: {filters: 1, norm: none, activation: tanh}
    discriminator:
      defaults: {kernel: 4, stride: 2, norm: batch, activation: {leaky_relu: 0.2}}
      layers:
        - conv: {filters: 8, norm: none}
        - conv: {filters: 16}
        - linear: {units: 1, norm: none, activation: sigmoid}
    train: {batch: 128, optimizer: {adam: {beta1: 0.5}}}
    """

  /// The spec with `written` in place of `old`, after its safe repairs.
  private func repaired(_ old: String, _ written: String) -> String {
    let text = Self.spec.replacing(old, with: written)
    #expect(text != Self.spec)
    let file = SourceFile(path: "spec.yaml", text: text)
    return String(decoding: RepairedFile(file, upTo: .safe).file.bytes, as: UTF8.self)
  }

  @Test(arguments: [
    ("conv_transpose: {filters: 8}", "tconv: {filters: 8}"),
    ("conv_transpose: {filters: 8}", "deconv2d: {filters: 8}"),
    ("conv_transpose: {filters: 8}", "ConvTranspose2d: {filters: 8}"),
    ("conv_transpose: {filters: 8}", "nn.ConvTranspose2d: {out_channels: 8}"),
    ("conv: {filters: 16}", "nn.Conv2d: {filters: 16}"),
    ("conv: {filters: 16}", "Conv2D: {num_filters: 16}"),
    ("conv: {filters: 16}", "conv: {Filters: 16}"),
    ("linear: {units", "Dense: {units"),
    ("{leaky_relu: 0.2}", "leaky_relu(0.2)"),
    ("{leaky_relu: 0.2}", "nn.LeakyReLU(0.2)"),
    ("activation: relu", "activation: ReLU"),
    ("size: 28", "size: 28.0"),
    ("stride: 2", "stride: [2, 2]"),
    ("channels: 1", "channels: gray"),
    ("channels: 1", "channels: L"),
    ("norm: batch", "norm: BatchNormalization"),
    ("norm: batch", "norm: batchnorm"),
    ("batch: 128", "batch_size: 128"),
    ("beta1: 0.5", "beta_1: 0.5"),
    ("units: 1", "out_features: 1"),
    ("{filters: 16}", "{filters: 16, spectral_norm: false}"),
  ])
  func otherNamesForTheSameAreReplaced(_ right: String, _ written: String) {
    #expect(repaired(right, written) == Self.spec)
  }

  @Test(arguments: [
    ("size: 28", "size: 28x28", "size: [28, 28]"),
    ("size: 28", "size: 28×28", "size: [28, 28]"),
    ("size: 28", "size: (28, 28)", "size: [28, 28]"),
    ("channels: 1", "channels: RGB", "channels: 3"),
    ("beta1: 0.5", "betas: [0.5, 0.99]", "beta1: 0.5, beta2: 0.99"),
    ("filters: 16", "filters: 16, pad: 1", "filters: 16, padding: 1"),
    ("filters: 16", "filters: 16, spectral_norm: true", "filters: 16, weights: spectral_norm"),
    ("stride: 2", "stride: 2, SN: True", "stride: 2, weights: spectral_norm"),
    ("filters: 16", "filters: 16, weight_norm: yes", "filters: 16, weights: weight_norm"),
    ("filters: 16", "filters: 16, use_bias: false", "filters: 16, bias: false"),
    (
      "- conv: {filters: 16}", "- conv: {filters: 16}\n    - batch_norm: 128",
      "- conv: {filters: 16}\n    - batch_norm: {}"
    ),
  ])
  func otherNotationsAreReplaced(_ old: String, _ written: String, _ right: String) {
    #expect(repaired(old, written) == Self.spec.replacing(old, with: right))
  }

  /// Something else, or perhaps a slip of the pen: nothing happens without asking.
  @Test(arguments: [
    ("activation: relu", "activation: mish", "this is not in the language; the nearest is `relu`"),
    ("activation: relu", "activation: crelu", "this is not in the language; the nearest is `relu`"),
    ("activation: relu", "activation: relu6", "this is not in the language; the nearest is `relu`"),
    (
      "activation: relu", "activation: rrelu",
      "this is not in the language; the nearest is `leaky_relu`"
    ),
    ("activation: relu", "activation: ReLU6", "this is not in the language; the nearest is `relu`"),
    ("adam: {", "adamw: {", "this is not in the language; the nearest is `adam`"),
    ("adam: {", "nadam: {", "this is not in the language; the nearest is `adam`"),
    (
      "conv_transpose: {filters: 8}", "max_unpool: 2",
      "this is not in the language; the nearest is `upsample`"
    ),
    ("filters: 16", "fitlers: 16", "did you mean `filters`?"),
    ("batch: 128,", "bacth: 128,", "did you mean `batch`?"),
    (
      "batch: 128,", "batch: 128, learning_rate: 0.1,",
      "it belongs elsewhere: write `train: {optimizer: {adam: {learning_rate: 0.1}}}`"
    ),
    (
      "channels: 1", "channels: 1, batch_size: 4", "it belongs elsewhere: write `train: {batch: 4}`"
    ),
    (
      "dcgan: 1", "dcgan: 1\nloss: wgan", "it belongs elsewhere: write `objective: {loss: wgan}`"
    ),
    (
      "batch: 128,", "batch: 128, generator: {lr: 1e-4},",
      "it belongs elsewhere: write `train: {generator: {optimizer: {adam: {learning_rate: 1e-4}}}}`"
    ),
    ("{adam: {beta1: 0.5}}", "{type: Adam, beta1: 0.5}", "write `{adam: {beta1: 0.5}}`"),
    (
      "dcgan: 1", "dcgan: 1\nobjective: {loss: wgan-gp}",
      "write `loss: wasserstein, gradient_penalty: 10`"
    ),
    (
      "dcgan: 1", "dcgan: 1\nobjective: {loss: non-saturating}",
      "write `loss: minimax, generator: non_saturating`"
    ),
    (
      "dcgan: 1", "dcgan: 1\nobjective: {loss: ns}",
      "write `loss: minimax, generator: non_saturating`"
    ),
    (
      "norm: batch", "norm: spectral_norm",
      "write `weights: spectral_norm`: it is the weights that are divided"
    ),
    (
      "- conv: {filters: 16}", "- resblock: {filters: 16}",
      "write the block's layers, then `add: NAME` of the layer before them, or `add: -5` of the "
        + "fifth entry before; `dcgan-compile residual32 --emit spec` shows some"
    ),
    (
      "filters: 16", "filters: 32 * 2^-1",
      "decimal points, exponents and negative powers make fractions: write whole numbers, and "
        + "`16 / 2^i` in place of `16 * 2^-i`"
    ),
  ])
  func otherThingsStay(_ old: String, _ written: String, _ help: String) {
    let text = Self.spec.replacing(old, with: written)
    #expect(repaired(old, written) == text)
    let problems = Compilation(SourceFile(path: "spec.yaml", text: text)).problems
    #expect(problems.flatMap(\.help).contains(help), "\(problems.flatMap(\.help))")
  }

  /// What `let` or a map would hide is said.
  @Test func aSectionThatIsNoMapIsNotReplacedBySettings() {
    let file = SourceFile(
      path: "spec.yaml",
      text: Self.spec.replacing(
        "train: {batch: 128, optimizer: {adam: {beta1: 0.5}}}", with: "train: 1"))
    let settings = CommandLineSettings([.set("train.epochs=1")])
    #expect(
      Compilation(file, settings: settings).problems.map(\.message)
        == ["`train` is a map of options, found `1`"])
  }

  @Test func aSpecThatStandsAloneOpensNoOtherFile() {
    let file = SourceFile(path: "checkpoint", text: "extends: lsun64\n")
    #expect(Compilation(file).spec != nil)
    let alone = Compilation(file, standsAlone: true)
    #expect(alone.spec == nil)
    #expect(alone.paths == ["checkpoint"])
    #expect(
      alone.problems.map(\.message) == ["the spec of a checkpoint is complete and extends no file"])
  }
}

import Diagnostics
import Document
import Layers
import Spec
import Optimizers
import Testing

@Suite struct SpecDecoderTests {
  @Test func whatIsAbsentHasTheDefaultsOfThePaper() throws {
    let text = SpecText("image: {size: 8}")
    #expect(text.problems == [])
    let spec = try #require(text.decoded.spec)
    #expect(spec.name == "test")
    #expect((spec.image.height, spec.image.width, spec.image.channels) == (8, 8, 3))
    #expect(spec.image.range == -1...1)
    #expect((spec.latent.size, spec.latent.distribution) == (100, .uniform))
    #expect(spec.condition == nil)
    #expect((spec.initialization.weight.mean, spec.initialization.weight.deviation) == (0, 0.02))
    #expect(
      (spec.initialization.normScale.mean, spec.initialization.normScale.deviation) == (1, 0.02))
    #expect((spec.objective.loss, spec.objective.generator) == (.minimax, .nonSaturating))
    #expect(spec.objective.gradientPenalty == nil)
    #expect((spec.data.source, spec.data.fallback, spec.data.reading.path) == (.digits, nil, nil))
    #expect((spec.train.batch, spec.train.epochs, spec.train.seed) == (128, 10, 0))
    #expect(spec.train.updates == .both(noise: .shared))
    #expect(spec.train.optimizer.rule == .adam(Adam(beta1: 0.5, beta2: 0.999, epsilon: 1e-8)))
    #expect(spec.train.optimizer.learningRate == 0.0002)
    #expect(spec.train.optimizer.weightDecay == 0)
    #expect(spec.deviations == [])
  }

  @Test func whatIsWrittenIsRead() throws {
    let text = SpecText(
      """
      let: {edge: 2^3}
      image: {size: [edge, 16], channels: 1, range: [0, 1]}
      latent: {size: 10 * 2, distribution: normal}
      condition: {classes: 10}
      init: {weight: {normal: [0.1, 0.2]}, norm_scale: {normal: 0.3}}
      objective: {loss: wasserstein, gradient_penalty: {coefficient: 10, centre: 0}}
      data: {source: mnist, fallback: digits}
      train:
        batch: 32
        epochs: 3
        seed: 7
        updates: {both: {noise: fresh}}
        optimizer: {rmsprop: {learning_rate: 5e-5, smoothing: 0.9, weight_decay: 1e-5}}
      deviations: {G505: "why: because"}
      """)
    #expect(text.problems == [])
    let spec = try #require(text.decoded.spec)
    #expect((spec.image.height, spec.image.width, spec.image.range) == (8, 16, 0...1))
    #expect((spec.latent.size, spec.latent.distribution) == (20, .normal))
    #expect(spec.condition?.classes == 10)
    #expect((spec.initialization.weight.mean, spec.initialization.weight.deviation) == (0.1, 0.2))
    #expect(
      (spec.initialization.normScale.mean, spec.initialization.normScale.deviation) == (1, 0.3))
    #expect(spec.objective.loss == .wasserstein)
    #expect(
      (spec.objective.gradientPenalty?.coefficient, spec.objective.gradientPenalty?.centre) == (
        10, 0
      ))
    #expect(
      (spec.data.source, spec.data.fallback, spec.data.reading.path) == (.mnist, .digits, nil))
    #expect((spec.train.batch, spec.train.epochs, spec.train.seed) == (32, 3, 7))
    #expect(spec.train.updates == .both(noise: .fresh))
    #expect(
      spec.train.optimizer.rule == .rmsprop(RMSProp(smoothing: 0.9, epsilon: 1e-8, momentum: 0)))
    #expect(spec.train.optimizer.learningRate == 5e-5)
    #expect(spec.train.optimizer.weightDecay == 1e-5)
    #expect(spec.deviations.map(\.code) == ["G505"])
    #expect(spec.deviations.map(\.reason) == ["why: because"])
  }

  @Test func fiveMistakesAreAllReported() {
    let text = SpecText(
      """
      image: {size: 5000, chanels: 3}
      latent: {distribution: gaussian}
      train: {batch: 12.5, optimizer: {adam: {beta1: 1}}}
      """)
    #expect(
      text.problems == [
        "1:15 S209 `size` must be from 1 to 4096, found 5000",
        "1:21 S202 `image` has no option `chanels`",
        "2:24 S205 `distribution` must be `uniform` or `normal`, found `gaussian`",
        "3:16 S208 `batch` must be a whole number, found 12.5",
        "3:48 S209 `beta1` must be at least 0 and below 1, found 1",
      ])
    #expect(text.decoded.spec == nil)
  }

  @Test func fourSectionsAreRequired() {
    let (spec, diagnostics) = Spec.decode("name: x", path: "spec.yaml")
    #expect(spec == nil)
    #expect(
      diagnostics.map { TextRenderer().render($0) } == [
        """
        spec.yaml:1:1: error[S201]: `spec` needs the options `dcgan`, `image`, `generator` and \
        `discriminator`
            1 | name: x
              | ^^^^
           help: write `dcgan: …`, `image: …`, `generator: …`, `discriminator: …` among the options \
        of `spec`
        """
      ])
  }

  @Test(arguments: [
    (
      "dcgan: 2", "1:8 S220 version 2 of the spec language is unknown; this program knows version 1"
    ),
    ("generatr: {}", "1:1 S202 a spec has no option `generatr`"),
    ("let: 3", "1:6 S222 `let` is a map of names and numbers, found `3`"),
    ("latent: 100", "1:9 S206 `latent` takes a map of options, found `100`"),
    ("condition: 10", "1:12 S206 `condition` takes a map of options, found `10`"),
    ("discriminator: [linear]", "1:16 S222 `discriminator` needs a list of layers"),
    ("name: ../elsewhere", "1:7 S221 `../elsewhere` cannot name a run folder"),
    ("name: .hidden", "1:7 S221 `.hidden` cannot name a run folder"),
    ("name: a/b", "1:7 S221 `a/b` cannot name a run folder"),
    (
      "image: {size: 8, range: [1, -1]}",
      "1:25 S232 the range of pixels goes from low to high, not from 1 to -1"
    ),
    (
      "objective: {loss: hinge, generator: saturating}",
      "1:37 S227 `hinge` has one loss for the generator; only minimax has two"
    ),
    ("deviations: {G505: \"\"}", "1:14 S228 `G505` is declared as a deviation without a reason"),
    ("deviations: {G505: }", "1:14 S228 `G505` is declared as a deviation without a reason"),
    (
      "init: {weight: {uniform: 1}}",
      "1:17 S205 `weight` must be `normal`, found `uniform`"
    ),
    (
      "train: {optimizer: {adam: {}, sgd: {}}}",
      "1:20 S222 `optimizer` takes one name, alone or with its options as `{name: {…}}`, "
        + "found a map with 2 keys"
    ),
    (
      "train: {updates: [both]}",
      "1:18 S222 `updates` takes one name, alone or with its options as `{name: {…}}`, "
        + "found a list"
    ),
  ])
  func mistakesOfSections(section: String, problem: String) {
    #expect(SpecText(section).problems == [problem])
  }

  @Test func theFileGivesTheName() throws {
    let text = SpecText("image: {size: 8}").text.replacing("name: test\n", with: "")
    #expect(Spec.decode(text, path: "Specs/lsun64.yaml").spec?.name == "lsun64")
    let (spec, diagnostics) = Spec.decode(text, path: "a b.yaml")
    #expect(spec == nil)
    #expect(diagnostics.map(\.message) == ["the file's name `a b` cannot name a run folder"])
  }

  @Test func aSpecThatIsCutOffIsDecodedOrRefused() throws {
    let bytes = try SourceFile.read(path: "\(packageFolder)/Specs/lsun64.yaml").bytes
    for count in stride(from: 0, to: bytes.count, by: 7) {
      let file = SourceFile(path: "cut.yaml", bytes: Array(bytes.prefix(count)))
      let (spec, diagnostics) = Spec.decode(file)
      #expect((spec == nil) == diagnostics.hasErrors)
    }
  }
}

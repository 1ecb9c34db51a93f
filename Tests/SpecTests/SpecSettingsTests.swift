import Spec
import Testing

@Suite struct SpecSettingsTests {
  @Test func eachValueStandsUnderThePathOfItsKeys() throws {
    let text = SpecText(
      """
      image: {size: 8, channels: 3, range: [0, 1]}
      init: {weight: {normal: 0.05}}
      objective: {loss: hinge, gradient_penalty: {coefficient: 10, centre: 1}}
      data: {source: mnist, fallback: digits}
      train: {batch: 4, optimizer: {sgd: {momentum: 0.9}}}
      deviations: {G502: "a reason"}
      """)
    #expect(text.problems == [])
    let spec = try #require(text.decoded.spec)
    #expect(
      spec.settings.map { "\($0.name) \($0.value)" } == [
        "image.size [8, 8]",
        "image.channels 3",
        "image.range [0, 1]",
        "latent.size 100",
        "latent.distribution uniform",
        "init.weight {normal: [0, 0.05]}",
        "init.norm_scale {normal: [1, 0.02]}",
        "objective.loss hinge",
        "objective.gradient_penalty.coefficient 10",
        "objective.gradient_penalty.centre 1",
        "data.source mnist",
        "data.fallback digits",
        "train.batch 4",
        "train.epochs 10",
        "train.seed 0",
        "train.updates both",
        "train.updates.noise shared",
        "train.optimizer sgd",
        "train.optimizer.learning_rate 0.0002",
        "train.optimizer.momentum 0.9",
        "train.optimizer.weight_decay 0",
        "train.save_every \"5 min\"", "train.on_trouble warn",
      ])
  }
}

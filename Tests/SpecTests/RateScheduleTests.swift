import Testing

@testable import Spec

/// Learning rates in the course of a training.
@Suite struct RateScheduleTests {
  private func schedule(_ train: String) throws -> RateSchedule {
    try #require(SpecText("train: {\(train)}").decoded.spec).train.schedule
  }

  /// PyTorch's `LinearLR(start_factor=1/4, total_iters=3)`: 0.25, 0.5, 0.75, 1, 1.
  @Test func warmsUp() throws {
    let schedule = try schedule("warm_up: 4")
    #expect((0..<6).map { schedule.factor(step: $0, epoch: 0) } == [0.25, 0.5, 0.75, 1, 1, 1])
  }

  @Test func fallsInALine() throws {
    let schedule = try schedule("decay: {linear: {from: 2, until: 4, share: 0.5}}")
    let found = [0, 2, 2.5, 3, 4, 9].map { schedule.factor(step: 100, epoch: $0) }
    #expect(found == [1, 1, 0.875, 0.75, 0.5, 0.5])
  }

  /// PyTorch's `CosineAnnealingLR(T_max=4, eta_min=0)` for a rate of 1.
  @Test func fallsInACosine() throws {
    let schedule = try schedule("decay: {cosine: {until: 4}}")
    let expected = [1.0, 0.8535533905932737, 0.5, 0.14644660940672627, 0]
    for (epoch, factor) in expected.enumerated() {
      #expect(abs(schedule.factor(step: 100, epoch: Double(epoch)) - factor) < 1e-12)
    }
  }

  @Test func staysWhereNothingIsSaid() throws {
    let schedule = try schedule("batch: 4")
    #expect(schedule.factor(step: 0, epoch: 0) == 1)
    #expect(schedule.factor(step: 1_000_000, epoch: 1000) == 1)
  }

  @Test(arguments: [
    (
      "decay: {linear: {from: 4, until: 4}}",
      "1:42 S222 `until` must be a later epoch than `from`, found 4 and 4"
    ),
    ("batch: 6, accumulate: 4", "1:31 S222 `accumulate` must divide the batch of 6, found 4"),
    ("batch: 6, shards: 4", "1:27 S222 `shards` must divide the batch of 6, found 4"),
    (
      "batch: 12, shards: 3, accumulate: 3",
      "1:43 S222 `accumulate` must divide a shard of 4, found 3"
    ),
  ])
  func whatCannotBe(_ train: String, _ problem: String) {
    #expect(SpecText("train: {\(train)}").problems == [problem])
  }

  /// A spec with everything written out reads back as the same training.
  @Test func expandsAndReadsBack() throws {
    let text = """
      train:
        batch: 8
        optimizer: {adam: {learning_rate: 0.0001}}
        generator: {average: 0.999, clip: 5}
        discriminator: {optimizer: {rmsprop: {learning_rate: 0.0004}}, steps: 5, clip_weights: 0.01}
        warm_up: 100
        decay: {cosine: {from: 3, until: 9, share: 0.1}}
        shards: 4
        accumulate: 2
      """
    let spec = try #require(SpecText(text).decoded.spec)
    let again = try #require(Spec.decode(.init(path: "again", text: spec.expandedYAML)).spec)
    #expect(again.expandedYAML == spec.expandedYAML)
    #expect(again.identity == spec.identity)
    #expect(
      again.train.shards == 4 && again.train.discriminator.steps == 5
        && again.train.schedule == spec.train.schedule)
    let plain = try #require(SpecText("train: {batch: 8}").decoded.spec)
    #expect(plain.identity != spec.identity)
  }
}

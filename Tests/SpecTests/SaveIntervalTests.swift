import Spec
import Testing

@Suite struct SaveIntervalTests {
  @Test(arguments: [
    ("30 s", 30, "30 s"), ("5 min", 300, "5 min"), ("5min", 300, "5 min"), ("2 h", 7200, "2 h"),
    ("90 min", 5400, "90 min"), ("off", nil, "off"),
  ])
  func timesAreRead(_ text: String, _ seconds: Int?, _ written: String) {
    let interval = SaveInterval(text)
    #expect(interval?.seconds == seconds)
    #expect(interval?.description == written)
  }

  @Test(arguments: ["", "5", "min", "-5 min", "0 s", "5 days", "1.5 h", "99999999999999999999 s"])
  func otherTextsAreRefused(_ text: String) { #expect(SaveInterval(text) == nil) }

  @Test func mistakesArePointedAt() {
    let text = SpecText("train: {save_every: 5 minutes}")
    #expect(text.problems == ["1:21 S222 `save_every` must be a time, found `5 minutes`"])
    #expect(text.decoded.diagnostics.first?.help == ["write a time such as `5 min`, or `off`"])
  }

  /// What does not change a result is not part of a run's identity.
  @Test(arguments: [
    "name: other", "deviations: {G513: why}", "train: {epochs: 77}", "train: {save_every: 1 s}",
    "train: {on_trouble: stop}",
    "data: {source: mnist, fallback: digits}",
  ])
  func whatIsFreeIsNotPartOfTheIdentity(_ section: String) throws {
    let plain = try #require(SpecText("").decoded.spec)
    let other = try #require(SpecText(section).decoded.spec)
    #expect(other.identity == plain.identity)
  }

  @Test(arguments: [
    "train: {batch: 3}", "train: {seed: 1}", "latent: {size: 7}", "objective: {loss: hinge}",
    "train: {optimizer: {adam: {beta1: 0.6}}}",
  ])
  func whatChangesTheResultIsPartOfIt(_ section: String) throws {
    let plain = try #require(SpecText("").decoded.spec)
    let other = try #require(SpecText(section).decoded.spec)
    #expect(other.identity != plain.identity)
  }
}

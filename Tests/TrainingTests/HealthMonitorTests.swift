import Compiler
import Diagnostics
import Spec
import Testing

@testable import Training

/// What each check says of the numbers that it watches for.
@Suite struct HealthMonitorTests {
  private static let real = Vitals(spread: 0.25, nearest: 0.2, between: 0.2, deadChannels: 0)

  /// A hundred steps of a training that goes well.
  private struct Stretch {
    var discriminatorLoss: Float = 0.7
    var worstLoss: Float = 1.5
    var generatorLoss: Float = 2
    var meanOnReal: Float = 0.75
    var meanOnFake: Float = 0.25
    var vitals = Vitals(spread: 0.24, nearest: 0.19, between: 0.21, deadChannels: 0)
  }

  private func spec(_ change: (String) -> String = { $0 }) throws -> Spec {
    let compilation = Compilation(SourceFile(path: "health.yaml", text: change(Fixture.small)))
    return try #require(compilation.spec)
  }

  /// The findings, as `step CODE`, over stretches one after the other.
  private func findings(
    _ stretches: [Stretch], spec: Spec? = nil, real: Vitals = Self.real
  ) throws -> [String] {
    var monitor = HealthMonitor(spec: try spec ?? self.spec(), real: real)
    return feed(stretches, to: &monitor)
  }

  private func feed(_ stretches: [Stretch], to monitor: inout HealthMonitor) -> [String] {
    lines(stretches).flatMap { monitor.findings(after: $0) }.map {
      "\($0.step) \($0.code.rawValue)"
    }
  }

  private func lines(_ stretches: [Stretch]) -> [MetricsLine] {
    stretches.enumerated().flatMap { index, stretch in
      (1...HealthStretch.length).map { step in
        let isLast = step == HealthStretch.length
        return MetricsLine(
          step: index * HealthStretch.length + step, epoch: 1, images: 0,
          metrics: TrainingSession.Metrics(
            discriminatorLoss: step == 50 ? stretch.worstLoss : stretch.discriminatorLoss,
            generatorLoss: stretch.generatorLoss, meanOnReal: stretch.meanOnReal,
            meanOnFake: stretch.meanOnFake),
          vitals: isLast ? stretch.vitals : nil, seconds: 0)
      }
    }
  }

  private func repeated(_ count: Int, _ change: (inout Stretch) -> Void) -> [Stretch] {
    var stretch = Stretch()
    change(&stretch)
    return Array(repeating: stretch, count: count)
  }

  @Test func silentWhereTrainingGoesWell() throws {
    #expect(try findings(repeated(40) { _ in }) == [])
  }

  /// Once, however long it lasts; and only after 300 steps of it.
  @Test func discriminatorWins() throws {
    let won = repeated(9) { stretch in
      stretch.discriminatorLoss = 0.001
      stretch.worstLoss = 0.002
      (stretch.meanOnReal, stretch.meanOnFake) = (0.999, 0.001)
    }
    #expect(try findings([Stretch()] + won) == ["400 R711"])
    #expect(try findings([Stretch()] + won.prefix(2) + [Stretch()]) == [])
  }

  /// A critic's scores have no end.
  @Test func noWassersteinCriticWins() throws {
    let spec = try spec {
      $0 + "\nobjective: {loss: wasserstein}"
    }
    let won = repeated(9) { $0.discriminatorLoss = -40 }
    #expect(try findings(won, spec: spec) == [])
  }

  /// What has fallen is told after 300 steps, what has never been better after 500.
  @Test func modeCollapse() throws {
    let collapsed = repeated(9) {
      $0.vitals = Vitals(spread: 0.01, nearest: 0.01, between: 0.2, deadChannels: 0)
    }
    let copies = repeated(9) {
      $0.vitals = Vitals(spread: 0.2, nearest: 0.01, between: 0.2, deadChannels: 0)
    }
    #expect(try findings(collapsed) == ["500 R712"])
    #expect(try findings([Stretch()] + collapsed) == ["400 R712"])
    #expect(try findings([Stretch()] + copies) == ["400 R712"])
    #expect(try findings([Stretch()] + copies.prefix(2) + [Stretch()]) == [])
  }

  /// Pictures of black and white are saturated rightly.
  @Test func saturatedImages() throws {
    let saturated = repeated(5) {
      $0.vitals = Vitals(spread: 0.24, nearest: 0.19, between: 0.01, deadChannels: 0)
    }
    #expect(try findings(saturated) == ["300 R713"])
    let drawings = Vitals(spread: 0.25, nearest: 0.2, between: 0.01, deadChannels: 0)
    #expect(try findings(saturated, real: drawings) == [])
  }

  @Test func oscillation() throws {
    let swing = repeated(1) { $0.worstLoss = 20 }
    #expect(try findings(swing + [Stretch()] + [Stretch()]) == [])
    #expect(try findings(swing + [Stretch()] + swing) == ["300 R715"])
    let broken = repeated(1) { stretch in
      stretch.worstLoss = 150
      stretch.generatorLoss = 60
    }
    #expect(try findings(broken) == ["100 R715"])
  }

  @Test func blindDiscriminator() throws {
    let blind = repeated(12) { stretch in
      (stretch.meanOnReal, stretch.meanOnFake) = (0.501, 0.499)
    }
    #expect(try findings(blind) == ["1000 R716"])
    #expect(try findings(blind.prefix(9) + [Stretch()]) == [])
  }

  /// A process that starts in the middle says what one that was never interrupted says.
  @Test func linesOfAnEarlierProcessCount() throws {
    let won = repeated(4) {
      $0.discriminatorLoss = 0.001; $0.worstLoss = 0.001
    }
    let lines = lines([Stretch()] + won)
    var monitor = HealthMonitor(spec: try spec(), real: Self.real, lines: Array(lines.prefix(250)))
    let found = lines.dropFirst(250).flatMap { monitor.findings(after: $0) }
    #expect(found.map(\.step) == [400])
    #expect(found.map(\.before) == [100])
  }

  /// A code has one check, and each check of a running training has a code of its own.
  @Test func everyCodeHasACheck() {
    let codes = HealthCheck.all.map(\.code) + HealthPreview.checks.map(\.code) + [.notFinite]
    #expect(Set(codes) == Set(HealthCode.allCases))
    #expect(Set(codes).count == codes.count)
  }
}

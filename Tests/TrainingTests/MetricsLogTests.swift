import Foundation
import TestSupport
import Testing

@testable import Training

@Suite struct MetricsLogTests {
  /// Scores are reported where the loss is about scores; they are what the probability is made of.
  @Test func scoresAreThoseOfUnboundedLosses() throws {
    func metrics(_ loss: String) throws -> TrainingSession.Metrics {
      let session = try Fixture.session(
        Fixture.small.replacingOccurrences(
          of: "train:", with: "objective: {loss: \(loss)}\ntrain:"),
        threads: 1)
      try session.initialize()
      try Fixture.fillImages(of: session)
      return try session.run()
    }
    let minimax = try metrics("minimax")
    #expect(minimax.scoreOnReal == nil && minimax.scoreOnFake == nil)
    let hinge = try metrics("hinge")
    #expect(hinge.meanOnReal == minimax.meanOnReal)
    let scores = try [#require(hinge.scoreOnReal), #require(hinge.scoreOnFake)]
    // Near 0 the logistic function is a straight line.
    for (score, mean) in try zip(scores, [#require(hinge.meanOnReal), #require(hinge.meanOnFake)]) {
      #expect(abs(mean - (0.5 + score / 4)) < 0.05)
    }
    let line = MetricsLine(
      step: 1, epoch: 1, images: 6, metrics: hinge, vitals: nil, seconds: 1)
    #expect(MetricsLine(line.text[...])?.metrics == hinge)
  }

  private let folder = try! TemporaryFolder()
  private var path: String { folder.path("metrics.jsonl") }
  private let line = MetricsLine(
    step: 1, epoch: 1, images: 8,
    metrics: TrainingSession.Metrics(
      discriminatorLoss: 0.5, generatorLoss: .nan, meanOnReal: 1, meanOnFake: nil),
    vitals: nil, seconds: 1.5)

  private var lines: [String] {
    ((try? String(contentsOfFile: path, encoding: .utf8)) ?? "").split(separator: "\n")
      .map(String.init)
  }

  /// JSON has no NaN.
  @Test func linesAreJSON() throws {
    let log = try MetricsLog(path: path, step: 0)
    try log.append(line)
    try log.flush()
    #expect(
      lines == [
        #"{"step":1,"epoch":1,"images":8,"loss_discriminator":0.5,"loss_generator":null,"#
          + #""mean_d_real":1.0,"seconds":1.500}"#
      ])
  }

  /// What a health check goes by is the same after an interruption, to the last bit.
  @Test func linesComeBackAsTheyWere() throws {
    var line = line
    line.metrics.generatorLoss = 0.1 + 0.2
    line.vitals = Vitals(spread: 1.0 / 3, nearest: 0.1, between: 1e-9, deadChannels: 0)
    #expect(MetricsLine(Substring(line.text)) == line)
    #expect(MetricsLine(#"{"step":4,"sec"#) == nil)
  }

  @Test func laterLinesAreDroppedAndSecondsCountOn() throws {
    let text = """
      {"step":1,"seconds":2.5}
      {"step":2,"seconds":3.5}
      {"step":3,"seconds":9.0}
      {"step":4,"sec
      """
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    let log = try MetricsLog(path: path, step: 2)
    #expect(log.takeLines().last?.seconds == 3.5)
    #expect(lines.count == 2)
  }

  /// A log that cannot be read is never replaced by an empty one.
  @Test func whatCannotBeReadIsAnError() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    let problem = #expect(throws: TrainingProblem.self) { try MetricsLog(path: path, step: 0) }
    #expect(problem?.description == "\(path) is not a regular file")
  }

  @Test func aRemovedLogIsBegunAnewAndSaid() throws {
    let log = try MetricsLog(path: path, step: 0)
    try FileManager.default.removeItem(atPath: path)
    try log.append(line)
    try log.flush()
    #expect(log.takeWarning()?.hasPrefix("\(path) was removed") == true)
    #expect(log.takeWarning() == nil)
    #expect(lines.count == 1)
  }
}

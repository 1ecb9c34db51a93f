import CPU
import Compiler
import Diagnostics
import Foundation
import TestSupport
import Testing
import Training

@testable import Reports

/// The page about a run: complete, by itself, and safe to open.
@Suite struct RunPageTests {
  private let folder = try! TemporaryFolder()

  private static let text = """
    dcgan: 1
    name: page
    image: {size: 28, channels: 1}
    latent: {size: 5}
    generator:
      defaults: {kernel: 5, stride: 2, norm: batch, activation: relu}
      layers:
        - project: {to: [2, 14, 14]}
        - conv_transpose: {filters: 1, norm: none, activation: tanh}
    discriminator:
      defaults: {kernel: 5, stride: 2, norm: batch, activation: {leaky_relu: 0.2}}
      layers:
        - conv: {filters: 4, norm: none}
        - linear: {units: 1, norm: none, activation: sigmoid}
    train: {batch: 6, epochs: 2}
    data: {source: digits}
    deviations: {G513: "<b>small</b> & quick"}
    """

  /// A run of two epochs of 60 steps.
  private func trained(_ text: String = RunPageTests.text) throws -> RunFolder {
    let compilation = Compilation(SourceFile(path: "page.yaml", text: text))
    var options = TrainingRun.Options(folder: folder.path("run"), device: CPUDevice(threads: 1))
    options.limit = 360
    let run = TrainingRun(
      spec: try #require(compilation.spec), graph: try #require(compilation.graph),
      options: options)
    _ = try run.run(shouldStop: { false }, report: { _ in })
    return RunFolder(path: folder.path("run"))
  }

  private func page(_ run: RunFolder) throws -> String {
    try RunPage(RunRecord(run), device: CPUDevice(threads: 1)).html()
  }

  @Test func hasEverySection() throws {
    let page = try page(trained())
    let headings = page.matches(of: /<h[23][^>]*>([^<]*)</).map { String($0.1) }
    #expect(
      headings == [
        "Health", "Samples", "epoch 2", "Curves", "Losses", "What the discriminator says",
        "How varied the samples are", "What the samples are made of", "Architecture",
        "Check against the paper", "Settings", "Time and memory", "Going on",
      ])
    #expect(page.contains("finished after 2 epochs"))
    #expect(page.contains("<b>120</b>"))
    #expect(page.contains("max=\"1\" value=\"1\""))
    #expect(page.contains("Nothing found"))
  }

  /// A sigmoid of a critic's scores is nobody's probability.
  @Test func showsTheScoresOfACritic() throws {
    let text = Self.text.replacing(", activation: sigmoid", with: ", activation: none")
      .replacing("train: {", with: "objective: {loss: hinge}\ntrain: {")
    let page = try page(trained(text))
    #expect(page.contains(">Scores<"))
    #expect(!page.contains("probability"))
  }

  /// Nothing is asked of a network or of another file.
  @Test func standsAlone() throws {
    let page = try page(trained())
    for match in page.matches(of: /(src|href|url)\s*[=(]\s*["']?([^"'\s>]*)/) {
      #expect(match.2.hasPrefix("data:"), "\(match.0.prefix(60))")
    }
    #expect(!page.contains("import ") && !page.contains("fetch("))
  }

  /// What files say is text, never markup.
  @Test func whatFilesSayIsText() throws {
    let run = try trained()
    let line = #"{"step":7,"code":"R711","message":"</script><script>alert('x')</script>\u0007"}"#
    try Data("\(line)\nno line at all\n".utf8).write(to: URL(fileURLWithPath: run.healthPath))
    let page = try page(run)
    #expect(!page.contains("<script>alert") && !page.contains("<b>small"))
    #expect(page.contains("&lt;/script&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;\u{FFFD}"))
    #expect(page.contains("&lt;b&gt;small&lt;/b&gt; &amp; quick"))
    #expect(page.contains("R711 the discriminator has won"))
  }

  /// A page shows what there is: a run that has not come to its first checkpoint, too.
  @Test func aRunThatHasJustBegun() throws {
    let run = try trained()
    try FileManager.default.removeItem(atPath: folder.path("run/checkpoints"))
    try FileManager.default.removeItem(atPath: folder.path("run/samples"))
    let page = try page(run)
    #expect(!page.contains("<h2>Samples"))
    #expect(page.contains("<h2>Curves"))
    #expect(page.contains("not there yet"))
  }

  @Test func noRun() throws {
    let path = folder.path("nothing")
    let problem = #expect(throws: TrainingProblem.self) { try RunRecord(RunFolder(path: path)) }
    #expect(problem?.description.hasPrefix("\(path): no checkpoint here") == true)
  }

  private func chart(_ values: [Float]) throws -> String? {
    LineChart(
      title: "t", caption: "c",
      series: [
        .init(
          name: "n", style: "d", points: values.enumerated().map { ($0.offset + 1, $0.element) })
      ]
    ).html?.text
  }

  /// Numbers that are not finite leave a gap, and one spike does not flatten the rest.
  @Test func chartsOfOddNumbers() throws {
    #expect(try chart([]) == nil)
    #expect(try chart([.nan, .infinity]) == nil)
    #expect(try chart([3])?.contains("data-values=\"[[3]]\"") == true)
    #expect(try chart([1, .nan, 2])?.contains("data-values=\"[[1,null,2]]\"") == true)
    var values = [Float](repeating: 1, count: 200)
    values[77] = 2
    let text = try #require(try chart(values))
    #expect(!text.contains("nan") && !text.contains("inf"))
  }

  @Test(arguments: [
    (0.0...1.0, 4...6), (0.0...37.0, 3...6), (-2.0...5.0, 3...6), (0.0...1e-9, 4...6),
  ])
  func ticksAreFewAndRound(_ range: ClosedRange<Double>, _ count: ClosedRange<Int>) {
    let ticks = LineChart.ticks(in: range)
    #expect(count.contains(ticks.count), "\(ticks)")
    #expect(ticks.allSatisfy(range.contains))
  }
}

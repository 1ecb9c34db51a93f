import Compiler
import Device
import Diagnostics
import Files
import Foundation
import LayerGraph
import Model
import Pictures
import Spec
import Training

/// A run as one HTML page that needs nothing besides itself: no network, no other file.
package struct RunPage {
  private let run: RunRecord
  /// The memory that the training takes, where the device knows it.
  private let memory: MemoryEstimate?
  private let device: any Device

  /// Sheets of samples on the page, spread over the run: each is a picture of up to a megabyte.
  private static let mostSheets = 24

  package init(_ run: RunRecord, device: any Device) throws(DeviceProblem) {
    self.run = run
    self.device = device
    memory = try MemoryEstimate(of: run.spec, graph: run.graph, on: device)
  }

  /// The page; samples are read from their files.
  package func html() throws(FileProblem) -> String {
    let title = "\(run.spec.name): a training run"
    var page = HTML(
      markup: "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
    page += HTML.element("title", text: title)
    page += HTML(markup: "\n<style>\n\(RunPageStyle.css)\n</style>\n</head>\n<body>\n<main>\n")
    for section in [
      header, health, try samples(), curves, architecture, check, settings, timeAndMemory, ways,
    ] {
      page += section
    }
    page += HTML(markup: "</main>\n<script>\n\(RunPageStyle.script)\n</script>\n</body>\n</html>\n")
    return page.text
  }

  // MARK: Sections

  private var header: HTML {
    let (spec, epochs) = (run.spec, run.epochs)
    let state =
      run.isFinished
      ? "finished after \(epochs.counted("epoch"))"
      : "\(epochs.grouped) of \(spec.train.epochs.counted("epoch")) done"
    let images = run.lines.last?.images ?? 0
    let latent =
      spec.objective.loss.hasGenerator ? ", latent vectors of \(spec.latent.size)" : ""
    let rate = run.seconds > 0 ? Double(images) / run.seconds : 0
    let tiles: [(String, String)] =
      [
        (run.steps.grouped, "steps of \(spec.train.batch.counted("image"))"),
        (images.grouped, "images seen"),
        (run.seconds.asTime, "of training"),
        ("\(Int(rate).grouped)/s", "images, on average"),
      ]
      + run.graph.networks.map {
        (parameters(of: $0).grouped, "\($0.role.rawValue)’s parameters")
      }
    var content = [
      HTML.element("h1", text: spec.name),
      HTML.element(
        "p", with: "class=\"soft\"",
        text: "\(state); images of \(spec.image.width) × \(spec.image.height) × "
          + "\(spec.image.channels)\(latent); seed \(spec.train.seed); "
          + "\(data)"),
    ]
    if let origin = run.origin { content.append(words(of: origin)) }
    content.append(
      HTML.element(
        "div", with: "class=\"tiles\"",
        tiles.map {
          HTML.element(
            "div", with: "class=\"tile\"", [.element("b", text: $0), .element("span", text: $1)])
        }))
    return HTML.element("header", content)
  }

  private var data: String {
    run.checkpoint?.data.map { "trained on \($0)" } ?? "data: \(run.spec.data.source.rawValue)"
  }

  private func words(of origin: RunOrigin) -> HTML {
    switch origin {
    case .weights(let checkpoint):
      HTML.element("p", with: "class=\"soft\"", text: "It began with the weights of \(checkpoint).")
    case .branch(let checkpoint, let step, let changes):
      HTML.element(
        "div",
        [
          .element(
            "p", with: "class=\"soft\"",
            text: "A branch: it goes on from \(checkpoint), after step \(step.grouped)"
              + (changes.isEmpty ? "." : ", with")),
          changes.isEmpty ? HTML() : .element("pre", text: changes.joined(separator: "\n")),
        ])
    }
  }

  private var health: HTML {
    var content = [HTML.element("h2", text: "Health")]
    for finding in run.findings {
      let title = CodeTables.explanation(of: finding.code)?.entry.title ?? ""
      content.append(
        HTML.element(
          "div", with: "class=\"finding\"",
          [
            .element("b", text: "\(finding.code) \(title)"),
            .element("p", text: finding.message),
            .element(
              "p", with: "class=\"soft\"",
              text: "dcgan-compile --explain \(finding.code) says more."),
          ]))
    }
    if run.findings.isEmpty {
      content.append(
        HTML.element(
          "div", with: "class=\"finding fine\"",
          [
            .element(
              "p",
              text: "Nothing found: neither network has won, and the samples are varied and finite."
            )
          ]))
    }
    for text in run.damaged {
      content.append(HTML.element("div", with: "class=\"finding\"", [.element("p", text: text)]))
    }
    return HTML.element("section", content)
  }

  private func samples() throws(FileProblem) -> HTML {
    let sheets = run.sheets.spread(over: Self.mostSheets)
    guard let last = sheets.last else { return HTML() }
    var entries: [String] = []
    var newest = ""
    for sheet in sheets {
      let file = try OpenFile(path: sheet.path)
      newest = Data(try file.bytes(at: 0, count: file.length)).base64EncodedString()
      entries.append("{\"epoch\":\(sheet.epoch),\"png\":\"\(newest)\"}")
    }
    let left = run.sheets.count - sheets.count
    return HTML.element(
      "section",
      [
        .element("h2", text: "Samples"),
        .element(
          "div", with: "class=\"sheet\"",
          [
            HTML(
              markup: "<img alt=\"Samples after epoch \(last.epoch)\" "
                + "src=\"data:image/png;base64,\(newest)\">"),
            .element(
              "div", with: "class=\"side\"",
              [
                .element("h3", with: "class=\"epoch\"", text: "epoch \(last.epoch)"),
                HTML(
                  markup: "<input type=\"range\" aria-label=\"Epoch\" min=\"0\" "
                    + "max=\"\(sheets.count - 1)\" value=\"\(sheets.count - 1)\">"),
                HTML(markup: "<p><button type=\"button\">Play</button></p>"),
                .element(
                  "p", with: "class=\"soft\"",
                  text: "The same latent vectors after each epoch."
                    + (left == 0 ? "" : " \(left) sheets in between are left out.")),
              ]),
          ]),
        HTML(
          markup:
            "<script type=\"application/json\" id=\"sheets\">[\(entries.joined(separator: ","))]"
            + "</script>"),
      ])
  }

  private var curves: HTML {
    func series(
      _ name: String, _ style: String, _ number: (MetricsLine) -> Float?
    ) -> LineChart.Series? {
      let points = run.lines.compactMap { line in number(line).map { (line.step, $0) } }
      return points.isEmpty ? nil : LineChart.Series(name: name, style: style, points: points)
    }
    func measures(_ names: [(name: String, words: String, style: String)]) -> [LineChart.Series] {
      names.compactMap { name, words, style in
        let points = run.evaluations.compactMap { entry in
          entry.numbers[name].map { (entry.step, Float($0)) }
        }
        return points.isEmpty ? nil : LineChart.Series(name: words, style: style, points: points)
      }
    }
    let scores = [
      series("x", "d", \.metrics.scoreOnReal), series("G(z)", "g", \.metrics.scoreOnFake),
    ].compactMap { $0 }
    // A sigmoid of scores would be a number, but no probability.
    let probabilities =
      scores.isEmpty
      ? [
        series("D(x)", "d", \.metrics.meanOnReal), series("D(G(z))", "g", \.metrics.meanOnFake),
      ].compactMap { $0 } : []
    let charts = [
      LineChart(
        title: "Distance from real images",
        caption:
          "The Fréchet distance of a classifier's features after each epoch; less is better.",
        series: measures([("frechet", "Fréchet distance", "g")])),
      LineChart(
        title: "Like real images, and how many of them",
        caption:
          "Precision: samples that are like a real image. Recall: real images that a sample is "
          + "like.",
        series: measures([("precision", "precision", "d"), ("recall", "recall", "g")]),
        range: 0...1),
      LineChart(
        title: "Losses",
        caption:
          "Means over stretches of steps; the bands are a standard deviation wide to each side.",
        series: [
          series("discriminator", "d", \.metrics.discriminatorLoss),
          series("generator", "g", \.metrics.generatorLoss),
        ].compactMap { $0 }),
      LineChart(
        title: "What the discriminator says",
        caption: "The mean probability that an image is real: D(x) for real ones, D(G(z)) for "
          + "generated ones. They meet where it cannot tell them apart.",
        series: probabilities, range: 0...1),
      LineChart(
        title: "Scores",
        caption:
          "The mean score of real and of generated images, where the loss is about scores and "
          + "not about probabilities. With the loss wasserstein their distance estimates how far the "
          + "samples are from the images.",
        series: scores),
      LineChart(
        title: "How varied the samples are",
        caption:
          "Spread over all samples, and distance to the most similar other one, in percent of "
          + "the range of values. Both fall to nothing where the generator collapses.",
        series: [
          series("spread", "g") { $0.vitals.map { $0.spread * 100 } },
          series("nearest", "e") { $0.vitals.map { $0.nearest * 100 } },
        ].compactMap { $0 }),
      LineChart(
        title: "What the samples are made of",
        caption:
          "Values between the darkest and the brightest, and channels of ReLUs that give 0 for "
          + "every sample, in percent. The first falls to nothing where the images are saturated.",
        series: [
          series("between the ends", "g") { $0.vitals.map { $0.between * 100 } },
          series("dead channels", "e") { $0.vitals.map { $0.deadChannels * 100 } },
        ].compactMap { $0 }, range: 0...100),
    ]
    let shown = charts.compactMap(\.html)
    guard !shown.isEmpty else { return HTML() }
    return HTML.element(
      "section", [.element("h2", text: "Curves"), .element("div", with: "class=\"charts\"", shown)])
  }

  private var architecture: HTML {
    let picture = Data(run.graph.svg(title: run.spec.name).utf8).base64EncodedString()
    return HTML.element(
      "section",
      [
        .element("h2", text: "Architecture"),
        HTML(
          markup: "<div class=\"picture\"><img alt=\"Both networks, layer by layer\" "
            + "src=\"data:image/svg+xml;base64,\(picture)\"></div>"),
      ])
  }

  private var check: HTML {
    let renderer = TextRenderer(colour: false, width: 100)
    var content = [HTML.element("h2", text: "Check against the paper")]
    let findings = run.compilation.diagnostics
    if findings.isEmpty {
      content.append(
        HTML.element("p", text: "The spec keeps to all guidelines that it does not name itself."))
    } else {
      content.append(HTML.element("pre", text: renderer.render(findings)))
    }
    let deviations = run.spec.deviations
    if !deviations.isEmpty {
      content.append(
        table(
          ["code", "what the guideline says", "why not here"],
          deviations.map { deviation in
            [
              deviation.code, CodeTables.explanation(of: deviation.code)?.entry.title ?? "",
              deviation.reason,
            ]
          }, with: "class=\"codes\""))
    }
    return HTML.element("section", content)
  }

  private var settings: HTML {
    let rows = run.spec.settings.map { [$0.name, $0.value] }
    let half = (rows.count + 1) / 2
    return HTML.element(
      "section",
      [
        .element("h2", text: "Settings"),
        .element(
          "div", with: "class=\"columns\"",
          [
            table(["setting", "value"], Array(rows.prefix(half))),
            table(["setting", "value"], Array(rows.dropFirst(half))),
          ]),
      ])
  }

  private var timeAndMemory: HTML {
    let times = run.epochTimes.spread(over: 12)
    var columns: [HTML] = []
    if !times.isEmpty {
      columns.append(
        table(
          ["epoch", "time", "images/s"],
          times.map {
            [
              "\($0.epoch)", $0.seconds.asTime,
              $0.seconds > 0 ? Int(Double($0.images) / $0.seconds).grouped : "–",
            ]
          }, numbersFrom: 1))
    }
    if let memory {
      columns.append(
        table(
          ["memory on \(device.settings)", "MiB"],
          [
            ["parameters and statistics", memory.parameters.asMebibytes],
            ["what the optimiser keeps", memory.optimizer.asMebibytes],
            ["a batch, activations, gradients", memory.activations.asMebibytes],
            ["of each thread", memory.worker.asMebibytes],
          ], numbersFrom: 1))
    }
    return HTML.element(
      "section",
      [
        .element("h2", text: "Time and memory"),
        .element("div", with: "class=\"columns\"", columns),
      ])
  }

  private var ways: HTML {
    let folder = run.folder.path.quotedForShell
    let name = run.spec.name.quotedForShell
    var lines = ["dcgan-run \(name) sample --run \(folder) --out grid.png"]
    if let checkpoint = run.checkpoint {
      lines.append(
        "dcgan-run \(name) rewind --run \(folder) --to \(checkpoint.position.name) --epochs "
          + "\(2 * run.spec.train.epochs)")
    }
    return HTML.element(
      "section",
      [
        .element("h2", text: "Going on"), .element("pre", text: lines.joined(separator: "\n")),
        .element(
          "p", with: "class=\"soft\"",
          text: "The run is in \(run.folder.path). Its newest checkpoint, "
            + (run.checkpoint.map { "after step \($0.position.step.grouped)" } ?? "not there yet")
            + ", holds everything: the spec, the weights and the state of training."),
      ])
  }

  // MARK: Pieces

  private func table(
    _ head: [String], _ rows: [[String]], numbersFrom column: Int = .max,
    with attributes: String = ""
  ) -> HTML {
    func row(_ tag: String, _ cells: [String]) -> HTML {
      HTML.element(
        "tr",
        cells.enumerated().map { index, cell in
          HTML.element(tag, with: index >= column ? "class=\"n\"" : "", text: cell)
        })
    }
    return HTML.element(
      "table", with: attributes,
      [HTML.element("thead", [row("th", head)]), .element("tbody", rows.map { row("td", $0) })])
  }

  private func parameters(of network: NetworkGraph) -> Int {
    network.parameters.filter(\.role.isTrained).reduce(0) { $0 + $1.shape.count }
  }
}

extension Double {
  /// Seconds as in `42 s`, `6:25 min` or `3:05 h`.
  fileprivate var asTime: String {
    let seconds = Int(rounded())
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    if seconds < 60 { return "\(seconds) s" }
    if seconds < 3600 { return "\(seconds / 60):\(two(seconds % 60)) min" }
    return "\(seconds / 3600):\(two(seconds / 60 % 60)) h"
  }
}

extension Int {
  fileprivate var asMebibytes: String {
    let size = Double(self) / Double(1 << 20)
    return String(format: size < 10 ? "%.1f" : "%.0f", size)
  }
}

extension Array {
  /// So many of its elements at most, the first and the last among them.
  fileprivate func spread(over count: Int) -> [Element] {
    guard self.count > count else { return self }
    return (0..<count).map { self[$0 * (self.count - 1) / (count - 1)] }
  }
}

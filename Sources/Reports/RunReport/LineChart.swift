import Files
import Foundation

/// A chart of numbers over the steps of a run, as HTML: the plot is an SVG that stretches with the page,
/// the words around it keep their size.
struct LineChart {
  let title: String
  /// What the numbers are, in a sentence.
  let caption: String
  let series: [Series]
  /// The ends of the axis; nil for those of the numbers.
  var range: ClosedRange<Double>?

  struct Series {
    let name: String
    /// The style's class: `d` for the discriminator, `g` for the generator, `e` for what both share.
    let style: String
    let points: [(step: Int, value: Float)]
  }

  /// A stretch of steps, drawn as one place.
  private struct Bucket {
    private var sum = 0.0
    private var squares = 0.0
    private(set) var count = 0
    private var least = Double.infinity
    private var most = -Double.infinity

    mutating func add(_ value: Double) {
      sum += value
      squares += value * value
      count += 1
      (least, most) = (min(least, value), max(most, value))
    }

    var mean: Double { sum / Double(count) }
    private var deviation: Double {
      max(0, squares / Double(count) - mean * mean).squareRoot()
    }
    /// The mean less, and with, the standard deviation.
    var lower: Double { max(least, mean - deviation) }
    var upper: Double { min(most, mean + deviation) }
  }

  /// Places from the left to the right of a chart.
  private static let width = 240

  /// Nil without any number.
  var html: HTML? {
    let last = series.flatMap { $0.points.map(\.step) }.max() ?? 0
    guard last > 0 else { return nil }
    let places = min(Self.width, last)
    let allBuckets = series.map { buckets(of: $0, places: places, last: last) }
    guard let range = range ?? Self.range(of: allBuckets.flatMap { $0 }) else { return nil }
    // What the pointer reads out: the mean of each series at each place.
    let values = allBuckets.map { buckets in
      "[" + buckets.map { $0.count == 0 ? "null" : $0.mean.shown }.joined(separator: ",") + "]"
    }.joined(separator: ",")
    var keys: [HTML] = []
    for (series, buckets) in zip(series, allBuckets) {
      let newest = buckets.last { $0.count > 0 }?.mean ?? 0
      keys.append(
        HTML.element(
          "span", with: "class=\"key \(series.style)\"",
          [
            HTML(markup: "<i></i>"), HTML(markup: HTML.escaped(series.name) + " "),
            HTML.element("b", text: newest.shown),
          ]))
    }
    keys.append(HTML.element("span", with: "class=\"at\"", text: "step \(last.grouped)"))
    let steps = [0, last / 2, last].map { "<span>\($0.grouped)</span>" }.joined()
    return HTML.element(
      "figure", with: "class=\"chart\" data-last=\"\(last)\" data-values=\"[\(values)]\"",
      [
        HTML.element("h3", text: title),
        HTML.element("div", with: "class=\"keys\"", keys),
        frame(of: allBuckets, range),
        HTML(markup: "<div class=\"steps\">\(steps)</div>"),
        HTML.element("figcaption", text: caption),
      ])
  }

  /// The numbers at the left, and the plot.
  private func frame(of allBuckets: [[Bucket]], _ range: ClosedRange<Double>) -> HTML {
    func y(_ value: Double) -> String {
      let share = (value - range.lowerBound) / (range.upperBound - range.lowerBound)
      return (100 * (1 - min(max(share, 0), 1))).coordinate
    }
    var plot = ""
    var ticks = ""
    for tick in Self.ticks(in: range) {
      plot += "<line class=\"rule\" x1=\"0\" x2=\"100\" y1=\"\(y(tick))\" y2=\"\(y(tick))\"/>"
      ticks += "<span style=\"top:\(y(tick))%\">\(tick.shown)</span>"
    }
    for (series, buckets) in zip(series, allBuckets) {
      let known = buckets.indices.filter { buckets[$0].count > 0 }
      func points(_ places: [Int], _ value: (Bucket) -> Double) -> String {
        places.map { place in
          let x = buckets.count == 1 ? 50 : Double(place) / Double(buckets.count - 1) * 100
          return "\(x.coordinate),\(y(value(buckets[place])))"
        }.joined(separator: " ")
      }
      let band = points(known, \.upper) + " " + points(known.reversed(), \.lower)
      plot += "<polygon class=\"band \(series.style)\" points=\"\(band)\"/>"
      plot += "<polyline class=\"line \(series.style)\" points=\"\(points(known, \.mean))\"/>"
    }
    plot += "<line class=\"cursor\" x1=\"0\" x2=\"0\" y1=\"0\" y2=\"100\"/>"
    let svg =
      "<svg viewBox=\"0 0 100 100\" preserveAspectRatio=\"none\" aria-hidden=\"true\">\(plot)</svg>"
    return HTML(
      markup: "<div class=\"frame\"><div class=\"ticks\">\(ticks)</div>"
        + "<div class=\"plot\">\(svg)</div></div>\n")
  }

  private func buckets(of series: Series, places: Int, last: Int) -> [Bucket] {
    var buckets = [Bucket](repeating: Bucket(), count: places)
    for (step, value) in series.points where value.isFinite {
      let place = min(places - 1, max(0, (step - 1) * places / last))
      buckets[place].add(Double(value))
    }
    return buckets
  }

  /// From 0, or the least number, to what nearly all numbers stay below; nil without any.
  ///
  /// A few spikes may leave the chart, so that the rest can be seen.
  private static func range(of buckets: [Bucket]) -> ClosedRange<Double>? {
    let filled = buckets.filter { $0.count > 0 }
    guard let greatestMean = filled.map(\.mean).max() else { return nil }
    let sorted = filled.map(\.upper).sorted()
    let usual = sorted[(sorted.count - 1) * 97 / 100]
    let top = max(usual, greatestMean)
    let bottom = min(0, filled.map(\.lower).min() ?? 0)
    return bottom...(top > bottom ? top + (top - bottom) / 20 : bottom + 1)
  }

  /// Four or so round numbers.
  static func ticks(in range: ClosedRange<Double>) -> [Double] {
    let width = range.upperBound - range.lowerBound
    let rough = width / 4
    let power = pow(10, floor(log10(rough)))
    let step = [1, 2, 2.5, 5, 10].map { $0 * power }.first { $0 >= rough } ?? rough
    let first = (range.lowerBound / step).rounded(.up)
    return stride(from: first * step, through: range.upperBound, by: step).map {
      abs($0) < step / 1000 ? 0 : $0
    }
  }
}

extension Double {
  fileprivate var coordinate: String { String(format: "%.2f", self) }
  /// For people.
  fileprivate var shown: String { String(format: "%.3g", self) }
}

/// A line that gives up its less important parts where a terminal is too narrow for all of them.
package struct FittedLine {
  private var parts: [(text: String, rank: Int)] = []

  package init() {}

  /// - Parameter rank: those of the highest rank are given up first; those of rank 0 stay.
  package mutating func add(_ text: String, rank: Int = 0) { parts.append((text, rank)) }

  /// - Parameter width: characters; what stays and is longer is cut off.
  package func text(width: Int) -> String {
    var kept = parts
    while Self.joined(kept).count > width, let least = kept.map(\.rank).max(), least > 0 {
      kept.removeAll { $0.rank == least }
    }
    return String(Self.joined(kept).prefix(width))
  }

  private static func joined(_ parts: [(text: String, rank: Int)]) -> String {
    parts.map(\.text).joined(separator: "  ")
  }
}

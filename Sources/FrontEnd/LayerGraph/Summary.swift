import Files
import Diagnostics
import Layers
import Spec

extension LayerGraph {
  /// The table that `dcgan-compile SPEC` prints: both networks layer by layer, and their totals.
  public var summary: String {
    let networks = self.networks
    let tables = networks.map(\.table)
    let widths = tables[0].widths.indices.map { column in
      tables.map { $0.widths[column] }.max() ?? 0
    }
    return zip(networks, tables).map { network, table in
      let title = "\(network.role.rawValue): \(network.input) → \(network.output)"
      return ([title] + table.lines(widths: widths).map { "  \($0)" }).joined(separator: "\n")
        + "\n"
    }.joined(separator: "\n")
  }
}

extension NetworkGraph {
  fileprivate var table: TextTable {
    var table = TextTable([.left, .left, .right, .right, .right, .right])
    table.add(["layer", "", "output", "parameters", "multiply-adds", "receptive field"])
    let fields = receptiveFields
    var start = 0
    while start < nodes.count {
      let end = nodes[start...].firstIndex { $0.entry != nodes[start].entry } ?? nodes.count
      let entry = nodes[start..<end]
      let trained = entry.flatMap(\.parameters).filter(\.role.isTrained).map(\.shape.count)
      table.add([
        nodes[start].entryName, words(for: entry), "\(nodes[end - 1].output)",
        saturatingSum(trained).groupedUnlessZero,
        saturatingSum(entry.map(\.multiplyAdds)).groupedUnlessZero, "\(fields[start])",
      ])
      start = end
    }
    table.add(["total", "", "", parameterCount.grouped, multiplyAdds.grouped, ""])
    return table
  }

  /// The kinds of an entry, but for the one that its name shows.
  private func words(for entry: ArraySlice<LayerNode>) -> String {
    let kinds = entry.map(\.kind.rawValue)
    let named = entry.first.map { $0.entryName.hasPrefix($0.kind.rawValue) } ?? false
    let words = (named ? Array(kinds.dropFirst()) : kinds).joined(separator: ", ")
    guard let joined = entry.first?.joinedEntry else { return words }
    return words.isEmpty ? "of \(joined)" : "\(words) of \(joined)"
  }
}

extension Int {
  fileprivate var groupedUnlessZero: String { self == 0 ? "" : grouped }
}

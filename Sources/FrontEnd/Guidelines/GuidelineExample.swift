/// A spec that shows a guideline.
///
/// Only the sections that matter are written down.
public struct GuidelineExample: Sendable {
  /// In a faulty example a comment of carets marks what the line above it does wrong.
  public let yaml: String

  public init(_ yaml: String) { self.yaml = yaml }

  /// The whole spec: the sections that matter, then those of a small clean DCGAN.
  public var spec: String {
    let written = Set(Self.sections(of: yaml).map(\.key))
    let others = Self.sections(of: Self.base).filter { !written.contains($0.key) }
    return yaml + "\n" + others.map(\.text).joined(separator: "\n") + "\n"
  }

  /// Line and columns of the marked text, from 1, without the end.
  public var marker: (line: Int, columns: Range<Int>)? {
    let lines = yaml.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() where line.hasPrefix("#") {
      let start = line.prefix { $0 == "#" || $0 == " " }.count
      let count = line.dropFirst(start).prefix { $0 == "^" }.count
      if count > 0 { return (index, start + 1..<start + 1 + count) }
    }
    return nil
  }

  private static func sections(of yaml: String) -> [(key: String, text: String)] {
    var sections: [(key: String, text: String)] = []
    for line in yaml.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      if let first = line.first, first != " ", first != "#" {
        sections.append((String(line.prefix { $0 != ":" }), line))
      } else if !sections.isEmpty {
        sections[sections.count - 1].text += "\n" + line
      }
    }
    return sections
  }

  private static let base = """
    dcgan: 1
    name: example
    image: {size: 16, channels: 3, range: [-1, 1]}
    generator:
      defaults: {kernel: 4, stride: 2, norm: batch, activation: relu}
      layers:
        - project: {to: [64, 4, 4]}
        - conv_transpose: {filters: 32}
        - conv_transpose: {filters: 3, norm: none, activation: tanh}
    discriminator:
      defaults: {kernel: 4, stride: 2, norm: batch, activation: {leaky_relu: 0.2}}
      layers:
        - conv: {filters: 32, norm: none}
        - conv: {filters: 64}
        - linear: {units: 1, norm: none, activation: sigmoid}
    """
}

import Diagnostics
import Document

/// Where the value of an option came from: what was written, before it was evaluated.
public struct ValueOrigin: Sendable {
  /// As it stands in a file or on the command line.
  public let node: Node
  /// Whether it holds for several maps at once, as a network's `defaults` do.
  public let isInherited: Bool

  public init(node: Node, isInherited: Bool = false) {
    self.node = node
    self.isInherited = isInherited
  }

  public var span: SourceSpan { node.span }
}

/// The origins of all values of a map of options that are written; the others are defaults.
public struct ValueOrigins: Sendable {
  // A layer has few options: a search in a list is quicker than a dictionary is made.
  private var values: [(key: String, origin: ValueOrigin)] = []
  private var nested: [(key: String, origins: ValueOrigins)] = []
  /// What the expressions among them use.
  public let scope: Scope

  public init(scope: Scope = Scope()) {
    self.scope = scope
  }

  public var isEmpty: Bool { values.isEmpty && nested.isEmpty }

  public subscript(option: String) -> ValueOrigin? { values.first { $0.key == option }?.origin }

  /// Those of the map that an option holds.
  public func below(_ option: String) -> ValueOrigins? {
    nested.first { $0.key == option }?.origins
  }

  /// Where the written values stand.
  public var spans: [String: SourceSpan] {
    Dictionary(values.map { ($0.key, $0.origin.span) }, uniquingKeysWith: { first, _ in first })
  }

  /// Takes the origin of an option that has been read.
  mutating func record(_ option: String, _ origin: ValueOrigin) {
    // Some options are read twice, first for whether they are there.
    if !values.contains(where: { $0.key == option }) { values.append((option, origin)) }
  }

  /// Takes the origins of the map that an option holds.
  mutating func record(_ option: String, below origins: ValueOrigins) {
    if !origins.isEmpty { nested.append((option, origins)) }
  }
}

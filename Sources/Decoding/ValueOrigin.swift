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
  /// By option.
  public internal(set) var values: [String: ValueOrigin] = [:]
  /// Those of the maps below, by the option that holds the map.
  public internal(set) var nested: [String: ValueOrigins] = [:]
  /// What the expressions among them use.
  public let scope: Scope

  public init(scope: Scope = Scope()) {
    self.scope = scope
  }

  public subscript(option: String) -> ValueOrigin? { values[option] }

  /// Where the written values stand.
  public var spans: [String: SourceSpan] { values.mapValues(\.span) }
}

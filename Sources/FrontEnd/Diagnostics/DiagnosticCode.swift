/// The stable name of a kind of problem; never changes its meaning.
///
/// `Y1xx` YAML, `S2xx` keys, names and values, `E3xx` expressions, `T4xx` shapes, `G5xx`
/// guidelines, `D6xx` data, `R7xx` running.
public struct DiagnosticCode: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  public let rawValue: String

  public init(rawValue: String) { self.rawValue = rawValue }

  public var description: String { rawValue }
}

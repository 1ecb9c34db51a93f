/// A number for the rows of maps and one for their columns.
public struct Sides: Hashable, Sendable, CustomStringConvertible {
  public let height: Int
  public let width: Int

  public init(_ height: Int, _ width: Int) {
    self.height = height
    self.width = width
  }

  public init(both: Int) { self.init(both, both) }

  public var isSquare: Bool { height == width }

  /// As messages write it: `5 × 5`.
  public var description: String { "\(height) × \(width)" }

  /// As a spec writes it: `5`, or `[3, 5]`.
  public var yamlText: String { isSquare ? "\(height)" : "[\(height), \(width)]" }
}

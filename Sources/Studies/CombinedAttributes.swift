import Datasets

/// Images by several attributes at once: a class for each combination, such as a smile with long hair.
package struct CombinedAttributes: PreparedDataset {
  /// The images under the first attribute.
  package let base: any Dataset
  private let attributes: [any Dataset]

  /// Attributes that can be combined.
  package static let counts = 1...3

  /// The same images under each of some attributes, whose labels are 0 for no and 1 for yes.
  package init(_ attributes: [any Dataset]) {
    base = attributes[0]
    self.attributes = attributes
  }

  package var labelCount: Int? { 1 << attributes.count }

  /// As in `no Smiling and Long Hair`.
  package var labelNames: [String]? {
    let names = attributes.compactMap(\.labelNames)
    guard names.count == attributes.count else { return nil }
    return (0..<1 << attributes.count).map { label in
      names.enumerated().map { place, names in names[label >> place & 1] }
        .joined(separator: " and ")
    }
  }

  package func label(at index: Int) throws(DatasetProblem) -> Int? {
    var sum = 0
    for (place, attribute) in attributes.enumerated() {
      guard let label = try attribute.label(at: index) else { return nil }
      sum += label << place
    }
    return sum
  }

  package func decode(
    _ index: Int, into pixels: inout MutableSpan<UInt8>
  ) throws(DatasetProblem) {
    try base.decode(index, into: &pixels)
  }

  package func fingerprint() throws(DatasetProblem) -> DataFingerprint { try base.fingerprint() }
}

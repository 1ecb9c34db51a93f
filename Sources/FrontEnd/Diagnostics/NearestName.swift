extension Swift.Sequence<String> {
  /// The name that was probably meant by `name`, the first of equals; nil where none is near.
  ///
  /// Near is at most a third of the letters wrong, and at least two may be (one in a name of three
  /// letters or fewer). Upper and lower case do not count, nor does `-` for `_`.
  public func nearest(to name: String) -> String? { guess(of: name)?.name }

  /// The same, with how it relates to what is written: only another case means the same.
  public func guess(of name: String) -> NameGuess? {
    let letters = comparable(name)
    guard !letters.isEmpty, letters.count <= longestComparedName else { return nil }
    let limit = letters.count <= 3 ? 1 : Swift.max(2, letters.count / 3)
    var best: (name: String, distance: Int, isOnly: Bool)?
    for candidate in self {
      let other = comparable(candidate)
      guard abs(other.count - letters.count) <= limit else { continue }
      let distance = editDistance(letters, other)
      guard distance <= limit else { continue }
      if distance < best?.distance ?? .max {
        best = (candidate, distance, true)
      } else if distance == best?.distance, candidate != best?.name {
        best?.isOnly = false
      }
    }
    return best.map {
      NameGuess(
        name: $0.name, relation: $0.isOnly && $0.distance == 0 ? .sameMeaning : .similarSpelling)
    }
  }
}

/// A name that was probably meant.
public struct NameGuess: Hashable, Sendable {
  public let name: String
  public let relation: Relation

  public enum Relation: Hashable, Sendable {
    /// Another spelling, or another program's word for the same.
    case sameMeaning
    /// Perhaps a slip of the pen.
    case similarSpelling
    /// Something that the language does not have; the name is the nearest that it has.
    case otherThing
  }

  public init(name: String, relation: Relation) {
    self.name = name
    self.relation = relation
  }

  /// Replaces the text at `span` with the name; nil where that would be something else.
  public func repair(at span: SourceSpan) -> Repair? {
    switch relation {
    case .sameMeaning: Repair("write `\(name)`", .safe, span, name)
    case .similarSpelling: Repair("did you mean `\(name)`?", .unsafe, span, name)
    case .otherThing: nil
    }
  }

  /// For what has no repair.
  public var help: [String] {
    relation == .otherThing ? ["this is not in the language; the nearest is `\(name)`"] : []
  }
}

/// No name is longer; a hostile one is not worth the quadratic comparison.
private let longestComparedName = 64

private func comparable(_ name: String) -> [Character] {
  name.lowercased().map { $0 == "-" ? "_" : $0 }
}

/// How many letters must be inserted, removed, replaced or swapped with their neighbour to make one
/// name the other.
///
/// The restricted Damerau–Levenshtein distance (optimal string alignment).
func editDistance(_ a: [Character], _ b: [Character]) -> Int {
  // rows[i][j]: the distance of a's first i letters from b's first j.
  var rows = [Array(0...b.count)]
  for i in 0..<a.count {
    var row = [i + 1]
    for j in 0..<b.count {
      var distance = min(
        rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (a[i] == b[j] ? 0 : 1))
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
        distance = min(distance, rows[i - 1][j - 1] + 1)
      }
      row.append(distance)
    }
    rows.append(row)
  }
  return rows[a.count][b.count]
}

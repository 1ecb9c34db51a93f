extension Swift.Sequence<String> {
  /// The name that was probably meant by `name`, the first of equals; nil where none is near.
  ///
  /// Near is at most a third of the letters wrong, and at least two may be (one in a name of three
  /// letters or fewer). Upper and lower case do not count, nor does `-` for `_`.
  public func nearest(to name: String) -> String? { guess(of: name)?.name }

  /// The same, and whether it is sure enough to be put in place without asking: the only one as
  /// near, and for a name of at least four letters.
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
      NameGuess(name: $0.name, isSure: $0.isOnly && ($0.distance == 0 || letters.count >= 4))
    }
  }
}

/// A name that was probably meant.
public struct NameGuess: Hashable, Sendable {
  public let name: String
  public let isSure: Bool

  public init(name: String, isSure: Bool) {
    self.name = name
    self.isSure = isSure
  }

  /// Replaces the text at `span` with the name.
  public func repair(at span: SourceSpan) -> Repair {
    Repair("did you mean `\(name)`?", isSure ? .safe : .unsafe, span, name)
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

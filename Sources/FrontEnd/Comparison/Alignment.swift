/// Which layers of two networks are the same ones: the cheapest way from one list to the other.
struct Alignment {
  enum Pair {
    case removed(ComparedLayer)
    case added(ComparedLayer)
    case kept(ComparedLayer, ComparedLayer)
  }

  let pairs: [Pair]

  /// Adding or removing a layer costs as much as changing this many of its options.
  private static let replacement = 4
  /// Longer lists between common ends count as replaced: the table grows with the square of this.
  private static let mostCompared = 250

  init(from before: [ComparedLayer], to after: [ComparedLayer]) {
    let shorter = min(before.count, after.count)
    let front = (0..<shorter).prefix { Self.cost(before[$0], after[$0]) == 0 }.count
    let back = (0..<shorter - front).prefix {
      Self.cost(before[before.count - 1 - $0], after[after.count - 1 - $0]) == 0
    }.count
    func kept(_ range: Range<Int>, shift: Int = 0) -> [Pair] {
      range.map { .kept(before[$0], after[$0 + shift]) }
    }
    pairs =
      kept(0..<front)
      + Self.middle(
        Array(before[front..<before.count - back]), Array(after[front..<after.count - back]))
      + kept(before.count - back..<before.count, shift: after.count - before.count)
  }

  private static func middle(_ before: [ComparedLayer], _ after: [ComparedLayer]) -> [Pair] {
    guard max(before.count, after.count) <= mostCompared else {
      return before.map { .removed($0) } + after.map { .added($0) }
    }
    // costs[i][j]: from the layers after i to those after j.
    var costs = Array(
      repeating: Array(repeating: 0, count: after.count + 1), count: before.count + 1)
    for i in stride(from: before.count, through: 0, by: -1) {
      for j in stride(from: after.count, through: 0, by: -1) {
        var best: [Int] = []
        if i < before.count { best.append(costs[i + 1][j] + replacement) }
        if j < after.count { best.append(costs[i][j + 1] + replacement) }
        if i < before.count, j < after.count, let cost = cost(before[i], after[j]) {
          best.append(costs[i + 1][j + 1] + cost)
        }
        costs[i][j] = best.min() ?? 0
      }
    }
    var (pairs, i, j): ([Pair], Int, Int) = ([], 0, 0)
    while i < before.count || j < after.count {
      if i < before.count, j < after.count, let cost = cost(before[i], after[j]),
        costs[i][j] == costs[i + 1][j + 1] + cost
      {
        pairs.append(.kept(before[i], after[j]))
        (i, j) = (i + 1, j + 1)
      } else if i < before.count, costs[i][j] == costs[i + 1][j] + replacement {
        pairs.append(.removed(before[i]))
        i += 1
      } else {
        pairs.append(.added(after[j]))
        j += 1
      }
    }
    return pairs
  }

  /// The number of options that differ; nil for layers of different kinds, which are not the same.
  private static func cost(_ old: ComparedLayer, _ new: ComparedLayer) -> Int? {
    guard old.kind == new.kind else { return nil }
    return new.optionChanges(from: old).count
  }
}

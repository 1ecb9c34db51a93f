/// A broadcast seen over flat arrays: element (i, j, k, l) of the result
/// [outer, repeated, kept, run] is element (i, k) of the source [outer, kept].
struct BroadcastPattern: Hashable, Sendable {
  let outer: Int
  let repeated: Int
  let kept: Int
  let run: Int

  var sourceCount: Int { outer * kept }
  var resultCount: Int { outer * repeated * kept * run }
  /// Whether the source is repeated as a whole, each element `run` times.
  var isPeriodic: Bool { outer == 1 }
  var period: Int { kept * run }

  /// One number in `count` elements.
  static func scalar(_ count: Int) -> BroadcastPattern {
    BroadcastPattern(outer: 1, repeated: 1, kept: 1, run: count)
  }
}

/// A reduction seen over flat arrays: [outer, reduced, kept] → [outer, kept].
struct ReductionPattern: Hashable, Sendable {
  let outer: Int
  let reduced: Int
  let kept: Int
  var result = Result.sum

  enum Result: Hashable, Sendable {
    case sum
    case maximum
  }

  var operandCount: Int { outer * reduced * kept }
  var resultCount: Int { outer * kept }
}

/// Neighbouring axes of which all are kept, or all repeated or reduced.
struct AxisRun: Hashable, Sendable {
  let isKept: Bool
  var size: Int

  /// Merges axes, leaving out those of size 1.
  static func merged(sizes: [Int], isKept: (Int) -> Bool) -> [AxisRun] {
    var runs: [AxisRun] = []
    for (axis, size) in sizes.enumerated() where size != 1 {
      if let last = runs.last, last.isKept == isKept(axis) {
        runs[runs.count - 1].size *= size
      } else {
        runs.append(AxisRun(isKept: isKept(axis), size: size))
      }
    }
    return runs
  }
}

extension BroadcastPattern {
  /// The broadcasts, one after the other, that together make one of these axes.
  static func sequence(for runs: [AxisRun]) -> [BroadcastPattern] {
    if let single = BroadcastPattern(runs) { return [single] }
    // One repeated run after the other is inserted; those after it are not there yet.
    var patterns: [BroadcastPattern] = []
    for (index, run) in runs.enumerated() where !run.isKept {
      let before = runs[..<index].reduce(1) { $0 * $1.size }
      let after = runs[(index + 1)...].reduce(1) { $1.isKept ? $0 * $1.size : $0 }
      patterns.append(
        BroadcastPattern(outer: before, repeated: run.size, kept: after, run: 1).simplified)
    }
    return patterns
  }

  /// The pattern where kept and repeated runs alternate as outer, repeated, kept, run; any may be
  /// missing.
  private init?(_ runs: [AxisRun]) {
    var rest = runs[...]
    func take(kept: Bool) -> Int {
      guard let first = rest.first, first.isKept == kept else { return 1 }
      rest.removeFirst()
      return first.size
    }
    let (outer, repeated) = (take(kept: true), take(kept: false))
    let (kept, run) = (take(kept: true), take(kept: false))
    guard rest.isEmpty else { return nil }
    self = BroadcastPattern(outer: outer, repeated: repeated, kept: kept, run: run).simplified
  }

  /// The same with `run` instead of `repeated` where nothing is kept after it, and with `kept` in
  /// place of `outer` where nothing is repeated between them.
  var simplified: BroadcastPattern {
    if kept == 1 {
      return BroadcastPattern(outer: 1, repeated: 1, kept: outer, run: repeated * run)
    }
    if repeated == 1 {
      return BroadcastPattern(outer: 1, repeated: 1, kept: outer * kept, run: run)
    }
    return self
  }
}

extension ReductionPattern {
  /// The reductions, one after the other, that together reduce these axes: the last ones first.
  static func sequence(
    for runs: [AxisRun], finding result: Result = .sum
  ) -> [ReductionPattern] {
    var patterns: [ReductionPattern] = []
    for (index, run) in runs.enumerated().reversed() where !run.isKept {
      let before = runs[..<index].reduce(1) { $0 * $1.size }
      let after = runs[(index + 1)...].reduce(1) { $1.isKept ? $0 * $1.size : $0 }
      patterns.append(
        ReductionPattern(outer: before, reduced: run.size, kept: after, result: result))
    }
    return patterns
  }
}

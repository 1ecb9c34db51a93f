import CKernels

extension ce_walk {
  /// Elements of a block: some 20 blocks of this size fit the first-level cache.
  private static let maximumBlock = 512
  /// Elements of a task: some tens of microseconds.
  private static let taskSize = 16384
  private static let maximumTasks = 64
  /// Blocks should begin at addresses that whole vectors fit.
  private static let vector = 16

  /// How to walk `count` elements in segments, where sums keep rows of `kept` elements and
  /// broadcasts repeat with `periods`.
  ///
  /// Blocks are whole multiples of all small periods if that is possible: then a broadcast is the
  /// same in each block. If one is larger, blocks are parts of its rows.
  init(count: Int, segment: Int, kept: Int, periods: [Int]) {
    self.init()
    self.count = Int64(count)
    self.segment = Int64(segment)
    period = 1
    let target = max(Self.taskSize, (count + Self.maximumTasks - 1) / Self.maximumTasks)
    var unit: Int
    if segment < count && segment <= Self.maximumBlock {
      let length = max(1, Self.maximumBlock / segment) * segment
      block = Int64(length)
      unit = length
    } else {
      let largest = kept > 1 ? kept : periods.max() ?? 1
      if largest > Self.maximumBlock {
        // About equal parts of a row, of whole pixels if that is possible.
        let common = commonMultiple(
          of: periods.sorted(by: >).filter { largest % $0 == 0 }, with: Self.vector,
          atMost: Self.maximumBlock)
        let parts = (largest + Self.maximumBlock - 1) / Self.maximumBlock
        let length = (largest + parts - 1) / parts
        block = Int64(min((length + common - 1) / common, Self.maximumBlock / common) * common)
        period = Int64(largest)
        unit = largest
      } else {
        let common = commonMultiple(
          of: periods.sorted(by: >) + [Self.vector], with: kept, atMost: Self.maximumBlock)
        let length = Self.maximumBlock / common * common
        block = Int64(length)
        unit = length
      }
      accumulator_length = Int64(unit)
      if segment < count { unit = segment }
    }
    chunk = Int64((target + unit - 1) / unit * unit)
    tasks = Int32((Int64(count) + chunk - 1) / chunk)
  }

  /// Whether each block sees the same part of something that repeats with `period`.
  ///
  /// Blocks may be parts of rows: a channel's numbers are the same in each block of a row [H·W·C],
  /// where blocks are whole pixels [C].
  func isFixed(period length: Int) -> Bool {
    let length = Int64(length)
    let several = segment < count
    let startsAgree = !several || segment <= block || segment % length == 0
    let rowsAgree = period <= block || period % length == 0
    return block % length == 0 && startsAgree && rowsAgree
  }
}

/// A multiple of `first` and of all the others with which it stays within the limit.
private func commonMultiple(of others: [Int], with first: Int, atMost limit: Int) -> Int {
  var common = first
  for other in others {
    let multiple = common / greatestCommonDivisor(common, other) * other
    if multiple <= limit { common = multiple }
  }
  return common
}

private func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
  b == 0 ? a : greatestCommonDivisor(b, a % b)
}

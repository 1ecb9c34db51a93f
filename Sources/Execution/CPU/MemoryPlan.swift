/// Places of temporary arrays in one arena.
///
/// Arrays that are never in use together may share memory.
struct MemoryPlan: Sendable {
  struct Item: Sendable {
    let bytes: Int
    /// The first and the last pass during which it is in use.
    let first: Int
    let last: Int
  }

  static let alignment = 64

  /// Offset of each item in bytes, a multiple of the alignment.
  let offsets: [Int]
  let arenaBytes: Int
  /// The largest sum of items in use at the same pass: no arena can be smaller.
  let peakBytes: Int

  /// Places large items first, each in the smallest gap between those it must not touch.
  init(_ items: [Item]) {
    let sizes = items.map { ($0.bytes + Self.alignment - 1) / Self.alignment * Self.alignment }
    var offsets = [Int](repeating: 0, count: items.count)
    var placed: [Int] = []
    var arenaBytes = 0
    for index in items.indices.sorted(by: { (sizes[$0], $1) > (sizes[$1], $0) })
    where sizes[index] > 0 {
      let neighbours =
        placed
        .filter { items[$0].first <= items[index].last && items[index].first <= items[$0].last }
        .sorted { offsets[$0] < offsets[$1] }
      var best: (gap: Int, offset: Int)?
      var end = 0
      for other in neighbours {
        let gap = offsets[other] - end
        if gap >= sizes[index], gap < best?.gap ?? .max { best = (gap, end) }
        end = max(end, offsets[other] + sizes[other])
      }
      offsets[index] = best?.offset ?? end
      arenaBytes = max(arenaBytes, offsets[index] + sizes[index])
      placed.append(index)
    }
    self.offsets = offsets
    self.arenaBytes = arenaBytes
    peakBytes = Self.peak(items, sizes)
  }

  private static func peak(_ items: [Item], _ sizes: [Int]) -> Int {
    var changes: [Int: Int] = [:]
    for (item, size) in zip(items, sizes) {
      changes[item.first, default: 0] += size
      changes[item.last + 1, default: 0] -= size
    }
    var (inUse, peak) = (0, 0)
    for pass in changes.keys.sorted() {
      inUse += changes[pass] ?? 0
      peak = max(peak, inUse)
    }
    return peak
  }
}

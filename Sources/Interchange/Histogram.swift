/// How numbers are spread: so many of them in each of some intervals of the same width.
package struct Histogram: Hashable, Sendable {
  package private(set) var least = Float.infinity
  package private(set) var most = -Float.infinity
  package private(set) var sum = 0.0
  package private(set) var sumOfSquares = 0.0
  /// The upper ends of the intervals, in order.
  package private(set) var limits: [Double] = []
  package private(set) var counts: [Int] = []

  package var count: Int { counts.reduce(0, +) }

  /// Of the numbers that are finite; empty without any.
  package init(of numbers: UnsafeBufferPointer<Float>, intervals: Int = 32) {
    for number in numbers where number.isFinite {
      least = min(least, number)
      most = max(most, number)
      sum += Double(number)
      sumOfSquares += Double(number) * Double(number)
    }
    guard least <= most else { return }
    // All numbers the same: one interval that ends with them.
    let width = (Double(most) - Double(least)) / Double(intervals)
    let used = width > 0 ? intervals : 1
    limits = (1...used).map { $0 == used ? Double(most) : Double(least) + Double($0) * width }
    counts = [Int](repeating: 0, count: used)
    for number in numbers where number.isFinite {
      let place = width > 0 ? Int((Double(number) - Double(least)) / width) : 0
      counts[min(place, used - 1)] += 1
    }
  }
}

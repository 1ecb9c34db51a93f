import CKernels
import Testing

@testable import CPU

@Suite struct MachineLimitsTests {
  @Test func aStepTakesAsLongAsTheNarrowerLimitAllows() {
    let limits = MachineLimits(flopsPerSecond: 100e9, bytesPerSecond: 20e9)
    #expect(limits.leastSeconds(flops: 300_000_000_000, bytes: 20_000_000_000) == 3)
    #expect(limits.leastSeconds(flops: 50_000_000_000, bytes: 40_000_000_000) == 2)
  }

  /// 12 sums of a vector, each multiplied and added to.
  ///
  /// They begin at 0, 1, … 11 in all lanes and are halved and moved up by 1/2: after two rounds i
  /// has become i/4 + 3/4.
  @Test(arguments: Plan.ISA.allCases.filter(\.isAvailable))
  func countsTheOperationsThatItMakes(isa: Plan.ISA) {
    let lanes: Float =
      switch isa {
      case .portable: 4
      case .avx2: 8
      case .avx512: 16
      }
    var result: Float = 0
    let flops = ck_machine_multiply_add(isa.kernels, 2, &result)
    #expect(flops == 2 * 12 * Int64(lanes) * 2)
    #expect(result == (66 / 4 + 12 * 3 / 4) * lanes)
  }

  /// Lengths that are no multiples of what a round reads.
  @Test(arguments: Plan.ISA.allCases.filter(\.isAvailable))
  func readsEveryElement(isa: Plan.ISA) {
    for count in [0, 1, 47, 48, 191, 192, 193, 1000] {
      let numbers = (0..<count).map(Float.init)
      let sum = ck_machine_read(isa.kernels, numbers, Int64(count))
      #expect(sum == Float(count * (count - 1) / 2), "\(count)")
    }
  }

  @Test func measuresSomething() throws {
    let limits = try MachineLimits.measured(by: WorkerPool(threads: 2))
    // From the slowest machine that anyone would train on to the fastest.
    #expect((1e8...1e15).contains(limits.flopsPerSecond))
    #expect((1e8...1e14).contains(limits.bytesPerSecond))
  }
}

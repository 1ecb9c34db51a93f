import TestSupport
import Testing

@testable import CPU

@Suite struct MemoryPlanTests {
  @Test func placesItemsThatAreNeverUsedTogetherInTheSamePlace() {
    let plan = MemoryPlan([
      MemoryPlan.Item(bytes: 128, first: 0, last: 1),
      MemoryPlan.Item(bytes: 64, first: 1, last: 2),
      MemoryPlan.Item(bytes: 128, first: 2, last: 3),
    ])
    #expect(plan.offsets[0] == plan.offsets[2])
    #expect(plan.arenaBytes == 192)
    #expect(plan.peakBytes == 192)
  }

  @Test(arguments: 0..<100) func keepsItemsInUseApart(seed: Int) {
    var generator = TestGenerator(seed: seed)
    let items = (0..<60).map { _ in
      let first = Int.random(in: 0..<40, using: &generator)
      return MemoryPlan.Item(
        bytes: Int.random(in: 0...5000, using: &generator), first: first,
        last: first + Int.random(in: 0..<10, using: &generator))
    }
    expectSound(items, MemoryPlan(items).offsets, arenaBytes: MemoryPlan(items).arenaBytes)
    #expect(MemoryPlan(items).peakBytes == bruteForcePeak(items))
  }

  @Test(arguments: 0..<150) func plansPrograms(seed: Int) throws {
    let plan = try Plan(for: RandomProgram(seed: seed).program)
    expectSound(plan.items, plan.itemOffsets, arenaBytes: plan.arenaBytes)
    #expect(plan.plannedPeakBytes == bruteForcePeak(plan.items))
    #expect(plan.plannedPeakBytes <= plan.arenaBytes)
    expectArraysApart(plan)
  }

  // MARK: Details

  private func expectSound(_ items: [MemoryPlan.Item], _ offsets: [Int], arenaBytes: Int) {
    for (a, first) in items.enumerated() where first.bytes > 0 {
      #expect(offsets[a] % MemoryPlan.alignment == 0)
      #expect(offsets[a] + first.bytes <= arenaBytes)
      for (b, second) in items.enumerated().dropFirst(a + 1) where second.bytes > 0 {
        let together = (0...100).contains { pass in
          (first.first...first.last).contains(pass) && (second.first...second.last).contains(pass)
        }
        let apart =
          offsets[a] + first.bytes <= offsets[b] || offsets[b] + second.bytes <= offsets[a]
        #expect(!together || apart, "items \(a) and \(b)")
      }
    }
  }

  private func bruteForcePeak(_ items: [MemoryPlan.Item]) -> Int {
    (0...100).map { pass in
      items.filter { $0.first <= pass && pass <= $0.last }
        .reduce(0) { $0 + ($1.bytes + 63) / 64 * 64 }
    }.max() ?? 0
  }

  /// Follows the arrays pass by pass: what a pass writes must not lie over an array that a later
  /// pass, or the pass itself in another way than element by element, still reads.
  private func expectArraysApart(_ plan: Plan) {
    let bytes = { (node: Int) in plan.graph.nodes[node].count * 4 }
    for (position, pass) in plan.passes.enumerated() {
      let later = Set(plan.passes[(position + 1)...].flatMap(\.reads))
        .union(plan.graph.outputs.map(\.node))
      let earlier = Set(plan.passes[..<position].flatMap(\.writes))
      for written in pass.writes {
        guard case .arena(let offset)? = plan.places[written] else { continue }
        for other in later.intersection(earlier) where other != written {
          guard case .arena(let place)? = plan.places[other] else { continue }
          let apart = offset + bytes(written) <= place || place + bytes(other) <= offset
          #expect(apart || bytes(written) == 0 || bytes(other) == 0)
        }
      }
    }
  }
}

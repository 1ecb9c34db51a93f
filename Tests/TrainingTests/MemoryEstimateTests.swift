import Compiler
import CPU
import Spec
import Testing

@testable import Training

@Suite struct MemoryEstimateTests {
  /// What is foreseen is what a training reserves, to the byte.
  @Test(arguments: Fixture.shippedSpecs)
  func itIsWhatASessionReserves(_ name: String) throws {
    let compilation = try Compilation(path: "\(Fixture.specs)/\(name)")
    let spec = try #require(compilation.spec).training(batch: 3)
    let graph = try #require(compilation.graph)
    let estimate = try MemoryEstimate(of: spec, graph: graph)
    for threads in [1, 3] {
      let session = try TrainingSession(
        spec: spec, graph: graph, pool: WorkerPool(threads: threads))
      let workspace = session.executors[0].workspace
      #expect(session.executors.allSatisfy { $0.workspace === workspace })
      #expect(
        estimate.total(threads: threads)
          == ProcessMemory.ofProgram + session.store.bytes + workspace.bytes)
    }
  }

  @Test func theProgramItselfIsCounted() {
    #expect(ProcessMemory.present > 1 << 20)
    #expect(ProcessMemory.peak >= ProcessMemory.present / 2)
  }
}

import CPU
import Compiler
import Device
import Model
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
    for threads in [1, 3] {
      let device = CPUDevice(threads: threads)
      let estimate = try #require(try MemoryEstimate(of: spec, graph: graph, on: device))
      let session = try TrainingSession(spec: spec, graph: graph, device: device)
      #expect(estimate.total(threads: threads) == ProcessMemory.ofProgram + session.state.bytes)
    }
  }

  @Test func theProgramItselfIsCounted() {
    #expect(ProcessMemory.present > 1 << 20)
    #expect(ProcessMemory.peak >= ProcessMemory.present / 2)
  }
}

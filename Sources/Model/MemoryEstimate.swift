import Files
import Device
import LayerGraph
import Program
import Spec

/// The memory that a training of a spec takes, known before it starts.
///
/// All but the images of a data set that is held in memory: those are the data's.
package struct MemoryEstimate: Hashable, Sendable {
  package let batch: Int
  /// Bytes of parameters and running statistics.
  package let parameters: Int
  /// Bytes that the optimiser keeps for each parameter.
  package let optimizer: Int
  /// Bytes of a batch of images, activations, gradients and other passing values.
  ///
  /// They share their memory, within a step and among steps of several kinds.
  package let activations: Int
  /// Bytes of each thread.
  package let worker: Int

  /// Bytes, with the program itself, of a training on `threads` threads.
  package func total(threads: Int) -> Int {
    ProcessMemory.ofProgram + parameters + optimizer + activations + threads * worker
  }

  /// Plans the steps of the spec for `device`; nothing is allocated.
  ///
  /// Nil where the device does not know beforehand what its programs take.
  package init?(
    of spec: Spec, graph: LayerGraph, on device: any Device
  ) throws(DeviceProblem) {
    let programs = TrainingStep.all(of: spec, graph: graph).map(\.program)
    guard let memory = try device.memory(for: programs) else { return nil }
    let state = StateTensor.all(of: spec, graph: graph)
    let stateNames = Set(state.map(\.name))
    // Several kinds of step may have the same inputs.
    var inputs: [String: Int] = [:]
    for input in programs.flatMap(\.inputs) where !stateNames.contains(input.name) {
      inputs[input.name] = input.shape.count
    }
    func bytes(_ counts: [Int]) -> Int { counts.reduce(0, +) * MemoryLayout<Float>.size }
    func bytes(of tensors: [StateTensor]) -> Int { bytes(tensors.map(\.parameter.shape.count)) }
    batch = spec.train.batch
    parameters = bytes(of: state.filter { !$0.isOptimizerState })
    optimizer = bytes(of: state.filter(\.isOptimizerState))
    activations = bytes(Array(inputs.values)) + memory.passing
    worker = memory.perThread
  }
}

extension MemoryEstimate: CustomStringConvertible {
  /// One line: the total, and what it consists of, in MiB.
  package var description: String {
    func mebibytes(_ bytes: Int) -> String { "\((bytes + (1 << 20) - 1) >> 20)" }
    return "training step, batch \(batch): \(mebibytes(total(threads: 0))) MiB "
      + "(program \(mebibytes(ProcessMemory.ofProgram)), parameters \(mebibytes(parameters)), "
      + "optimiser \(mebibytes(optimizer)), activations and gradients \(mebibytes(activations))), "
      + "\(mebibytes(worker)) more for each thread"
  }
}

import LayerGraph
import Program
import Runtime
import Spec

/// The memory that a training of a spec takes, known before it starts.
package struct MemoryEstimate: Hashable, Sendable {
  package let batch: Int
  /// Bytes of parameters and running statistics.
  package let parameters: Int
  /// Bytes that the optimiser keeps for each parameter.
  package let optimizer: Int
  /// Bytes of activations, gradients and other passing values, which share their memory.
  package let activations: Int

  package var total: Int { parameters + optimizer + activations }

  /// Plans the steps of the spec; nothing is allocated.
  package init(of spec: Spec, graph: LayerGraph) throws(TrainingProblem) {
    let state = StateTensor.all(of: spec, graph: graph)
    func bytes(_ tensors: [StateTensor]) -> Int {
      tensors.reduce(0) { $0 + $1.parameter.shape.count } * MemoryLayout<Float>.size
    }
    var activations = 0
    for kind in TrainingStep.sequence(of: spec.train.updates) {
      let step = TrainingStep(kind, of: spec, graph: graph, batch: spec.train.batch)
      do { activations += try Plan(for: step.program).arenaBytes } catch { throw .plan(error) }
    }
    batch = spec.train.batch
    parameters = bytes(state.filter { !$0.isOptimizerState })
    optimizer = bytes(state.filter(\.isOptimizerState))
    self.activations = activations
  }
}

extension MemoryEstimate: CustomStringConvertible {
  /// One line: the total, and what it consists of, in MiB.
  package var description: String {
    func mebibytes(_ bytes: Int) -> String { "\((bytes + (1 << 20) - 1) >> 20)" }
    return "training step, batch \(batch): \(mebibytes(total)) MiB "
      + "(parameters \(mebibytes(parameters)), optimiser \(mebibytes(optimizer)), "
      + "activations and gradients \(mebibytes(activations)))"
  }
}

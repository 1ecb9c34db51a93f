import CPU
import Model
import Spec

extension [StateTensor] {
  /// Puts the tensors of a new store, which are zeros, to their start.
  ///
  /// The random numbers of a large network take longer than its first step on one thread, so that
  /// pieces of all tensors are filled on all threads.
  func initialize(
    in store: TensorStore, _ initialization: InitializationSpec, seed: UInt64, pool: WorkerPool
  ) throws(TrainingProblem) {
    var pieces: [Piece] = []
    for (index, tensor) in enumerated() where store.contains(tensor.name) && !tensor.startsAtZero {
      let buffer = try runtime { () throws(RuntimeError) in try store.buffer(tensor.name) }
      for first in stride(from: 0, to: buffer.count, by: Piece.length) {
        let end = Swift.min(first + Piece.length, buffer.count)
        pieces.append(
          Piece(
            tensor: tensor, index: index, first: first,
            elements: UnsafeMutableBufferPointer(rebasing: buffer[first..<end])))
      }
    }
    pool.forEach(in: pieces) { piece in
      piece.tensor.initialize(
        piece.elements, from: piece.first, initialization, seed: seed, index: piece.index)
    }
  }
}

/// Part of a tensor.
///
/// Rule behind `@unchecked Sendable`: pieces do not overlap, and the store, which owns the memory,
/// outlives the job.
private struct Piece: @unchecked Sendable {
  /// Elements; some milliseconds of work.
  static let length = 1 << 16

  let tensor: StateTensor
  let index: Int
  let first: Int
  let elements: UnsafeMutableBufferPointer<Float>
}

extension WorkerPool {
  /// Runs `body` once for each item, on any thread and in any order, and returns when all are done.
  fileprivate func forEach<Item: Sendable>(
    in items: [Item], _ body: @Sendable @escaping (Item) -> Void
  ) {
    let job: @Sendable (Int) -> Void = { body(items[$0]) }
    // The job outlives the tasks: `run` returns when all of them have.
    withUnsafePointer(to: job) { pointer in
      run(items.count, UnsafeRawPointer(pointer)) { context, index, _ in
        context.assumingMemoryBound(to: (@Sendable (Int) -> Void).self).pointee(index)
      }
    }
  }
}

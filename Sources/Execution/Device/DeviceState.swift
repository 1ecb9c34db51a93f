import Program

/// Tensors by name in the memory of a device, and the programs that run on them.
///
/// A class because it owns memory; used by one thread at a time. Tensors are `Float` in row-major
/// order; a device that computes in another precision converts.
package protocol DeviceState: AnyObject {
  /// Bytes that it has reserved so far, for tensors and for programs.
  var bytes: Int { get }

  /// Nil where there is no tensor of this name.
  func shape(of name: String) -> Shape?

  /// Loads programs that never run at the same time and may share their memory.
  ///
  /// Inputs that are not there yet are added as zeros; an input of another shape than the tensor
  /// of its name is an error.
  func load(_ programs: [Program]) throws(DeviceProblem) -> [any LoadedProgram]

  /// The devices that run shared programs, this one among them; nil where it runs none.
  var sharers: Int? { get }

  /// Loads a program that all `sharers` run together.
  func loadShared(_ program: Program) throws(DeviceProblem) -> any SharedProgram

  /// Replaces a tensor by an output of the last run.
  ///
  /// Where the output has also replaced an input, that is written before the program runs again.
  func keep(
    _ output: String, of loaded: any LoadedProgram, as name: String
  ) throws(DeviceProblem)

  /// Replaces all elements of a tensor.
  func write(_ elements: UnsafeBufferPointer<Float>, to name: String) throws(DeviceProblem)

  /// Gives a tensor's elements to `body`, which must not keep them.
  func withElements<Result>(
    of name: String, _ body: (UnsafeBufferPointer<Float>) -> Result
  ) throws(DeviceProblem) -> Result

  /// Replaces all elements of several tensors piece by piece: `fill` gets the tensor's place among
  /// `names`, the place of the piece's first element, and the piece.
  ///
  /// Pieces may be filled on several threads at once and in any order.
  func fill(
    _ names: [String],
    by fill: @escaping @Sendable (Int, Int, UnsafeMutableBufferPointer<Float>) -> Void
  ) throws(DeviceProblem)

  // Double precision, for tests and comparisons; a device that computes in `Float` rounds.

  func write(_ numbers: [Double], to name: String) throws(DeviceProblem)
  func numbers(of name: String) throws(DeviceProblem) -> [Double]
}

extension DeviceState {
  package var sharers: Int? { nil }

  package func loadShared(_ program: Program) throws(DeviceProblem) -> any SharedProgram {
    throw .unable(reason: "the device runs no programs together with others")
  }

  package func keep(
    _ output: String, of loaded: any LoadedProgram, as name: String
  ) throws(DeviceProblem) {
    try write(loaded.output(output), to: name)
  }

  package func contains(_ name: String) -> Bool { shape(of: name) != nil }

  /// The inputs of programs that are no tensors yet, each once; one of another shape than a tensor,
  /// or another input, of its name is an error.
  package func missingInputs(
    of programs: [Program]
  ) throws(DeviceProblem) -> [(name: String, shape: Shape)] {
    var missing: [(name: String, shape: Shape)] = []
    var shapes: [String: Shape] = [:]
    for (name, shape) in programs.flatMap(\.inputs) {
      if let found = self.shape(of: name) ?? shapes[name] {
        guard found == shape else {
          throw .wrongShape(name: name, expected: shape, found: found)
        }
      } else {
        shapes[name] = shape
        missing.append((name, shape))
      }
    }
    return missing
  }

  package func load(_ program: Program) throws(DeviceProblem) -> any LoadedProgram {
    try load([program])[0]
  }

  package func write(_ elements: [Float], to name: String) throws(DeviceProblem) {
    try elements.withUnsafeBufferPointer { buffer throws(DeviceProblem) in
      try write(buffer, to: name)
    }
  }

  package func read(_ name: String) throws(DeviceProblem) -> [Float] {
    try withElements(of: name) { Array($0) }
  }

  package func write(_ numbers: [Double], to name: String) throws(DeviceProblem) {
    try write(numbers.map(Float.init), to: name)
  }

  package func numbers(of name: String) throws(DeviceProblem) -> [Double] {
    try withElements(of: name) { $0.map(Double.init) }
  }

  package func fill(
    _ names: [String],
    by fill: @escaping @Sendable (Int, Int, UnsafeMutableBufferPointer<Float>) -> Void
  ) throws(DeviceProblem) {
    for (index, name) in names.enumerated() {
      guard let shape = shape(of: name) else { throw .missingTensor(name: name) }
      var elements = [Float](repeating: 0, count: shape.count)
      elements.withUnsafeMutableBufferPointer { fill(index, 0, $0) }
      try write(elements, to: name)
    }
  }
}

import Device
import Program

/// The reference interpreter as a device: slow, and right by definition.
package struct ReferenceDevice<Scalar: ReferenceScalar>: Device {
  package init() {}

  package var name: String { "reference" }
  package var settings: String { "1 thread, plain loops in \(Scalar.self)" }

  package func makeState() throws(DeviceProblem) -> any DeviceState {
    ReferenceState<Scalar>()
  }
}

/// Tensors by name.
private final class ReferenceState<Scalar: ReferenceScalar>: DeviceState {
  var tensors: [String: Tensor<Scalar>] = [:]

  var bytes: Int { tensors.values.reduce(0) { $0 + $1.elements.count * MemoryLayout<Scalar>.size } }

  func shape(of name: String) -> Shape? { tensors[name]?.shape }

  func load(_ programs: [Program]) throws(DeviceProblem) -> [any LoadedProgram] {
    for (name, shape) in try missingInputs(of: programs) {
      tensors[name] = Tensor(shape: shape, repeating: 0)
    }
    return programs.map { ReferenceProgram(program: $0, state: self) }
  }

  func write(_ elements: UnsafeBufferPointer<Float>, to name: String) throws(DeviceProblem) {
    try replace(name, by: elements.map { Scalar($0) })
  }

  func withElements<Result>(
    of name: String, _ body: (UnsafeBufferPointer<Float>) -> Result
  ) throws(DeviceProblem) -> Result {
    try tensor(name).elements.map { Float($0) }.withUnsafeBufferPointer(body)
  }

  func write(_ numbers: [Double], to name: String) throws(DeviceProblem) {
    try replace(name, by: numbers.map { Scalar($0) })
  }

  func numbers(of name: String) throws(DeviceProblem) -> [Double] {
    try tensor(name).elements.map { Double($0) }
  }

  private func tensor(_ name: String) throws(DeviceProblem) -> Tensor<Scalar> {
    guard let tensor = tensors[name] else { throw .missingTensor(name: name) }
    return tensor
  }

  private func replace(_ name: String, by elements: [Scalar]) throws(DeviceProblem) {
    let shape = try tensor(name).shape
    guard elements.count == shape.count else {
      throw .wrongCount(name: name, expected: shape.count, found: elements.count)
    }
    tensors[name] = Tensor(shape: shape, elements: elements)
  }
}

private final class ReferenceProgram<Scalar: ReferenceScalar>: LoadedProgram {
  let program: Program
  private let state: ReferenceState<Scalar>
  private var outputs: [String: Tensor<Scalar>] = [:]

  init(program: Program, state: ReferenceState<Scalar>) {
    self.program = program
    self.state = state
  }

  func run(key: RandomKey) throws(DeviceProblem) {
    do throws(ReferenceError) {
      outputs = try ReferenceInterpreter<Scalar>().run(program, inputs: state.tensors, key: key)
    } catch {
      switch error {
      case .missingInput(let name, _): throw .missingTensor(name: name)
      case .wrongShape(let name, let expected, let found):
        throw .wrongShape(name: name, expected: expected, found: found)
      }
    }
    for (name, _) in program.inputs {
      if let output = outputs[name] { state.tensors[name] = output }
    }
  }

  func output(_ name: String) throws(DeviceProblem) -> [Float] {
    try tensor(name).elements.map { Float($0) }
  }

  func outputNumbers(_ name: String) throws(DeviceProblem) -> [Double] {
    try tensor(name).elements.map { Double($0) }
  }

  private func tensor(_ name: String) throws(DeviceProblem) -> Tensor<Scalar> {
    guard let output = outputs[name] else { throw .missingTensor(name: name) }
    return output
  }
}

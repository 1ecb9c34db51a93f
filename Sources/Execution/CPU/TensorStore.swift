import Program

/// Named tensors that live longer than one program: parameters, moments, inputs.
///
/// Several programs (a training step, sampling) read and write the same memory without copies.
/// Rule behind `@unchecked Sendable`: the store and the executors on it are used by one thread at a
/// time.
public final class TensorStore: @unchecked Sendable {
  private struct Entry {
    let shape: Shape
    let memory: Memory
  }

  private var entries: [String: Entry] = [:]

  public init() {}

  /// All names, sorted.
  public var names: [String] { entries.keys.sorted() }

  public var bytes: Int { entries.values.reduce(0) { $0 + $1.memory.bytes } }

  public func shape(of name: String) -> Shape? { entries[name]?.shape }

  /// Adds the inputs of a program that are not there yet, as zeros.
  public func allocate(for program: Program) throws(RuntimeError) {
    for input in program.inputs { try allocate(input.name, input.shape) }
  }

  /// Adds a tensor of zeros, unless there is one of that name and shape.
  public func allocate(_ name: String, _ shape: Shape) throws(RuntimeError) {
    if let entry = entries[name] {
      guard entry.shape == shape else {
        throw .wrongShape(name: name, expected: shape, found: entry.shape)
      }
      return
    }
    var bytes = MemoryLayout<Float>.stride
    for size in shape.dimensions {
      let (product, overflow) = bytes.multipliedReportingOverflow(by: size)
      guard !overflow else { throw .outOfMemory(bytes: .max, before: 0) }
      bytes = product
    }
    entries[name] = Entry(shape: shape, memory: try Memory(bytes: bytes))
  }

  public func read(_ name: String) throws(RuntimeError) -> [Float] { Array(try buffer(name)) }

  public func write(_ numbers: [Float], to name: String) throws(RuntimeError) {
    let buffer = try buffer(name)
    guard numbers.count == buffer.count else {
      throw .wrongCount(name: name, expected: buffer.count, found: numbers.count)
    }
    _ = buffer.update(fromContentsOf: numbers)
  }

  /// A tensor's memory, which is valid as long as the store lives: tensors are never removed or moved.
  package func buffer(_ name: String) throws(RuntimeError) -> UnsafeMutableBufferPointer<Float> {
    guard let entry = entries[name] else { throw .missingTensor(name: name) }
    return entry.memory.floats(count: entry.shape.count)
  }
}

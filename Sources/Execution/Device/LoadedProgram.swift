import Program

/// A program that is ready to run on the tensors of a state.
package protocol LoadedProgram: AnyObject {
  var program: Program { get }

  /// Runs the program once; outputs that have the name of an input have replaced it afterwards.
  func run(key: RandomKey) throws(DeviceProblem)

  /// The same; `finished` is called with the name of each output, once, as soon as `output` gives its
  /// elements.
  func run(
    key: RandomKey, finished: (String) throws(DeviceProblem) -> Void
  ) throws(DeviceProblem)

  /// The elements of an output of the last run, until another program of the same state runs.
  ///
  /// Outputs that replace an input are in the state too.
  func output(_ name: String) throws(DeviceProblem) -> [Float]

  /// The same in double precision, rounded where the device computes in `Float`.
  func outputNumbers(_ name: String) throws(DeviceProblem) -> [Double]

  /// The passes that the device makes of the program, in the order in which they run; nil where it
  /// does not say.
  var passes: [DevicePass]? { get }

  /// Runs the program once and measures each of `passes`; nil where the device does not profile.
  func profile(key: RandomKey) throws(DeviceProblem) -> [Duration]?
}

extension LoadedProgram {
  package func run(
    key: RandomKey, finished: (String) throws(DeviceProblem) -> Void
  ) throws(DeviceProblem) {
    try run(key: key)
    for output in program.outputs { try finished(output.name) }
  }

  package func outputNumbers(_ name: String) throws(DeviceProblem) -> [Double] {
    try output(name).map(Double.init)
  }
  package var passes: [DevicePass]? { nil }
  package func profile(key: RandomKey) throws(DeviceProblem) -> [Duration]? { nil }

  package func hasOutput(_ name: String) -> Bool {
    program.outputs.contains { $0.name == name }
  }

  /// A scalar output, or nil where the program has none of this name.
  package func scalar(_ name: String) throws(DeviceProblem) -> Float? {
    hasOutput(name) ? try output(name).first : nil
  }
}

/// What a device does in one go: one instruction, or several that it has joined.
package struct DevicePass: Hashable, Sendable {
  /// As in the program's text form, or a word of the device's own for joined instructions.
  package let op: String
  /// The instruction of the loaded program that it stands for.
  package let instruction: Int
  /// Where it comes from.
  package let origin: Origin
  /// How a convolution is computed, where the device has several ways; as the command line names it.
  package let algorithm: String?
  /// Multiplications and additions, counted separately, of the formula as it is written.
  package let flops: Int
  /// Of the products that are really made: less where an algorithm saves some.
  package let computedFlops: Int
  /// Bytes that are read and written if each array passes once.
  package let bytes: Int

  package init(
    op: String, instruction: Int, origin: Origin, algorithm: String?, flops: Int,
    computedFlops: Int, bytes: Int
  ) {
    self.op = op
    self.instruction = instruction
    self.origin = origin
    self.algorithm = algorithm
    self.flops = flops
    self.computedFlops = computedFlops
    self.bytes = bytes
  }
}

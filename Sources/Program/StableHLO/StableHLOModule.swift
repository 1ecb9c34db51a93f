import Program

/// A program as a module of StableHLO, the text that XLA, and with it JAX, compiles.
///
/// `@main` takes the program's inputs in their order and after them the random key, ui64 [2] =
/// {seed, step}; it returns the outputs in their order. Arrays are row-major `f32`. An input whose
/// name an output has is donated: the output takes over its memory.
///
/// A module that devices share is run by all of them together: each gives its own slice of every
/// input along the first axis, without that axis, and gets all outputs.
///
/// Source: the StableHLO specification, version 1.
package struct StableHLOModule: Sendable {
  package let program: Program
  package let text: String
  /// Those that share it; nil where one device has the whole inputs.
  package let devices: Int?

  /// - Parameter devices: those that share it: the size of every input's first axis.
  package init(
    _ program: Program, name: String = "program", devices: Int? = nil, style: StableHLOStyle
  ) {
    self.program = program
    self.devices = devices
    var lowering = ProgramLowering(style: style, devices: devices)
    let results = program.instructions.enumerated().map { index, instruction in
      lowering.lower(instruction, as: Value(index: index))
    }
    let outputs = program.outputs.map { results[$0.value.index] }

    var arguments: [String] = []
    for (index, instruction) in program.instructions.enumerated() {
      guard case .input(let input) = instruction.op else { continue }
      var attributes = ["jax.arg_info = \(quoted(input))"]
      if let place = program.outputs.firstIndex(where: { $0.name == input }) {
        attributes.append("tf.aliasing_output = \(place) : i32")
      }
      let argument = lowering.argument(for: results[index])
      arguments.append("\(argument): \(argument.type) {\(attributes.joined(separator: ", "))}")
    }
    let key = RandomLowering.key
    arguments.append("\(key): \(key.type) {jax.arg_info = \"random key\"}")
    let returned = zip(program.outputs, outputs).map { output, tensor in
      "\(tensor.type) {jax.result_info = \(quoted(output.name))}"
    }
    text = """
      module @\(identifier(name)) \(
        devices.map { "attributes {mhlo.num_replicas = \($0) : i32} " } ?? ""){
        func.func public @main(
          \(arguments.joined(separator: ",\n    "))
        ) -> (
          \(returned.joined(separator: ",\n    "))
        ) {
      \(lowering.writer.lines.map { "    \($0.text)\n" }.joined())\
          return \(outputs.map(\.name).joined(separator: ", ")) : \
      \(outputs.map(\.type).joined(separator: ", "))
        }
      }

      """
  }
}

/// What a module may choose: forms that mean the same, and that compilers treat very differently.
package struct StableHLOStyle: Hashable, Sendable {
  package var inputGradient: InputGradient
  package var precision: Precision

  package init(inputGradient: InputGradient = .dilated, precision: Precision = .full) {
    self.inputGradient = inputGradient
    self.precision = precision
  }

  /// How the gradient of a strided convolution for its input is written.
  package enum InputGradient: String, Hashable, Sendable, CaseIterable {
    /// As one convolution over dy with zeros between its elements.
    case dilated
    /// As one dense convolution for each remainder of a row and column by the stride, woven
    /// together: no product with a zero is asked for.
    case phases
  }

  /// What a device may do to the factors of products.
  package enum Precision: String, Hashable, Sendable, CaseIterable {
    /// Products of `f32`.
    case full
    /// The device's quickest: tf32 on NVIDIA's tensor cores, bfloat16 on TPUs.
    case fast
  }
}

/// A module's name in MLIR: letters, digits and underscores.
private func identifier(_ name: String) -> String {
  let word = String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
  return word.first?.isLetter == true ? word : "m_\(word)"
}

/// A string of MLIR.
private func quoted(_ text: String) -> String {
  let escaped = text.utf8.map { byte in
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), 0..<0x20, 0x7F...:
      let hex = String(byte, radix: 16, uppercase: true)
      return "\\" + (hex.count < 2 ? "0" : "") + hex
    default: return String(UnicodeScalar(byte))
    }
  }
  return "\"\(escaped.joined())\""
}

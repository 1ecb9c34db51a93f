import Decoding
import Diagnostics
import Document

/// A number that `let` defines, as it is after merging.
struct Definition {
  let name: String
  /// A number or an expression.
  let written: Node.Scalar
  let value: Number
}

extension Spec {
  /// The numbers of `let`, in the order of the file.
  var definitions: [Definition] {
    guard case .mapping(let entries)? = origins["let"]?.node else { return [] }
    return entries.entries.compactMap { entry in
      guard case .scalar(let written) = entry.value,
        let variable = origins.scope.variables[entry.key.text]
      else { return nil }
      return Definition(name: entry.key.text, written: written, value: variable.value)
    }
  }
}

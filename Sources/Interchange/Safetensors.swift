// The safetensors format: eight bytes with the header's length (little-endian), a JSON header,
// and the tensors' bytes one after the other, without holes, each row-major and little-endian:
//
//     {"__metadata__": {"key": "text"},
//      "name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, …}
//
// Source: https://github.com/huggingface/safetensors, README, "Format".

/// How one element of a stored tensor is written.
package enum SafetensorsType: String, CaseIterable, Sendable {
  case float32 = "F32"
  case float64 = "F64"
  case int64 = "I64"
  case int32 = "I32"
  case uint8 = "U8"

  /// Bytes of one element.
  package var size: Int {
    switch self {
    case .float32, .int32: 4
    case .float64, .int64: 8
    case .uint8: 1
    }
  }
}

enum SafetensorsLimit {
  /// Bytes of header, as in the reference implementation.
  static let header = 100_000_000
  /// Dimensions of one tensor: far more than anything has, and little memory.
  static let rank = 64
}

/// The bytes that a tensor of this shape and type has; nil when the number overflows.
func byteCount(of shape: [Int], _ type: SafetensorsType) -> Int? {
  // A zero anywhere makes the product zero, whatever the others are.
  if shape.contains(0) { return 0 }
  var bytes = type.size
  for size in shape {
    let (product, overflow) = bytes.multipliedReportingOverflow(by: size)
    if overflow { return nil }
    bytes = product
  }
  return bytes
}

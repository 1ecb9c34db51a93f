import Layers
@testable import Model
import Program
import Testing

@Suite struct PermutationTests {
  /// Axis i of the result is axis `axes[i]` of the operand; checked by hand for a 2 × 3 matrix.
  @Test func transposesAMatrix() {
    let elements: [Float] = [1, 2, 3, 4, 5, 6]
    let result = elements.withUnsafeBufferPointer {
      permuted($0, shape: [2, 3], axes: [1, 0])
    }
    #expect(result == [1, 4, 2, 5, 3, 6])
  }

  @Test func filesAndBackIsTheSame() {
    // A convolution's kernel: [K, K, C, F] here, [F, C, K, K] in files.
    let parameter = Parameter("weight", [2, 3, 4, 5], .weight, fileAxes: [3, 2, 0, 1])
    let tensor = StateTensor(name: "w", parameter: parameter, isOptimizerState: false)
    let elements = (0..<120).map { Float($0) }
    let stored = elements.withUnsafeBufferPointer { tensor.fileElements($0) }
    // File element (f, c, ky, kx) = (1, 2, 0, 1) is element (ky, kx, c, f) = (0, 1, 2, 1).
    let (inFile, here) = (((1 * 4 + 2) * 2 + 0) * 3 + 1, ((0 * 3 + 1) * 4 + 2) * 5 + 1)
    #expect(stored[inFile] == elements[here])
    #expect(stored.withUnsafeBufferPointer { tensor.elements(fromFile: $0) } == elements)
  }
}

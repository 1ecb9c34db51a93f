import CMATLAB
import Files
import Spec

/// The cropped digits of SVHN: a MATLAB 5 file with X [32, 32, 3, N], bytes, and y [N, 1].
///
/// Label 10 is the digit 0. Source: Netzer et al. 2011; ufldl.stanford.edu/housenumbers, "Format 2".
struct SVHN: Dataset {
  let name = DataSource.svhn.rawValue
  let count: Int
  let imageShape = SVHN.shape
  let labelCount: Int? = 10
  /// [N, C, W, H]: MATLAB's columns lie one after the other.
  private let pixels: [UInt8]
  private let labels: [UInt8]

  private static let shape = ImageShape(height: 32, width: 32, channels: 3)
  /// The largest published part, `extra`, has 531,131.
  private static let mostImages = 600_000

  init(
    _ split: DatasetSplit, from locator: DatasetLocator, shape: ImageShape
  ) throws(DatasetProblem) {
    let file = split == .train ? "train_32x32.mat" : "test_32x32.mat"
    let paths = try locator.files([.init(names: [file])], of: .svhn)
    guard let path = paths[0] else { preconditionFailure("a file that is not optional") }
    guard shape == Self.shape else {
      throw .wrongImageShape(dataset: name, found: Self.shape, expected: shape)
    }
    let matrices = try MATLABFile(path: path)
    let images = try matrices.bytes("X", limit: Self.mostImages * shape.count)
    guard images.sizes.count == 4, images.sizes[..<3] == [32, 32, 3] else {
      throw .brokenMATLAB(
        path: path,
        reason: "expected X of 32 × 32 × 3 × N bytes, found \(images.sizes.times)")
    }
    let answers = try matrices.bytes("y", limit: Self.mostImages)
    guard answers.bytes.count == images.sizes[3], !answers.bytes.isEmpty else {
      throw .brokenMATLAB(
        path: path,
        reason: "X has \(images.sizes[3]) images, y has \(answers.bytes.count) labels")
    }
    if let place = answers.bytes.firstIndex(where: { $0 > 10 }) {
      throw .brokenMATLAB(
        path: path, reason: "y: found the label \(answers.bytes[place]), expected 0 to 10")
    }
    count = images.sizes[3]
    pixels = images.bytes
    labels = answers.bytes.map { $0 == 10 ? 0 : $0 }
  }

  func decode(_ index: Int, into target: inout MutableSpan<UInt8>) {
    let start = index * Self.shape.count
    for channel in 0..<3 {
      for x in 0..<32 {
        for y in 0..<32 {
          target[(y * 32 + x) * 3 + channel] = pixels[start + (channel * 32 + x) * 32 + y]
        }
      }
    }
  }

  func label(at index: Int) -> Int? { Int(labels[index]) }
}

/// The arrays of numbers in a MATLAB 5 file.
private final class MATLABFile {
  private let path: String
  private let length: Int
  private let file: OpaquePointer

  init(path: String) throws(DatasetProblem) {
    self.path = path
    let content: FileContent?
    let isWhole: Bool
    do throws(FileProblem) {
      let file = try OpenFile(path: path)
      length = file.length
      content = try file.content()
      isWhole = content == .matlab ? try Self.isWhole(file) : true
    } catch {
      throw .file(error)
    }
    guard isWhole else { throw .brokenMATLAB(path: path, reason: "the file is truncated") }
    guard content == .matlab else {
      throw .brokenMATLAB(
        path: path,
        reason: "expected a MATLAB 5 file" + (content.map { "; \($0.sentence)" } ?? ""))
    }
    guard let file = Mat_Open(path, Int32(MAT_ACC_RDONLY.rawValue)) else {
      throw .brokenMATLAB(path: path, reason: "damaged MATLAB file")
    }
    self.file = file
  }

  deinit { Mat_Close(file) }

  /// Whether the arrays fill the file to its end, each as long as it says: matio takes what it finds.
  ///
  /// Source: "MAT-File Format", The MathWorks: a header of 128 bytes, which ends with MI or IM; then
  /// elements of a type and a number of bytes, four bytes each, and the bytes.
  private static func isWhole(_ file: OpenFile) throws(FileProblem) -> Bool {
    guard file.length > 128 else { return false }
    let isLittle = try file.bytes(at: 126, count: 2) == Array("IM".utf8)
    var offset = 128
    while offset < file.length {
      guard file.length - offset >= 8 else { return false }
      var size = try file.bytes(at: offset + 4, count: 4)
      if isLittle { size.reverse() }
      offset += 8 + size.reduce(0) { $0 << 8 | Int($1) }
    }
    return offset == file.length
  }

  /// An array of whole numbers from 0 to 255.
  ///
  /// - Parameter limit: values at most.
  func bytes(
    _ name: String, limit: Int
  ) throws(DatasetProblem) -> (sizes: [Int], bytes: [UInt8]) {
    guard let header = Mat_VarReadInfo(file, name) else {
      throw .brokenMATLAB(path: path, reason: "damaged, or without an array \(name)")
    }
    var variable: UnsafeMutablePointer<matvar_t>? = header
    defer { Mat_VarFree(variable) }
    let rank = Int(header.pointee.rank)
    guard (1...4).contains(rank), let dimensions = header.pointee.dims else {
      throw .brokenMATLAB(path: path, reason: "\(name) has \(rank) dimensions")
    }
    let sizes = (0..<rank).map { Int(clamping: dimensions[$0]) }
    var count = 1
    for size in sizes {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      // Compressed, a byte becomes 1032 at most (zlib, "zlib Technical Details").
      guard !overflow, product <= limit, product / 1032 <= length else {
        throw .brokenMATLAB(
          path: path, reason: "\(name) is declared as \(sizes.times), too large for this file")
      }
      count = product
    }
    Mat_VarFree(variable)
    Mat_Rewind(file)
    variable = Mat_VarRead(file, name)
    guard let data = variable?.pointee.data, let variable else {
      throw .brokenMATLAB(path: path, reason: "\(name) is damaged")
    }
    guard variable.pointee.nbytes == count * Int(variable.pointee.data_size), !isComplex(variable)
    else {
      throw .brokenMATLAB(path: path, reason: "\(name) has fewer values than its sizes say")
    }
    switch variable.pointee.class_type {
    case MAT_C_UINT8:
      return (sizes, Array(UnsafeRawBufferPointer(start: data, count: count)))
    case MAT_C_DOUBLE:
      let values = UnsafeBufferPointer(
        start: data.assumingMemoryBound(to: Double.self), count: count)
      guard values.allSatisfy({ (0...255).contains($0) && $0 == $0.rounded() }) else {
        throw .brokenMATLAB(path: path, reason: "\(name) has values that are no bytes")
      }
      return (sizes, values.map { UInt8($0) })
    default:
      throw .brokenMATLAB(path: path, reason: "\(name) is no array of bytes")
    }
  }

  private func isComplex(_ variable: UnsafeMutablePointer<matvar_t>) -> Bool {
    variable.pointee.isComplex != 0
  }
}

extension [Int] {
  fileprivate var times: String { map(String.init).joined(separator: " × ") }
}

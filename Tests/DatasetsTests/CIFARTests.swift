import Foundation
import Spec
import Testing
import TestSupport

@testable import Datasets

/// CIFAR-10 and CIFAR-100 from records that the test makes: image i is filled with i, 2·i and 3·i in
/// red, green and blue, but for its first pixel, which is 200.
@Suite struct CIFARTests {
  private let folder = try! TemporaryFolder()
  private static let shape = ImageShape(height: 32, width: 32, channels: 3)

  private static func record(_ number: Int, labels: [UInt8]) -> [UInt8] {
    var planes = (1...3).flatMap { [UInt8](repeating: UInt8(number * $0), count: 1024) }
    planes[0] = 200
    return labels + planes
  }

  private static let ten = (0..<3).flatMap { record($0, labels: [UInt8(7 + $0)]) }
  private static let hundred = (0..<3).flatMap { record($0, labels: [4, UInt8(97 + $0)]) }

  private func open(
    _ source: DataSource, split: DatasetSplit = .train, shape: ImageShape = shape
  ) throws -> any Dataset {
    try source.open(
      split, from: DatasetLocator(data: folder.path, environment: [:]), shape: shape)
  }

  private func write(_ bytes: [UInt8], to path: String) throws {
    let place = (folder.path(path) as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    try folder.write(bytes, to: path)
  }

  private func sentence(_ source: DataSource, shape: ImageShape = shape) -> String {
    do { return try open(source, shape: shape).name } catch {
      return "\(error)".replacingOccurrences(of: folder.path + "/", with: "")
    }
  }

  @Test(arguments: ["cifar10", "cifar-10-batches-bin", "cifar10/cifar-10-batches-bin", "."])
  func recordsOfTenClassesAreRead(_ place: String) throws {
    try write(Self.ten, to: "\(place)/data_batch_1.bin")
    try write(Self.record(9, labels: [0]), to: "\(place)/data_batch_2.bin")
    let set = try open(.cifar10)
    #expect(set.count == 4)
    #expect(set.labelCount == 10)
    #expect(try (0..<4).map { try set.label(at: $0) } == [7, 8, 9, 0])
    let image = try set.image(at: 2)
    // [H, W, C]
    #expect(Array(image[..<6]) == [200, 4, 6, 2, 4, 6])
    #expect(Array(image[(3 * 1024 - 3)...]) == [2, 4, 6])
  }

  /// The second of two labels is the fine one.
  @Test func recordsOfAHundredClassesAreRead() throws {
    try write(Self.hundred, to: "cifar100/train.bin")
    try write(Self.record(5, labels: [1, 2]), to: "cifar100/test.bin")
    let set = try open(.cifar100)
    #expect(set.count == 3)
    #expect(set.labelCount == 100)
    #expect(try set.label(at: 2) == 99)
    #expect(try Array(set.image(at: 1)[3..<6]) == [1, 2, 3])
    #expect(try open(.cifar100, split: .test).label(at: 0) == 2)
  }

  @Test func aFileCutAnywhereIsRefused() throws {
    for length in stride(from: 0, to: Self.ten.count, by: 61) where length % 3073 != 0 {
      try write(Array(Self.ten[..<length]), to: "cifar10/data_batch_1.bin")
      #expect(
        sentence(.cifar10)
          == "cifar10/data_batch_1.bin: expected records of 3,073 bytes each, found "
          + "\(length.formatted(.number.locale(Locale(identifier: "en_US")))) bytes, "
          + "\(length / 3073) records and \(length % 3073) bytes more")
    }
    try write([], to: "cifar10/data_batch_1.bin")
    #expect(sentence(.cifar10).hasSuffix("found 0 bytes, no record"))
  }

  @Test func whatIsNoRecordIsNamed() throws {
    try write(Array("<html>not found</html>".utf8), to: "cifar10/data_batch_1.bin")
    #expect(
      sentence(.cifar10).hasSuffix(
        "; it is an HTML page, perhaps an error page in place of a download"))
    try write(Self.record(0, labels: [10]), to: "cifar10/data_batch_1.bin")
    #expect(
      sentence(.cifar10)
        == "cifar10/data_batch_1.bin: byte 0: found the label 10, expected 0 to 9")
    try write(Self.ten, to: "cifar10/data_batch_1.bin")
    #expect(
      sentence(.cifar10, shape: ImageShape(height: 64, width: 64, channels: 3)).hasPrefix(
        "the images of cifar10 are 3 × 32 × 32, the spec asks for 3 × 64 × 64"))
  }

  @Test func aMissingFirstFileIsNoAbsence() throws {
    try write(Self.ten, to: "cifar10/data_batch_2.bin")
    #expect(
      sentence(.cifar10)
        == "cifar10: cifar10 has no data_batch_1.bin (or data_batch_1.bin.gz); it has "
        + "data_batch_2.bin")
  }
}

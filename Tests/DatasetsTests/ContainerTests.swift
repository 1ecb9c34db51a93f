import Foundation
import Images
import Spec
import TestSupport
import Testing

@testable import Datasets

/// LMDB databases, MATLAB files and archives that the tests make.
@Suite struct ContainerTests {
  private let folder = try! TemporaryFolder()
  private let shape = ImageShape(height: 4, width: 4, channels: 3)

  private func open(
    _ source: DataSource, data: String = "", shape: ImageShape? = nil, classes: Int? = nil,
    reading: DataReading = .init()
  ) throws -> any Dataset {
    try source.open(
      from: DatasetLocator(data: folder.path(data), environment: [:]), shape: shape ?? self.shape,
      classes: classes, reading: reading)
  }

  private func sentence(
    _ source: DataSource, data: String = "", shape: ImageShape? = nil
  ) -> String? {
    do {
      let dataset = try open(source, data: data, shape: shape)
      for index in 0..<dataset.count { _ = try dataset.image(at: index) }
      return nil
    } catch {
      return "\(error)".replacing(folder.path, with: "DIR")
    }
  }

  private func picture(_ gray: UInt8) -> [UInt8] {
    EncodedPictures.webp([UInt8](repeating: gray, count: 75), height: 5, width: 5)
  }

  // MARK: LSUN

  private func makeLSUN() throws -> String {
    let path = folder.path("bedroom_train_lmdb")
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    Containers.lmdb((1...9).map { ("key\($0)", picture(UInt8($0 * 10))) }, in: path)
    try FileManager.default.removeItem(atPath: path + "/lock.mdb")
    return path
  }

  @Test func picturesOfAnLMDBComeInTheOrderOfTheirKeys() throws {
    _ = try makeLSUN()
    // The folder itself, the one above it, and the file.
    for data in ["bedroom_train_lmdb", "", "bedroom_train_lmdb/data.mdb"] {
      let dataset = try open(.lsun, data: data)
      #expect(
        try (0..<dataset.count).map { try dataset.image(at: $0)[0] }
          == (1...9).map { UInt8($0 * 10) })
    }
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path("bedroom_train_lmdb"))
        == ["data.mdb"], "nothing is written")
  }

  @Test func anLMDBCutAnywhereIsRefused() throws {
    let path = try makeLSUN() + "/data.mdb"
    let whole = [UInt8](try Data(contentsOf: URL(filePath: path)))
    for length in stride(from: 0, to: whole.count, by: 64) {
      try Data(whole[..<length]).write(to: URL(filePath: path))
      #expect(sentence(.lsun) != nil, "cut to \(length) of \(whole.count)")
    }
  }

  @Test func anLMDBWithAnyByteChangedIsReadOrRefused() throws {
    let path = try makeLSUN() + "/data.mdb"
    let whole = [UInt8](try Data(contentsOf: URL(filePath: path)))
    // The pages that lead to values; most bytes of the others are pictures.
    let places = whole.indices.filter { whole[$0] != 0 || $0 % 64 < 2 }
    for place in places {
      for byte in [0, 1, 0x7F, 0xFF] as [UInt8] where byte != whole[place] {
        var changed = whole
        changed[place] = byte
        try Data(changed).write(to: URL(filePath: path))
        _ = sentence(.lsun)
      }
    }
  }

  @Test func folderWithoutADatabaseIsListed() throws {
    try folder.write("x", to: "readme.txt")
    #expect(
      sentence(.lsun)
        == "DIR/: expected a folder with data.mdb, as LSUN's archives have it; it has readme.txt")
    try folder.write("no database at all, but long enough", to: "data.mdb")
    #expect(sentence(.lsun)?.hasPrefix("DIR//data.mdb: damaged LMDB database: ") == true)
  }

  // MARK: SVHN

  private let digitShape = ImageShape(height: 32, width: 32, channels: 3)

  private func makeSVHN(isCompressed: Bool, labels: [UInt8] = [1, 10, 3]) {
    var bytes: [UInt8] = []
    for image in 0..<3 {
      for channel in 0..<3 {
        var plane = [UInt8](repeating: UInt8(image * 60 + channel * 10), count: 1024)
        plane[2 * 32 + 1] += 5  // x = 2, y = 1
        bytes += plane
      }
    }
    Containers.matlab(
      [("X", [32, 32, 3, 3], bytes), ("y", [labels.count, 1], labels)],
      isCompressed: isCompressed, at: folder.path("train_32x32.mat"))
  }

  @Test(arguments: [false, true])
  func digitsOfMATLABAreTransposed(isCompressed: Bool) throws {
    makeSVHN(isCompressed: isCompressed)
    let dataset = try open(.svhn, shape: digitShape, classes: 10)
    #expect(try (0..<3).map { try dataset.label(at: $0) } == [1, 0, 3])
    let image = try dataset.image(at: 1)
    #expect(image[..<3] == [60, 70, 80])
    #expect(image[(1 * 32 + 2) * 3..<(1 * 32 + 2) * 3 + 3] == [65, 75, 85])
    #expect(try image != dataset.image(at: 2))
  }

  @Test(arguments: [false, true])
  func aMATLABFileCutAnywhereIsRefused(isCompressed: Bool) throws {
    makeSVHN(isCompressed: isCompressed)
    let path = folder.path("train_32x32.mat")
    let whole = [UInt8](try Data(contentsOf: URL(filePath: path)))
    for length in stride(from: 0, to: whole.count, by: isCompressed ? 1 : 64) {
      try Data(whole[..<length]).write(to: URL(filePath: path))
      #expect(sentence(.svhn, shape: digitShape) != nil, "cut to \(length) of \(whole.count)")
    }
  }

  @Test func whatAMATLABFileLacksIsNamed() throws {
    makeSVHN(isCompressed: false, labels: [1, 2])
    #expect(
      sentence(.svhn, shape: digitShape) == "DIR/train_32x32.mat: X has 3 images, y has 2 labels")
    makeSVHN(isCompressed: false, labels: [1, 2, 11])
    #expect(
      sentence(.svhn, shape: digitShape)
        == "DIR/train_32x32.mat: y: found the label 11, expected 0 to 10")
    try folder.write("<html>", to: "train_32x32.mat")
    #expect(
      sentence(.svhn, shape: digitShape)
        == "DIR/train_32x32.mat: expected a MATLAB 5 file; it is an HTML page, perhaps an error "
        + "page in place of a download")
  }

  // MARK: The archive of CIFAR

  @Test func thePublishedArchiveIsReadAsItIs() throws {
    let record: [UInt8] = [3] + [UInt8](repeating: 9, count: 3072)
    let batches = (1...5).map {
      ("cifar-10-batches-bin/data_batch_\($0).bin", record + record)
    }
    let tar = Containers.tar(batches + [("cifar-10-batches-bin/readme.html", [1, 2])])
    let whole = Containers.gzip(tar)
    try folder.write(whole, to: "cifar-10-binary.tar.gz")
    let dataset = try open(.cifar10, shape: digitShape)
    #expect(dataset.count == 10)
    #expect(try dataset.label(at: 9) == 3)
    for length in 0..<whole.count {
      try folder.write(Array(whole[..<length]), to: "cifar-10-binary.tar.gz")
      #expect(sentence(.cifar10, shape: digitShape) != nil, "cut to \(length) of \(whole.count)")
    }
    try folder.write(Containers.tar([("other.bin", record)]), to: "cifar-10-binary.tar.gz")
    #expect(
      sentence(.cifar10, shape: digitShape)
        == "cifar10: DIR/cifar-10-binary.tar.gz has no data_batch_1.bin (or data_batch_1.bin.gz); "
        + "it has other.bin")
  }
}

import Datasets
import Foundation
import Testing
import TestSupport

@Suite struct DatasetLocatorTests {
  let folder = try! TemporaryFolder()

  /// The four files of a source, with one image of 1 × 1 each.
  private func makeSource(_ place: String, pixel: UInt8) throws {
    try FileManager.default.createDirectory(
      atPath: folder.path(place), withIntermediateDirectories: true)
    for prefix in ["train", "t10k"] {
      try folder.write(
        [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, pixel],
        to: "\(place)/\(prefix)-images-idx3-ubyte")
      try folder.write(
        [0, 0, 8, 1, 0, 0, 0, 1, 5], to: "\(place)/\(prefix)-labels-idx1-ubyte")
    }
  }

  @Test func thePlacesAreAskedInOrder() throws {
    try makeSource("second/mnist", pixel: 2)
    let locator = DatasetLocator(
      data: folder.path("first"), environment: ["DCGAN_DATA": folder.path("second")])
    #expect(try DatasetSource.mnist.open(from: locator).image(at: 0) == [2])
    try makeSource("first/mnist", pixel: 1)
    #expect(try DatasetSource.mnist.open(from: locator).image(at: 0) == [1])
    #expect(try DatasetSource.mnist.open(.test, from: locator).label(at: 0) == 5)
  }

  @Test func everyPlaceIsNamedWhenTheFileIsNowhere() {
    let locator = DatasetLocator(data: "/a/", environment: ["DCGAN_DATA": "/b"])
    do {
      _ = try DatasetSource.fashionMNIST.open(from: locator)
      Issue.record("found")
    } catch {
      #expect(
        error.description
          == "fashion-mnist: the file train-images-idx3-ubyte (or train-images-idx3-ubyte.gz) "
          + "was not found in /a/fashion-mnist (--data), /b/fashion-mnist ($DCGAN_DATA), "
          + "data/fashion-mnist (the default)")
    }
  }

  @Test func sourcesHaveTheirNames() throws {
    #expect(try DatasetSource(named: "fashion-mnist") == .fashionMNIST)
    do { _ = try DatasetSource(named: "minst") } catch {
      #expect(
        error.description
          == "there is no data set 'minst'; there are mnist, fashion-mnist, digits")
    }
  }

  @Test func digitsNeedNoFiles() throws {
    let nowhere = DatasetLocator(data: nil, environment: [:])
    #expect(try DatasetSource.digits.open(from: nowhere).count == 60_000)
    #expect(try DatasetSource.digits.open(.test, from: nowhere).count == 10_000)
    #expect(DatasetSource.allCases.filter { !$0.needsFiles } == [.digits])
  }
}

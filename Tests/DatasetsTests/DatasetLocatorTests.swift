import Datasets
import Foundation
import Spec
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
    #expect(try DataSource.mnist.open(from: locator).image(at: 0) == [2])
    try makeSource("first/mnist", pixel: 1)
    #expect(try DataSource.mnist.open(from: locator).image(at: 0) == [1])
    #expect(try DataSource.mnist.open(.test, from: locator).label(at: 0) == 5)
  }

  @Test func everyPlaceIsNamedWhenTheFileIsNowhere() {
    let locator = DatasetLocator(data: "/a/", environment: ["DCGAN_DATA": "/b"])
    do {
      _ = try DataSource.fashionMNIST.open(from: locator)
      Issue.record("found")
    } catch {
      #expect(
        error.description
          == "fashion-mnist: the file train-images-idx3-ubyte (or train-images-idx3-ubyte.gz) "
          + "was not found in /a/fashion-mnist (--data), /b/fashion-mnist ($DCGAN_DATA), "
          + "data/fashion-mnist (the default)")
    }
  }

  /// What the front end calls readable is opened here, and nothing else.
  @Test(arguments: DataSource.allCases)
  func whatIsReadableIsOpened(_ source: DataSource) {
    let nowhere = DatasetLocator(data: nil, environment: [:])
    do {
      _ = try source.open(from: nowhere)
      #expect(source.isReadable && !source.needsFiles)
    } catch {
      if source.isReadable {
        guard case .notFound = error else {
          Issue.record("\(error)")
          return
        }
      } else {
        #expect(
          error.description
            == "this version cannot read the data source '\(source.rawValue)'; it reads mnist, "
            + "fashion-mnist, digits: add '--set data.source=digits' to train on drawn digits")
      }
    }
  }

  @Test func digitsNeedNoFiles() throws {
    let nowhere = DatasetLocator(data: nil, environment: [:])
    #expect(try DataSource.digits.open(from: nowhere).count == 60_000)
    #expect(try DataSource.digits.open(.test, from: nowhere).count == 10_000)
  }
}

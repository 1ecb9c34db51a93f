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

  private let pixel = ImageShape(height: 1, width: 1, channels: 1)

  private func open(
    _ source: DataSource, data: String? = nil, environment: [String: String] = [:],
    classes: Int? = 10
  ) throws -> any Dataset {
    try source.open(
      from: DatasetLocator(data: data.map { folder.path($0) }, environment: environment),
      shape: pixel, classes: classes)
  }

  private func sentence(
    _ source: DataSource, data: String? = nil, environment: [String: String] = [:],
    classes: Int? = 10
  ) -> String {
    do {
      return try open(source, data: data, environment: environment, classes: classes).name
    } catch let error as DatasetProblem {
      let text = error.description.replacingOccurrences(of: folder.path + "/", with: "")
      return (error.isAbsence ? "absent: " : "") + text
    } catch {
      return "\(error)"
    }
  }

  @Test func whatIsNamedNearestIsTaken() throws {
    try makeSource("second/mnist", pixel: 2)
    let environment = ["DCGAN_DATA": folder.path("second")]
    #expect(try open(.mnist, environment: environment).image(at: 0) == [2])
    try makeSource("first/mnist", pixel: 1)
    #expect(try open(.mnist, data: "first", environment: environment).image(at: 0) == [1])
    #expect(
      try DataSource.mnist.open(
        .test, from: DatasetLocator(data: folder.path("first/"), environment: [:]), shape: pixel
      ).label(at: 0) == 5)
  }

  /// What is named and not there is a mistake; nothing else takes its place.
  @Test func aNamedFolderMustBeThere() throws {
    try makeSource("second/mnist", pixel: 2)
    let environment = ["DCGAN_DATA": folder.path("second")]
    #expect(
      sentence(.mnist, data: "no", environment: environment)
        == "mnist: there is no folder no, which --data names")
    #expect(
      sentence(.mnist, environment: ["DCGAN_DATA": folder.path("gone")])
        == "mnist: there is no folder gone, which $DCGAN_DATA names")
    try folder.write([1], to: "file")
    #expect(sentence(.mnist, data: "file") == "cannot read file: it is not a folder")
  }

  @Test func anAbsenceNamesTheFileAndTheFolder() throws {
    try makeSource("a/mnist", pixel: 1)
    let missing =
      "fashion-mnist: the file train-images-idx3-ubyte (or train-images-idx3-ubyte.gz) was not "
      + "found in a/fashion-mnist"
    #expect(sentence(.fashionMNIST, data: "a") == missing + " (--data)")
    #expect(
      sentence(.fashionMNIST, environment: ["DCGAN_DATA": folder.path("a")])
        == "absent: " + missing + " ($DCGAN_DATA)")
  }

  @Test(arguments: [
    "top", "top/mnist", "torch", "torch/MNIST", "torch/MNIST/raw",
  ])
  func theFolderMayBeOneLevelUpOrDown(_ data: String) throws {
    try makeSource("top/mnist", pixel: 3)
    try makeSource("torch/MNIST/raw", pixel: 3)
    #expect(try open(.mnist, data: data).image(at: 0) == [3])
  }

  @Test func aFolderAboveIsSuggested() throws {
    try makeSource("top/mnist", pixel: 3)
    try FileManager.default.createDirectory(
      atPath: folder.path("top/other"), withIntermediateDirectories: true)
    #expect(
      sentence(.mnist, data: "top/other").hasSuffix(
        "; it is in top/other/../mnist: write --data top/other/../mnist"))
  }

  /// The files of both sources have the same names.
  @Test func theFolderOfAnotherSourceIsNotTaken() throws {
    try makeSource("top/mnist", pixel: 3)
    #expect(sentence(.fashionMNIST, data: "top/mnist").contains("was not found"))
  }

  /// A fallback is for data that are not there, not for data with a part missing.
  @Test func aPartOfTheFilesIsNoAbsence() throws {
    try makeSource("a/mnist", pixel: 1)
    let environment = ["DCGAN_DATA": folder.path("a")]
    try FileManager.default.removeItem(atPath: folder.path("a/mnist/train-labels-idx1-ubyte"))
    #expect(
      sentence(.mnist, environment: environment)
        == "mnist: a/mnist has no train-labels-idx1-ubyte (or train-labels-idx1-ubyte.gz); it has "
        + "t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte, train-images-idx3-ubyte")
    // Without classes, nobody needs the labels.
    #expect(try open(.mnist, environment: environment, classes: nil).labelCount == nil)
    try FileManager.default.removeItem(atPath: folder.path("a/mnist/train-images-idx3-ubyte"))
    #expect(
      sentence(.mnist, environment: environment)
        == "mnist: a/mnist has no train-images-idx3-ubyte (or train-images-idx3-ubyte.gz); it has "
        + "t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte")
  }

  @Test func imagesAndLabelsComeFromOneFolder() throws {
    try makeSource("a/mnist", pixel: 1)
    try makeSource("a/mnist/raw", pixel: 2)
    try FileManager.default.removeItem(atPath: folder.path("a/mnist/train-labels-idx1-ubyte"))
    #expect(sentence(.mnist, data: "a").contains("a/mnist has no train-labels-idx1-ubyte"))
  }

  /// Without files, a source says what it misses, so that a fallback can take its place.
  @Test(arguments: DataSource.allCases)
  func whatNeedsFilesMissesThem(_ source: DataSource) {
    let nowhere = DatasetLocator(data: nil, environment: [:])
    do {
      _ = try source.open(from: nowhere, classes: source == .portraits ? nil : 10)
      #expect(!source.needsFiles)
    } catch {
      #expect(source.needsFiles && error.isAbsence, "\(error)")
    }
  }

  @Test func digitsNeedNoFiles() throws {
    let nowhere = DatasetLocator(data: nil, environment: [:])
    #expect(try DataSource.digits.open(from: nowhere).count == 60_000)
    #expect(try DataSource.digits.open(.test, from: nowhere).count == 10_000)
  }
}

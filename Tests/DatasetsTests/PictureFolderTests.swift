import Foundation
import Images
import Spec
import TestSupport
import Testing

@testable import Datasets

/// Folders of pictures that the tests make: each picture is plain, of a colour that tells which.
@Suite struct PictureFolderTests {
  private let folder = try! TemporaryFolder()
  private let shape = ImageShape(height: 4, width: 4, channels: 3)

  private func write(_ name: String, gray: UInt8, height: Int = 6, width: Int = 8) throws {
    try write(
      EncodedPictures.jpeg(
        [UInt8](repeating: gray, count: height * width * 3), height: height, width: width),
      to: name)
  }

  private func write(_ bytes: [UInt8], to name: String) throws {
    let parent = folder.url.appendingPathComponent(name).deletingLastPathComponent()
    try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
    try folder.write(bytes, to: name)
  }

  private func open(
    _ data: String = "", source: DataSource = .folder, split: DatasetSplit = .train,
    classes: Int? = nil, reading: DataReading = .init()
  ) throws -> any Dataset {
    try source.open(
      split, from: DatasetLocator(data: folder.path(data), environment: [:]), shape: shape,
      classes: classes, reading: reading)
  }

  private func sentence(
    _ data: String = "", classes: Int? = nil, reading: DataReading = .init()
  ) -> String {
    do {
      _ = try open(data, classes: classes, reading: reading)
      return "no problem"
    } catch {
      return "\(error)".replacing(folder.path, with: "DIR")
    }
  }

  /// The gray values of all images.
  private func grays(_ dataset: any Dataset) throws -> [UInt8] {
    try (0..<dataset.count).map { try dataset.image(at: $0)[0] }
  }

  @Test func nestedPicturesOfEveryKindAreReadByContent() throws {
    try write("b/deep/er/1.JPG", gray: 30)
    try write("a.jpeg", gray: 10)
    // Names say nothing, or lie.
    try write("c", gray: 40)
    let plain = [UInt8](repeating: 20, count: 12)
    try write(EncodedPictures.webp(plain, height: 2, width: 2), to: "b/2.png")
    let png = ImageBuffer(height: 1, width: 1, channels: 1, bytes: [50])
    try write(PNG.encode(png), to: "d.jpg")
    let dataset = try open()
    #expect(dataset.count == 5 && dataset.labelCount == nil && dataset.notes == [])
    #expect(try grays(dataset).map { ($0 + 2) / 10 * 10 } == [10, 20, 30, 40, 50])
  }

  @Test func otherFilesAreNamedOnce() throws {
    try write("1.jpg", gray: 10)
    try write(Array("hello".utf8), to: "notes.txt")
    try write([], to: ".DS_Store")
    #expect(
      try open().notes.map { $0.replacing(folder.path, with: "DIR") }
        == ["DIR/: 2 files that are no pictures are left out: .DS_Store, notes.txt"])
  }

  @Test func emptyAndMissingFoldersAreSaidToBe() throws {
    #expect(
      sentence() == "DIR/ has no pictures (PNG, JPEG, WebP) in it or in its folders; it is empty")
    try write(Array("hello".utf8), to: "notes.txt")
    #expect(
      sentence()
        == "DIR/ has no pictures (PNG, JPEG, WebP) in it or in its folders; it has notes.txt")
    #expect(
      sentence("notes.txt")
        == "cannot read DIR/notes.txt: expected a folder of pictures")
    #expect(sentence("none") == "folder: there is no folder DIR/none, which --data names")
  }

  @Test func foldersOfTheFirstLevelAreLabels() throws {
    try write("dogs/1.jpg", gray: 10)
    try write("cats/x/2.jpg", gray: 20)
    try write("cats/3.jpg", gray: 30)
    let dataset = try open(classes: 2)
    #expect(dataset.labelNames == ["cats", "dogs"])
    #expect(try (0..<3).map { try dataset.label(at: $0) } == [0, 0, 1])
    var reading = DataReading()
    reading.classes = ["dogs", "cats"]
    let chosen = try open(classes: 2, reading: reading)
    #expect(try (0..<3).map { try chosen.label(at: $0) } == [1, 1, 0])
    reading.classes = ["dogs"]
    #expect(try open(reading: reading).count == 1)
    reading.classes = ["birds"]
    #expect(
      sentence(reading: reading)
        == "DIR/ has no folder 'birds', which `classes` names; it has cats, dogs")
  }

  @Test func wrongLevelsOfNestingNameTheRightOne() throws {
    try write("all/dogs/1.jpg", gray: 10)
    try write("all/cats/2.jpg", gray: 20)
    #expect(
      sentence(classes: 2)
        == "DIR/: the classes are the folders on the first level, but there is "
        + "only one: write --data DIR//all")
    #expect(
      sentence("all/cats", classes: 2)
        == "DIR/all/cats: the classes are the folders on the first level, but "
        + "there are none: write --data DIR/all/cats/..")
    try write("all/3.jpg", gray: 30)
    #expect(
      sentence("all", classes: 2)
        == "DIR/all: the classes are the folders on the first level, but 3.jpg "
        + "lies beside the 2 folders: remove `condition`, or sort the pictures into a folder for "
        + "each class")
  }

  @Test func attributesAreLabels() throws {
    for number in 1...3 { try write("\(number).jpg", gray: UInt8(number * 10)) }
    try write(
      Array("3\nMale Smiling\n1.jpg -1 1\n2.jpg  1 -1\n9.jpg 1 1\n".utf8), to: "list.txt")
    var reading = DataReading()
    (reading.attributes, reading.label) = ("list.txt", "Smiling")
    let dataset = try open(classes: 2, reading: reading)
    #expect(dataset.labelNames == ["no Smiling", "Smiling"])
    #expect(try (0..<2).map { try dataset.label(at: $0) } == [1, 0])
    #expect(dataset.notes.last == "1 picture left out that list.txt does not list")
    reading.label = "Smile"
    #expect(
      sentence(reading: reading)
        == "DIR/list.txt has no attribute 'Smile', which `label` names; it has Male, Smiling")
    reading.label = nil
    #expect(
      sentence(reading: reading)
        == "DIR/list.txt: which attribute is the label? Write `label: Male`, or another of Male, "
        + "Smiling")
    reading.attributes = "no.txt"
    #expect(sentence(reading: reading).hasPrefix("no.txt, which the spec names, was not found"))
  }

  @Test func aTableCutAnywhereIsRefusedOrShorter() throws {
    let whole = Array("3\nMale Smiling\n1.jpg -1 1\n2.jpg  1 -1\n9.jpg 1 1\n".utf8)
    // Without its last character, a line end, it says the same.
    for length in 0..<whole.count - 1 {
      let path = try folder.write(Array(whole[..<length]), to: "t.txt")
      #expect(throws: DatasetProblem.self, "cut to \(length)") {
        try AttributeTable(contentsOf: path)
      }
    }
    let path = try folder.write("a b\n1.jpg 1 2\n", to: "t.txt")
    do {
      _ = try AttributeTable(contentsOf: path)
      Issue.record("2 was taken for an attribute")
    } catch {
      #expect(error.description == "\(path):2: b must be 1 or -1, found '2'")
    }
  }

  @Test func imagenetHasPartsForTrainingAndTests() throws {
    try write("train/n01/1.jpg", gray: 10)
    try write("train/n02/2.jpg", gray: 20)
    try write("val/n01/3.jpg", gray: 30)
    let training = try open(source: .imagenet, classes: 2)
    #expect(training.count == 2 && training.labelNames == ["n01", "n02"])
    #expect(try open(source: .imagenet, split: .test).count == 1)
  }

  @Test func anUnreadablePictureIsReplacedByTheNextOfItsClass() throws {
    for number in 100..<350 {
      try write("\(number % 2 == 0 ? "even" : "odd")/\(number).jpg", gray: UInt8(number % 200))
    }
    try write([0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3], to: "even/100.jpg")
    let dataset = try open(classes: 2)
    let images = try grays(dataset)
    #expect(images[0] == images[1] && dataset.unreadable.map(\.place) == ["even/100.jpg"])
    let summary = try #require(dataset.unreadable.summary)
    #expect(
      summary.hasPrefix(
        "1 picture cannot be read, and others took its place: even/100.jpg: damaged JPEG: "),
      "\(summary)")
    #expect(try dataset.check().map(\.index) == [0])
    // The list that `check` makes leaves it out.
    try write(Array("even/100.jpg\tdamaged\n".utf8), to: "skip.txt")
    var reading = DataReading()
    reading.skip = "skip.txt"
    let rest = try open(classes: 2, reading: reading)
    #expect(rest.count == 249 && rest.notes.first == nil || rest.unreadable.isEmpty)
  }

  @Test func manyUnreadablePicturesAreAnError() throws {
    for number in 0..<50 { try write("\(number).jpg", gray: 90) }
    try write(Array("<html>".utf8), to: "7.jpg")
    let dataset = try open()
    var problem: String?
    for index in 0..<50 where problem == nil {
      do { _ = try dataset.image(at: index) } catch { problem = error.description }
    }
    #expect(
      problem
        == "folder: 1 of 50 pictures cannot be read, more than 1 in 100; the first: 7.jpg: expected "
        + "a picture (PNG, JPEG, WebP); it is an HTML page, perhaps an error page in place of a "
        + "download; `dcgan-run SPEC data check` lists all and writes what `data: {skip: …}` leaves "
        + "out")
  }

  @Test func aFileThatGoesAwayIsUnreadable() throws {
    for number in 0..<200 { try write("\(number).jpg", gray: 90) }
    var reading = DataReading()
    reading.cache = .off
    let dataset = try open(reading: reading)
    try FileManager.default.removeItem(atPath: folder.path("0.jpg"))
    #expect(try dataset.image(at: 0)[0] == 90)
    #expect(dataset.unreadable.count == 1)
  }

  @Test func pathsBeginAtTheSpecOrTheDataFolder() throws {
    try write("specs/photos/1.jpg", gray: 10)
    try write("data/faces/2.jpg", gray: 20)
    try write("data/folder/3.jpg", gray: 30)
    func gray(_ path: String?, data: String? = nil) throws -> UInt8 {
      var reading = DataReading()
      reading.path = path
      let locator = DatasetLocator(
        data: data, environment: ["DCGAN_DATA": folder.path("data")],
        specFolder: folder.path("specs"))
      return try grays(
        DataSource.folder.open(from: locator, shape: shape, classes: nil, reading: reading))[0]
    }
    #expect(try gray("photos") == 10)
    #expect(try gray("faces") == 20)
    #expect(try gray(nil) == 30)
    #expect(try gray(folder.path("specs/photos")) == 10)
    #expect(try gray("photos", data: folder.path("data/faces")) == 20)
    #expect(try gray("faces", data: folder.path("data")) == 20)
    do {
      _ = try gray("none")
      Issue.record("a folder that is not there was opened")
    } catch let error as DatasetProblem {
      #expect(error.isAbsence)
      #expect(
        "\(error)".replacing(folder.path, with: "DIR")
          == "folder: none was not found ($DCGAN_DATA); there is no DIR/specs/none, "
          + "DIR/data/none, DIR/data/folder/none")
    }
  }
}

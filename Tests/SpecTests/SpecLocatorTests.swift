import Foundation
import Testing

@testable import Spec

@Suite struct SpecLocatorTests {
  /// A folder with `Specs/lsun64.yaml` and `Specs/mnist.yaml`, removed afterwards.
  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    let specs = folder.appending(path: "Specs")
    try FileManager.default.createDirectory(at: specs, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for name in ["lsun64", "mnist"] {
      try Data("dcgan: 1\n".utf8).write(to: specs.appending(path: "\(name).yaml"))
    }
    try body(folder.path)
  }

  @Test func pathsAreTakenAsTheyAre() throws {
    try withFolder { folder throws in
      let locator = SpecLocator(environment: [:], workingFolder: folder)
      #expect(try locator.spec(for: "Specs/lsun64.yaml").path == "Specs/lsun64.yaml")
      let absolute = "\(folder)/Specs/mnist.yaml"
      #expect(try locator.spec(for: absolute).path == absolute)
    }
  }

  @Test func letterCaseMayDiffer() throws {
    try withFolder { folder throws in
      let locator = SpecLocator(environment: [:], workingFolder: folder)
      #expect(try locator.spec(for: "specs/LSUN64.yaml").path == "Specs/lsun64.yaml")
      #expect(try locator.spec(for: "./specs/lsun64.yaml").path == "./Specs/lsun64.yaml")
    }
  }

  @Test func aBareNameIsASpecInsideTheProgram() throws {
    let locator = SpecLocator(environment: [:], workingFolder: "/")
    for name in ["lsun64", "mnist.yaml", "MNIST"] {
      let located = try locator.spec(for: name)
      guard case .shipped(let file) = located else {
        Issue.record("\(name) is \(located.path)")
        continue
      }
      #expect(try located.read() === file)
      #expect(Spec.decode(file).spec?.name == SpecName.name(ofFile: name).lowercased())
    }
  }

  /// The program carries all files of `Specs`, byte for byte.
  @Test func theProgramCarriesAllShippedSpecs() throws {
    let paths = specPaths(in: "Specs")
    #expect(paths.map(SpecName.name(ofFile:)).sorted() == ShippedSpecs.names)
    for path in paths {
      let file = try #require(ShippedSpecs.file(named: SpecName.name(ofFile: path)))
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data(file.bytes))
    }
  }

  @Test func aFolderOfSpecsComesFirst() throws {
    try withFolder { folder throws in
      let locator = SpecLocator(
        environment: ["DCGAN_SPECS": "\(folder)/Specs"], workingFolder: "/")
      #expect(try locator.spec(for: "lsun64").path == "\(folder)/Specs/lsun64.yaml")
      #expect(try locator.spec(for: "svhn32").path == "<shipped>/svhn32.yaml")
    }
  }

  @Test func whatIsNotThereIsNamed() throws {
    try withFolder { folder throws in
      let locator = SpecLocator(
        environment: ["DCGAN_SPECS": "\(folder)/Specs"], workingFolder: "/")
      let error = #expect(throws: SpecNotFound.self) { try locator.spec(for: "lsun46") }
      #expect(
        error?.description
          == "there is no spec `lsun46`: looked for the file lsun46 and in \(folder)/Specs; "
          + "did you mean `lsun64`?")
      let path = #expect(throws: SpecNotFound.self) { try locator.spec(for: "a/mnsit.yaml") }
      #expect(
        path?.description
          == "there is no spec `a/mnsit.yaml`: looked for the file a/mnsit.yaml; "
          + "did you mean `mnist`?")
    }
  }
}

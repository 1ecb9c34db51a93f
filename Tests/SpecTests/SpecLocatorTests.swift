import Foundation
import Spec
import Testing

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
      let locator = SpecLocator(shippedFolders: [], workingFolder: folder)
      #expect(try locator.path(of: "Specs/lsun64.yaml") == "Specs/lsun64.yaml")
      #expect(try locator.path(of: "\(folder)/Specs/mnist.yaml") == "\(folder)/Specs/mnist.yaml")
    }
  }

  @Test func letterCaseMayDiffer() throws {
    try withFolder { folder throws in
      let locator = SpecLocator(shippedFolders: [], workingFolder: folder)
      #expect(try locator.path(of: "specs/LSUN64.yaml") == "Specs/lsun64.yaml")
      #expect(try locator.path(of: "./specs/lsun64.yaml") == "./Specs/lsun64.yaml")
    }
  }

  @Test func aBareNameIsAShippedSpec() throws {
    try withFolder { folder throws in
      let locator = SpecLocator(shippedFolders: ["\(folder)/Specs"], workingFolder: "/")
      #expect(try locator.path(of: "lsun64") == "\(folder)/Specs/lsun64.yaml")
      #expect(try locator.path(of: "mnist.yaml") == "\(folder)/Specs/mnist.yaml")
      #expect(locator.shippedSpecs.map(\.name) == ["lsun64", "mnist"])
    }
  }

  @Test func shippedSpecsLieNextToThePackage() throws {
    try withFolder { folder throws in
      try Data().write(to: URL(fileURLWithPath: "\(folder)/Package.swift"))
      let locator = SpecLocator(
        environment: [:], executable: "\(folder)/.build/debug/dcgan-run", workingFolder: "/")
      #expect(try locator.path(of: "lsun64").hasSuffix("/Specs/lsun64.yaml"))
      let other = SpecLocator(
        environment: ["DCGAN_SPECS": "\(folder)/Specs"], executable: "/usr/bin/dcgan-run",
        workingFolder: "/")
      #expect(
        other.shippedFolders == ["\(folder)/Specs", "/usr/share/dcgan/Specs"])
    }
  }

  @Test func whatIsNotThereIsNamed() throws {
    try withFolder { folder throws in
      let locator = SpecLocator(shippedFolders: ["\(folder)/Specs"], workingFolder: "/")
      let error = #expect(throws: SpecNotFound.self) { try locator.path(of: "lsun46") }
      #expect(
        error?.description
          == "there is no spec `lsun46`; looked for it as the file lsun46 and in \(folder)/Specs; "
          + "did you mean `lsun64`?")
    }
  }
}

import Decoding
import Diagnostics
import Document
import Foundation
import Spec
import Testing

@testable import Schema

/// An editor shows what the schema can see of `Specs/Faulty`, and nothing else.
@Suite struct FaultySpecsSchemaTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Specs/Faulty").path

  /// The codes that have a spec.
  static let codes = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
    .filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(".yaml".count)) }.sorted()

  @Test func allCodesHaveASpec() {
    #expect(Set(Self.codes).isSuperset(of: OptionCode.allCases.map(\.rawValue)))
    #expect(Set(Self.codes).isSuperset(of: SpecCode.allCases.map(\.rawValue)))
  }

  @Test(arguments: codes)
  func faultIsFoundExactlyWhereItIsVisible(_ code: String) throws {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(Self.folder)/\(code).yaml"))
    let file = SourceFile(path: "\(code).yaml", bytes: [UInt8](bytes))
    let (node, problems) = YAMLDocument.parse(file)
    // An editor's YAML reader says what is no YAML.
    guard let node, !problems.hasErrors else { return }
    let schema = YAMLDocument.parse(SourceFile(path: "schema.json", text: SpecSchema.text)).node
    let found = SchemaValidator(schema: try #require(schema)).problems(of: node)
    let isVisible =
      OptionCode(rawValue: code)?.isVisibleToTheSchema
      ?? SpecCode(rawValue: code)?.isVisibleToTheSchema ?? false
    #expect(found.isEmpty == !isVisible, "\(found)")
  }
}

extension OptionCode {
  fileprivate var isVisibleToTheSchema: Bool {
    switch self {
    case .unknownOption, .wrongType, .wrongCount, .unknownChoice, .unexpectedValue, .notANumber:
      true
    // `defaults` may have what a layer lacks; 64.0 is whole for JSON; 0 may come from `let`.
    case .missing, .notWhole, .outOfRange: false
    }
  }
}

extension SpecCode {
  fileprivate var isVisibleToTheSchema: Bool {
    switch self {
    case .languageVersion, .wrongForm, .unknownLayer, .uselessOption, .unknownDefault: true
    // Names and what they stand for, numbers next to each other, other files, the command line.
    case .unusableName, .repeatedLayerName, .loopHead, .tooManyLayers, .missingReason, .takenName,
      .definitionCycle, .emptyRange, .unreadableParent, .parentCycle, .unknownLayerName,
      .unknownSetting, .labelsJoinedTwice, .lostChange,
      .unreadDefinition:
      false
    }
  }
}

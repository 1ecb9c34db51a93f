import Diagnostics

/// The specs that the program carries inside it.
public enum ShippedSpecs {
  /// By name, such as `lsun64`, in alphabetic order.
  public static let names: [String] = embeddedSpecs.map { SpecName.name(ofFile: $0.file) }
    .sorted()

  /// What messages put before the name of a file that is in the program alone.
  static let folder = "<shipped>/"

  /// The spec of this name, `lsun64` or `lsun64.yaml` in any letter case, or nil.
  public static func file(named name: String) -> SourceFile? {
    let wanted = SpecName.name(ofFile: name).lowercased()
    return embeddedSpecs.first { SpecName.name(ofFile: $0.file).lowercased() == wanted }
      .map { SourceFile(path: folder + $0.file, text: $0.text) }
  }
}

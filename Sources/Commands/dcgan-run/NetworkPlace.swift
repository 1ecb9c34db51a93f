import Files

/// What stands in the place of a spec where trained networks are wanted: a run's folder or a
/// checkpoint.
enum NetworkPlace {
  /// Whether `argument` is the path of a folder or of a file that is no spec.
  static func isPath(_ argument: String) throws -> Bool {
    let isSpec = argument.hasSuffix(".yaml") || argument.hasSuffix(".yml")
    return try !isSpec && Folder.kind(of: argument) != nil
  }
}

import Diagnostics

/// `docs/diagnostics.md`, made from the tables of codes.
public enum DiagnosticsPage {
  public static var text: String {
    var parts = [
      """
      # Diagnostics

      Made from the tables in `Sources` by `make docs`; `dcgan-compile --explain CODE` prints the \
      same. Codes never change their meaning. `Specs/Faulty` has a spec for each, with all that \
      the compiler says to it.
      """
    ]
    for family in Family.allCases {
      let explanations = CodeTables.explanations.filter {
        $0.code.rawValue.hasPrefix(family.rawValue)
      }
      guard !explanations.isEmpty else { continue }
      parts.append("## \(family.title)")
      parts += explanations.map(\.markdown)
    }
    return parts.map { $0.hasSuffix("\n") ? String($0.dropLast()) : $0 }
      .joined(separator: "\n\n") + "\n"
  }

  /// The first letter of a code.
  public enum Family: String, CaseIterable, Sendable {
    case yaml = "Y"
    case names = "S"
    case expressions = "E"
    case shapes = "T"
    case guidelines = "G"
    case data = "D"
    case running = "R"

    var title: String {
      switch self {
      case .yaml: "YAML"
      case .names: "Keys, names and values"
      case .expressions: "Expressions"
      case .shapes: "Shapes"
      case .guidelines: "Guidelines"
      case .data: "Data"
      case .running: "Running"
      }
    }
  }
}

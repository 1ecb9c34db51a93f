import Diagnostics
import Spec

/// The check of a spec against all guidelines.
public enum Guidelines {
  /// What deviates from the guidelines, sorted by position.
  ///
  /// Findings of several layers of one network from one guideline are one diagnostic. A declared
  /// finding is none, or with `listsDeviations` a note with its reason; a declaration that
  /// nothing needs is a warning.
  public static func check(_ spec: Spec, listsDeviations: Bool = false) -> [Diagnostic] {
    var declared: [GuidelineCode: Deviation] = [:]
    var found: [Diagnostic] = []
    for deviation in spec.deviations {
      if let code = GuidelineCode(rawValue: deviation.code) {
        declared[code] = deviation
      } else {
        found.append(.unknown(deviation))
      }
    }
    for code in GuidelineCode.allCases {
      // The guidelines are about games between two networks.
      let findings = spec.objective.loss.isGame ? code.guideline.findings(spec) : []
      switch (declared[code], findings.isEmpty) {
      case (nil, _): found += diagnostics(code, findings)
      case (let deviation?, true):
        // What a parent declares may be needed there, though no longer here.
        if deviation.span.file === spec.file { found.append(.needless(deviation)) }
      case (let deviation?, false):
        if listsDeviations { found.append(.declared(deviation, code)) }
      }
    }
    return found.sortedByPosition
  }

  /// The findings that the spec declares, each with its reason as its suppression.
  public static func declaredFindings(of spec: Spec) -> [Diagnostic] {
    spec.deviations.flatMap { deviation in
      GuidelineCode(rawValue: deviation.code).map { code in
        diagnostics(code, code.guideline.findings(spec), suppression: deviation.reason)
      } ?? []
    }.sortedByPosition
  }

  /// At most so many other places are labelled.
  private static let mostLabels = 3

  /// One diagnostic for each network, and for each finding that is about no layer.
  private static func diagnostics(
    _ code: GuidelineCode, _ findings: [GuidelineFinding], suppression: String? = nil
  ) -> [Diagnostic] {
    let single = findings.filter { $0.layer == nil }.map {
      diagnostic(code, $0, others: [], suppression)
    }
    return single
      + NetworkRole.allCases.compactMap { role in
        let inNetwork = findings.filter { $0.layer?.network == role }
        return inNetwork.first.map {
          diagnostic(code, $0, others: Array(inNetwork.dropFirst()), suppression)
        }
      }
  }

  private static func diagnostic(
    _ code: GuidelineCode, _ finding: GuidelineFinding, others: [GuidelineFinding],
    _ suppression: String?
  ) -> Diagnostic {
    var secondary = finding.secondary
    for other in others
    where other.span != finding.span && !secondary.contains(where: { $0.span == other.span })
      && secondary.count < finding.secondary.count + mostLabels
    {
      secondary.append(.init(span: other.span, text: other.label))
    }
    var names: [String] = []
    for name in others.compactMap(\.layer?.name)
    where name != finding.layer?.name && !names.contains(name) {
      names.append(name)
    }
    var notes: [String] = []
    if !names.isEmpty {
      let named = names.prefix(mostLabels).map { "`\($0)`" }.joined(separator: ", ")
      let more = names.count > mostLabels ? " and \(names.count - mostLabels) more" : ""
      notes.append("the same in \(named)\(more)")
    }
    let repair = finding.repair.map { first in
      // One repair for all: edits of `defaults` are the same for several layers.
      let edits = ([first] + others.compactMap(\.repair)).flatMap(\.edits)
      return Repair(first.title, first.safety, edits.unique)
    }
    var help = finding.help.filter { $0 != repair?.title }
    if code.severity == .error, suppression == nil {
      help.append("declare an intentional deviation: `deviations: {\(code.rawValue): \"why\"}`")
    }
    return Diagnostic(
      code, finding.message, at: finding.span, label: finding.label, secondary: secondary,
      notes: notes, help: help, repairs: repair.map { [$0] } ?? [], suppression: suppression)
  }
}

extension [Repair.Edit] {
  fileprivate var unique: [Repair.Edit] {
    var seen: Set<Repair.Edit> = []
    return filter { seen.insert($0).inserted }
  }
}

extension Diagnostic {
  fileprivate static func unknown(_ deviation: Deviation) -> Diagnostic {
    let codes = GuidelineCode.allCases.map(\.rawValue)
    let guess = codes.guess(of: deviation.code)
    return Diagnostic(
      DeviationCode.unknown, "there is no guideline \(deviation.code.quotedExcerpt)",
      at: deviation.span, help: guess == nil ? ["known: \(codes.nameList)"] : [],
      repairs: guess?.repair(at: deviation.span).map { [$0] } ?? [])
  }

  fileprivate static func needless(_ deviation: Deviation) -> Diagnostic {
    let help = "remove `\(deviation.code)` from `deviations`"
    return Diagnostic(
      DeviationCode.needless,
      "\(deviation.code) is already satisfied, so this deviation has no effect",
      at: deviation.span, help: deviation.removal == nil ? [help] : [],
      repairs: deviation.removal.map { [Repair(help, .safe, [$0])] } ?? [])
  }

  fileprivate static func declared(_ deviation: Deviation, _ code: GuidelineCode) -> Diagnostic {
    Diagnostic(
      code.code, .note, "deviates intentionally from: \(code.guideline.title)", at: deviation.span,
      label: deviation.reason)
  }
}

import Diagnostics
import Spec

/// The check of a spec against all guidelines.
public enum Guidelines {
  /// What departs from the guidelines, sorted by position.
  ///
  /// Departures of several layers of one network from one guideline are one diagnostic. A declared
  /// departure is none, or with `listsDeviations` a note with its reason; a declaration that
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
      let departures = code.guideline.departures(spec)
      switch (declared[code], departures.isEmpty) {
      case (nil, _): found += diagnostics(code, departures)
      case (let deviation?, true): found.append(.needless(deviation))
      case (let deviation?, false):
        if listsDeviations { found.append(.declared(deviation, code)) }
      }
    }
    return found.sortedByPosition
  }

  /// At most so many other places are labelled.
  private static let mostLabels = 3

  /// One diagnostic for each network, and for each departure that is about no layer.
  private static func diagnostics(
    _ code: GuidelineCode, _ departures: [Departure]
  ) -> [Diagnostic] {
    let single = departures.filter { $0.layer == nil }.map { diagnostic(code, $0, others: []) }
    return single
      + NetworkRole.allCases.compactMap { role in
        let inNetwork = departures.filter { $0.layer?.network == role }
        return inNetwork.first.map {
          diagnostic(code, $0, others: Array(inNetwork.dropFirst()))
        }
      }
  }

  private static func diagnostic(
    _ code: GuidelineCode, _ departure: Departure, others: [Departure]
  ) -> Diagnostic {
    var secondary = departure.secondary
    for other in others
    where other.span != departure.span && !secondary.contains(where: { $0.span == other.span })
      && secondary.count < departure.secondary.count + mostLabels
    {
      secondary.append(.init(span: other.span, text: other.label))
    }
    var names: [String] = []
    for name in others.compactMap(\.layer?.name)
    where name != departure.layer?.name && !names.contains(name) {
      names.append(name)
    }
    var notes: [String] = []
    if !names.isEmpty {
      let named = names.prefix(mostLabels).map { "`\($0)`" }.joined(separator: ", ")
      let more = names.count > mostLabels ? " and \(names.count - mostLabels) more" : ""
      notes.append("the same in \(named)\(more)")
    }
    var help = departure.help
    if code.severity == .error {
      help.append("if it is meant so, declare it: `deviations: {\(code.rawValue): \"why\"}`")
    }
    return Diagnostic(
      code, departure.message, at: departure.span, label: departure.label, secondary: secondary,
      notes: notes, help: help)
  }
}

extension Diagnostic {
  fileprivate static func unknown(_ deviation: Deviation) -> Diagnostic {
    let codes = GuidelineCode.allCases.map(\.rawValue)
    return Diagnostic(
      DeviationCode.unknown, "there is no guideline \(deviation.code.quotedExcerpt)",
      at: deviation.span,
      help: [
        codes.nearest(to: deviation.code).map { "did you mean `\($0)`?" }
          ?? "known: \(codes.nameList)"
      ])
  }

  fileprivate static func needless(_ deviation: Deviation) -> Diagnostic {
    Diagnostic(
      DeviationCode.needless, "the spec keeps to \(deviation.code): nothing deviates",
      at: deviation.span, help: ["remove `\(deviation.code)` from `deviations`"])
  }

  fileprivate static func declared(_ deviation: Deviation, _ code: GuidelineCode) -> Diagnostic {
    Diagnostic(
      code.code, .note, "departs on purpose from: \(code.guideline.title)", at: deviation.span,
      label: deviation.reason)
  }
}

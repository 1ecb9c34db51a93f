/// Whether the user asked for colour.
public enum ColourChoice: String, Sendable, CaseIterable {
  case automatic = "auto"
  case always
  case never
}

/// Whether to write ANSI codes: as the user chose, else as `NO_COLOR` and then `FORCE_COLOR` say,
/// else where the output is a terminal that knows them.
///
/// Source: no-color.org, force-color.org (an empty variable does not count).
public func isColourWanted(
  _ choice: ColourChoice = .automatic, environment: [String: String], isTerminal: Bool
) -> Bool {
  switch choice {
  case .always: return true
  case .never: return false
  case .automatic:
    if !(environment["NO_COLOR"] ?? "").isEmpty { return false }
    if let forced = environment["FORCE_COLOR"], !forced.isEmpty { return forced != "0" }
    return isTerminal && environment["TERM"] != "dumb"
  }
}

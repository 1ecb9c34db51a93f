import ArgumentParser

/// What it means that a spec stands where the parser of arguments expects the name of a command.
///
/// The parser's library makes completion scripts in which the command comes first; here they learn
/// the order that the help teaches.
package enum SpecFirst {
  /// `dcgan-compile SPEC --check` is `dcgan-compile show SPEC --check`.
  case leavesOut(command: String)
  /// `dcgan-run SPEC train` is `dcgan-run train SPEC`.
  case swaps

  /// The script that makes `shell` complete the arguments of `root`.
  package func completions(
    of root: (some ParsableCommand).Type, for shell: CompletionShell
  ) -> String {
    let name = root._commandName
    let commands = (root.configuration.subcommands.map { $0._commandName } + ["help"])
      .joined(separator: " ")
    var script = root.completionScript(for: shell)
    // Where the script has not yet looked at the words that are typed.
    let (place, addition): (String, String) =
      switch shell {
      case .fish: ("set -l unparsed_tokens (__\(name)_tokens -pc)\n", fish(commands))
      case .zsh: ("    unsetopt aliases banghist\n", zsh(commands))
      default: ("\n_\(name)() {\n", bash(commands))
      }
    if let end = script.range(of: place)?.upperBound {
      script.insert(contentsOf: addition, at: end)
    }
    if shell == .fish {
      script += """

        complete -c '\(name)' -n 'test (count (__\(name)_tokens -pc)) -eq 1' \
        -fka '(__fish_complete_suffix .yaml)'

        """
    }
    return script
  }

  // MARK: Each shell's words

  private func bash(_ commands: String) -> String {
    let otherOrder =
      switch self {
      case .leavesOut(let command):
        """
                words=("${words[0]}" \(command) "${words[@]:1}")
                local -i COMP_CWORD="$((COMP_CWORD + 1))"
        """
      case .swaps:
        """
                if [[ "${COMP_CWORD}" -eq 2 ]]; then
                    COMPREPLY=($(compgen -W '\(commands)' -- "${2}"))
                    return
                fi
                words=("${words[0]}" "${words[2]}" "${words[1]}" "${words[@]:3}")
        """
      }
    return """
          # A spec may come first.
          local -a words=("${COMP_WORDS[@]}")
          if [[ "${COMP_CWORD}" -eq 1 && "${2}" != -* ]]; then
              local file
              while IFS='' read -r file; do
                  COMPREPLY+=("${file}")
              done < <(compgen -o plusdirs -f -X '!*.yaml' -- "${2}")
          elif [[ \(condition(first: "${words[1]}", commands)) ]]; then
      \(otherOrder)
              local -a COMP_WORDS=("${words[@]}")
          fi


      """
  }

  private func zsh(_ commands: String) -> String {
    let otherOrder =
      switch self {
      case .leavesOut(let command):
        """
                words=("${words[1]}" \(command) "${(@)words[2,-1]}")
                (( CURRENT++ ))
        """
      case .swaps:
        """
                if (( CURRENT == 3 )); then
                    words=("${words[1]}" "${(@)words[3,-1]}")
                    (( CURRENT-- ))
                else
                    words=("${words[1]}" "${words[3]}" "${words[2]}" "${(@)words[4,-1]}")
                fi
        """
      }
    return """
          # A spec may come first.
          if (( CURRENT == 2 )) && [[ "${words[2]}" != -* ]]; then
              _files -g '*.yaml(-.)'
          elif [[ \(condition(first: "${words[2]}", commands)) ]]; then
      \(otherOrder)
          fi


      """
  }

  private func fish(_ commands: String) -> String {
    let otherOrder =
      switch self {
      case .leavesOut(let command):
        """
                set unparsed_tokens $unparsed_tokens[1] \(command) $unparsed_tokens[2..]
        """
      case .swaps:
        """
                set unparsed_tokens $unparsed_tokens[1] $unparsed_tokens[3] $unparsed_tokens[2] \
        $unparsed_tokens[4..]
        """
      }
    return """
          # A spec may come first.
          if test (count $unparsed_tokens) -gt 1; and not contains -- $unparsed_tokens[2] \(commands)
      \(otherOrder)
          end

      """
  }

  /// Whether the first word is not the name of a command, nor an option of the whole.
  private func condition(first: String, _ commands: String) -> String {
    let isOther = "\" \(commands) \" != *\" \(first) \"*"
    switch self {
    case .leavesOut: return isOther
    case .swaps: return "\(isOther) && \"\(first)\" != -*"
    }
  }
}

import ArgumentParser
import Diagnostics
import Terminal

/// The root of `dcgan-compile`: a spec alone is compiled, other commands are named in front.
@main
struct Commands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dcgan-compile",
    abstract: "Checks, shows, writes and compares DCGAN specs.",
    version: ToolVersion.text,
    subcommands: [DCGANCompile.self, New.self, Diff.self],
    defaultSubcommand: DCGANCompile.self)

  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    // The help of what is done by default has all options, and names the other commands.
    let speaksOfDefault = [[], ["--help"], ["-h"], ["help"]].contains(arguments)
    let options = arguments.isEmpty ? [] : ["--help"]
    Terminal.run(
      Commands.self,
      arguments: speaksOfDefault ? [DCGANCompile._commandName] + options : arguments,
      specFirst: .leavesOut(command: DCGANCompile._commandName))
  }
}

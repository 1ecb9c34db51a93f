import ArgumentParser
import Spec

/// `--set`, for every command that takes a spec.
package struct SetOptions: ParsableArguments {
  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Override a value of the spec, such as train.batch=64, let.width=32 or "
        + "generator.conv_transpose1.filters=32; can be given several times.",
      valueName: "path=value"))
  package var texts: [String] = []

  package init() {}

  /// For the compiler, with what other options set.
  package func settings(and others: [CommandLineSettings.Option] = []) -> CommandLineSettings {
    CommandLineSettings(texts.map { .set($0) } + others)
  }
}

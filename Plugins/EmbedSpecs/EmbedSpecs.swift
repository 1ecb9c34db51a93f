import Foundation
import PackagePlugin

/// Puts the shipped specs, `Specs/*.yaml`, into the program: `embed-specs` writes them as Swift.
@main
struct EmbedSpecs: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: Target) throws -> [Command] {
    let folder = context.package.directoryURL.appending(path: "Specs")
    let specs = try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil
    ).filter { $0.pathExtension == "yaml" }.sorted { $0.path < $1.path }
    let output = context.pluginWorkDirectoryURL.appending(path: "EmbeddedSpecs.swift")
    return [
      .buildCommand(
        displayName: "Embedding the shipped specs",
        executable: try context.tool(named: "embed-specs").url,
        arguments: [output.path] + specs.map(\.path), inputFiles: specs, outputFiles: [output])
    ]
  }
}

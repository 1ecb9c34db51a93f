import Foundation
import TestSupport
import Testing

@testable import PJRT

@Suite struct PluginPlacesTests {
  private static func place(_ path: String, in folder: TemporaryFolder) throws -> String {
    let url = folder.url.appendingPathComponent(path)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data([1]).write(to: url)
    return url.path
  }

  /// Named ones come first, then those of the active environment, then those of the user.
  @Test func pluginsAreFoundWhereTheyUsuallyAre() throws {
    let folder = try TemporaryFolder()
    let own = try Self.place("own/my_cuda_plugin.so", in: folder)
    let named = try Self.place("special/engine.so", in: folder)
    let active = try Self.place(
      "venv/lib/python3.12/site-packages/jax_plugins/xla_cuda12/xla_cuda_plugin.so", in: folder)
    let user = try Self.place(
      "home/.local/lib/python3.9/site-packages/jax_plugins/xla_cuda13/xla_cuda_plugin.so",
      in: folder)
    let cpu = try Self.place(
      "home/.pyenv/versions/3.11.7/lib/python3.11/site-packages/"
        + PluginKind.xlaCPU.wheels[0].path, in: folder)
    let places = PluginPlaces(environment: [
      "PJRT_PLUGIN_PATH": "\(folder.path("own")):\(named)", "VIRTUAL_ENV": folder.path("venv"),
      "HOME": folder.path("home"), "PATH": "/nowhere/bin",
    ])
    // The newer generation of the package before the older.
    #expect(places.plugins(.cuda) == [own, user, active])
    #expect(places.plugins(.xlaCPU) == [cpu])
    #expect(places.plugins(.tpu).isEmpty)
    #expect(places.others == [named])
  }

  @Test func nothingIsFoundWithoutFolders() {
    let places = PluginPlaces(environment: ["PJRT_PLUGIN_PATH": "", "HOME": ""])
    #expect(PluginKind.allCases.flatMap(places.plugins).isEmpty && places.others.isEmpty)
  }
}

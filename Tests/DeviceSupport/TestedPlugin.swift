import Device
import Foundation
import PJRT

/// The plugin that `make test-devices` puts under the tests of all devices; tests run without one.
public enum TestedPlugin {
  /// The file, from `DCGAN_TEST_PLUGIN`.
  public static let path: String? = ProcessInfo.processInfo.environment["DCGAN_TEST_PLUGIN"]
    .flatMap { $0.isEmpty ? nil : $0 }

  /// One client for all tests of a process.
  package static let client: PJRTClient? = path.map { path in
    do { return try PJRTClient(PJRTPlugin(path: path)) } catch {
      fatalError("DCGAN_TEST_PLUGIN: \(error)")
    }
  }

  /// Empty without a plugin.
  package static let devices: [any Device] =
    client.map { client in
      // A client without a device is refused when it is made.
      [try! PJRTDevice(client, name: "plugin")]
    } ?? []
}

import ArgumentParser
import CPU
import Device
import Files
import Foundation
import PJRT
import Terminal

/// The command `dcgan-run devices`.
struct DevicesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "devices",
    abstract: "List what can run programs here, and how to get the others.",
    discussion: """
      A graphics card is driven by a PJRT plugin, the library that JAX uses. Plugins are looked for \
      in \(PluginPlaces.variable) and in the Python packages that bring them. Each is loaded in a \
      process of its own, so that one that crashes is listed, too.

      EXAMPLES
        dcgan-run devices
        dcgan-run mnist train --device cuda
        dcgan-run mnist train --device pjrt:plugins/my_plugin.so
      """)

  @Flag(help: "Print one JSON object.")
  var json = false

  /// Loads one plugin and prints what it finds: what the command starts for each.
  @Option(help: .hidden)
  var probe: String?

  func run() throws {
    if let probe { return try Terminal.output(PluginProbe(loading: probe).json.text) }
    let places = PluginPlaces()
    var rows: [DeviceRow] = [
      DeviceRow(
        device: DeviceKind.cpu.name,
        found: CPUDevice(threads: Processors.usable).settings),
      DeviceRow(device: DeviceKind.reference.name, found: DeviceKind.reference.summary),
    ]
    for kind in PluginKind.allCases {
      let paths = places.plugins(kind)
      rows += paths.enumerated().map { index, path in
        DeviceRow(device: index == 0 ? kind.rawValue : "pjrt:\(path)", probing: path)
      }
      if paths.isEmpty {
        rows.append(
          DeviceRow(
            device: kind.rawValue, missing: "no plugin found; \(kind.installation)",
            about: kind.summary))
      }
    }
    rows += places.others.map { DeviceRow(device: "pjrt:\($0)", probing: $0) }
    if json {
      return try Terminal.output(
        JSONText.object([("devices", .array(rows.map(\.json)))]).text)
    }
    let width = rows.map { $0.device.count }.max() ?? 0
    for row in rows {
      let name = row.device.visible.padding(toLength: width, withPad: " ", startingAt: 0)
      try Terminal.output("\(name)  \(row.text)")
    }
  }
}

/// A device, and what there is to say of it.
private struct DeviceRow {
  /// As `--device` takes it.
  let device: String
  /// Nil where it cannot be used.
  let found: String?
  /// Why not.
  let problem: String?
  let path: String?

  init(device: String, found: String) {
    (self.device, self.found, problem, path) = (device, found, nil, nil)
  }

  init(device: String, missing: String, about: String) {
    (self.device, found, problem, path) = (device, nil, "\(about): \(missing)", nil)
  }

  /// Asks another process, which the plugin may take down with it.
  init(device: String, probing path: String) {
    self.device = device
    self.path = path
    switch PluginProbe.inAnotherProcess(path) {
    case .success(let text): (found, problem) = (text, nil)
    case .failure(let fault): (found, problem) = (nil, fault.description)
    }
  }

  var text: String {
    if let found { return found + (path.map { "   \($0.visible)" } ?? "") }
    return problem ?? ""
  }

  var json: JSONText {
    .object([
      ("device", .string(device)), ("usable", .boolean(found != nil)),
      ("text", .string(found ?? problem ?? "")),
      ("path", path.map { .string($0) } ?? .null),
    ])
  }
}

import CPJRT
import Device
import Program
import StableHLO

/// A device behind a PJRT plugin: a GPU, a TPU, or XLA's own code for CPUs.
///
/// Numbers agree with the reference within rounding, not to the bit: the plugin chooses how it adds.
package struct PJRTDevice: Device {
  package let client: PJRTClient
  private let hardware: PJRTHardware
  private let precision: StableHLOStyle.Precision
  /// Those that it runs programs with, and its place among them; nil where it is alone.
  private let group: PJRTGroup?
  private let place: Int

  /// As `--device` names it.
  package let name: String

  /// - Parameter index: which of the client's devices computes.
  package init(
    _ client: PJRTClient, name: String, index: Int = 0,
    precision: StableHLOStyle.Precision = .full
  ) throws(DeviceProblem) {
    try self.init(client, name, index, precision, group: nil, place: 0)
  }

  private init(
    _ client: PJRTClient, _ name: String, _ index: Int, _ precision: StableHLOStyle.Precision,
    group: PJRTGroup?, place: Int
  ) throws(DeviceProblem) {
    guard client.devices.indices.contains(index) else {
      throw .unable(
        reason: "there is no device \(index); the plugin has \(client.devices.count), from 0")
    }
    self.client = client
    self.name = name
    self.precision = precision
    (self.group, self.place) = (group, place)
    hardware = client.devices[index]
  }

  /// Devices that can run programs together.
  package static let mostTogether = Int(cpjrt_most_devices)

  /// The plugin's first devices, which can run programs together, with the same settings.
  package func group(of count: Int) throws(DeviceProblem) -> [PJRTDevice] {
    let group = PJRTGroup(client, count: count)
    return try (0..<count).map { place throws(DeviceProblem) in
      try PJRTDevice(client, name, place, precision, group: group, place: place)
    }
  }

  package var settings: String {
    "\(hardware.kind), PJRT 0.\(client.plugin.version.minor)"
      + (precision == .full ? "" : ", \(precision.rawValue) products")
  }

  package func makeState() throws(DeviceProblem) -> any DeviceState {
    PJRTState(
      client: client, hardware: hardware, style: style,
      group: group ?? PJRTGroup(client, count: 1), place: place)
  }

  /// The forms that the platform's compiler makes quick code of; docs/devices.md has the figures.
  private var style: StableHLOStyle {
    StableHLOStyle(
      inputGradient: client.platform == "cpu" ? .phases : .dilated, precision: precision)
  }
}

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

  /// As `--device` names it.
  package let name: String

  /// - Parameter index: which of the client's devices computes.
  package init(
    _ client: PJRTClient, name: String, index: Int = 0,
    precision: StableHLOStyle.Precision = .full
  ) throws(DeviceProblem) {
    guard client.devices.indices.contains(index) else {
      throw .unable(
        reason: "there is no device \(index); the plugin has \(client.devices.count), from 0")
    }
    self.client = client
    self.name = name
    self.precision = precision
    hardware = client.devices[index]
  }

  /// Another device of the same plugin, with the same settings.
  package func sibling(_ index: Int) throws(DeviceProblem) -> PJRTDevice {
    try PJRTDevice(client, name: name, index: index, precision: precision)
  }

  package var settings: String {
    "\(hardware.kind), PJRT 0.\(client.plugin.version.minor)"
      + (precision == .full ? "" : ", \(precision.rawValue) products")
  }

  package func makeState() throws(DeviceProblem) -> any DeviceState {
    PJRTState(client: client, hardware: hardware, style: style)
  }

  /// The forms that the platform's compiler makes quick code of; docs/devices.md has the figures.
  private var style: StableHLOStyle {
    StableHLOStyle(
      inputGradient: client.platform == "cpu" ? .phases : .dilated, precision: precision)
  }
}

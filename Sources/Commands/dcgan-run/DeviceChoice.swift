import ArgumentParser
import Device
import PJRT

/// The devices that this program knows: the one list of them.
enum DeviceKind: Hashable, CaseIterable {
  /// This machine's processor.
  case cpu
  /// The plain interpreter: slow, and right by definition.
  case reference
  /// What a well-known PJRT plugin drives.
  case plugin(PluginKind)

  static let allCases: [DeviceKind] =
    [.cpu, .reference] + PluginKind.allCases.map { .plugin($0) }

  var name: String {
    switch self {
    case .cpu: "cpu"
    case .reference: "reference"
    case .plugin(let kind): kind.rawValue
    }
  }

  var summary: String {
    switch self {
    case .cpu: "this machine's processor, by the program's own kernels; the default"
    case .reference: "plain loops: slow, and right by definition"
    case .plugin(let kind): kind.summary
    }
  }

  /// Where it comes from; nil for what is built in.
  var installation: String? {
    switch self {
    case .cpu, .reference: nil
    case .plugin(let kind): kind.installation
    }
  }
}

/// What `--device` names: a device of the list, or the file of a plugin.
enum DeviceChoice: Hashable, ExpressibleByArgument {
  case kind(DeviceKind)
  case file(String)

  private static let filePrefix = "pjrt:"

  init?(argument: String) {
    if argument.hasPrefix(Self.filePrefix) {
      let path = String(argument.dropFirst(Self.filePrefix.count))
      guard !path.isEmpty else { return nil }
      self = .file(path)
    } else if let kind = DeviceKind.allCases.first(where: { $0.name == argument }) {
      self = .kind(kind)
    } else {
      return nil
    }
  }

  static var allValueStrings: [String] { DeviceKind.allCases.map(\.name) + ["pjrt:PATH"] }

  var defaultValueDescription: String { description }

  /// As `--device` takes it.
  var description: String {
    switch self {
    case .kind(let kind): kind.name
    case .file(let path): Self.filePrefix + path
    }
  }

  /// Whether a plugin computes.
  var isPlugin: Bool {
    switch self {
    case .kind(.cpu), .kind(.reference): false
    case .kind(.plugin), .file: true
    }
  }
}

extension PluginPlaces {
  /// The file of a plugin of this kind.
  func plugin(_ kind: PluginKind) throws(DeviceProblem) -> String {
    if let path = plugins(kind).first { return path }
    throw .unable(
      reason: """
        --device \(kind.rawValue): no plugin was found (the device: \(kind.summary))
          install one with `\(kind.installation)` into an active virtual environment,
          or name its file with `--device pjrt:PATH` or in \(Self.variable);
          `dcgan-run devices` shows what is there
        """)
  }
}

import Files
import Foundation

/// A kind of device that well-known Python packages bring a plugin for.
package enum PluginKind: String, Sendable, CaseIterable {
  case cuda
  case tpu
  case xlaCPU = "xla-cpu"

  /// What computes.
  package var summary: String {
    switch self {
    case .cuda: "a graphics card of NVIDIA"
    case .tpu: "a tensor processing unit of Google"
    case .xlaCPU: "this machine's processor by XLA's code, for comparisons"
    }
  }

  /// Packages of PyPI that bring it, the best first, and where they put it under `site-packages`.
  package var wheels: [(package: String, path: String)] {
    switch self {
    case .cuda:
      [
        ("jax-cuda13-pjrt", "jax_plugins/xla_cuda13/xla_cuda_plugin.so"),
        ("jax-cuda12-pjrt", "jax_plugins/xla_cuda12/xla_cuda_plugin.so"),
      ]
    case .tpu: [("libtpu", "libtpu/libtpu.so")]
    case .xlaCPU:
      [
        ("lammps-jax-pjrt-cpu", "lammps_jax_pjrt_cpu/pjrt_c_api_cpu_plugin.so"),
        ("fastatomstruct-xla-cpu", "fastatomstruct_xla_cpu/libpjrt_cpu.so"),
        ("xla-cpu-pjrt", "xla_plugins/xla_cpu_pjrt/xla_cpu_pjrt.so"),
      ]
    }
  }

  /// The line that installs it.
  package var installation: String {
    switch self {
    // The libraries that the plugin itself needs come with JAX's extra.
    case .cuda: "pip install 'jax[cuda12]'"
    case .tpu, .xlaCPU: "pip install \(wheels[0].package)"
    }
  }

  /// A word in the name of a plugin's file that stands for the kind.
  fileprivate var word: String { self == .xlaCPU ? "cpu" : rawValue }
}

/// Where plugins are looked for: what `PJRT_PLUGIN_PATH` names, then the installed Python packages.
package struct PluginPlaces {
  /// The variable that names files and folders, separated by colons.
  package static let variable = "PJRT_PLUGIN_PATH"

  private let named: [String]
  private let packageFolders: [String]

  package init(environment: [String: String] = ProcessInfo.processInfo.environment) {
    let entries = (environment[Self.variable] ?? "").split(separator: ":").map(String.init)
    named = entries.flatMap(Self.libraries(at:))
    packageFolders = Self.packageFolders(environment)
  }

  /// Files of a kind, the best first.
  package func plugins(_ kind: PluginKind) -> [String] {
    let chosen = named.filter { path in
      (path.split(separator: "/").last ?? "").lowercased().contains(kind.word)
    }
    let installed = kind.wheels.flatMap { wheel in
      packageFolders.map { "\($0)/\(wheel.path)" }
    }
    return chosen + installed.filter { Folder.sees(.file, at: $0) }
  }

  /// Files that `PJRT_PLUGIN_PATH` names and whose names say no kind.
  package var others: [String] {
    let known = Set(PluginKind.allCases.flatMap(plugins))
    return named.filter { !known.contains($0) }
  }

  /// The file itself, or the libraries in a folder.
  private static func libraries(at path: String) -> [String] {
    guard Folder.sees(.folder, at: path) else { return [path] }
    return Folder.seenNames(in: path).filter { $0.hasSuffix(".so") }.map { "\(path)/\($0)" }
  }

  /// `site-packages` and `dist-packages` of the Pythons that a user is likely to have.
  private static func packageFolders(_ environment: [String: String]) -> [String] {
    func value(_ name: String) -> [String] {
      environment[name].map { $0.isEmpty ? [] : [$0] } ?? []
    }
    let commands = value("PATH").flatMap { $0.split(separator: ":") }
    let homes = value("HOME")
    let versions = homes.flatMap { home in
      Folder.seenNames(in: "\(home)/.pyenv/versions").map { "\(home)/.pyenv/versions/\($0)" }
    }
    let prefixes =
      value("VIRTUAL_ENV") + value("CONDA_PREFIX") + homes.map { "\($0)/.local" }
      + commands.filter { Folder.sees(.file, at: "\($0)/python3") && $0.hasSuffix("/bin") }
      .map { String($0.dropLast("/bin".count)) } + versions
    var found: [String] = []
    for prefix in prefixes {
      let library = "\(prefix)/lib"
      let pythons = Folder.seenNames(in: library).filter { $0.hasPrefix("python3") }
      for python in pythons.sorted().reversed() {
        for name in ["site-packages", "dist-packages"] {
          let folder = "\(library)/\(python)/\(name)"
          if Folder.sees(.folder, at: folder), !found.contains(folder) { found.append(folder) }
        }
      }
    }
    return found
  }
}

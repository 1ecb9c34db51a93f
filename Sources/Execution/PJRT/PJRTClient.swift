import CPJRT
import Device
import Files
import StableHLO
import Synchronization

/// What a plugin offers in this process: its devices, and the executables made for them.
///
/// Rule behind `@unchecked Sendable`: PJRT allows calls from any thread; nothing else changes but
/// the executables, which have a lock.
package final class PJRTClient: @unchecked Sendable {
  package let plugin: PJRTPlugin
  /// The plugin's name for its kind of device, such as `cpu` or `cuda`.
  package let platform: String
  /// The plugin's version, in its own words.
  package let version: String
  package let devices: [PJRTHardware]
  let handle: UnsafeMutableRawPointer
  /// By the text of their modules.
  private let executables = Mutex<[String: PJRTExecutable]>([:])

  package init(_ plugin: PJRTPlugin) throws(DeviceProblem) {
    self.plugin = plugin
    var created: UnsafeMutableRawPointer?
    try attempt(plugin.path) {
      cpjrt_client_new(plugin.handle, &created, $0)
    }
    guard let created else { throw .unable(reason: "\(plugin.path.visible): no client") }
    handle = created
    var (platformText, versionText) = (cpjrt_text(), cpjrt_text())
    try attempt(plugin.path) {
      cpjrt_platform(plugin.handle, created, &platformText, &versionText, $0)
    }
    platform = String(platformText)
    version = String(versionText)
    var (list, count): (UnsafePointer<UnsafeMutableRawPointer?>?, Int) = (nil, 0)
    try attempt(plugin.path) { cpjrt_devices(plugin.handle, created, &list, &count, $0) }
    var found: [PJRTHardware] = []
    for device in UnsafeBufferPointer(start: list, count: count).compactMap(\.self) {
      var kind = cpjrt_text()
      try attempt(plugin.path) { cpjrt_device_kind(plugin.handle, device, &kind, $0) }
      let memory = cpjrt_device_memory(plugin.handle, device)
      found.append(
        PJRTHardware(
          handle: device, kind: String(kind), memory: memory > 0 ? Int(memory) : nil))
    }
    devices = found
    guard !found.isEmpty else {
      throw .unable(reason: "\(plugin.path.visible): the plugin finds no device on this machine")
    }
  }

  deinit {
    // Executables belong to the client, and go before it.
    executables.withLock { $0.removeAll() }
    cpjrt_client_free(plugin.handle, handle)
  }

  /// The executable of a module: made in this process before, kept by an earlier one, or compiled.
  func executable(for module: StableHLOModule) throws(DeviceProblem) -> PJRTExecutable {
    // Under the lock: threads that want the same one wait for it instead of compiling it, too.
    let result = executables.withLock { known -> Result<PJRTExecutable, DeviceProblem> in
      if let executable = known[module.text] { return .success(executable) }
      do throws(DeviceProblem) {
        let executable = try made(module)
        known[module.text] = executable
        return .success(executable)
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  private func made(_ module: StableHLOModule) throws(DeviceProblem) -> PJRTExecutable {
    let cache = ExecutableCache(client: self)
    if let kept = cache?.executable(for: module.text, on: self) { return kept }
    let executable = try PJRTExecutable(
      compiling: module.text, devices: module.devices ?? 1, on: self)
    cache?.keep(executable, for: module.text)
    return executable
  }
}

extension PJRTClient {
  /// What a run has given, with no place left empty.
  func complete(
    _ results: [UnsafeMutableRawPointer?]
  ) throws(DeviceProblem) -> [UnsafeMutableRawPointer] {
    let handles = results.compactMap(\.self)
    guard handles.count == results.count else {
      for handle in handles { cpjrt_buffer_free(plugin.handle, handle) }
      throw .unable(
        reason:
          "\(plugin.path.visible): a run has given \(handles.count) of \(results.count) results")
    }
    return handles
  }
}

/// A device that a plugin has found.
package struct PJRTHardware: @unchecked Sendable {
  // The client owns what it points to; a device lives as long as its client.
  let handle: UnsafeMutableRawPointer
  /// As the plugin names it: `NVIDIA H200`.
  package let kind: String
  /// Bytes, where the plugin says.
  package let memory: Int?
}

extension String {
  /// A text that C code owns.
  fileprivate init(_ text: cpjrt_text) {
    let bytes = UnsafeRawBufferPointer(
      start: text.start, count: text.start == nil ? 0 : text.length)
    self = String(decoding: bytes, as: UTF8.self).excerpt(400)
  }
}

/// A compiled program, which runs on any of a client's devices, or on the first ones together.
///
/// Rule behind `@unchecked Sendable`: nothing changes after it was made.
final class PJRTExecutable: @unchecked Sendable {
  // Not the client, which keeps its executables.
  private let plugin: PJRTPlugin
  let handle: UnsafeMutableRawPointer

  /// - Parameter devices: those that run it together.
  init(
    compiling text: String, devices: Int = 1, on client: PJRTClient
  ) throws(DeviceProblem) {
    var text = text
    var made: UnsafeMutableRawPointer?
    try attempt(client.plugin.path) { message in
      text.withUTF8 { code in
        code.withMemoryRebound(to: CChar.self) {
          cpjrt_compile(
            client.plugin.handle, client.handle, $0.baseAddress, $0.count, devices, &made,
            message)
        }
      }
    }
    guard let made else { throw .unable(reason: "\(client.plugin.path.visible): no executable") }
    plugin = client.plugin
    handle = made
  }

  /// From the bytes of an earlier process; nil where the plugin does not take them.
  init?(bytes: [UInt8], on client: PJRTClient) {
    var made: UnsafeMutableRawPointer?
    var message = [CChar](repeating: 0, count: Int(cpjrt_message_size))
    let result = bytes.withUnsafeBytes {
      cpjrt_deserialize(
        client.plugin.handle, client.handle, $0.baseAddress, $0.count, &made, &message)
    }
    guard result == 0, let made else { return nil }
    plugin = client.plugin
    handle = made
  }

  deinit { cpjrt_executable_free(plugin.handle, handle) }

  /// Nil where the plugin cannot write executables down.
  var bytes: [UInt8]? {
    var bytes: [UInt8] = []
    var message = [CChar](repeating: 0, count: Int(cpjrt_message_size))
    let result = withUnsafeMutablePointer(to: &bytes) { pointer in
      cpjrt_serialize(
        plugin.handle, handle,
        { context, start, count in
          // `context` points to `bytes`, which outlives the call.
          context?.assumingMemoryBound(to: [UInt8].self).pointee = Array(
            UnsafeRawBufferPointer(start: start, count: count))
        }, pointer, &message)
    }
    return result == 0 && !bytes.isEmpty ? bytes : nil
  }
}

import Device
import Files
import Foundation
import PJRT

/// What a plugin says of itself once it is loaded.
struct PluginProbe {
  let json: JSONText

  init(loading path: String) throws(DeviceProblem) {
    let client = try PJRTClient(PJRTPlugin(path: path))
    let kinds = Dictionary(grouping: client.devices, by: \.kind)
    let devices = kinds.keys.sorted().map { kind -> String in
      let memory = client.devices.first { $0.kind == kind }?.memory
      let count = kinds[kind]?.count ?? 0
      return (count == 1 ? "" : "\(count) × ") + kind
        + (memory.map { " with \($0.mebibytes)" } ?? "")
    }
    let text =
      "\(devices.joined(separator: ", ")), PJRT 0.\(client.plugin.version.minor), "
      + client.version
    json = .object([(Self.key, .string(text.split(separator: "\n").joined(separator: " ")))])
  }

  private static let key = "found"

  /// Why a plugin cannot be used.
  struct Fault: Error, CustomStringConvertible {
    let description: String
  }

  /// A plugin that says nothing for so long is taken for one that hangs.
  private static let mostSeconds = 60

  /// The same, by a process of this program that may crash or hang.
  static func inAnotherProcess(_ path: String) -> Result<String, Fault> {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = ["devices", "--probe", path]
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    do { try process.run() } catch {
      return .failure(Fault(description: "cannot be tried: \(error.localizedDescription)"))
    }
    let end = DispatchTime.now() + .seconds(mostSeconds)
    let ended = DispatchSemaphore(value: 0)
    DispatchQueue.global().async {
      process.waitUntilExit()
      ended.signal()
    }
    // Read on other threads: a pipe that is full would stop the process.
    let (said, complained) = (PipeReader(output), PipeReader(errors))
    guard ended.wait(timeout: end) == .success else {
      kill(process.processIdentifier, SIGKILL)
      return .failure(Fault(description: "the plugin has not answered for \(mostSeconds) seconds"))
    }
    guard process.terminationReason == .exit else {
      return .failure(
        Fault(description: "the plugin ends its process (signal \(process.terminationStatus))"))
    }
    // What is no such object is no answer, and is told as such below.
    if process.terminationStatus == 0,
      let object = try? JSONSerialization.jsonObject(with: said.data) as? [String: Any],
      let text = object[key] as? String
    {
      return .success(text.visible)
    }
    let lines = String(decoding: complained.data, as: UTF8.self).split(separator: "\n")
    let line = lines.first { $0.hasPrefix("error: ") }?.dropFirst("error: ".count)
    return .failure(
      Fault(
        description: line.map { String($0).excerpt(300) }
          ?? "the plugin ends its process (exit status \(process.terminationStatus))"))
  }
}

/// All that comes out of a pipe, read on a thread of its own.
private final class PipeReader: @unchecked Sendable {
  // `read` is set before the semaphore is signalled, and looked at after it was waited for.
  private var read = Data()
  private let done = DispatchSemaphore(value: 0)

  init(_ pipe: Pipe) {
    DispatchQueue.global().async { [self] in
      read = pipe.fileHandleForReading.readDataToEndOfFile()
      done.signal()
    }
  }

  /// Waits for the pipe's end.
  var data: Data {
    done.wait()
    defer { done.signal() }
    return read
  }
}

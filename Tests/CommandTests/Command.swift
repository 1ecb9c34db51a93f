import Foundation

/// Runs one of the built commands as a user does, in a folder of its own.
struct Command {
  let url: URL

  init(name: String) { url = Self.products.appendingPathComponent(name) }

  /// Another program, for scripts around the commands.
  init(url: URL) { self.url = url }

  struct Outcome {
    let status: Int32
    let output: String
    let errors: String
  }

  /// Where the package manager has put the products: next to the running tests.
  private static let products: URL = {
    var url = Bundle.main.bundleURL
    for bundle in Bundle.allBundles where bundle.bundlePath.hasSuffix(".xctest") {
      url = bundle.bundleURL.deletingLastPathComponent()
    }
    return url
  }()

  /// The package's folder.
  static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// Runs to the end; `whileRunning` gets the process once it has started.
  func run(
    _ arguments: [String], in folder: URL, environment: [String: String] = [:],
    input: String? = nil, whileRunning: (Process) -> Void = { _ in }
  ) throws -> Outcome {
    let process = Process()
    process.executableURL = url
    process.arguments = arguments
    process.currentDirectoryURL = folder
    var all = ProcessInfo.processInfo.environment
    all["NO_COLOR"] = "1"
    all["DCGAN_DATA"] = nil
    process.environment = all.merging(environment) { $1 }
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    let typed = input.map { _ in Pipe() }
    process.standardInput = typed ?? FileHandle.nullDevice
    try process.run()
    // Specs are shorter than a pipe is long: nothing waits here.
    try typed?.fileHandleForWriting.write(contentsOf: Data((input ?? "").utf8))
    try typed?.fileHandleForWriting.close()
    // Both pipes are emptied while the process runs: neither may fill up and stop it.
    let errorText = Collected(errors.fileHandleForReading)
    let outputText = Collected(output.fileHandleForReading)
    whileRunning(process)
    let (printed, said) = (outputText.wait(), errorText.wait())
    process.waitUntilExit()
    return Outcome(status: process.terminationStatus, output: printed, errors: said)
  }
}

/// Reads a pipe to its end on a thread of its own.
private final class Collected: @unchecked Sendable {
  // `data` is written before the semaphore is signalled and read after it is waited for.
  private var data = Data()
  private let done = DispatchSemaphore(value: 0)

  init(_ handle: FileHandle) {
    Thread.detachNewThread {
      self.data = handle.readDataToEndOfFile()
      self.done.signal()
    }
  }

  func wait() -> String {
    done.wait()
    return String(decoding: data, as: UTF8.self)
  }
}

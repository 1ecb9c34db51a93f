import CPJRT
import Device
import Files

/// A plugin's library, loaded and checked; it stays loaded until the process ends.
///
/// Rule behind `@unchecked Sendable`: nothing changes after it was opened, and PJRT allows calls
/// from any thread.
package final class PJRTPlugin: @unchecked Sendable {
  package let path: String
  let handle: OpaquePointer

  /// The version of the interface that it speaks: 0.`minor`.
  package let version: (major: Int, minor: Int)

  package init(path: String) throws(DeviceProblem) {
    do { try PluginFile.check(path) } catch {
      if case .unreadable(let problem) = error { throw .unable(reason: "\(problem)") }
      throw .unable(reason: "\(path.visible) \(error)")
    }
    // With a slash in it, so that no other library of that name is looked for.
    let place = path.contains("/") ? path : "./" + path
    var opened: OpaquePointer?
    try attempt(path) { cpjrt_open(place, &opened, $0) }
    guard let opened else { throw .unable(reason: "\(path.visible): no plugin") }
    self.path = path
    handle = opened
    var (major, minor): (Int32, Int32) = (0, 0)
    cpjrt_version(opened, &major, &minor)
    version = (Int(major), Int(minor))
  }
}

/// Calls a function that gives 0, or else a sentence, which is made a problem with `subject` before it.
func attempt(
  _ subject: String, _ call: (UnsafeMutablePointer<CChar>) -> Int32
) throws(DeviceProblem) {
  var message = [CChar](repeating: 0, count: Int(cpjrt_message_size))
  let result = message.withUnsafeMutableBufferPointer { call($0.baseAddress!) }
  guard result != 0 else { return }
  // A plugin's own words may be pages long; the first lines say what is wrong.
  let text = String(
    decoding: message.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  throw .unable(reason: "\(subject.visible): \(String(text.prefix(1500)).visibleLines)")
}

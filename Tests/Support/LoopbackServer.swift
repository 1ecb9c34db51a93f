import Foundation

#if canImport(Glibc)
  import Glibc
#endif

/// A web server for one test, on this machine, that can be made to misbehave.
public final class LoopbackServer: @unchecked Sendable {
  // Rule behind `@unchecked Sendable`: `requests` is used under `lock` only, the rest never changes.
  /// As in `http://127.0.0.1:8080/`.
  public let address: String
  private let listener: Int32
  private let files: [String: [UInt8]]
  private let behaviour: Behaviour
  private let lock = NSLock()
  private var requests = 0

  public struct Behaviour: Sendable {
    /// Whether parts are sent, or always the whole file.
    public var sendsParts = true
    /// Requests after which no more parts are sent.
    public var partsUntil = Int.max
    /// Every such request, the connection breaks in the middle of the answer; 0 for none.
    public var breaksEvery = 0
    /// The status of every answer but for good ones.
    public var missing = 404
    public init() {}
  }

  public init(_ files: [String: [UInt8]], _ behaviour: Behaviour = Behaviour()) {
    self.files = files
    self.behaviour = behaviour
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let listener = listener
    withUnsafeMutablePointer(to: &name) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        precondition(bind(listener, $0, length) == 0 && listen(listener, 16) == 0)
        precondition(getsockname(listener, $0, &length) == 0)
      }
    }
    address = "http://127.0.0.1:\(UInt16(bigEndian: name.sin_port))/"
    Thread.detachNewThread { [self] in serve() }
  }

  /// Ends the thread that waits for connections.
  public func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

  private func serve() {
    while true {
      let connection = accept(listener, nil, nil)
      if connection < 0 { return }
      answer(connection)
      close(connection)
    }
  }

  /// One request for each connection.
  private func answer(_ connection: Int32) {
    var request = [UInt8](repeating: 0, count: 8192)
    let count = recv(connection, &request, request.count, 0)
    guard count > 0 else { return }
    let lines = String(decoding: request[..<count], as: UTF8.self).components(separatedBy: "\r\n")
    let path = String(lines[0].split(separator: " ")[1].dropFirst())
    let number = lock.withLock {
      requests += 1
      return requests
    }
    guard let file = files[path] else {
      return send(connection, head: "\(behaviour.missing) No", [UInt8]("<html>no</html>".utf8))
    }
    var part = file[...]
    var head = "200 OK"
    if behaviour.sendsParts, number <= behaviour.partsUntil,
      let range = lines.first(where: { $0.lowercased().hasPrefix("range: bytes=") })
    {
      let bounds = range.dropFirst(13).split(separator: "-").compactMap { Int($0) }
      guard bounds[0] < file.count else { return send(connection, head: "416 No", []) }
      part = file[bounds[0]...min(bounds[1], file.count - 1)]
      head =
        "206 Partial\r\nContent-Range: bytes \(part.startIndex)-\(part.endIndex - 1)/\(file.count)"
    }
    let breaks = behaviour.breaksEvery > 0 && number % behaviour.breaksEvery == 0
    send(connection, head: head, Array(part), broken: breaks)
  }

  private func send(
    _ connection: Int32, head: String, _ body: [UInt8], broken: Bool = false
  ) {
    let text = "HTTP/1.1 \(head)\r\nContent-Length: \(body.count)\r\nConnection: close\r\n\r\n"
    let sent = Array(text.utf8) + (broken ? Array(body[..<(body.count / 2)]) : body)
    var done = 0
    while done < sent.count {
      let count = sent.withUnsafeBytes {
        Glibc.send(
          connection, $0.baseAddress! + done, sent.count - done, Int32(MSG_NOSIGNAL))
      }
      if count <= 0 { return }
      done += count
    }
  }
}

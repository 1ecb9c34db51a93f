#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Standard output or standard error, whose failures are errors and never end the process.
package enum StandardStream: Int32, Sendable {
  case output = 1
  case error = 2

  /// Makes failing writes return an error.
  ///
  /// Without this, a reader that has gone (`| head`) or a limit on file sizes ends the process by a
  /// signal, in the middle of a file. A stream that the parent process has closed gets a place
  /// that cannot be written, so that no file is opened under its number.
  package static func prepare() {
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    for descriptor: Int32 in 0...2 where fcntl(descriptor, F_GETFD) < 0 {
      // The lowest free number is taken: this one.
      _ = open("/dev/null", descriptor == 0 ? O_WRONLY : O_RDONLY)
    }
  }

  /// Writes `text`; the path in the error is the stream's name.
  package func write(_ text: String) throws(FileProblem) {
    var text = text
    var reason: Int32 = 0
    text.withUTF8 { bytes in
      var done = 0
      while done < bytes.count {
        // `done` < count, so the pointer and the rest of the count lie inside `bytes`.
        let count = System.retrying {
          System.write(rawValue, bytes.baseAddress.map { $0 + done }, bytes.count - done)
        }
        if count < 0, System.lastError == EAGAIN {
          // A parent has made the pipe non-blocking: wait until it takes more.
          var place = pollfd(fd: rawValue, events: Int16(POLLOUT), revents: 0)
          _ = poll(&place, 1, -1)
          continue
        }
        if count < 0 {
          reason = System.lastError
          return
        }
        done += count
      }
    }
    switch reason {
    case 0: return
    case EPIPE: throw .readerGone(path: name)
    default: throw .cannotWrite(path: name, reason: System.reason(reason))
    }
  }

  package var isTerminal: Bool { isatty(rawValue) == 1 }

  private var name: String {
    switch self {
    case .output: "standard output"
    case .error: "standard error"
    }
  }
}

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The part of the C library that files need, under one roof: what is used, and nothing else.
package enum System {
  /// The last failed call's number, `errno`.
  package static var lastError: Int32 { errno }

  /// For calls that report errors by `errno` alone.
  package static func clearError() { errno = 0 }

  /// What `errno` says, in the system's words ("No space left on device").
  package static func reason(_ number: Int32 = errno) -> String {
    String(cString: strerror(number))
  }

  /// Repeats a call that a signal interrupted.
  package static func retrying<Result: SignedInteger>(_ call: () -> Result) -> Result {
    while true {
      let result = call()
      if result != -1 || errno != EINTR { return result }
    }
  }

  /// `write`, under a name that a type with its own `write` can still call.
  package static func write(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    #if canImport(Glibc)
      Glibc.write(descriptor, bytes, count)
    #elseif canImport(Musl)
      Musl.write(descriptor, bytes, count)
    #else
      Darwin.write(descriptor, bytes, count)
    #endif
  }

  /// The part of a file's mode that distinguishes a regular file from a folder, a pipe or a device.
  package static func kind(of status: stat) -> mode_t { status.st_mode & S_IFMT }
}

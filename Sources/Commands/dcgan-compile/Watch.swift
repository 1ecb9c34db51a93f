import ArgumentParser
import Compiler
import Diagnostics
import Files
import Foundation
import Terminal

extension MessageOptions {
  /// Checks `argument` now and whenever one of its files changes, until Ctrl-C, which is status 0.
  func watching(_ argument: String, check: (SpecSource) throws -> Void) throws -> Never {
    // The parent process may have blocked the signal.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    signal(SIGINT) { _ in _exit(0) }
    let source = try SpecSource(argument)
    while true {
      // Looked at before it is read: a change in between is seen afterwards.
      // What cannot be read is reported below, where it is read again; it is watched until it can.
      let paths = (try? Compilation(source.read()).paths) ?? [source.path]
      let before = paths.map(FileStamp.init)
      if StandardStream.output.isTerminal, Terminal.knowsEscapes {
        try Terminal.output("\u{1B}[2J\u{1B}[H", terminator: "")
      }
      do {
        try check(source)
      } catch is ExitCode {
        // The messages have said it; only the status is lost.
      } catch {
        Terminal.failure("\(error)")
      }
      Terminal.note("watching \(source.path); Ctrl-C ends")
      repeat { usleep(Self.interval) } while paths.map(FileStamp.init) == before
    }
  }

  /// Microseconds; a fifth of a second feels like at once.
  private static let interval: UInt32 = 200_000
}

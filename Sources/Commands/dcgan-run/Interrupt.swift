import Foundation
import Synchronization

/// Ctrl-C and a polite kill: the first asks for an end after the present step, the second ends at
/// once.
enum Interrupt {
  private static let requested = Atomic<Bool>(false)

  /// What shells expect of a command that Ctrl-C has ended: nothing that depends on it is started.
  static let status: Int32 = 130

  static var wasRequested: Bool { requested.load(ordering: .relaxed) }

  static func watch() {
    // A parent may have started us with both blocked, as threads of thread pools do.
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM] { sigaddset(&signals, number) }
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    for number in [SIGINT, SIGTERM] {
      signal(number) { number in
        // Only what a signal handler may do: a store to an atomic, and `signal`.
        Interrupt.requested.store(true, ordering: .relaxed)
        signal(number, SIG_DFL)
      }
    }
  }
}

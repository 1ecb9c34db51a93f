import Foundation
import Synchronization

/// Ctrl-C, a closed terminal, and a polite kill.
///
/// Before there is anything to save, they end the process at once; while training, the first asks
/// for an end after the current step, and the second ends at once.
enum Interrupt {
  private static let requested = Atomic<Bool>(false)
  private static let hasStateToSave = Atomic<Bool>(false)

  /// What shells expect of a command that Ctrl-C has ended: nothing that depends on it is started.
  static let status: Int32 = 130

  private static let signals = [SIGINT, SIGTERM, SIGHUP]

  static var wasRequested: Bool { requested.load(ordering: .relaxed) }

  /// From here on there is a state that the first signal must not lose.
  static func trainingBegins() { hasStateToSave.store(true, ordering: .relaxed) }

  /// All is saved: the next signal ends the process at once.
  static func trainingEnds() { hasStateToSave.store(false, ordering: .relaxed) }

  static func watch() {
    // A parent may have started us with them blocked, as threads of thread pools do.
    var blocked = sigset_t()
    sigemptyset(&blocked)
    for number in signals { sigaddset(&blocked, number) }
    pthread_sigmask(SIG_UNBLOCK, &blocked, nil)
    for number in signals {
      signal(number) { number in
        // Only what a signal handler may do: atomics, `signal` and `_exit`.
        guard Interrupt.hasStateToSave.load(ordering: .relaxed) else { _exit(Interrupt.status) }
        Interrupt.requested.store(true, ordering: .relaxed)
        signal(number, SIG_DFL)
      }
    }
  }
}

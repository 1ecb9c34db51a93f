import Foundation
import Synchronization

/// Ctrl-C and a polite kill: the first asks for an end after the present step, the second ends at
/// once.
enum Interrupt {
  private static let requested = Atomic<Bool>(false)

  static var wasRequested: Bool { requested.load(ordering: .relaxed) }

  static func watch() {
    for number in [SIGINT, SIGTERM] {
      signal(number) { number in
        // Only what a signal handler may do: a store to an atomic, and `signal`.
        Interrupt.requested.store(true, ordering: .relaxed)
        signal(number, SIG_DFL)
      }
    }
  }
}

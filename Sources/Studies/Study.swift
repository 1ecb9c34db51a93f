/// The experiments on trained networks, by the names of their commands: the one list of them.
package enum Study: String, CaseIterable, Sendable {
  case interpolate
  case sheet
  case concepts
  case arithmetic
  case turn
  case neighbors
  case invert
  case features
  case visualize
  case forget
  case collisions
  case evaluate

  /// One line for lists of commands.
  package var summary: String {
    switch self {
    case .interpolate: "Walk between random points of the latent space."
    case .sheet: "Make a sheet of numbered samples, to name some of them."
    case .visualize: "Show what the discriminator's features respond to."
    case .forget: "Leave out what draws the things in boxes."
    case .collisions: "Count samples that have the hash of a training image."
    case .evaluate: "Measure how well samples stand for real images."
    case .features: "Tell classes by the discriminator's features."
    case .invert: "Find the latent vector whose image is nearest to a given one."
    case .neighbors: "Find the training images that are nearest to samples."
    case .turn: "Add an axis between two concepts to random samples."
    case .concepts: "Find samples that show a class, by a classifier of real images."
    case .arithmetic: "Add and subtract concepts, each a mean of some samples."
    }
  }
}

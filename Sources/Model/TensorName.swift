import Optimizers
import Spec

/// The names of what goes into programs and comes out of them: the one list of them.
///
/// Parameters and running statistics have the names that files give them, such as
/// `generator.conv1.weight`.
package enum TensorName {
  /// Real images [N, H, W, C] in the spec's range.
  package static let real = "real"
  /// One-hot labels [N, classes] of real and generated images.
  package static let labels = "labels"
  /// Noise [N, Z] that a training step takes instead of drawing it.
  package static func noise(_ role: NetworkRole) -> String { "z.\(role.rawValue)" }

  /// A scalar.
  package static func loss(_ role: NetworkRole) -> String { "loss.\(role.rawValue)" }
  /// The mean probability that the discriminator gives to real images, a scalar.
  package static let meanOnReal = "mean_d_real"
  /// The same for generated images.
  package static let meanOnFake = "mean_d_fake"

  /// The mean score of real images, where the loss is about scores without bounds.
  package static let scoreOnReal = "mean_score_real"
  /// The same for generated images.
  package static let scoreOnFake = "mean_score_fake"

  package static func gradient(_ parameter: String) -> String { gradientPrefix + parameter }
  package static func isGradient(_ name: String) -> Bool { name.hasPrefix(gradientPrefix) }
  private static let gradientPrefix = "grad."

  /// What the optimiser keeps of a parameter: `adam.m.generator.conv1.weight`.
  package static func optimizerState(_ prefix: String, of parameter: String) -> String {
    "\(prefix).\(parameter)"
  }
  /// The moving average of a parameter or statistic: `average.generator.conv1.weight`.
  package static func average(of parameter: String) -> String { "average.\(parameter)" }
  /// The share of the old value in the next averages, a scalar that changes from step to step.
  package static let averageShare = "share.average"
  /// A number of the optimiser that changes from step to step: `rate.generator`.
  package static func scalar(_ scalar: OptimizerScalar, _ role: NetworkRole) -> String {
    "\(scalar.rawValue).\(role.rawValue)"
  }

  // What a step gives besides, for tests: generated images [N, H, W, C] and logits [N].
  package static let fakeImages = "forward.fake"
  package static let logitsOnReal = "forward.logits.real"
  package static let logitsOnFake = "forward.logits.fake"

  // What an examined step gives besides, scalars: the mean of what comes out of a layer in the part
  // of a network, and of the squares of a parameter's gradient.
  package static func mean(_ node: String, _ pass: LayerPass, in part: NetworkRole) -> String {
    "mean.\(part.rawValue).\(pass.rawValue).\(node)"
  }
  package static func meanSquare(_ parameter: String) -> String { "square.\(parameter)" }

  /// The feature of a layer that is looked at: 1, and 0 for the others.
  package static let lookedAtFeature = "look.feature"
  /// What guided backpropagation finds, in the shape of the images.
  package static let guided = "guided"

  // A search for the nearest samples.
  package static let nearestSamples = "nearest.samples"
  package static let nearestTargets = "nearest.targets"
  package static let nearestScores = "nearest.scores"

  // Samples without some of the feature maps of a layer.
  package static let keptNoise = "kept.z"
  package static let keptLabels = "kept.labels"
  /// 1 for a map that is kept and 0 for one that is not, [C].
  package static let keptMaps = "kept.maps"

  // Distances between vectors.
  package static let distanceRows = "distances.rows"
  package static let distanceColumns = "distances.columns"
  package static let squaredDistances = "distances.squares"

  /// Noise [N, Z] of a look at a training's health.
  package static let vitalsNoise = "vitals.z"
  /// One-hot labels [N, classes] of such a look.
  package static let vitalsLabels = "vitals.labels"
  /// The sum of what comes out of each channel of a layer, [C].
  package static func activity(_ node: String) -> String { "activity.\(node)" }

  /// A statistic that was measured right before images are made.
  package static func calibrated(of statistic: String) -> String { "calibrated.\(statistic)" }
  /// Images [N, H, W, C] that a program looks at.
  package static let lookedAt = "look.images"
  /// Their one-hot labels [N, classes].
  package static let lookedAtLabels = "look.labels"
  /// What a discriminator makes of them, [N, F].
  package static let features = "features"

  // Of a program that looks for the latent vector of an image: vectors [S, Z], the image [H, W, C],
  // one-hot labels [S, classes], the mean square differences [S], and their gradient [S, Z].
  package static let searchedNoise = "search.z"
  package static let searchedImages = "search.images"
  package static let searchedLabels = "search.labels"
  package static let searchErrors = "search.errors"
  package static let searchGradient = "search.gradient"
  package static let searchedPixels = "search.pixels"
  package static let searchedFeature = "search.feature"

  /// Noise [N, Z] of a sampling program.
  package static let sampleNoise = "sample.z"
  /// One-hot labels [N, classes] of a sampling program.
  package static let sampleLabels = "sample.labels"
  /// One-hot labels [N, classes] of the images that statistics are measured on.
  package static let calibrationLabels = "calibrated.labels"
  /// What a sampling program makes, [N, H, W, C].
  package static let images = "images"
}

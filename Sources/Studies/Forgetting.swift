import Device
import Images
import LayerGraph
import Model
import Program
import Spec
import Training

/// Lets a generator forget to draw something: the feature maps that are active where it stands are left
/// out.
///
/// A logistic regression over a layer's features learns which places lie inside boxes that somebody has
/// drawn around the thing in samples; samples without boxes help to tell the thing from what else is
/// at its place. Maps whose weight is positive are set to 0 everywhere, in new samples, too. Source: Radford et al. 2015, section 6.3.1, for the windows of bedrooms.
package struct Forgetting: Sendable {
  package let boxes: SampleBoxes
  /// A convolution of the generator; nil for the last but one, as in the paper.
  package let layer: String?
  /// Maps that are left out at most: those of the largest weights; nil for all of a positive weight.
  package let maps: Int?
  /// New samples that are made with all maps and without some.
  package let samples: Int
  /// The class that a conditional generator makes.
  package let label: Int

  package init(boxes: SampleBoxes, layer: String?, maps: Int?, samples: Int, label: Int) {
    (self.boxes, self.layer, self.maps) = (boxes, layer, maps)
    (self.samples, self.label) = (samples, label)
  }

  package struct Result: Encodable, Sendable {
    package let study = Study.forget.rawValue
    package let checkpoint: String
    package let layer: String
    package let seed: UInt64
    /// Maps of the layer, and those that are left out.
    package let maps: Int
    package let dropped: [Int]
    /// The share of places whose side of the boxes the regression tells.
    package let accuracy: Double
    /// The mean change of a pixel of the samples with boxes, on 0 … 255.
    package let changeInside: Double
    package let changeOutside: Double
    /// Of the new samples, how many a classifier takes for what is wanted; nil without one.
    package let accepted: Accepted?

    package struct Accepted: Encodable, Sendable {
      package let classifier: String
      package let wanted: Int
      package let samples: Int
      package let before: Int
      package let after: Int
    }

    private enum CodingKeys: String, CodingKey {
      case study, checkpoint, layer, seed, maps, dropped, accuracy
      case changeInside = "change_inside"
      case changeOutside = "change_outside"
      case accepted
    }
  }

  /// LIBLINEAR's C.
  private static let cost = 1.0
  /// Places outside of boxes to each one inside, at most.
  private static let outside = 50
  /// Images of each row of the picture.
  private static let shown = 8

  package func run(
    on networks: TrainedNetworks, judge: (classifier: TrainedNetworks, wanted: Int)? = nil
  ) throws(StudyProblem) -> (picture: ImageBuffer, result: Result) {
    let spec = networks.spec
    let latents = try Latents(of: networks, label: label)
    let convolutions = networks.graph.generator.convolutions
    // The last one makes the image.
    let hidden = Array(convolutions.dropLast())
    guard let end = layer.map({ name in hidden.first { $0.name == name } }) ?? hidden.last else {
      throw .noHiddenLayer(name: layer, names: hidden.map(\.name))
    }
    let generator = try ForgetfulGenerator(of: networks, layer: end, latents: latents)
    let numbers = boxes.samples.map(\.number)
    let z = latents.noise(numbers, seed: boxes.seed)
    let whole = try generator.images(for: z, kept: [Float](repeating: 1, count: end.channels))

    let examples = examples(of: whole.features, generator, spec.image)
    guard Set(examples.labels).count == 2 else { throw .boxesWithoutPlaces(layer: end.name) }
    let classifier = LinearClassifier(examples, cost: Self.cost, kind: .logistic)
    let weights = classifier.weights(for: 1)
    let positive = weights.indices.filter { weights[$0] > 0 }
      .sorted { (-weights[$0], $0) < (-weights[$1], $1) }
    let dropped = Set(positive.prefix(maps ?? positive.count))
    let kept: [Float] = weights.indices.map { dropped.contains($0) ? 0 : 1 }
    let without = try generator.images(for: z, kept: kept)
    let (inside, outside) = changes(from: whole.images, to: without.images, spec.image)

    let fresh = latents.noise(Array(0..<samples), seed: boxes.seed + 1)
    let before = try generator.images(
      for: fresh, kept: [Float](repeating: 1, count: end.channels)
    ).images
    let after = try generator.images(for: fresh, kept: kept).images
    let accepted = try judge.map { judge throws(StudyProblem) in
      let features = try ClassifierFeatures(judge.classifier, of: spec.image)
      return Result.Accepted(
        classifier: judge.classifier.checkpoint, wanted: judge.wanted, samples: samples,
        before: try features.count(of: judge.wanted, in: before, spec.image),
        after: try features.count(of: judge.wanted, in: after, spec.image))
    }
    let picture = StudyPicture(of: spec.image)
    let size = spec.image.height * spec.image.width * spec.image.channels
    func row(_ title: String, _ images: [Float]) -> (String, ImageBuffer) {
      (title, picture.sheet(Array(images.prefix(Self.shown * size)), columns: Self.shown))
    }
    return (
      StudyPicture.stacked([
        row("samples with boxes", framed(whole.images, spec.image)),
        row("the same without \(kept.count { $0 == 0 }) of \(kept.count) maps", without.images),
        row("new samples", before), row("the same without these maps", after),
      ]),
      Result(
        checkpoint: networks.checkpoint, layer: end.name, seed: boxes.seed, maps: end.channels,
        dropped: kept.indices.filter { kept[$0] == 0 }, accuracy: classifier.accuracy(on: examples),
        changeInside: inside, changeOutside: outside, accepted: accepted)
    )
  }

  // MARK: Private

  /// Features at places inside boxes, class 1, and at some outside, class 0.
  private func examples(
    of features: [Float], _ generator: ForgetfulGenerator, _ image: ImageSpec
  ) -> LinearClassifier.Examples {
    let (height, width) = generator.size
    let channels = features.count / (boxes.samples.count * height * width)
    var (inside, outside): ([[Float]], [[Float]]) = ([], [])
    for (item, sample) in boxes.samples.enumerated() {
      for y in 0..<height {
        for x in 0..<width {
          let first = ((item * height + y) * width + x) * channels
          let vector = Array(features[first..<first + channels])
          // The middle of what a place of the maps stands for.
          let (row, column) = (
            (Double(y) + 0.5) * Double(image.height) / Double(height),
            (Double(x) + 0.5) * Double(image.width) / Double(width)
          )
          if sample.boxes.contains(where: { $0.contains(y: row, x: column) }) {
            inside.append(vector)
          } else {
            outside.append(vector)
          }
        }
      }
    }
    let stream = RandomStream(key: RandomKey(seed: boxes.seed, step: 0), stream: 0)
    let keys = outside.indices.map { stream.uniform(at: $0) }
    let chosen = outside.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }
      .prefix(max(1, inside.count * Self.outside)).map { outside[$0] }
    let all = inside + chosen
    return LinearClassifier.Examples(
      all, inside.map { _ in 1 } + chosen.map { _ in 0 }, scale: LinearClassifier.scale(of: all))
  }

  /// The mean change of a pixel, on 0 … 255, inside all boxes and outside of them.
  private func changes(
    from before: [Float], to after: [Float], _ image: ImageSpec
  ) -> (inside: Double, outside: Double) {
    let unit = 255 / Double(image.pixelRange.upperBound - image.pixelRange.lowerBound)
    var sums = (inside: 0.0, outside: 0.0)
    var counts = (inside: 0, outside: 0)
    for (item, sample) in boxes.samples.enumerated() {
      for y in 0..<image.height {
        for x in 0..<image.width {
          let isInside = sample.boxes.contains { $0.contains(y: Double(y), x: Double(x)) }
          for channel in 0..<image.channels {
            let place = ((item * image.height + y) * image.width + x) * image.channels + channel
            let change = Double(abs(before[place] - after[place])) * unit
            if isInside {
              sums.inside += change
              counts.inside += 1
            } else {
              sums.outside += change
              counts.outside += 1
            }
          }
        }
      }
    }
    return (
      sums.inside / Double(max(counts.inside, 1)), sums.outside / Double(max(counts.outside, 1))
    )
  }

  /// With the border of each box, black or white against what is there.
  private func framed(_ images: [Float], _ image: ImageSpec) -> [Float] {
    var images = images
    let size = image.height * image.width * image.channels
    for (item, sample) in boxes.samples.enumerated() {
      for box in sample.boxes {
        for y in box.top..<box.top + box.height {
          for x in box.left..<box.left + box.width {
            let isBorder =
              y == box.top || y == box.top + box.height - 1 || x == box.left
              || x == box.left + box.width - 1
            guard isBorder else { continue }
            for channel in 0..<image.channels {
              let place = item * size + (y * image.width + x) * image.channels + channel
              images[place] =
                images[place] < image.middle
                ? image.pixelRange.upperBound : image.pixelRange.lowerBound
            }
          }
        }
      }
    }
    return images
  }
}

/// A generator whose maps of one layer can be left out.
///
/// A class because it owns a loaded program; used from one thread at a time.
private final class ForgetfulGenerator {
  /// Of the layer's maps.
  var size: (height: Int, width: Int) { program.size }
  private let networks: TrainedNetworks
  private let latents: Latents
  private let program: ForgettingProgram
  private let loaded: any LoadedProgram

  init(
    of networks: TrainedNetworks, layer: ConvolutionEnd, latents: Latents
  ) throws(StudyProblem) {
    (self.networks, self.latents) = (networks, latents)
    let program = ForgettingProgram(
      of: networks.spec, graph: networks.graph, batch: min(64, networks.spec.train.batch),
      layer: layer)
    self.program = program
    loaded = try training { () throws(TrainingProblem) in try networks.load(program.program) }
  }

  /// Images [N, H, W, C] for z [N, Z] with the maps that `kept` [C] says, and the layer's features.
  func images(
    for z: [Float], kept: [Float]
  ) throws(StudyProblem) -> (images: [Float], features: [Float]) {
    let (spec, state, batch) = (networks.spec, networks.state, program.batch)
    let (count, size) = (z.count / spec.latent.size, spec.latent.size)
    var (images, features): ([Float], [Float]) = ([], [])
    for start in stride(from: 0, to: count, by: batch) {
      let items = min(batch, count - start)
      // The first vector fills up.
      let noise = (0..<batch).flatMap { place -> ArraySlice<Float> in
        let item = place < items ? start + place : start
        return z[item * size..<(item + 1) * size]
      }
      let (made, found) = try training { () throws(TrainingProblem) in
        try onDevice { () throws(DeviceProblem) in
          try state.write(noise, to: TensorName.keptNoise)
          try state.write(kept, to: TensorName.keptMaps)
          if let condition = spec.condition, let labels = latents.labels(batch),
            state.contains(TensorName.keptLabels)
          {
            try state.write(
              oneHot(labels, classes: condition.classes), to: TensorName.keptLabels)
          }
          try loaded.run(key: RandomKey(seed: 0, step: 0))
          return (try loaded.output(TensorName.images), try loaded.output(TensorName.features))
        }
      }
      images += made.prefix(made.count / batch * items)
      features += found.prefix(found.count / batch * items)
    }
    return (images, features)
  }
}

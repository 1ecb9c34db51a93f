import Datasets
import Device
import Files
import Images
import LayerGraph
import Spec
import Training

/// Images of a data set that look nearly the same.
///
/// An autoencoder is trained on the images; the units of its code that fire are a hash of 128 bits.
/// Two images belong together where the hash of one of them, perhaps shifted or cropped a little,
/// differs from the other's in at most three bits. Time is linear in the number of images, and 52
/// bytes of memory are needed for each. Source: Radford et al. 2015, section 4.1.1, which
/// compares unshifted images by equal hashes.
package struct NearDuplicates {
  /// Numbers of the images that belong together, each group in order, the first one to be kept.
  package let groups: [[Int]]
  package let images: Int

  /// - Parameters:
  ///   - count: of all images.
  ///   - pairs: that look alike, in any order.
  init(count: Int, pairs: [(Int, Int)]) {
    images = count
    var first = (0..<UInt32(count)).map { $0 }
    func root(_ index: Int) -> Int {
      var index = index
      while Int(first[index]) != index {
        first[index] = first[Int(first[index])]
        index = Int(first[index])
      }
      return index
    }
    for (left, right) in pairs {
      let (left, right) = (root(left), root(right))
      first[max(left, right)] = UInt32(min(left, right))
    }
    var members: [Int: [Int]] = [:]
    for index in 0..<count where root(index) != index {
      members[root(index), default: [root(index)]].append(index)
    }
    groups = members.values.sorted { $0[0] < $1[0] }
  }

  /// What the autoencoder is trained on.
  package static func trainingData(of dataset: any Dataset) -> any Dataset {
    DuplicateViews(base: dataset)
  }

  /// Looks for near-duplicates by the codes of a trained autoencoder.
  package init(
    in dataset: any Dataset, by checkpoint: String, device: any Device
  ) throws(TrainingProblem) {
    let hasher = try ImageHashes(by: checkpoint, device: device)
    let index = HashIndex(try hasher.hashes(of: dataset, 0..<dataset.count))
    var pairs: [(Int, Int)] = []
    for start in stride(from: 0, to: dataset.count, by: ImageHashes.together) {
      let items = start..<min(start + ImageHashes.together, dataset.count)
      let found = try hasher.hashesOfViews(of: dataset, items)
      for (place, hash) in found.enumerated() {
        let image = start + place / DuplicateViews.count
        index.forEach(near: hash) { if $0 != image { pairs.append((image, $0)) } }
      }
      // Pairs come many times; what is known already is not kept.
      if pairs.count > 1 << 20 { pairs = Self.withoutRepetitions(pairs) }
    }
    self.init(count: dataset.count, pairs: pairs)
  }

  private static func withoutRepetitions(_ pairs: [(Int, Int)]) -> [(Int, Int)] {
    struct Pair: Hashable {
      let left: UInt32
      let right: UInt32
    }
    return Set(pairs.map { Pair(left: UInt32(min($0, $1)), right: UInt32(max($0, $1))) })
      .map { (Int($0.left), Int($0.right)) }
  }

  /// The images that a set without near-duplicates leaves out.
  package var leftOut: [Int] { groups.flatMap { $0.dropFirst() }.sorted() }

  /// Lines for people.
  package var text: String {
    let extra = leftOut.count
    return extra == 0
      ? "no near-duplicates among \(images.counted("image"))"
      : "\(extra.counted("near-duplicate")) of \(groups.count.counted("image")) among "
        + "\(images.grouped)"
  }

  /// A name and, after a tab, what it is like, in each line: `data: {skip: …}` takes it.
  package func skipList(of dataset: any Dataset) -> String {
    groups.flatMap { group in
      group.dropFirst().map {
        "\(dataset.place(of: $0))\tlike \(dataset.place(of: group[0]))\n"
      }
    }.joined()
  }

  /// A PNG file with a row of up to eight images for each of the first 32 groups.
  package func sheet(of dataset: any Dataset) throws(TrainingProblem) -> [UInt8] {
    let shape = dataset.imageShape
    let shown = groups.prefix(32)
    let columns = 8
    let blank = [UInt8](repeating: 0, count: shape.count)
    var sheet = GridSheet(
      Grid(
        count: max(shown.count, 1) * columns, height: shape.height, width: shape.width,
        channels: shape.channels, columns: columns))
    for group in shown {
      for place in 0..<columns {
        do throws(DatasetProblem) {
          sheet.add(place < group.count ? try dataset.image(at: group[place]) : blank)
        } catch {
          throw .data(error)
        }
      }
    }
    do throws(ImageProblem) { return try PNG.encode(sheet.image) } catch { throw .image(error) }
  }
}

import Datasets
import Files
import Images
import Spec
import Training

/// What a spec reads: how many images of which sizes, their labels, and the values of their pixels.
package struct DataSummary {
  package let source: String
  package let images: Int
  package let shape: ImageShape
  /// Sizes before they are fitted, where pictures have sizes of their own.
  package let sizes: PictureSizes?
  /// Name and count of each label; empty where none are read.
  package let labels: [(name: String, count: Int)]
  /// Of each channel's bytes, from 0 to 255, among `measured` images.
  package let channels: [(mean: Double, deviation: Double)]
  package let measured: Int

  /// Images whose pixels are looked at, spread over the whole.
  private static let sample = 2048

  package init(of dataset: any Dataset) throws(DatasetProblem) {
    source = dataset.name
    images = dataset.count
    shape = dataset.imageShape
    var counts: [Int: Int] = [:]
    if let count = dataset.labelCount, !dataset.isStream {
      for index in 0..<dataset.count {
        if let label = try dataset.label(at: index) { counts[label, default: 0] += 1 }
      }
      let names = dataset.labelNames
      labels = (0..<count).map { (names?[$0] ?? "\($0)", counts[$0] ?? 0) }
    } else {
      labels = []
    }
    measured = min(dataset.count, Self.sample)
    sizes = try dataset.pictureSizes(sample: measured)
    var sums = [(Double, Double)](repeating: (0, 0), count: shape.channels)
    for place in 0..<measured {
      let image = try dataset.image(at: dataset.place(place, of: measured))
      for (position, byte) in image.enumerated() {
        let channel = position % shape.channels
        sums[channel].0 += Double(byte)
        sums[channel].1 += Double(byte) * Double(byte)
      }
    }
    let values = Double(measured * shape.height * shape.width)
    channels = sums.map { sum, squares in
      let mean = sum / values
      return (mean, max(0, squares / values - mean * mean).squareRoot())
    }
  }

  /// Lines for people.
  package var text: String {
    var lines = ["source    \(source), \(images.counted("image"))"]
    if let sizes { lines.append("pictures  \(sizes.text)") }
    lines.append("as        \(shape) (channels × height × width)")
    if !labels.isEmpty {
      let shown = labels.prefix(20).map { "\($0.name.excerpt(30)) \($0.count.grouped)" }
      lines.append(
        "labels    " + shown.joined(separator: ", ")
          + (labels.count > 20 ? " and \(labels.count - 20) more" : ""))
    }
    let names = shape.channels == 1 ? ["gray"] : ["red", "green", "blue"]
    let values = zip(names, channels).map { name, value in
      "\(name) \(Int(value.mean.rounded())) ± \(Int(value.deviation.rounded()))"
    }
    lines.append(
      "pixels    " + values.joined(separator: ", ") + " of 255"
        + (measured < images ? " (\(measured.counted("image")))" : ""))
    return lines.joined(separator: "\n")
  }
}

extension Dataset {
  /// Image `number` of a sample of `sampled` images: spread over the whole, or the first of a stream.
  fileprivate func place(_ number: Int, of sampled: Int) -> Int {
    isStream ? number : number * count / sampled
  }
}

/// Images of a data set on one sheet.
package struct ContactSheet {
  package let dataset: any Dataset
  /// At most; as many as there are.
  package var count = 64

  package init(of dataset: any Dataset) { self.dataset = dataset }

  /// A PNG file with images that are spread over the whole data set.
  package func png() throws(TrainingProblem) -> [UInt8] {
    let shape = dataset.imageShape
    let count = min(count, dataset.count)
    var sheet = GridSheet(
      Grid(count: count, height: shape.height, width: shape.width, channels: shape.channels))
    for place in 0..<count {
      do throws(DatasetProblem) {
        sheet.add(try dataset.image(at: dataset.place(place, of: count)))
      } catch {
        throw .data(error)
      }
    }
    do throws(ImageProblem) { return try PNG.encode(sheet.image) } catch { throw .image(error) }
  }
}

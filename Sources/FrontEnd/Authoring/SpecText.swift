extension NewSpec {
  /// The spec as a file: it keeps to the guidelines, and its comments say why it is as it is.
  public var text: String {
    (heading + settings + generator + discriminator + training).map { $0 + "\n" }.joined()
  }

  // MARK: Parts

  private var heading: [String] {
    let colours = channels == 1 ? "Grey images" : channels == 3 ? "Colour images" : "Images"
    let labels =
      classes.map { " in \($0) classes, which both networks are told" } ?? ""
    return comment("\(colours) of \(size) pixels\(labels).")
      + comment(
        "\(size) is \(pyramid.base) doubled \(times(pyramid.steps))"
          + (hasOddMaps ? ", less one row and column where maps are odd" : "")
          + ": so many stride-2 layers lead from the smallest maps to the image, and as many back. "
          + "Each halving of the maps doubles their number"
          + (factor(pyramid.steps) < 1 << (pyramid.steps - 1)
            ? ", up to \(Self.largestFactor) times `width`." : "."))
      + ["dcgan: 1", "name: \(name)", ""]
      + comment(
        "Feature maps of the layers next to the image; doubling them takes four times the work.")
      + ["let: {width: \(width)}", ""]
  }

  private var settings: [String] {
    let side = size.height == size.width ? "\(size.height)" : "[\(size.height), \(size.width)]"
    var lines = [
      noted(
        "image: {size: \(side), channels: \(channels), range: [-1, 1]}",
        size.height == size.width ? "tanh's range" : "height, width; tanh's range"),
      noted("latent: {size: 100, distribution: uniform}", "z, which an image is made of"),
    ]
    if let classes {
      lines += comment(
        "The class joins what flows before every layer with weights: a one-hot vector, or a constant "
          + "map for each class.")
      lines.append("condition: {classes: \(classes), join: everywhere}")
    }
    return lines + [""]
  }

  private var generator: [String] {
    var lines =
      comment(
        "Batchnorm and ReLU in every layer but the last, which generates the pixels with tanh.")
      + [
        "generator:",
        "  defaults: {kernel: \(kernel), stride: 2, padding: same, norm: batch, activation: relu}",
        "  layers:",
      ]
    let base = pyramid.base
    lines.append(
      noted(
        "    - project: {to: [\(projected), \(base.height), \(base.width)]}",
        "z → \(projectedMaps) × \(base)"))
    for halvings in (1..<pyramid.steps).reversed() {
      lines.append(
        noted(
          "    - conv_transpose: {filters: \(filters(halvings - 1))\(shrinking(halvings))}",
          "\(count(halvings - 1)) × \(maps(halvings))"))
    }
    lines.append(
      "    - conv_transpose: {name: image, filters: \(channels)\(shrinking(0)), norm: none, "
        + "activation: tanh}")
    return lines + [""]
  }

  private var discriminator: [String] {
    var lines =
      comment(
        "The same in reverse, with LeakyReLU; no batchnorm on the layer next to the pixels.")
      + [
        "discriminator:",
        "  defaults:",
        "    kernel: \(kernel)",
        "    stride: 2",
        "    padding: same",
        "    norm: batch",
        "    activation: {leaky_relu: 0.2}",
        "  layers:",
      ]
    for halvings in 1...pyramid.steps {
      lines.append(
        noted(
          "    - conv: {filters: \(filters(halvings - 1))\(rounding(halvings - 1))"
            + "\(halvings == 1 ? ", norm: none" : "")}",
          "\(count(halvings - 1)) × \(maps(halvings))"))
    }
    if classes != nil {
      lines.append(noted("    - flatten", "the class joins a vector"))
    }
    lines.append(
      noted(
        "    - linear: {units: 1, norm: none, activation: sigmoid}", "1 for real, 0 for generated"))
    return lines + [""]
  }

  private var training: [String] {
    if let pictures { return training(on: pictures) }
    let isPaperBatch = batch == 128
    let drawsFaces = channels == 3 && classes == nil
    return comment(
      "\(drawsFaces ? "Faces" : "Digits") that the program draws, to see the networks learn. "
        + "Pictures of your own: `data: {source: folder, path: FOLDER}`.")
      + ["data: {source: \(drawsFaces ? "portraits" : "digits")}"]
      + (isPaperBatch
        ? [] : comment("The paper's batch of 128 needs more memory than most machines have."))
      + ["train: {batch: \(batch), epochs: 25}"]
  }

  private func training(on pictures: NewSpecPictures) -> [String] {
    let cut = pictures.isCut ? ["fit: crop"] : []
    let options = ["source: folder", "path: \(pictures.path.quotedYAML)"] + cut
    let batch = min(pictures.batch, batch)
    return comment(
      "\(pictures.count) pictures"
        + (pictures.isCut
          ? ", of each the middle. Other ways to fit: random_crop, resize, pad." : ".")
        + " `flip: true` mirrors half of them, where left and right do not matter.")
      + (classes == nil && pictures.folders > 1
        ? comment(
          "They lie in \(pictures.folders) folders, which can be classes: `dcgan-compile new "
            + "--conditional \(pictures.folders)`.") : [])
      + ["data: {\(options.joined(separator: ", "))}"]
      + ["train: {batch: \(batch), epochs: \(pictures.epochs)}"]
  }

  // MARK: Odd sizes

  private var hasOddMaps: Bool {
    (0..<pyramid.steps).contains { maps($0).height % 2 == 1 }
  }

  /// Options of the layer that makes the maps `halvings` away from the image, where they are odd.
  ///
  /// H' = (H − 1)·2 − 2·padding + K + output_padding is 2·H − 1 for an even K with padding K / 2 and
  /// output_padding 1, for an odd one with padding (K − 1) / 2.
  private func shrinking(_ halvings: Int) -> String {
    guard maps(halvings).height % 2 == 1 else { return "" }
    return kernel % 2 == 0
      ? ", padding: \(kernel / 2), output_padding: 1"
      : ", padding: \(kernel / 2), output_padding: 0"
  }

  /// Options of the layer that halves the maps `halvings` away from the image, where they are odd.
  ///
  /// H' = ⌊(H + 2·padding − K) / 2⌋ + 1 is (H + 1) / 2 for an odd H and padding ⌊K / 2⌋.
  private func rounding(_ halvings: Int) -> String {
    maps(halvings).height % 2 == 1 ? ", padding: \(kernel / 2)" : ""
  }

  // MARK: Words

  private var projected: String {
    projectedMaps == count(pyramid.steps - 1) ? filters(pyramid.steps - 1) : "\(projectedMaps)"
  }

  private func filters(_ halvings: Int) -> String {
    factor(halvings) == 1 ? "width" : "width * \(factor(halvings))"
  }

  private func count(_ halvings: Int) -> Int { width * factor(halvings) }

  private func times(_ count: Int) -> String {
    count == 1 ? "once" : count == 2 ? "twice" : "\(count) times"
  }

  /// A line with a comment where the shipped specs have theirs.
  private func noted(_ line: String, _ note: String) -> String {
    let column = 64
    let space = String(repeating: " ", count: max(column - line.count, 2))
    return "\(line)\(space)# \(note)"
  }

  /// Comment lines of at most 100 columns.
  private func comment(_ text: String) -> [String] {
    var lines = ["#"]
    for word in text.split(separator: " ") {
      if lines[lines.count - 1].count + 1 + word.count > 100 { lines.append("#") }
      lines[lines.count - 1] += " \(word)"
    }
    return lines
  }
}

extension String {
  /// Between quotes, where a plain text could mean something else to YAML.
  fileprivate var quotedYAML: String {
    let isPlain =
      !isEmpty
      && allSatisfy {
        $0.isASCII && ($0.isLetter || $0.isNumber || "/._-".contains($0))
      } && contains { $0.isLetter } && first != "-"
    if isPlain { return self }
    return "\"" + replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
}

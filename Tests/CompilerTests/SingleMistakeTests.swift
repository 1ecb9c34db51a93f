import Compiler
import Diagnostics
import Testing

/// One mistake in a spec that is in order gives one report: the right code, at the right place.
@Suite struct SingleMistakeTests {
  /// What stands in the spec, what a slip makes of it, and the place and code of the one report.
  typealias Mistake = (old: String, new: String, report: String)

  @Test func theSpecIsInOrder() {
    #expect(reports(of: singleMistakeSpec) == [])
  }

  @Test(arguments: keys + values + layers + definitions + forms + networks)
  func isReportedOnce(_ mistake: Mistake) throws {
    try #require(singleMistakeSpec.contains(mistake.old))
    let spec = singleMistakeSpec.replacing(mistake.old, with: mistake.new, maxReplacements: 1)
    #expect(reports(of: spec) == [mistake.report])
  }

  private func reports(of spec: String) -> [String] {
    Compilation(SourceFile(path: "spec.yaml", text: spec)).diagnostics.map { diagnostic in
      let start = diagnostic.primary.span.start
      return "\(start.line):\(start.column) \(diagnostic.code)"
    }
  }

  static let keys: [Mistake] = [
    ("name: faces", "nmae: faces", "2:1 S202"),
    ("latent: {size", "latnet: {size", "5:1 S202"),
    ("generator:\n", "genrator:\n", "6:1 S202"),
    ("image: {size: size, channels: 3, range: [-1, 1]}\n", "", "1:1 S201"),
    ("dcgan: 1\n", "", "1:1 S201"),
    ("  layers:\n    - project", "  layer:\n    - project", "8:3 S202"),
    ("kernel: 4, stride: 2, padding", "kernel: 4, strid: 2, padding", "7:25 S231"),
    ("filters: width * 4}", "fliters: width * 4}", "24:14 S202"),
    ("optimizer: {adam: {learning_rate", "optimizer: {adam: {lr", "30:22 S202"),
  ]

  static let values: [Mistake] = [
    ("channels: 3", "channels: three", "4:31 E306"),
    ("uniform", "unifrom", "5:35 S205"),
    ("padding: same", "padding: sane", "7:45 S205"),
    ("[-1, 1]", "[-1]", "4:41 S204"),
    ("batch: 128", "batch: 128.5", "28:10 S208"),
    ("batch: 128", "batch: 0", "28:10 S209"),
    ("batch: 128", "batch:", "28:9 S207"),
    ("batch: 128", "batch: many", "28:10 E306"),
    ("batch: 128", "batch: no", "28:10 E306"),
    ("batch: 128", "batch: 1_28", "28:10 E302"),
  ]

  static let layers: [Mistake] = [
    ("- conv: {filters: width * 2}", "- conv2d: {filters: width * 2}", "23:7 S223"),
    ("- repeat:", "- repaet:", "10:7 S223"),
    ("- conv: {filters: width * 2}", "- conv: {filters: width * 2, name: conv1}", "23:40 S224"),
    ("kernel: 4\n", "kernel: four\n", "17:13 E306"),
    ("norm: batch\n", "norm: btach\n", "19:11 S205"),
    ("norm: batch\n", "norm: {batch: 0.8}\n", "19:19 S206"),
  ]

  static let definitions: [Mistake] = [
    ("let: {size: 32, width", "let: {size: 32, wdith", "9:22 E306"),
    ("let: {size: 32", "let: {sizes: 32", "3:41 E306"),
    ("let: {size: 32", "let: {size: 33", "3:35 S208"),
    ("log2(size / 4)", "log(size / 4)", "3:35 E307"),
    ("log2(size / 4)", "log2(size / 4", "3:39 E305"),
    ("log2(size / 4)", "steps", "3:28 S230"),
    ("for: i in 1..steps - 1", "for: 3", "11:14 S225"),
    ("        for: i in 1..steps - 1\n", "", "10:7 S225"),
    ("width: 64,", "width: min(64, size),", "3:30 Y107"),
    ("filters: width * 4}", "filters: min(width * 4, 512)}", "24:36 Y107"),
    ("to: [width * 2^(steps - 1), 4, 4]", "to: [min(width * 4, 512), 4, 4]", "9:35 Y107"),
  ]

  static let forms: [Mistake] = [
    ("  epochs: 5", "   epochs: 5", "29:4 Y104"),
    ("  epochs: 5", " epochs: 5", "29:2 Y104"),
    ("  epochs: 5", "epochs: 5", "30:3 Y104"),
    ("    stride: 2\n    norm", "  stride: 2\n    norm", "19:5 Y104"),
    ("    - conv: {filters: width * 2}", "   - conv: {filters: width * 2}", "23:4 Y104"),
    ("    - conv: {filters: width * 2}", "    - conv:\n        kernel: 4", "23:7 S201"),
    ("    - conv: {filters: width * 2}", "    - conv: width * 2", "23:13 S206"),
    ("    - conv: {filters: width * 2}", "    conv: {filters: width * 2}", "23:5 Y104"),
    ("    - conv: {filters: width * 2}", "    -conv: {filters: width * 2}", "23:5 Y104"),
    ("    - conv: {filters: width * 2}", "    - conv {filters: width * 2}", "23:11 Y105"),
    ("    - conv: {filters: width * 2}", "    - conv:{filters: width * 2}", "23:11 Y105"),
    ("    - conv: {filters: width * 2}", "    - conv: {filters = 64}", "23:21 Y105"),
    ("    - conv: {filters: width * 2}", "    - conv: {filters:width}", "23:21 Y105"),
    ("    - conv: {filters: width * 2}", "    - {conv: , filters: width * 2}", "23:16 S222"),
    ("  batch: 128", "  batch 128", "28:8 Y105"),
    ("latent: {size: 100", "latent {size: 100", "5:7 Y105"),
    (
      "optimizer: {adam: {learning_rate: 0.0002, beta1: 0.5}}",
      "optimizer: {learning_rate: 0.0002, beta1: 0.5}",
      "30:14 S222"
    ),
    ("activation: {leaky_relu: 0.2}", "activation: leaky_relu: 0.2", "20:27 Y105"),
    ("4, 4]}", "4]}", "9:21 S204"),
  ]

  static let networks: [Mistake] = [
    (
      "    - conv: {filters: width * 4}\n    - linear: {units: 1, norm: none, activation: sigmoid}",
      "    - linear: {units: 1, norm: none, activation: sigmoid}\n    - conv: {filters: width * 4}",
      "25:7 T401"
    ),
    ("    - project: {to: [width * 2^(steps - 1), 4, 4]}\n", "", "13:7 T402"),
    ("    - linear: {units: 1, norm: none, activation: sigmoid}\n", "", "24:7 T403"),
    (
      "    - conv_transpose: {name: image, filters: 3, norm: none, activation: tanh}\n",
      "",
      "13:13 T402"
    ),
    ("filters: 3, norm: none", "filters: 3, stride: 1, norm: none", "14:7 T401"),
    ("filters: 3, norm: none", "filters: 3, stride: 3, norm: none", "14:7 T402"),
    ("- conv: {filters: width * 2}", "- conv: {filters: width * 2, stride: 3}", "23:7 T401"),
    ("units: 1,", "units: 2,", "25:7 T403"),
    ("activation: tanh", "activation: tahn", "14:73 S205"),
    ("activation: tanh", "activation: sigmoid", "14:73 G506"),
    ("activation: sigmoid", "activation: none", "25:7 G518"),
    ("activation: {leaky_relu: 0.2}", "activation: relu", "22:7 G507"),
    ("activation: {leaky_relu: 0.2}", "activation: {leaky_relu: 2}", "20:30 S209"),
    ("- conv: {filters: width * 2}", "- conv: {filters: width * 2}\n    - flatten", "25:7 T401"),
  ]
}

private let singleMistakeSpec = """
  dcgan: 1
  name: faces
  let: {size: 32, width: 64, steps: log2(size / 4)}
  image: {size: size, channels: 3, range: [-1, 1]}
  latent: {size: 100, distribution: uniform}
  generator:
    defaults: {kernel: 4, stride: 2, padding: same, norm: batch, activation: relu}
    layers:
      - project: {to: [width * 2^(steps - 1), 4, 4]}
      - repeat:
          for: i in 1..steps - 1
          layers:
            - conv_transpose: {filters: width * 2^(steps - 1 - i)}
      - conv_transpose: {name: image, filters: 3, norm: none, activation: tanh}
  discriminator:
    defaults:
      kernel: 4
      stride: 2
      norm: batch
      activation: {leaky_relu: 0.2}
    layers:
      - conv: {filters: width, norm: none}
      - conv: {filters: width * 2}
      - conv: {filters: width * 4}
      - linear: {units: 1, norm: none, activation: sigmoid}
  data: {source: digits}
  train:
    batch: 128
    epochs: 5
    optimizer: {adam: {learning_rate: 0.0002, beta1: 0.5}}
  """

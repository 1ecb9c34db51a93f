import Comparison
import Compiler
import Diagnostics
import Model
import Foundation
import Testing

@Suite struct SpecComparisonTests {
  @Test func namesCommentsAndDefaultsMeanNothing() throws {
    let written = small.replacingOccurrences(of: "name: a", with: "name: b  # another")
      .replacingOccurrences(of: "kernel: 4", with: "kernel: 2 * 2, padding: 1")
      .replacingOccurrences(of: "{batch: 8}", with: "{batch: 8, optimizer: adam}")
    #expect(written != small)
    let comparison = try compare(small, written)
    #expect(comparison.isEqual)
    #expect(comparison.checkpoint.loads)
    #expect(comparison.text == "a.yaml and b.yaml mean the same")
  }

  @Test func changedLayersSayWhatFollows() throws {
    let comparison = try compare(
      small, small.replacingOccurrences(of: "[4, 2, 2]", with: "[6, 2, 2]"))
    #expect(!comparison.isEqual)
    #expect(
      comparison.text == """
        a.yaml → b.yaml

        generator
          ~ project1
              ~ to             [4, 2, 2] → [6, 2, 2]
              ~ output         4 × 2 × 2 → 6 × 2 × 2
              ~ parameters     56 → 84
              ~ multiply-adds  48 → 72
          ~ conv_transpose1
              ~ parameters     198 → 294
              ~ multiply-adds  768 → 1,152
          ~ total
              ~ parameters     303 → 427
              ~ multiply-adds  1,584 → 1,992

        a checkpoint of the first does not load into the second: 6 of 21 tensors differ
          ~ generator.project1.weight             [16, 3] → [24, 3]
          ~ generator.project1.norm.weight        [4] → [6]
          ~ generator.project1.norm.bias          [4] → [6]
          ~ generator.project1.norm.running_mean  [4] → [6]
          ~ generator.project1.norm.running_var   [4] → [6]
          ~ generator.conv_transpose1.weight      [4, 3, 4, 4] → [6, 3, 4, 4]
        """)
  }

  @Test func addedAndRemovedLayersAreFoundInTheirPlaces() throws {
    let deeper = small.replacingOccurrences(of: "size: 8", with: "size: 16")
      .replacingOccurrences(
        of: "    - conv_transpose: {filters: 3}",
        with: "    - conv_transpose: {filters: 5}\n    - conv_transpose: {filters: 3}"
      )
      .replacingOccurrences(of: "    - conv: {filters: 4}\n", with: "")
    let comparison = try compare(small, deeper)
    #expect(
      comparison.text == """
        a.yaml → b.yaml

        settings
          ~ image.size  [8, 8] → [16, 16]

        generator
          + conv_transpose1: 5 × 4 × 4
          ~ conv_transpose1 → conv_transpose2
              ~ output         3 × 4 × 4 → 3 × 8 × 8
              ~ parameters     198 → 246
              ~ multiply-adds  768 → 3,840
          ~ conv_transpose2 → conv_transpose3
              ~ output         1 × 8 × 8 → 1 × 16 × 16
              ~ multiply-adds  768 → 3,072
          ~ total
              ~ output         1 × 8 × 8 → 1 × 16 × 16
              ~ parameters     303 → 681
              ~ multiply-adds  1,584 → 8,240

        discriminator
          ~ conv1
              ~ output         2 × 4 × 4 → 2 × 8 × 8
              ~ multiply-adds  512 → 2,048
          - conv2: 4 × 2 × 2
          ~ linear1
              ~ parameters     17 → 129
              ~ multiply-adds  16 → 128
          ~ total
              ~ input          1 × 8 × 8 → 1 × 16 × 16
              ~ parameters     187 → 163
              ~ multiply-adds  1,040 → 2,176

        a checkpoint of the first does not load into the second: 13 of 21 tensors differ
          ~ generator.conv_transpose1.weight             [4, 3, 4, 4] → [4, 5, 4, 4]
          ~ generator.conv_transpose1.norm.weight        [3] → [5]
          ~ generator.conv_transpose1.norm.bias          [3] → [5]
          ~ generator.conv_transpose1.norm.running_mean  [3] → [5]
          ~ generator.conv_transpose1.norm.running_var   [3] → [5]
          ~ generator.conv_transpose2.weight             [3, 1, 4, 4] → [5, 3, 4, 4]
          ~ discriminator.linear1.weight                 [1, 16] → [1, 128]
          + generator.conv_transpose2.norm.weight        [3]
          … and 5 more
        """)
  }

  @Test func settingsAloneLeaveCheckpointsAlone() throws {
    let other = small.replacingOccurrences(
      of: "{batch: 8}", with: "{batch: 16, updates: alternate, optimizer: {sgd: {momentum: 0.9}}}"
    )
    .replacingOccurrences(of: "data: {", with: "objective: {loss: hinge}\ndata: {")
    let comparison = try compare(small, other)
    #expect(comparison.checkpoint.loads)
    #expect(!comparison.checkpoint.resumes)
    #expect(
      comparison.text == """
        a.yaml → b.yaml

        settings
          ~ objective.loss            minimax → hinge
          - objective.generator       non_saturating
          ~ train.batch               8 → 16
          ~ train.updates             both → alternate
          - train.updates.noise       shared
          ~ train.optimizer           adam → sgd
          - train.optimizer.beta1     0.5
          - train.optimizer.beta2     0.999
          - train.optimizer.epsilon   1e-08
          + train.optimizer.momentum  0.9

        a checkpoint of the first loads into the second
        training cannot go on from it: the optimiser's
          `sgd.b.generator.project1.weight` and 14 more are missing
        """)
  }

  @Test func chosenNamesCountAndLeftoversDoNoHarm() throws {
    let other = small.replacingOccurrences(of: "{filters: 3}", with: "{name: middle, filters: 3}")
    #expect(
      try compare(small, other).text == """
        a.yaml → b.yaml

        generator
          ~ conv_transpose1 → middle

        a checkpoint of the first does not load into the second: 5 of 21 tensors differ
          + generator.middle.weight             [4, 3, 4, 4]
          + generator.middle.norm.weight        [3]
          + generator.middle.norm.bias          [3]
          + generator.middle.norm.running_mean  [3]
          + generator.middle.norm.running_var   [3]
        """)
    let less = small.replacingOccurrences(
      of: "activation: relu}", with: "activation: relu, bias: false}"
    )
    .replacingOccurrences(
      of: "norm: none, activation: tanh", with: "norm: none, bias: false, activation: tanh")
    let comparison = try compare(small, less)
    #expect(comparison.checkpoint.loads)
    #expect(!comparison.checkpoint.isEqual)
    #expect(
      comparison.text == """
        a.yaml → b.yaml

        generator
          ~ conv_transpose2
              ~ bias        true → false
              ~ parameters  49 → 48
          ~ total
              ~ parameters  303 → 302

        a checkpoint of the first loads into the second; 1 of its tensors is left over
        """)
    #expect(try !compare(less, small).checkpoint.loads)
  }

  @Test func paddingCountsInPoolsToo() throws {
    let line = "    - linear: {units: 1, norm: none, activation: sigmoid}"
    func pooled(_ padding: Int) -> String {
      small.replacingOccurrences(
        of: line, with: "    - max_pool: {kernel: 2, stride: 2, padding: \(padding)}\n" + line)
    }
    #expect(
      try compare(pooled(0), pooled(1)).text == """
        a.yaml → b.yaml

        discriminator
          ~ max_pool1
              ~ padding  0 → 1
              ~ output   4 × 1 × 1 → 4 × 2 × 2
          ~ linear1
              ~ parameters       5 → 17
              ~ multiply-adds    4 → 16
              ~ receptive field  14 × 14 → all
          ~ total
              ~ parameters     175 → 187
              ~ multiply-adds  1,028 → 1,040

        a checkpoint of the first does not load into the second: 1 of 21 tensors differ
          ~ discriminator.linear1.weight  [1, 4] → [1, 16]
        """)
  }

  @Test func longListsOfTensorsAreCut() throws {
    let text = try compare(
      small,
      small.replacingOccurrences(of: "filters: 3", with: "filters: 4")
        .replacingOccurrences(of: "filters: 2", with: "filters: 6").replacingOccurrences(
          of: "[4, 2, 2]", with: "[7, 2, 2]")
    ).text
    #expect(
      text.hasSuffix(
        """
        a checkpoint of the first does not load into the second: 14 of 21 tensors differ
          ~ generator.project1.weight              [16, 3] → [28, 3]
          ~ generator.project1.norm.weight         [4] → [7]
          ~ generator.project1.norm.bias           [4] → [7]
          ~ generator.project1.norm.running_mean   [4] → [7]
          ~ generator.project1.norm.running_var    [4] → [7]
          ~ generator.conv_transpose1.weight       [4, 3, 4, 4] → [7, 4, 4, 4]
          ~ generator.conv_transpose1.norm.weight  [3] → [4]
          ~ generator.conv_transpose1.norm.bias    [3] → [4]
          … and 6 more
        """))
  }

  @Test func veryDifferentLongNetworksAreStillCompared() throws {
    let many = String(repeating: "    - conv: {filters: 1, stride: 1, kernel: 3}\n", count: 1_100)
    let more = String(repeating: "    - conv: {filters: 2, stride: 1, kernel: 3}\n", count: 1_100)
    let line = "    - conv: {filters: 2, norm: none}\n"
    let comparison = try compare(
      small.replacingOccurrences(of: line, with: line + many),
      small.replacingOccurrences(of: line, with: line + more))
    #expect(comparison.networks[1].layers.count == 2_201)
  }
}

private func compare(_ a: String, _ b: String) throws -> SpecComparison {
  SpecComparison(from: try side(a, "a.yaml"), to: try side(b, "b.yaml"))
}

private func side(_ text: String, _ path: String) throws -> ComparedSpec {
  let compilation = Compilation(SourceFile(path: path, text: text))
  let spec = try #require(compilation.spec)
  let graph = try #require(compilation.graph, "\(compilation.diagnostics.map(\.message))")
  let state = StateTensor.all(of: spec, graph: graph).filter(\.isOptimizerState).map(\.name)
  return ComparedSpec(path: path, spec: spec, graph: graph, optimizerState: state)
}

private let small = """
  dcgan: 1
  name: a
  image: {size: 8, channels: 1}
  latent: {size: 3}
  generator:
    defaults: {kernel: 4, stride: 2, norm: batch, activation: relu}
    layers:
      - project: {to: [4, 2, 2]}
      - conv_transpose: {filters: 3}
      - conv_transpose: {filters: 1, norm: none, activation: tanh}
  discriminator:
    defaults: {kernel: 4, stride: 2, norm: batch, activation: {leaky_relu: 0.2}}
    layers:
      - conv: {filters: 2, norm: none}
      - conv: {filters: 4}
      - linear: {units: 1, norm: none, activation: sigmoid}
  data: {source: digits}
  train: {batch: 8}
  """

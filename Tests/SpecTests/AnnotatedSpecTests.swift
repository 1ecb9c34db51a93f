import Foundation
import Layers
import Spec
import Testing

/// The expanded spec that says where each value came from.
@Suite struct AnnotatedSpecTests {
  /// Through `extends`, `patch`, `let`, `repeat`, `defaults`, `join` and `--set`.
  @Test func everyValueSaysWhereItIsFrom() throws {
    let folder = try SpecFolder([
      "base.yaml": SpecFolder.base,
      "child.yaml": """
      dcgan: 1
      extends: base.yaml
      let: {width: 4}
      condition: {classes: 3, join: input}
      generator:
        patch:
          - set: {conv_transpose1: {kernel: 2 * first / width}}
          - insert_before: {image: [repeat: {for: j in 1..2, layers: [dropout]}]}
      deviations: {G502: "why"}
      """,
    ])
    let spec = try #require(
      try folder.decode(
        "child.yaml", set: ["train.batch=64", "generator.project1.to=[2*width, size / 4, 4]"]
      ).spec)
    let text = spec.annotatedYAML.replacingOccurrences(of: folder.path + "/", with: "")
    #expect(
      text == """
        # From child.yaml and base.yaml, with everything written out.
        # Each value has a comment that says where it comes from; a value without one is a default.
        #
        # let
        #   size  = 16             base.yaml:3
        #   width = 4              child.yaml:3
        #   first = 2 * width = 8  base.yaml:3

        dcgan: 1                                    # child.yaml:1
        name: child
        image:
          size: [16, 16]                            # base.yaml:4: size
          channels: 3                               # base.yaml:4
          range: [-1, 1]
        latent: {size: 100, distribution: uniform}
        condition: {classes: 3}                     # child.yaml:4

        generator:
          layers:
            - concatenate_labels: {name: concatenate_labels1}  # child.yaml:4, join: input
            - project:                              # base.yaml:8
                name: project1
                to: [8, 4, 4]                       # --set generator.project1.to=[2*width, size / 4, 4]
                                                    #   where width = 4, size = 16
                bias: auto
                weights: plain
                norm:
                  batch:                            # base.yaml:6, defaults
                    epsilon: 1e-05
                    scale_and_shift: true
                    momentum: 0.1
                    per: channel
                    statistics: running
                    over: shard
                activation: relu                    # base.yaml:6, defaults
            - conv_transpose:                       # base.yaml:9, repeated with i = 1 (base.yaml:9)
                name: conv_transpose1
                filters: 4                          # base.yaml:9: width / i, where width = 4, i = 1
                kernel: 4                           # child.yaml:7, patch: 2 * first / width
                                                    #   where first = 8, width = 4
                stride: 2                           # base.yaml:6, defaults
                padding: same
                dilation: 1
                groups: 1
                bias: auto
                weights: plain
                norm:
                  batch:                            # base.yaml:6, defaults
                    epsilon: 1e-05
                    scale_and_shift: true
                    momentum: 0.1
                    per: channel
                    statistics: running
                    over: shard
                activation: relu                    # base.yaml:6, defaults
            # child.yaml:8, patch, repeated with j = 1 (child.yaml:8)
            - dropout: {name: dropout1, rate: 0.5}
            # child.yaml:8, patch, repeated with j = 2 (child.yaml:8)
            - dropout: {name: dropout2, rate: 0.5}
            - conv_transpose:                       # base.yaml:10
                name: image                         # base.yaml:10
                filters: 3                          # base.yaml:10
                kernel: 4                           # base.yaml:6, defaults
                stride: 2                           # base.yaml:6, defaults
                padding: same
                dilation: 1
                groups: 1
                bias: auto
                weights: plain
                norm: none                          # base.yaml:10
                activation: tanh                    # base.yaml:10

        discriminator:
          layers:
            - concatenate_labels: {name: concatenate_labels1}  # child.yaml:4, join: input
            - conv:                                 # base.yaml:14
                name: conv1
                filters: 4                          # base.yaml:14: width
                kernel: 4                           # base.yaml:12, defaults
                stride: 2                           # base.yaml:12, defaults
                padding: same
                dilation: 1
                groups: 1
                bias: auto
                weights: plain
                norm: none                          # base.yaml:14
                activation: {leaky_relu: {slope: 0.2}}  # base.yaml:12, defaults
            - conv:                                 # base.yaml:15
                name: conv2
                filters: 8                          # base.yaml:15: width * 2, where width = 4
                kernel: 4                           # base.yaml:12, defaults
                stride: 2                           # base.yaml:12, defaults
                padding: same
                dilation: 1
                groups: 1
                bias: auto
                weights: plain
                norm:
                  batch:                            # base.yaml:12, defaults
                    epsilon: 1e-05
                    scale_and_shift: true
                    momentum: 0.1
                    per: channel
                    statistics: running
                    over: shard
                activation: {leaky_relu: {slope: 0.2}}  # base.yaml:12, defaults
            - linear:                               # base.yaml:16
                name: linear1
                units: 1                            # base.yaml:16
                bias: auto
                weights: plain
                norm: none                          # base.yaml:16
                activation: sigmoid                 # base.yaml:16

        init: {weight: {normal: [0, 0.02]}, norm_scale: {normal: [1, 0.02]}}
        objective: {loss: minimax, generator: non_saturating}
        data: {source: digits}
        train:
          batch: 64                                 # --set train.batch=64
          epochs: 10
          seed: 0
          updates: {both: {noise: shared}}
          optimizer:
            adam:                                   # base.yaml:17
              learning_rate: 0.001                  # base.yaml:17
              beta1: 0.9                            # base.yaml:17
              beta2: 0.999
              epsilon: 1e-08
              weight_decay: 0
          save_every: "5 min"
          on_trouble: warn

        deviations:
          G502: why                                 # child.yaml:9

        """)
  }

  @Test(
    arguments: specPaths(in: "Specs") + specPaths(in: "Specs/Peers")
      + specPaths(in: "Tests/Fixtures/Conformance/networks"))
  func decodesToAnEqualSpec(path: String) throws {
    let spec = try #require(try Spec.load(path).spec)
    let (again, problems) = Spec.decode(spec.annotatedYAML, path: "annotated.yaml")
    #expect(problems == [])
    #expect(again?.expandedYAML == spec.expandedYAML)
  }

  @Test(arguments: specPaths(in: "Specs"))
  func fitsIntoAHundredColumns(path: String) throws {
    let name = URL(fileURLWithPath: path).lastPathComponent
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let spec = try #require(Spec.decode(text, path: name).spec)
    let wide = spec.annotatedYAML.split(separator: "\n").filter { $0.count > 100 }
    #expect(wide == [])
  }
}

import Layers
import Spec
import Testing

@Suite struct ExpandedSpecTests {
  @Test(arguments: specPaths(in: "Specs") + specPaths(in: "Tests/Fixtures/Conformance/networks"))
  func decodesToAnEqualSpec(path: String) throws {
    let (loaded, diagnostics) = try Spec.load(path)
    #expect(diagnostics == [])
    let spec = try #require(loaded)
    let text = spec.expandedYAML
    let (decoded, problems) = Spec.decode(text, path: "expanded.yaml")
    #expect(problems == [])
    let again = try #require(decoded)
    #expect(again.expandedYAML == text)
    #expect(content(of: again) == content(of: spec))
  }

  /// A number of `let` may have the name of a word that an option takes.
  @Test func wordsStayWords() throws {
    let text = SpecText(
      """
      let: {same: 2}
      discriminator:
        layers:
          - conv: {filters: same, kernel: 5, stride: 2, padding: same}
          - linear: 1
      """)
    let expanded = try #require(text.decoded.spec).expandedYAML
    #expect(expanded.contains("filters: 2, kernel: 5, stride: 2, padding: same"))
  }

  /// An expression with a comma has to be quoted; nothing is left of `let` and `repeat`, whose names
  /// it reads.
  @Test func quotedExpressionsAreEvaluated() throws {
    let text = SpecText(
      """
      let: {n: 4}
      latent: {size: "2 * n"}
      generator:
        defaults: {activation: {leaky_relu: "1 / n"}}
        layers:
          - project: {to: ["n", 4, "n"], norm: {batch: {momentum: "0.1 * n"}}}
          - repeat: {for: i in 1..2, layers: [conv: {filters: "max(n, i)", kernel: ["1", "i"]}]}
          - reshape: {to: [1, 8, 8]}
      """)
    let expanded = try #require(text.decoded.spec).expandedYAML
    for part in [
      "size: 8,", "to: [4, 4, 4]", "momentum: 0.4", "slope: 0.25", "filters: 4, kernel: [1, 1]",
      "filters: 4, kernel: [1, 2]",
    ] {
      #expect(expanded.contains(part), "\(part) in \(expanded)")
    }
  }

  @Test func paddingIsWrittenWhereItIsTheDefault() throws {
    let text = SpecText(
      """
      discriminator:
        layers:
          - conv: {filters: 2, kernel: 5, stride: 2}
          - average_pool: 2
          - linear: 1
      """)
    let expanded = try #require(text.decoded.spec).expandedYAML
    #expect(
      expanded.contains(
        "filters: 2, kernel: 5, stride: 2, padding: same, dilation: 1, "
          + "groups: 1, bias: auto"))
    #expect(expanded.contains("name: average_pool1, kernel: 2, stride: 2, padding: 0,"))
  }

  @Test func everyOptionIsWritten() throws {
    let text = SpecText(
      """
      name: a.b-c
      let: {n: 2}
      generator:
        defaults: {kernel: 2 * n, activation: {leaky_relu: 0.3}}
        layers:
          - repeat: {for: i in 1..n, layers: [conv: {filters: i, padding: n - 1}]}
          - reshape: {to: [1, 8, 8]}
      discriminator:
        layers:
          - linear: {units: 1, norm: {batch: {per: feature}}}
          - sigmoid
      data: {source: lsun, path: a/b}
      deviations: {G501: "a \\"reason\\"\\n"}
      """)
    #expect(text.problems == [])
    let spec = try #require(text.decoded.spec)
    #expect(
      spec.expandedYAML == """
        dcgan: 1
        name: a.b-c
        image: {size: [8, 8], channels: 3, range: [-1, 1]}
        latent: {size: 100, distribution: uniform}
        generator:
          layers:
            - conv: {name: conv1, filters: 1, kernel: 4, stride: 1, padding: 1, dilation: 1, \
        groups: 1, bias: auto, weights: plain, \
        norm: none, activation: {leaky_relu: {slope: 0.3}}}
            - conv: {name: conv2, filters: 2, kernel: 4, stride: 1, padding: 1, dilation: 1, \
        groups: 1, bias: auto, weights: plain, \
        norm: none, activation: {leaky_relu: {slope: 0.3}}}
            - reshape: {name: reshape1, to: [1, 8, 8]}
        discriminator:
          layers:
            - linear: {name: linear1, units: 1, bias: auto, weights: plain, \
        norm: {batch: {epsilon: 1e-05, scale_and_shift: true, momentum: 0.1, per: feature, \
        statistics: running, over: shard}}, \
        activation: none}
            - sigmoid: {name: sigmoid1}
        init: {weight: {normal: [0, 0.02]}, norm_scale: {normal: [1, 0.02]}}
        objective: {loss: minimax, generator: non_saturating}
        data: {source: lsun, path: a/b}
        train: {batch: 128, epochs: 10, seed: 0, updates: {both: {noise: shared}}, \
        optimizer: {adam: {learning_rate: 0.0002, beta1: 0.5, beta2: 0.999, epsilon: 1e-08, \
        weight_decay: 0}}, save_every: "5 min", on_trouble: warn}
        deviations:
          G501: "a \\"reason\\"\\n"

        """)
    #expect(
      Spec.decode(spec.expandedYAML, path: "").spec?.deviations.first?.reason == "a \"reason\"\n")
  }

  /// Everything but positions.
  private func content(of spec: Spec) -> [String] {
    let sections: [Any] = [
      spec.name, spec.image.height, spec.image.width, spec.image.channels, spec.image.range,
      spec.latent.size, spec.latent.distribution, spec.condition?.classes as Any,
      spec.initialization.weight, spec.initialization.normScale, spec.objective.loss,
      spec.objective.generator, spec.objective.gradientPenalty as Any, spec.data.source,
      spec.data.fallback as Any, spec.data.reading, spec.train.batch, spec.train.epochs,
      spec.train.seed, spec.train.updates, spec.train.optimizer.rule,
      spec.train.optimizer.learningRate, spec.train.optimizer.weightDecay,
      spec.deviations.map(\.code), spec.deviations.map(\.reason),
    ]
    let layers = NetworkRole.allCases.flatMap { role in
      spec.network(role).layers.flatMap { layer in
        layer.components.map { "\($0.path) \($0.component.kind) \($0.component.layer)" }
      }
    }
    return sections.map { "\($0)" } + layers
  }
}

import Diagnostics
import Spec
import Testing

@Suite struct LabelJoinTests {
  private let layers = """
    generator:
      layers: [{project: {to: [4, 4, 4]}}, relu, {conv_transpose: {filters: 3, kernel: 4, stride: 2}}]
    discriminator:
      layers:
        - repeat: {for: i in 1..2, layers: [{conv: {filters: i, kernel: 4, stride: 2}}]}
        - flatten
        - linear: 1
    """

  @Test func everywhereIsBeforeEachLayerWithWeights() {
    let text = SpecText("condition: {classes: 10, join: everywhere}\n" + layers)
    #expect(text.problems == [])
    let spec = text.decoded.spec
    #expect(
      spec?.generator.layers.map(\.name) == [
        "concatenate_labels1", "project1", "relu1", "concatenate_labels2", "conv_transpose1",
      ])
    #expect(
      spec?.discriminator.layers.map(\.name) == [
        "concatenate_labels1", "conv1", "concatenate_labels2", "conv2", "flatten1",
        "concatenate_labels3", "linear1",
      ])
  }

  @Test func inputIsBeforeTheFirstLayer() {
    let text = SpecText("condition: {classes: 10, join: input}\n" + layers)
    #expect(text.problems == [])
    let spec = text.decoded.spec
    #expect(
      spec?.generator.layers.map(\.name) == [
        "concatenate_labels1", "project1", "relu1", "conv_transpose1",
      ])
    #expect(
      spec?.discriminator.layers.map(\.name) == [
        "concatenate_labels1", "conv1", "conv2", "flatten1", "linear1",
      ])
    #expect(spec?.condition?.join == .input)
  }

  @Test func nothingJoinsByItself() {
    let spec = SpecText("condition: {classes: 10}\n" + layers).decoded.spec
    #expect(spec?.generator.layers.map(\.name) == ["project1", "relu1", "conv_transpose1"])
    #expect(spec?.condition?.join == nil)
  }

  @Test func mistakes() {
    let text = SpecText(
      """
      condition: {classes: 10, join: everywhere}
      generator: {layers: [concatenate_labels, {project: {to: [3, 8, 8]}}]}
      """)
    #expect(
      text.decoded.diagnostics.map { TextRenderer().render($0) } == [
        """
        spec.yaml:2:22: error[S237]: `join: everywhere` places the label layers itself
            2 | generator: {layers: [concatenate_labels, {project: {to: [3, 8, 8]}}]}
              |                      ^^^^^^^^^^^^^^^^^^
            1 | condition: {classes: 10, join: everywhere}
              |                                ---------- required here
           help: remove this layer, or `join`
        """
      ])
    #expect(
      SpecText("condition: {classes: 10, join: all}").problems == [
        "1:32 S205 `join` must be `everywhere` or `input`, found `all`"
      ])
  }
}

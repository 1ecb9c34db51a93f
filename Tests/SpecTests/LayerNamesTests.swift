import Spec
import Testing

@Suite struct LayerNamesTests {
  private func generator(_ layers: String) -> SpecText {
    SpecText("generator:\n  layers: [\(layers)]")
  }

  @Test func namedLayersCountToo() throws {
    let text = generator("relu, relu: {name: a}, tanh, relu")
    #expect(text.problems == [])
    let names = try #require(text.decoded.spec).generator.layers.map(\.name)
    #expect(names == ["relu1", "a", "tanh1", "relu3"])
  }

  @Test func aLayerMayHaveItsOwnNumberForAName() {
    #expect(generator("relu: {name: relu1}, relu").problems == [])
  }

  @Test func namesAreUnique() {
    #expect(
      generator("relu: {name: a}, tanh: {name: a}").problems == [
        "2:42 S224 two layers would be called `a`"
      ])
    #expect(
      generator("relu: {name: relu2}, relu").problems == [
        "2:25 S224 two layers would be called `relu2`"
      ])
  }

  @Test func loopsCannotGiveOneNameTwice() {
    let text = generator("repeat: {for: i in 1..3, layers: [relu: {name: a}]}")
    #expect(text.problems == ["2:59 S224 each iteration of `repeat` would name a layer `a`"])
    #expect(
      text.decoded.diagnostics.first?.help == [
        "leave `name` out: layers are numbered by themselves, and `add: -3` adds what the third "
          + "entry before gave"
      ])
  }
}

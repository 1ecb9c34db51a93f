import Spec
import Testing

@Suite struct LayerPatchTests {
  @Test func fourOperations() throws {
    let folder = try SpecFolder([
      "base.yaml": SpecFolder.base,
      "child.yaml": """
      extends: base.yaml
      generator:
        patch:
          - set: {conv_transpose1: {filters: width + 4, activation: tanh}, image: {kernel: 6}}
          - insert_after:
              project1:
                - repeat: {for: i in 1..2, layers: [conv: {filters: width * i, kernel: 3, stride: 1}]}
          - insert_before: {image: [dropout]}
      discriminator:
        patch:
          - remove: [conv1, conv2]
          - insert_after: {conv2: [{conv: {filters: 5}}]}
          - set: {linear1: {bias: false}}
      """,
    ])
    let (loaded, diagnostics) = try folder.decode("child.yaml")
    #expect(diagnostics == [])
    let spec = try #require(loaded)
    #expect(
      spec.generator.outline == [
        "project1 [16, 4, 4]", "conv1 8", "conv2 16", "conv_transpose1 12", "dropout1 ", "image 3",
      ])
    #expect(spec.generator.layers[3].activation?.kind.rawValue == "tanh")
    #expect(spec.generator.layers[5].main["kernel"] == "6")
    #expect(spec.discriminator.outline == ["conv1 5", "linear1 1"])
    #expect(spec.discriminator.layers[1].main["bias"] == "false")
  }

  @Test func parentsPatchFirstAndANewListEndsItsPatches() throws {
    let folder = try SpecFolder([
      "base.yaml": SpecFolder.base,
      "middle.yaml": "extends: base.yaml\ndiscriminator: {patch: [remove: conv1]}\n",
      // The conv that was conv2 is conv1 for whoever extends middle.yaml.
      "again.yaml": "extends: middle.yaml\ndiscriminator: {patch: [set: {conv1: {filters: 7}}]}\n",
      "new.yaml": """
      extends: middle.yaml
      discriminator: {layers: [{linear: 3}, {linear: 1}], patch: [set: {linear1: {units: 5}}]}
      """,
    ])
    #expect(
      try folder.decode("again.yaml").spec?.discriminator.outline == ["conv1 7", "linear1 1"])
    #expect(
      try folder.decode("new.yaml").spec?.discriminator.outline == ["linear1 5", "linear2 1"])
  }

  @Test func bareValuesAreWhatTheyStandFor() {
    let text = SpecText(
      """
      discriminator:
        layers: [{linear: 3}, flatten, {linear: 1}]
        patch:
          - set: {linear1: {activation: relu}, flatten1: {name: flat}, linear2: 2}
      """)
    #expect(text.problems == [])
    let network = text.decoded.spec?.discriminator
    #expect(network?.outline == ["linear1 3", "flat ", "linear2 2"])
    #expect(network?.layers[0].activation?.kind.rawValue == "relu")
  }

  @Test func everyMistake() {
    let text = SpecText(
      """
      generator:
        layers:
          - project: {to: [4, 4, 4]}
          - conv_transpose: {filters: 3, kernel: 4, stride: 2}
        patch:
          - set: {conv_transpos1: {filters: 4}, other_layer: {}}
          - insert: {project1: [relu]}
          - insert_after: project1
          - insert_after: {project1: relu}
          - remove: {project1: }
          - remove
          - set: {project1: {two: [1, 1, 1]}}
          - insert_before: {project1: [rellu]}
      discriminator: {layers: [linear: 1], patch: {set: {linear1: 2}}}
      """)
    #expect(
      text.problems == [
        "6:13 S235 the generator has no layer `conv_transpos1`",
        "6:43 S235 the generator has no layer `other_layer`",
        "7:7 S205 `patch` must be `set`, `insert_after`, `insert_before` or `remove`, "
          + "found `insert`",
        "8:21 S222 `insert_after` takes a map of layers, found `project1`",
        "9:32 S222 `patch` needs a list of layers",
        "10:15 S222 `remove` takes the name of a layer",
        "11:7 S222 a change is one of `set`, `insert_after`, `insert_before` or `remove`, "
          + "found `remove`",
        "12:24 S202 `project` has no option `two`",
        "13:34 S223 there is no layer `rellu`",
        "14:45 S222 `patch` is a list of changes, found a map",
      ])
  }

  /// In either order, one of the two changes would be lost.
  @Test func setAndRemovedByOnePatch() throws {
    let folder = try SpecFolder([
      "base.yaml": SpecFolder.base,
      "child.yaml": """
      extends: base.yaml
      discriminator:
        patch: [set: {conv1: {kernel: 6}}, remove: conv1, remove: conv2,
          set: {conv2: {two: 2}}]
      generator: {patch: [remove: [conv_transpose1, conv_transpose1]]}
      """,
    ])
    let found = try folder.messages("child.yaml")
    #expect(
      found == """
        child.yaml:3:17: error[S238]: `conv1` is set and removed by one patch
            3 |   patch: [set: {conv1: {kernel: 6}}, remove: conv1, remove: conv2,
              |                 ^^^^^ this has no effect
              |                                              ----- removed here
           help: leave one of them out; to put another layer in its place, write \
        `insert_after: {conv1: [...]}`
        child.yaml:4:11: error[S238]: `conv2` is set and removed by one patch
            4 |     set: {conv2: {two: 2}}]
              |           ^^^^^ this has no effect
            3 |   patch: [set: {conv1: {kernel: 6}}, remove: conv1, remove: conv2,
              |                                                             ----- removed here
           help: leave one of them out; to put another layer in its place, write \
        `insert_after: {conv2: [...]}`
        child.yaml:5:47: error[S238]: `conv_transpose1` is removed twice
            5 | generator: {patch: [remove: [conv_transpose1, conv_transpose1]]}
              |                                               ^^^^^^^^^^^^^^^ again
              |                              --------------- first here
           help: names mean the layers as they are before the patch: leave one of them out
        """)
  }

  /// A patch sees what the parent's patches have left.
  @Test func childrenRemoveWhatParentsSetAndCannotSetWhatTheyRemove() throws {
    let folder = try SpecFolder([
      "base.yaml": SpecFolder.base,
      "set.yaml": "extends: base.yaml\ndiscriminator: {patch: [set: {conv1: {filters: 7}}]}\n",
      "remove.yaml": "extends: set.yaml\ndiscriminator: {patch: [remove: conv1]}\n",
      "none.yaml": "extends: base.yaml\ngenerator: {patch: [remove: conv_transpose1]}\n",
      "again.yaml":
        "extends: none.yaml\ngenerator: {patch: [set: {conv_transpose1: {kernel: 6}}]}\n",
    ])
    #expect(
      try folder.decode("remove.yaml").spec?.discriminator.outline == ["conv1 16", "linear1 1"])
    #expect(
      try folder.messages("again.yaml") == """
        again.yaml:2:27: error[S235]: the generator has no layer `conv_transpose1`
            2 | generator: {patch: [set: {conv_transpose1: {kernel: 6}}]}
              |                           ^^^^^^^^^^^^^^^
              --> none.yaml:2
            2 | generator: {patch: [remove: conv_transpose1]}
              |                             --------------- removed here
           help: its layers are `project1` and `image`
        """)
  }

  @Test func unknownNamesAreComparedWithTheLayers() throws {
    let folder = try SpecFolder([
      "base.yaml": SpecFolder.base,
      "child.yaml": "extends: base.yaml\ngenerator: {patch: [remove: conv_transpos1]}\n",
      "far.yaml": "extends: base.yaml\ngenerator: {patch: [remove: hidden]}\n",
    ])
    #expect(
      try folder.messages("child.yaml") + "\n" + folder.messages("far.yaml") == """
        child.yaml:2:29: error[S235]: the generator has no layer `conv_transpos1`
            2 | generator: {patch: [remove: conv_transpos1]}
              |                             ^^^^^^^^^^^^^^
           help: did you mean `conv_transpose1`?
        far.yaml:2:29: error[S235]: the generator has no layer `hidden`
            2 | generator: {patch: [remove: hidden]}
              |                             ^^^^^^
           help: its layers are `project1`, `conv_transpose1` and `image`
        """)
  }

  /// What a loop makes is not known where its range is wrong: one report, not two.
  @Test func namesAreNotMissedInABrokenLoop() throws {
    let folder = try SpecFolder([
      "base.yaml": SpecFolder.base.replacingOccurrences(of: "1..1", with: "1..size / 3"),
      "let.yaml": SpecFolder.base.replacingOccurrences(of: "size: 16", with: "size: sixteen")
        .replacingOccurrences(of: "1..1", with: "2..size"),
      "child.yaml": "extends: base.yaml\ngenerator: {patch: [remove: conv_transpose2]}\n",
      "other.yaml": "extends: let.yaml\ngenerator: {patch: [remove: conv_transpose2]}\n",
    ])
    #expect(try folder.decode("child.yaml").diagnostics.map(\.code.rawValue) == ["S208"])
    #expect(try folder.decode("other.yaml").diagnostics.map(\.code.rawValue) == ["E306"])
  }
}

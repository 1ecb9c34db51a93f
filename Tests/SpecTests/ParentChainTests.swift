import Foundation
import Spec
import Optimizers
import Testing

@Suite struct ParentChainTests {
  @Test func mapsMergeListsReplaceLetIsEvaluatedLast() throws {
    let folder = try SpecFolder([
      "base.yaml": SpecFolder.base,
      "wide/child.yaml": """
      extends: ../base.yaml
      let: {width: 32}
      generator: {defaults: {activation: {elu: 1}, kernel: 6}}
      discriminator:
        layers: [linear: {units: 1, norm: none, activation: sigmoid}]
      train: {optimizer: {adam: {beta1: 0.5}}}
      """.replacingOccurrences(of: "{elu: 1}", with: "{leaky_relu: 0.1}"),
    ])
    let (loaded, diagnostics) = try folder.decode("wide/child.yaml")
    #expect(diagnostics == [])
    let spec = try #require(loaded)
    // The name is the file's: runs of a child never end up in its parent's folder.
    #expect(spec.name == "child")
    #expect(spec.generator.outline == ["project1 [64, 4, 4]", "conv_transpose1 32", "image 3"])
    #expect(spec.generator.layers[1].main["kernel"] == "6")
    #expect(spec.generator.layers[1].activation?["slope"] == "0.1")
    #expect(spec.discriminator.outline == ["linear1 1"])
    #expect((spec.train.batch, spec.train.optimizer.learningRate) == (32, 0.001))
    #expect(spec.train.optimizer.rule == .adam(Adam(beta1: 0.5, beta2: 0.999, epsilon: 1e-8)))
  }

  @Test func anotherNameReplacesOneWithItsOptions() throws {
    let folder = try SpecFolder([
      "base.yaml": SpecFolder.base,
      "child.yaml": """
      extends: base.yaml
      discriminator: {defaults: {activation: {softplus: {}}}}
      train: {optimizer: {sgd: {momentum: 0.5}}}
      """,
    ])
    let (loaded, diagnostics) = try folder.decode("child.yaml")
    #expect(diagnostics == [])
    let spec = try #require(loaded)
    #expect(spec.discriminator.layers[0].activation?.kind.rawValue == "softplus")
    #expect(spec.train.optimizer.rule == .sgd(SGD(momentum: 0.5)))
  }

  @Test func messagesPointIntoTheFileOfTheValue() throws {
    let folder = try SpecFolder([
      "base.yaml": SpecFolder.base.replacingOccurrences(of: "first: 2 * width", with: "first: 2"),
      "child.yaml": "extends: base.yaml\nlet: {first: 4 - width}\n",
    ])
    #expect(
      try folder.messages("child.yaml") == """
        base.yaml:8:22: error[S209]: `to` must be from 1 to 2147483648, found -4
            8 |     - project: {to: [first, 4, 4]}
              |                      ^^^^^
              --> child.yaml:2
            2 | let: {first: 4 - width}
              |              --------- `first` is -4
        """)
  }

  @Test func wrongReferences() throws {
    let folder = try SpecFolder([
      "base.yaml": SpecFolder.base,
      "near.yaml": "dcgan: 1\nextends: bse.yaml\n",
      "sub/far.yaml": "extends: ../nothing-like-it.yaml\n",
      "folder.yaml": "extends: sub\n",
      "list.yaml": "extends: [base.yaml]\n",
      "faulty.yaml": "extends: broken.yaml\n",
      "broken.yaml": "image: {size: 8\n",
      "ofList.yaml": "extends: aList.yaml\n",
      "aList.yaml": "- 1\n",
    ])
    let parts = try [
      "near.yaml", "sub/far.yaml", "folder.yaml", "list.yaml", "faulty.yaml", "ofList.yaml",
    ].map { try folder.messages($0) }
    #expect(
      parts.joined(separator: "\n") == """
        near.yaml:2:10: error[S233]: the parent cannot be read: bse.yaml: there is no such file
            2 | extends: bse.yaml
              |          ^^^^^^^^
           help: did you mean `base.yaml`?
        sub/far.yaml:1:10: error[S233]: the parent cannot be read: sub/../nothing-like-it.yaml: \
        there is no such file
            1 | extends: ../nothing-like-it.yaml
              |          ^^^^^^^^^^^^^^^^^^^^^^^
           help: the path starts from the folder of the file that names it
        folder.yaml:1:10: error[S233]: the parent cannot be read: sub: this is a folder, not a file
            1 | extends: sub
              |          ^^^
           help: the path starts from the folder of the file that names it
        list.yaml:1:10: error[S222]: `extends` names one file, found a list
            1 | extends: [base.yaml]
              |          ^^^^^^^^^^^
           help: write `extends: base.yaml`
        broken.yaml:1:8: error[Y102]: this `{` is never closed
            1 | image: {size: 8
              |        ^
           help: add the `}`
        aList.yaml:1:1: error[S222]: a spec is a map, found a list
            1 | - 1
              | ^^^
           help: begin with `dcgan: 1`
        """)
  }

  /// A bare name that is no file next to the spec is one of the specs inside the program.
  @Test func shippedSpecsMayBeExtended() throws {
    for name in ["lsun64", "lsun64.yaml"] {
      let folder = try SpecFolder(["child.yaml": "extends: \(name)\nlet: {width: 32}\n"])
      let (loaded, diagnostics) = try folder.decode("child.yaml")
      #expect(diagnostics == [])
      #expect(loaded?.image.height == 64)
      #expect(loaded?.discriminator.layers[0].main["filters"] == "32")
    }
    let folder = try SpecFolder([
      "mnist.yaml": SpecFolder.base, "child.yaml": "extends: mnist.yaml\n",
    ])
    // The file next to the spec comes first.
    #expect(try folder.decode("child.yaml").spec?.image.channels == 3)
  }

  @Test func cyclesAreNamedWithTheirFiles() throws {
    let folder = try SpecFolder([
      "start.yaml": "extends: a.yaml\n", "a.yaml": "extends: sub/b.yaml\n",
      "sub/b.yaml": "extends: ./c.yaml\n", "sub/c.yaml": "extends: ../a.yaml\n",
    ])
    #expect(
      try folder.messages("start.yaml") == """
        sub/c.yaml:1:10: error[S234]: the spec extends itself: a.yaml → sub/b.yaml → sub/c.yaml → \
        a.yaml
            1 | extends: ../a.yaml
              |          ^^^^^^^^^
           help: one of the files must stand alone
        """)
  }

  @Test func sixteenParentsAndNoMore() throws {
    var files = ["17.yaml": SpecFolder.base]
    for index in 0..<17 { files["\(index).yaml"] = "extends: \(index + 1).yaml\n" }
    let folder = try SpecFolder(files)
    #expect(try folder.decode("1.yaml").diagnostics == [])
    #expect(
      try folder.messages("0.yaml") == """
        16.yaml:1:10: error[S233]: more than 16 parents above each other
            1 | extends: 17.yaml
              |          ^^^^^^^
           help: extend a file further up, or write the values here
        """)
  }

  @Test func allFilesTogetherAreBounded() throws {
    let filler = String(repeating: "#" + String(repeating: "x", count: 99) + "\n", count: 6_000)
    let folder = try SpecFolder([
      "a.yaml": "extends: b.yaml\n" + filler, "b.yaml": SpecFolder.base + "\n" + filler,
    ])
    let text = try folder.messages("a.yaml")
    #expect(
      text.contains("a.yaml:1:10: error[S233]: with `"), "\(text)")
    #expect(text.contains("the files have more than 1048576 bytes together"), "\(text)")
  }
}

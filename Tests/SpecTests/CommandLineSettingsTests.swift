import Diagnostics
import Spec
import Optimizers
import Testing

@Suite struct CommandLineSettingsTests {
  @Test func valuesReplaceThoseOfTheSpec() throws {
    let folder = try SpecFolder(["a.yaml": SpecFolder.base])
    let (loaded, diagnostics) = try folder.decode(
      "a.yaml",
      set: [
        "train.batch=64", "let.width=2^4", "image.size=[16, 32]", "name=other",
        "generator.defaults.activation={leaky_relu: 0.3}", "train.optimizer.adam.beta1=0.25",
        "generator.conv_transpose1.filters=width + 1", "generator.project1=[1, 2, 2]",
        "discriminator.layers=[linear: 1]", "objective.loss=hinge", "deviations.G505=it is so",
        "latent.distribution=normal", "generator.conv_transpose1.kernel=6",
      ])
    #expect(diagnostics == [])
    let spec = try #require(loaded)
    #expect((spec.name, spec.train.batch, spec.objective.loss) == ("other", 64, .hinge))
    #expect((spec.image.height, spec.image.width) == (16, 32))
    #expect(spec.latent.distribution == .normal)
    #expect(spec.generator.outline == ["project1 [1, 2, 2]", "conv_transpose1 17", "image 3"])
    #expect(spec.generator.layers[1].activation?["slope"] == "0.3")
    #expect(spec.generator.layers[1].main["kernel"] == "6")
    #expect(spec.discriminator.outline == ["linear1 1"])
    #expect(spec.train.optimizer.rule == .adam(Adam(beta1: 0.25, beta2: 0.999, epsilon: 1e-8)))
    #expect(spec.deviations.map(\.reason) == ["it is so"])
  }

  @Test func theLastOfTwoCounts() throws {
    let folder = try SpecFolder(["a.yaml": SpecFolder.base])
    let spec = try folder.decode("a.yaml", set: ["train.batch=3", "train.batch=4"]).spec
    #expect(spec?.train.batch == 4)
  }

  /// Each mistake with the whole message that it gets.
  @Test(arguments: [
    (
      "trian.batch=3",
      """
      <command line>:1:7: error[S236]: a spec has no key `trian` to set
          1 | --set trian.batch=3
            |       ^^^^^
         help: did you mean `train`?
      """
    ),
    (
      "train.bach=3",
      """
      <command line>:1:13: error[S236]: `train` has no key `bach` to set
          1 | --set train.bach=3
            |             ^^^^
         help: did you mean `batch`?
      """
    ),
    (
      "train.batch.size=3",
      """
      <command line>:1:19: error[S236]: `batch` is one value, without keys below it
          1 | --set train.batch.size=3
            |                   ^^^^
         help: write `batch=…`
      """
    ),
    (
      "train.batch",
      """
      <command line>:1:7: error[S236]: `--set` takes a path and a value
          1 | --set train.batch
            |       ^^^^^^^^^^^
         help: write `--set train.batch=64`
      """
    ),
    (
      "train.batch=0",
      """
      <command line>:1:19: error[S209]: `batch` must be from 1 to 65536, found 0
          1 | --set train.batch=0
            |                   ^
      """
    ),
    (
      "train.batch=",
      """
      <command line>:1:19: error[S207]: `batch` must be a number, found nothing
          1 | --set train.batch=
            |                   ^
         help: write a number, or an expression with names from `let`
      """
    ),
    (
      "let.widht=3",
      """
      <command line>:1:11: error[S236]: `let` does not define `widht`
          1 | --set let.widht=3
            |           ^^^^^
         help: did you mean `width`?
      """
    ),
    (
      "let.filters=3",
      """
      <command line>:1:11: error[S236]: `let` does not define `filters`
          1 | --set let.filters=3
            |           ^^^^^^^
         help: `let` defines `size`, `width` and `first`
      """
    ),
    (
      "let.width=3 *",
      """
      <command line>:1:19: error[E303]: expected a value after `*`, found the end
          1 | --set let.width=3 *
            |                   ^
         help: write a number or a name after it, or remove it
      """
    ),
    (
      "generator.conv_transpos.filters=3",
      """
      <command line>:1:17: error[S235]: the generator has no layer `conv_transpos`
          1 | --set generator.conv_transpos.filters=3
            |                 ^^^^^^^^^^^^^
         help: did you mean `conv_transpose1`?
      """
    ),
    (
      "generator.image.filers=3",
      """
      <command line>:1:23: error[S202]: `conv_transpose` has no option `filers`
          1 | --set generator.image.filers=3
            |                       ^^^^^^
         help: did you mean `filters`?
      """
    ),
    (
      "image.size=[16",
      """
      <command line>:1:18: error[Y102]: this `[` is never closed
          1 | --set image.size=[16
            |                  ^
         help: add the `]`
      """
    ),
    (
      "extends=b.yaml",
      """
      <command line>:1:7: error[S236]: a spec has no key `extends` to set
          1 | --set extends=b.yaml
            |       ^^^^^^^
         help: known: `let`, `name`, `image`, `latent`, `condition`, `generator`, `discriminator`, \
      `init`, `objective`, `augment`, `data`, `train` and `deviations`
      """
    ),
    (
      "let.first=0",
      """
      a.yaml:8:22: error[S209]: `to` must be from 1 to 2147483648, found 0
          8 |     - project: {to: [first, 4, 4]}
            |                      ^^^^^
            --> <command line>:1
          1 | --set let.first=0
            |                 - `first` is 0
      """
    ),
  ])
  func messages(set: String, expected: String) throws {
    let folder = try SpecFolder(["a.yaml": SpecFolder.base])
    #expect(try folder.messages("a.yaml", set: [set]) == expected)
  }

  @Test func namedOptionsAreSettingsToo() {
    let settings = CommandLineSettings([
      .set("train.epochs=2"), .named("--batch", path: "train.batch", value: "0"),
    ])
    let file = SourceFile(path: "a.yaml", text: SpecFolder.base)
    let (_, problems) = Spec.decode(file, settings: settings)
    #expect(
      problems.map { TextRenderer().render($0) } == [
        """
        <command line>:2:9: error[S209]: `batch` must be from 1 to 65536, found 0
            2 | --batch 0
              |         ^
        """
      ])
  }

  @Test(arguments: [
    "a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q=1", "train.batch=1\n2", "train.batch=[[[[[[[[", "=", "=1",
    "..=", "train..batch=1", "train.batch=\u{0}", "train.batch=&a 1", "generator.=1", "let.=1",
    "let.width.x.y.z=1", "deviations=1", "generator=1", "patch=1", "generator.patch=1", "é=ü", "",
  ])
  func hostileTextsAreRefused(_ text: String) throws {
    let folder = try SpecFolder(["a.yaml": SpecFolder.base])
    let diagnostics = try folder.decode("a.yaml", set: [text]).diagnostics
    #expect(diagnostics.contains { $0.severity == .error })
    #expect(diagnostics.contains { $0.primary.span.file.path == CommandLineSettings.path })
  }
}

import Diagnostics
import Document
import Testing

@Suite("YAML problems") struct YAMLProblemTests {
  @Test(arguments: YAMLCode.allCases.filter { !$0.entry.example.isEmpty })
  func `the example of every code has that problem and no other`(code: YAMLCode) {
    let file = SourceFile(path: "a.yaml", text: code.entry.example)
    #expect(YAMLDocument.parse(file).diagnostics.map(\.code) == [code.code])
    #expect(!code.entry.title.isEmpty && !code.entry.explanation.isEmpty)
  }

  @Test(
    arguments: [
      (
        "layers:\n  - &first\n    conv: {}\n",
        """
        a.yaml:2:5: error[Y120]: anchors are not allowed
            2 |   - &first
              |     ^^^^^^
           help: share values with `let`, options with `defaults`, whole specs with `extends`
           help: put text that begins with `&` in quotes
        """
      ),
      (
        "a: !!str &x 64\n",
        """
        a.yaml:1:10: error[Y120]: anchors are not allowed
            1 | a: !!str &x 64
              |          ^^
           help: remove the anchor
           help: share values with `let`, options with `defaults`, whole specs with `extends`
           help: put text that begins with `&` in quotes
        a.yaml:1:4: error[Y123]: tags are not allowed
            1 | a: !!str &x 64
              |    ^^^^^
           help: remove it: the place of a value determines its type
           help: put text that begins with `!` in quotes
        """
      ),
      (
        "a: [*one, 2]\n",
        """
        a.yaml:1:5: error[Y121]: aliases are not allowed
            1 | a: [*one, 2]
              |     ^^^^
           help: share values with `let`, options with `defaults`, whole specs with `extends`
           help: put text that begins with `*` in quotes
        """
      ),
      (
        "a: * 2\n",
        """
        a.yaml:1:4: error[Y121]: aliases are not allowed
            1 | a: * 2
              |    ^
           help: share values with `let`, options with `defaults`, whole specs with `extends`
           help: put text that begins with `*` in quotes
        """
      ),
      (
        "a: & 2\n",
        """
        a.yaml:1:4: error[Y120]: anchors are not allowed
            1 | a: & 2
              |    ^
           help: share values with `let`, options with `defaults`, whole specs with `extends`
           help: put text that begins with `&` in quotes
        """
      ),
      (
        "conv:\n  <<: *defaults\n  filters: 3\n",
        """
        a.yaml:2:3: error[Y122]: merge keys are not allowed
            2 |   <<: *defaults
              |   ^^
           help: share options with `defaults`, whole specs with `extends`
        """
      ),
      (
        "a: !<x\n",
        """
        a.yaml:1:4: error[Y123]: tags are not allowed
            1 | a: !<x
              |    ^
           help: remove it: the place of a value determines its type
           help: put text that begins with `!` in quotes
        """
      ),
      (
        "a: !x!y 1\n",
        """
        a.yaml:1:4: error[Y123]: tags are not allowed
            1 | a: !x!y 1
              |    ^
           help: remove it: the place of a value determines its type
           help: put text that begins with `!` in quotes
        """
      ),
      (
        "%FOO bar\n---\na: 1\n",
        """
        a.yaml:1:1: error[Y127]: directives are not allowed
            1 | %FOO bar
              | ^^^^^^^^
           help: remove this line
        """
      ),
      (
        "%TAG !x! y\n---\na: 1\n",
        """
        a.yaml:1:1: error[Y127]: directives are not allowed
            1 | %TAG !x! y
              | ^^^^^^^^^^
           help: remove this line
        """
      ),
      (
        "a: 1\n--- # next\nb: 2\n",
        """
        a.yaml:2:1: error[Y124]: a second document starts here
            2 | --- # next
              | ^^^
           help: put each spec into its own file
        """
      ),
      (
        "size: {a: min(1, max(2,\n  3)), b: 1}\n",
        """
        a.yaml:1:16: error[Y107]: a comma splits the expression `min(1, max(2, 3))`
            1 | size: {a: min(1, max(2,
              |                ^
           help: put it in quotes: inside { } and [ ] a comma ends a value
        """
      ),
      (
        "[min(1,  # one\n 2), 4]\n",
        """
        a.yaml:1:7: error[Y107]: a comma splits the expression `min(1, 2)`
            1 | [min(1,  # one
              |       ^
           help: put it in quotes: inside { } and [ ] a comma ends a value
        """
      ),
      (
        "a: [1,#one\n 2]#two\nb: 'x'# three# four\n",
        """
        a.yaml:1:7: error[Y108]: a comment begins directly behind other text
            1 | a: [1,#one
              |       ^
           help: write a space before the `#`
        a.yaml:2:4: error[Y108]: a comment begins directly behind other text
            2 |  2]#two
              |    ^
           help: write a space before the `#`
        a.yaml:3:7: error[Y108]: a comment begins directly behind other text
            3 | b: 'x'# three# four
              |       ^
           help: write a space before the `#`
        """
      ),
      (
        "a: [-, 1]\n",
        """
        a.yaml:1:5: error[Y109]: a `-` stands alone, as text to some YAML readers
            1 | a: [-, 1]
              |     ^
           help: remove the `-`: items inside [ ] have none; quote text
        """
      ),
      (
        "a: {?x: 1}\n",
        """
        a.yaml:1:5: error[Y109]: a `?` directly before a word is a part of it to some YAML readers \
        only
            1 | a: {?x: 1}
              |     ^
           help: take the `?` away
           help: or put the word in quotes with it
        """
      ),
      (
        "image:\n  size: 64\n  size: 32\n",
        """
        a.yaml:3:3: error[Y125]: `size` is a duplicate key
            3 |   size: 32
              |   ^^^^ again
            2 |   size: 64
              |   ---- first here
           help: remove one of them
        """
      ),
      (
        "{size: 64, 'size': 32}\n",
        """
        a.yaml:1:12: error[Y125]: `size` is a duplicate key
            1 | {size: 64, 'size': 32}
              |            ^^^^^^ again
              |  ---- first here
           help: remove one of them
        """
      ),
      (
        "? {a: 1}\n: 2\n",
        """
        a.yaml:1:3: error[Y126]: a key must be a name, found a map
            1 | ? {a: 1}
              |   ^^^^^^
           help: write one entry for each name, as in `height: 64`
        """
      ),
      (
        "?\n: 2\n",
        """
        a.yaml:1:2: error[Y126]: a key must be a name, found nothing
            1 | ?
              |  ^
           help: write one entry for each name, as in `height: 64`
        """
      ),
      (
        "\n\n",
        """
        a.yaml:1:1: error[Y130]: expected a spec, found an empty file
            1 |
              | ^
           help: a spec starts with `dcgan: 1`
        """
      ),
      (
        "---\n",
        """
        a.yaml:1:1: error[Y130]: expected a spec, found an empty file
            1 | ---
              | ^
           help: a spec starts with `dcgan: 1`
        """
      ),
    ])
  func `what specs do not need is refused with a way out`(text: String, expected: String) {
    #expect(unsorted(text) == expected)
  }

  /// In the order of finding, which is that of the file but for the marks of one node.
  private func unsorted(_ text: String) -> String {
    YAMLDocument.parse(SourceFile(path: "a.yaml", text: text)).diagnostics
      .map { TextRenderer().render($0) }.joined(separator: "\n")
  }
}

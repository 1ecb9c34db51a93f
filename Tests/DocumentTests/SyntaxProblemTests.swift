import Testing

@Suite("Syntax problems") struct SyntaxProblemTests {
  @Test(
    arguments: [
      (
        "size: [64, 64\nchannels: 3\n",
        """
        a.yaml:2:9: error[Y102]: expected `,` or `]`, found `:`
            2 | channels: 3
              |         ^
            1 | size: [64, 64
              |       - the list starts here
           help: is the `]` missing before this line?
        """
      ),
      (
        "conv: {filters: 3, kernel: 5\n\n",
        """
        a.yaml:1:7: error[Y102]: this `{` is never closed
            1 | conv: {filters: 3, kernel: 5
              |       ^
           help: add the `}`
        """
      ),
      (
        "conv: {filters: 3]\n",
        """
        a.yaml:1:18: error[Y102]: expected `,` or `}`, found `]`
            1 | conv: {filters: 3]
              |                  ^
              |       - the map starts here
        """
      ),
      (
        "name: 'faces\nsize: 64\n",
        """
        a.yaml:1:7: error[Y103]: this quoted text has no end
            1 | name: 'faces
              |       ^
           help: add the closing quote
        """
      ),
      (
        "name: \"faces\n---\n",
        """
        a.yaml:1:7: error[Y103]: this quoted text has no end
            1 | name: "faces
              |       ^
           help: add the closing quote
        """
      ),
      (
        "name: \"fa\\qces\"\n",
        """
        a.yaml:1:10: error[Y106]: an unknown escape in a text in double quotes
            1 | name: "fa\\qces"
              |          ^
           help: write `\\\\` for a backslash, or use single quotes
        """
      ),
      (
        "image:\n  size: 64\n   channels: 3\n",
        """
        a.yaml:3:4: error[Y104]: `channels` is indented further than `size`, which has a value already
            3 |    channels: 3
              |    ^^^^^^^^
            2 |   size: 64
              |   ---- before it
           help: start it in column 3
           help: keys of one map start in the same column; is one of these lines indented wrongly?
        """
      ),
      (
        "a: 1\nsize 64\n# here\n\nb: 2\n",
        """
        a.yaml:2:1: error[Y105]: expected a `:` after this key
            2 | size 64
              | ^^^^^^^
           help: an entry is `key: value`; long text that is no key needs quotes
        """
      ),
      (
        "train:\n  size 64  # pixels\n  b: 2\n",
        """
        a.yaml:2:7: error[Y105]: expected a `:` and a space after `size`
            2 |   size 64  # pixels
              |       ^
           help: write `size: …`
        """
      ),
      (
        "train:\n  size\u{A0}64\n  b: 2\n",
        """
        a.yaml:2:7: error[Y105]: expected a `:` and a space after `size`
            2 |   size\u{A0}64
              |       ^
           note: what stands there, U+A0, is neither
           help: write `size: …`
        """
      ),
      (
        "latent {size: 100, b: c}\n",
        """
        a.yaml:1:7: error[Y105]: expected a `:` and a space after `latent`
            1 | latent {size: 100, b: c}
              |       ^
           help: write `latent: …`
        """
      ),
      (
        "  - activation: leaky_relu: 0.2\n",
        """
        a.yaml:1:27: error[Y105]: a `:` where no key can end
            1 |   - activation: leaky_relu: 0.2
              |                           ^
           help: put text that contains `: ` in quotes
           help: write a name with an option in braces: `{leaky_relu: 0.2}`
           help: or look whether this line, or the one before it, is indented wrongly
        """
      ),
      (
        "a: \"b\" c: d\n",
        """
        a.yaml:1:8: error[Y104]: expected a key of this map, found `c`
            1 | a: "b" c: d
              |        ^
              | - the map starts here
           help: the keys of one map start in the same column
        """
      ),
      (
        "a: {b: 1} c: d\n",
        """
        a.yaml:1:11: error[Y104]: expected a key of this map, found `c`
            1 | a: {b: 1} c: d
              |           ^
              | - the map starts here
           help: the keys of one map start in the same column
        """
      ),
      (
        "- conv: 1\n-linear: 1\n",
        """
        a.yaml:2:1: error[Y104]: expected a space after `-`, found `linear`
            2 | -linear: 1
              | ^
           help: write a space after the `-`
        """
      ),
      (
        "layers:\n    - conv: 1\n  - conv: 2\n",
        """
        a.yaml:3:3: error[Y104]: expected a key of this map, found `-`
            3 |   - conv: 2
              |   ^
            1 | layers:
              | - the map starts here
           help: the keys of one map start in the same column
        """
      ),
      (
        "- 1\nb: 2\n",
        """
        a.yaml:2:1: error[Y104]: expected `- ` of this list, found `b`
            2 | b: 2
              | ^
            1 | - 1
              | - the list starts here
           help: the items of one list start in the same column
        """
      ),
      (
        "layers: - conv\n",
        """
        a.yaml:1:9: error[Y104]: a `- ` list cannot start here
            1 | layers: - conv
              |         ^
           help: start the list in a line of its own, or write it in [ ]
        """
      ),
      (
        "size: 64\nchannels\nname: x\n",
        """
        a.yaml:2:1: error[Y105]: expected a `:` after this key
            2 | channels
              | ^^^^^^^^
           help: an entry is `key: value`; long text that is no key needs quotes
        """
      ),
      (
        "a:\n\tb: 1\n",
        """
        a.yaml:2:1: error[Y110]: a tab in the indentation
            2 |     b: 1
              | ^^^^
           help: indent with spaces: two for each tab
        """
      ),
      (
        "a: {\n \tb: 1,\n\tc: 2}\n",
        """
        a.yaml:2:2: error[Y110]: a tab in the indentation
            2 |     b: 1,
              |  ^^^
           help: indent with spaces: two for each tab
        a.yaml:3:1: error[Y110]: a tab in the indentation
            3 |     c: 2}
              | ^^^^
           help: indent with spaces
        """
      ),
      (
        "a: |\n\tb\n",
        """
        a.yaml:2:1: error[Y110]: a tab in the indentation
            2 |     b
              | ^^^^
           help: indent with spaces: two for each tab
        """
      ),
      (
        "name: `x`\n",
        """
        a.yaml:1:7: error[Y101]: expected a value, found ```
            1 | name: `x`
              |       ^
           help: put text that begins with ``` in quotes
        """
      ),
      (
        "a: {b: 1}}\n",
        """
        a.yaml:1:10: error[Y104]: expected a key of this map, found `}`
            1 | a: {b: 1}}
              |          ^
              | - the map starts here
           help: the keys of one map start in the same column
        """
      ),
      (
        "a: |0\n",
        """
        a.yaml:1:5: error[Y101]: expected a value, found `0`
            1 | a: |0
              |     ^
           note: the YAML reader says: while scanning a block scalar, found an indentation \
        indicator equal to 0
        """
      ),
      (
        "[1]\n]",
        """
        a.yaml:2:1: error[Y101]: expected the end of the file, found `]`
            2 | ]
              | ^
        """
      ),
      (
        "size: [64, , 64]\n",
        """
        a.yaml:1:12: error[Y101]: expected a value, found `,`
            1 | size: [64, , 64]
              |            ^
           note: the YAML reader says: while parsing a flow node, did not find expected node content
        """
      ),
      (
        "size: [64,",
        """
        a.yaml:1:11: error[Y102]: a `[` or `{` before this is never closed
            1 | size: [64,
              |           ^
           help: add the `]` or `}`
        """
      ),
    ])
  func `syntax errors are explained where they are`(text: String, expected: String) {
    #expect(rendered(text) == expected)
  }
}

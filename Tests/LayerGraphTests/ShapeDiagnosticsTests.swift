import Diagnostics
import LayerGraph
import Spec
import Testing

/// Every way in which shapes can be wrong, with all that is said about it.
@Suite struct ShapeDiagnosticsTests {
  @Test func imageIsHalfTheSize() throws {
    try expect(
      spec(
        generator: "project: {to: [8, 4, 4]}, "
          + "conv_transpose: {filters: 3, kernel: 4, stride: 2, activation: tanh}",
        discriminator: "linear: 1", image: "{size: 16, channels: 3}"),
      says: """
        test.yaml:6:48: error[T402]: the generator makes 3 × 8 × 8, the image is 3 × 16 × 16
            6 | …yers: [project: {to: [8, 4, 4]}, conv_transpose: {filters: 3, kernel: 4, stride: \
        2, activation: tanh…
              |                                   ^^^^^^^^^^^^^^ 3 × 8 × 8 comes out here
            3 | image: {size: 16, channels: 3}
              |               -- 16 × 16 is required here
           note: shapes: 10 → 8 × 4 × 4 → 3 × 8 × 8
           help: one more stride-2 conv_transpose doubles the size
        """)
  }

  @Test func exampleOfTheDocumentation() throws {
    try expect(
      spec(
        """
        dcgan: 1
        name: faces
        latent: {size: 100}
        image: {size: 64, channels: 3}
        generator:
          defaults: {kernel: 5, stride: 2, padding: same, norm: batch, activation: relu}
          layers:
            - project: {to: [512, 4, 4]}
            - repeat:
                for: i in 1..2
                layers:
                  - conv_transpose: {filters: 512 / 2^i}
            - conv_transpose: {filters: 3, norm: none, activation: tanh}
        discriminator:
          layers:
            - linear: {units: 1, activation: sigmoid}
        data: {source: folder}
        train: {batch: 128, epochs: 1}
        """, path: "specs/faces.yaml"),
      says: """
        specs/faces.yaml:13:7: error[T402]: the generator makes 3 × 32 × 32, the image is 3 × 64 \
        × 64
           13 |     - conv_transpose: {filters: 3, norm: none, activation: tanh}
              |       ^^^^^^^^^^^^^^ 3 × 32 × 32 comes out here
            4 | image: {size: 64, channels: 3}
              |               -- 64 × 64 is required here
           note: shapes: 100 → 512 × 4 × 4 → 256 × 8 × 8 → 128 × 16 × 16 → 3 × 32 × 32
           help: one more stride-2 conv_transpose doubles the size
        """)
  }

  @Test func imageIsFourTimesTheSize() throws {
    try expect(
      spec(generator: "project: {to: [1, 16, 16]}"),
      says: """
        test.yaml:6:22: error[T402]: the generator makes 1 × 16 × 16, the image is 1 × 4 × 4
            6 | generator: {layers: [project: {to: [1, 16, 16]}]}
              |                      ^^^^^^^ 1 × 16 × 16 comes out here
            3 | image: {size: 4, channels: 1}
              |               - 4 × 4 is required here
           note: shapes: 10 → 1 × 16 × 16
           help: start from 4 × 4 maps instead of 16 × 16
        """)
  }

  @Test func imageStartsFromTheWrongMaps() throws {
    try expect(
      spec(
        generator: "project: {to: [8, 4, 4]}, "
          + "conv_transpose: {filters: 1, kernel: 4, stride: 2}",
        discriminator: "linear: 1", image: "{size: 14, channels: 1}"),
      says: """
        test.yaml:6:48: error[T402]: the generator makes 1 × 8 × 8, the image is 1 × 14 × 14
            6 | generator: {layers: [project: {to: [8, 4, 4]}, conv_transpose: {filters: 1, \
        kernel: 4, stride: 2}]}
              |                                                ^^^^^^^^^^^^^^ 1 × 8 × 8 comes out \
        here
            3 | image: {size: 14, channels: 1}
              |               -- 14 × 14 is required here
           note: shapes: 10 → 8 × 4 × 4 → 1 × 8 × 8
           help: start from 7 × 7 maps instead of 4 × 4
        """)
  }

  @Test func imageHasOtherChannels() throws {
    try expect(
      spec(
        generator: "project: {to: [8, 4, 4]}, conv: {filters: 3, kernel: 3, activation: tanh}"),
      says: """
        test.yaml:6:64: error[T402]: the generator makes 3 × 4 × 4, the image is 1 × 4 × 4
            6 | generator: {layers: [project: {to: [8, 4, 4]}, conv: {filters: 3, kernel: 3, \
        activation: tanh}]}
              |                                                                ^ 3 channels are \
        made here
            3 | image: {size: 4, channels: 1}
              |               - 1 × 4 × 4 is required here
           note: shapes: 10 → 8 × 4 × 4 → 3 × 4 × 4
           help: `filters: 1` in the last layer makes the image's channels
        """)
  }

  @Test func generatorEndsInAVector() throws {
    try expect(
      spec(generator: "linear: {units: 16}"),
      says: """
        test.yaml:6:22: error[T402]: the generator makes a vector of 16 numbers, the image is 1 × \
        4 × 4
            6 | generator: {layers: [linear: {units: 16}]}
              |                      ^^^^^^ 16 comes out here
            3 | image: {size: 4, channels: 1}
              |               - 4 × 4 is required here
           note: shapes: 10 → 16
           help: `reshape: {to: [1, 4, 4]}` makes the image of it
        """)
  }

  /// Each network's first refusal, and nothing about the layers after it.
  @Test func bothNetworksAreFollowed() throws {
    try expect(
      spec(
        generator:
          "project: {to: [8, 3, 3]}, conv: {filters: 8, kernel: 4, stride: 1}, max_pool: 9",
        discriminator: "conv: {filters: 8, kernel: 5, stride: 3}, linear: 2"),
      says: """
        test.yaml:6:48: error[T401]: `conv` cannot take 8 × 3 × 3: `padding: same` is impossible \
        for a 4 × 4 kernel with stride 1
            6 | …nerator: {layers: [project: {to: [8, 3, 3]}, conv: {filters: 8, kernel: 4, \
        stride: 1}, max_pool: 9]}
              |                                               ^^^^
              |                     ------- 8 × 3 × 3 comes from here
           note: shapes up to here: 10 → 8 × 3 × 3
           help: an odd kernel keeps the size: 3 or 5
           help: `padding` can be a number too: 0 leads between 4 × 4 and 1 × 1 maps
        test.yaml:7:26: error[T401]: `conv` cannot take 1 × 4 × 4: stride 3 does not divide 4 × \
        4, as `padding: same` promises
            7 | discriminator: {layers: [conv: {filters: 8, kernel: 5, stride: 3}, linear: 2]}
              |                          ^^^^
            3 | image: {size: 4, channels: 1}
              |               - 1 × 4 × 4 comes from here
           help: `padding: 1` gives 1 × 1
        """)
  }

  @Test func refusalInARepeatNamesTheIteration() throws {
    try expect(
      spec(
        generator: "project: {to: [1, 4, 4]}",
        discriminator: "repeat: {for: i in 1..4, layers: [conv: {filters: 2 * i, kernel: 3, "
          + "stride: 2}]}, linear: 1"),
      says: """
        test.yaml:7:60: error[T401]: `conv` cannot take 4 × 1 × 1: stride 2 does not divide 1 × \
        1, as `padding: same` promises
            7 | …yers: [repeat: {for: i in 1..4, layers: [conv: {filters: 2 * i, kernel: 3, \
        stride: 2}]}, linear: 1]}
              |                                           ^^^^
              |                       - `i` is 3 in this repeat
           note: shapes up to here: 1 × 4 × 4 → 2 × 2 × 2 → 4 × 1 × 1
           help: `padding: 1` gives 1 × 1
        """)
  }

  @Test func discriminatorEndsInMaps() throws {
    try expect(
      spec(
        generator: "project: {to: [1, 4, 4]}",
        discriminator: "conv: {filters: 8, kernel: 3, activation: relu}"),
      says: """
        test.yaml:7:26: error[T403]: the discriminator makes 8 × 4 × 4, it must end in one number
            7 | discriminator: {layers: [conv: {filters: 8, kernel: 3, activation: relu}]}
              |                          ^^^^ 8 × 4 × 4 comes out here
           note: shapes: 1 × 4 × 4 → 8 × 4 × 4
           help: a last `linear: {units: 1}` makes one number of it
           help: so does `conv: {filters: 1, kernel: 4, padding: 0}`
        """)
  }

  @Test func discriminatorEndsInTwoNumbers() throws {
    try expect(
      spec(generator: "project: {to: [1, 4, 4]}", discriminator: "linear: {units: 2}"),
      says: """
        test.yaml:7:26: error[T403]: the discriminator makes a vector of 2 numbers, it must end \
        in one number
            7 | discriminator: {layers: [linear: {units: 2}]}
              |                          ^^^^^^ 2 comes out here
           note: shapes: 1 × 4 × 4 → 2
           help: `units: 1` makes one number
        """)
  }

  @Test func batchIsTooLarge() throws {
    try expect(
      spec(
        generator: "project: {to: [1, 4, 4]}",
        discriminator: "conv: {filters: 100000000, kernel: 1}, linear: 1", batch: 2),
      says: """
        test.yaml:9:16: error[T404]: a batch of 2 images of 100000000 × 4 × 4 has more than 2^31 \
        numbers
            9 | train: {batch: 2, epochs: 1}
              |                ^
            7 | discriminator: {layers: [conv: {filters: 100000000, kernel: 1}, linear: 1]}
              |                          ---- 100000000 × 4 × 4 comes out here
           help: a batch of 1 is possible
        """)
  }

  @Test func networkHasTooManyParameters() throws {
    try expect(
      spec(
        generator: "project: {to: [1, 4, 4]}",
        discriminator: "linear: 40000, linear: 40000, linear: 30000, linear: 1", batch: 2),
      says: """
        test.yaml:7:41: error[T404]: the discriminator has 2800780001 parameters, more than 2^31
            7 | discriminator: {layers: [linear: 40000, linear: 40000, linear: 30000, linear: 1]}
              |                                         ^^^^^^ the most, 1600040000, are here
        """)
  }

  @Test func tensorIsTooLarge() throws {
    try expect(
      spec(
        generator: "project: {to: [1, 4, 4]}",
        discriminator: "conv: {filters: 2000000000, kernel: 1}, linear: 1"),
      says: """
        test.yaml:7:26: error[T401]: `conv` cannot take 1 × 4 × 4: the output would have \
        2000000000 × 4 × 4 numbers, more than 2^31
            7 | discriminator: {layers: [conv: {filters: 2000000000, kernel: 1}, linear: 1]}
              |                          ^^^^
            3 | image: {size: 4, channels: 1}
              |               - 1 × 4 × 4 comes from here
        """)
  }

  @Test func imageIsTooLarge() throws {
    try expect(
      spec(generator: "linear: 1", image: "{size: 4096, channels: 4096}"),
      says: """
        test.yaml:3:15: error[T404]: an image of 4096 × 4096 × 4096 has more than 2^31 numbers
            3 | image: {size: 4096, channels: 4096}
              |               ^^^^
        """)
  }

  @Test func normOfASingleNumber() throws {
    try expect(
      spec(
        generator: "linear: {units: 8, norm: batch}, project: {to: [1, 4, 4], norm: batch}",
        batch: 1),
      says: """
        test.yaml:6:47: error[T405]: batchnorm of 8 in a batch of 1 takes the mean of a single \
        number
            6 | generator: {layers: [linear: {units: 8, norm: batch}, project: {to: [1, 4, 4], \
        norm: batch}]}
              |                                               ^^^^^
            9 | train: {batch: 1, epochs: 1}
              |                - one image in a batch
           help: a batch of 2 or more
           help: `norm: layer` does not depend on the batch
        """)
  }

  /// A shard of one image has no mean, unless it is taken over all shards.
  @Test func normOfASingleNumberInAShard() throws {
    func text(_ norm: String) throws -> Spec {
      try spec(
        generator: "linear: {units: 8, norm: \(norm)}, project: {to: [1, 4, 4]}", batch: 4,
        train: "shards: 4")
    }
    try expect(
      text("batch"),
      says: """
        test.yaml:6:47: error[T405]: batchnorm of 8 in a part of one image takes the mean of a \
        single number
            6 | generator: {layers: [linear: {units: 8, norm: batch}, project: {to: [1, 4, 4]}]}
              |                                               ^^^^^
            9 | train: {batch: 4, shards: 4}
              |                - one image in each part: `shards: 4`
           help: `over: all` takes the mean over all shards
           help: more images in a batch, or fewer parts
           help: `norm: layer` does not depend on the batch
        """)
    try expect(text("{batch: {over: all}}"), says: "")
  }

  @Test func labelsThatReachOneNetwork() throws {
    try expect(
      spec(
        generator: "concatenate_labels, project: {to: [1, 4, 4]}",
        condition: "{classes: 3}"),
      says: """
        test.yaml:5:22: warning[T406]: the labels do not reach the discriminator
            5 | condition: {classes: 3}
              |                      ^
            7 | discriminator: {layers: [linear: 1]}
              | ------------- no layer joins them here
           help: write `- concatenate_labels` where they join
           help: or remove each `concatenate_labels` and write `condition: {classes: 3, join: \
        everywhere}`: it joins them in both networks
        """)
  }

  @Test func labelsThatReachNoNetwork() throws {
    try expect(
      spec(generator: "project: {to: [1, 4, 4]}", condition: "{classes: 3}"),
      says: """
        test.yaml:5:22: warning[T406]: the labels reach neither the generator nor the discriminator
            5 | condition: {classes: 3}
              |                      ^
            6 | generator: {layers: [project: {to: [1, 4, 4]}]}
              | --------- no layer joins them here
            7 | discriminator: {layers: [linear: 1]}
              | ------------- no layer joins them here
           help: write `condition: {classes: 3, join: everywhere}`: it joins them before every \
        layer with weights
           help: or write `- concatenate_labels` where they join
        """)
  }

  /// `join: everywhere` finds no place in a network without weights.
  @Test func labelsThatFindNoLayerWithWeights() throws {
    try expect(
      spec(
        generator: "project: {to: [1, 4, 4]}", discriminator: "global_average_pool",
        condition: "{classes: 3, join: everywhere}"),
      says: """
        test.yaml:5:22: warning[T406]: the labels do not reach the discriminator
            5 | condition: {classes: 3, join: everywhere}
              |                      ^
            7 | discriminator: {layers: [global_average_pool]}
              | ------------- no layer joins them here
           help: `join: input` joins them before a first layer without weights
        """)
  }

  private func expect(
    _ spec: Spec, says expected: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let problems = LayerGraph.build(spec).diagnostics
    let found = problems.map { TextRenderer().render($0) }.joined(separator: "\n")
    #expect(found == expected, sourceLocation: sourceLocation)
  }
}

import LayerGraph
import Testing

@Suite struct GraphTextTests {
  @Test func everyNodeAndTensor() throws {
    let graph = try graph(
      spec(
        generator: "concatenate_labels, project: {to: [2, 4, 4], norm: batch}, "
          + "conv_transpose: {name: image, filters: 1, kernel: 3, activation: tanh}",
        discriminator: "concatenate_labels, linear: {units: 1, activation: sigmoid}",
        condition: "{classes: 3}"))
    #expect(
      graph.text == """
        generator: 10 → 1 × 4 × 4
          concatenate_labels1  concatenate_labels  10 and labels → 13     # test.yaml:6
          project1             project             13 → 2 × 4 × 4         # test.yaml:6
            weight [32, 13]
          project1.norm        batch_norm          2 × 4 × 4 → 2 × 4 × 4  # test.yaml:6
            weight [2], scale
            bias [2], shift
            running_mean [2]
            running_var [2]
          image                conv_transpose      2 × 4 × 4 → 1 × 4 × 4  # test.yaml:6
            weight [3, 3, 1, 2], in files [2, 1, 3, 3]
            bias [1]
          image.activation     tanh                1 × 4 × 4 → 1 × 4 × 4  # test.yaml:6

        discriminator: 1 × 4 × 4 → 1
          concatenate_labels1  concatenate_labels  1 × 4 × 4 and labels → 4 × 4 × 4  # test.yaml:7
          linear1              linear              4 × 4 × 4 → 1                     # test.yaml:7
            weight [1, 64]
            bias [1]
          linear1.activation   sigmoid             1 → 1                             # test.yaml:7

        """)
  }

  @Test func programsOfBothNetworks() throws {
    let graph = try graph(spec(generator: "project: {to: [1, 4, 4]}"))
    #expect(
      graph.programText(batch: 2) == """
        # generator, 2 images
        %0 = input input : [2, 10]
        %1 = input generator.project1.weight : [16, 10]
        %2 = input generator.project1.bias : [16]
        %3 = matmul %0, transposed %1 : [2, 16]   # generator.project1
        %4 = broadcast %2 axes [1] : [2, 16]   # generator.project1
        %5 = add %3, %4 : [2, 16]   # generator.project1
        %6 = reshape %5 : [2, 1, 4, 4]   # generator.project1
        %7 = transpose %6 permutation [0, 2, 3, 1] : [2, 4, 4, 1]   # generator.project1
        output output = %7

        # discriminator, 2 images
        %0 = input input : [2, 4, 4, 1]
        %1 = input discriminator.linear1.weight : [1, 16]
        %2 = input discriminator.linear1.bias : [1]
        %3 = reshape %1 : [1, 1, 4, 4]   # discriminator.linear1
        %4 = transpose %3 permutation [0, 2, 3, 1] : [1, 4, 4, 1]   # discriminator.linear1
        %5 = reshape %0 : [2, 16]   # discriminator.linear1
        %6 = reshape %4 : [1, 16]   # discriminator.linear1
        %7 = matmul %5, transposed %6 : [2, 1]   # discriminator.linear1
        %8 = broadcast %2 axes [1] : [2, 1]   # discriminator.linear1
        %9 = add %7, %8 : [2, 1]   # discriminator.linear1
        output output = %9

        """)
  }
}

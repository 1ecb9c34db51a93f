import LayerGraph
import Testing

@Suite struct SummaryTests {
  @Test func paperNetwork() throws {
    let summary = try graph(shippedSpec("lsun64")).summary
    #expect(
      summary == """
        generator: 100 → 3 × 64 × 64
          layer                                           output  parameters  multiply-adds  receptive field
          project1         batch_norm, relu         1024 × 4 × 4   1,640,448      1,638,400              all
          conv_transpose1  batch_norm, relu          512 × 8 × 8  13,108,224    209,715,200          61 × 61
          conv_transpose2  batch_norm, relu        256 × 16 × 16   3,277,312    209,715,200          29 × 29
          conv_transpose3  batch_norm, relu        128 × 32 × 32     819,456    209,715,200          13 × 13
          image            conv_transpose, tanh      3 × 64 × 64       9,603      9,830,400            5 × 5
          total                                                   18,855,043    640,614,400

        discriminator: 3 × 64 × 64 → 1
          layer                                           output  parameters  multiply-adds  receptive field
          conv1            leaky_relu              128 × 32 × 32       9,728      9,830,400            5 × 5
          conv2            batch_norm, leaky_relu  256 × 16 × 16     819,712    209,715,200          13 × 13
          conv3            batch_norm, leaky_relu    512 × 8 × 8   3,277,824    209,715,200          29 × 29
          conv4            batch_norm, leaky_relu   1024 × 4 × 4  13,109,248    209,715,200          61 × 61
          linear1          sigmoid                             1      16,385         16,384              all
          total                                                   17,232,897    638,992,384

        """)
    #expect(summary.split(separator: "\n").allSatisfy { $0.count <= 100 })
  }

  @Test(arguments: [
    (0, "0"), (999, "999"), (1000, "1,000"), (-640_614_400, "-640,614,400"),
  ])
  func thousandsAreSeparated(_ number: Int, _ expected: String) {
    #expect(number.grouped == expected)
  }
}

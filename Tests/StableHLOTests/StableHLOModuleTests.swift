import Program
import StableHLO
import Testing

@Suite struct StableHLOModuleTests {
  /// w ← w − rate·Σ x over rows: an input that is replaced, one that stays, a constant, an origin.
  @Test func aModuleIsReadable() {
    var builder = ProgramBuilder()
    let x = builder.input("x", [2, 3])
    let weight = builder.input("w \"1\"", [3])
    _ = builder.setOrigin(Origin(path: "generator.conv1", part: .update))
    let sum = builder.reduceSum(x, axes: [0])
    let next = builder.subtract(weight, builder.scale(sum, by: 1e-5))
    let program = builder.program(outputs: [("sum", sum), ("w \"1\"", next)])
    let module = StableHLOModule(program, name: "wgan-gp", style: StableHLOStyle())
    #expect(
      module.text == #"""
        module @wgan_gp {
          func.func public @main(
            %0: tensor<2x3xf32> {jax.arg_info = "x"},
            %1: tensor<3xf32> {jax.arg_info = "w \221\22", tf.aliasing_output = 1 : i32},
            %key: tensor<2xui64> {jax.arg_info = "random key"}
          ) -> (
            tensor<3xf32> {jax.result_info = "sum"},
            tensor<3xf32> {jax.result_info = "w \221\22"}
          ) {
            %t1 = stablehlo.constant dense<0.0> : tensor<f32>
            %2 = stablehlo.reduce(%0 init: %t1) applies stablehlo.add across dimensions = [0] : (tensor<2x3xf32>, tensor<f32>) -> tensor<3xf32>   // generator.conv1, update
            %3 = stablehlo.constant dense<1.0e-05> : tensor<f32>   // generator.conv1, update
            %4 = stablehlo.broadcast_in_dim %3, dims = [] : (tensor<f32>) -> tensor<3xf32>   // generator.conv1, update
            %5 = stablehlo.multiply %2, %4 : tensor<3xf32>   // generator.conv1, update
            %6 = stablehlo.subtract %1, %5 : tensor<3xf32>   // generator.conv1, update
            return %2, %6 : tensor<3xf32>, tensor<3xf32>
          }
        }

        """#)
  }

  /// Each of two devices gives a row, without its axis.
  @Test func aSharedModuleGathersItsInputs() {
    func text(_ devices: Int) -> String {
      var builder = ProgramBuilder()
      let rows = builder.input("x", [devices, 3])
      let sum = builder.reduceSum(rows, axes: [0])
      let program = builder.program(outputs: [("sum", sum)])
      return StableHLOModule(program, devices: devices, style: StableHLOStyle()).text
    }
    #expect(
      text(2) == """
        module @program attributes {mhlo.num_replicas = 2 : i32} {
          func.func public @main(
            %part0: tensor<3xf32> {jax.arg_info = "x"},
            %key: tensor<2xui64> {jax.arg_info = "random key"}
          ) -> (
            tensor<3xf32> {jax.result_info = "sum"}
          ) {
            %t1 = stablehlo.reshape %part0 : (tensor<3xf32>) -> tensor<1x3xf32>
            %0 = "stablehlo.all_gather"(%t1) {all_gather_dim = 0 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>} : (tensor<1x3xf32>) -> tensor<2x3xf32>   // x of all devices
            %t3 = stablehlo.constant dense<0.0> : tensor<f32>
            %1 = stablehlo.reduce(%0 init: %t3) applies stablehlo.add across dimensions = [0] : (tensor<2x3xf32>, tensor<f32>) -> tensor<3xf32>
            return %1 : tensor<3xf32>
          }
        }

        """)
    #expect(!text(1).contains("all_gather"))
  }

  /// MLIR wants a point in a number; what has no decimal digits is written as bits.
  @Test(
    arguments: [
      (0.5, "0.5"), (-0.0, "-0.0"), (1e-8, "1.0e-08"), (2.5e20, "2.5e+20"), (0.1, "0.1"),
      (16_777_216, "16777216.0"), (.infinity, "0x7F800000"), (-.infinity, "0xFF800000"),
      (.nan, "0x7FC00000"),
    ] as [(Double, String)])
  func constantsAreSpelledAsMLIRReadsThem(_ number: Double, _ literal: String) {
    var builder = ProgramBuilder()
    let value = builder.constant(number)
    let program = builder.program(outputs: [("x", value)])
    let text = StableHLOModule(program, style: StableHLOStyle()).text
    #expect(text.contains("%0 = stablehlo.constant dense<\(literal)> : tensor<f32>"))
  }

  private static func inputGradient(
    channels: Int, style: StableHLOStyle
  ) -> String {
    var builder = ProgramBuilder()
    let dy = builder.input("dy", [1, 4, 4, 8])
    let kernel = builder.input("kernel", [5, 5, channels, 8])
    let dx = builder.add(
      .convolutionInputGradient(
        ConvolutionGeometry(stride: 2, padding: 2), height: 8, width: 8), [dy, kernel])
    let program = builder.program(outputs: [("dx", dx)])
    return StableHLOModule(program, style: style).text
  }

  /// Four dense convolutions in place of one with zeros between its elements; with few channels the
  /// one.
  @Test func theInputGradientHasTwoForms() {
    func convolutions(_ channels: Int, _ form: StableHLOStyle.InputGradient) -> (Int, Bool) {
      let text = Self.inputGradient(
        channels: channels, style: StableHLOStyle(inputGradient: form))
      return (
        text.split(separator: "stablehlo.convolution(").count - 1, text.contains("lhs_dilate")
      )
    }
    #expect(convolutions(16, .dilated) == (1, true))
    #expect(convolutions(16, .phases) == (4, false))
    #expect(convolutions(3, .phases) == (1, true))
  }

  @Test func fullPrecisionIsAskedFor() {
    let full = Self.inputGradient(channels: 16, style: StableHLOStyle(precision: .full))
    let fast = Self.inputGradient(channels: 16, style: StableHLOStyle(precision: .fast))
    #expect(full.contains("HIGHEST") && !fast.contains("HIGHEST"))
  }
}

import Autodiff
import Layers
import Program
import Testing

/// Weights that are normalised before they are used, with PyTorch's numbers in double precision.
@Suite struct WeightOptionTests {
  private static let x = [1.0, 0.5, -2, 0.3, -1, 2]
  private static let weight = [1.0, 2, -1, 0.5, -3, 2]

  private func expect(_ found: [Double], _ expected: [Double], _ what: String) {
    #expect(found.count == expected.count)
    for (a, b) in zip(found, expected) { #expect(abs(a - b) < 1e-12, "\(what): \(found)") }
  }

  /// `spectral_norm` of a linear layer: output, gradient of Σ y², and the vector that is kept.
  @Test func spectralNormIsPyTorchs() throws {
    var run = try LayerRun(
      "linear: {units: 2, bias: false, weights: spectral_norm}", .vector(3), batch: 2)
    let inputs = ["x": Self.x, "weight": Self.weight, "weight_u": [0.6, -0.8]]
    expect(
      try run.result(inputs),
      [0.9442067446340472, -1.180258430792559, -0.8733912387864937, 1.6877695560333592], "y")
    let u = try #require(run.updates["layer.weight_u"])
    expect(try run.tensor(u, inputs).elements, [0.5365138220382512, -0.8438915325809991], "u")
    let loss = run.builder.sum(run.builder.square(run.y))
    let weight = try #require(run.tensors["layer.weight"])
    let gradient = run.builder.gradients(
      of: loss, withRespectTo: [weight], holding: run.held)[0]
    expect(
      try run.tensor(gradient, inputs).elements,
      [
        0.25135049400608267, -0.6376288284764515, -0.9383407699822043, -0.20693717522315797,
        0.9266697159584854, 1.4845220642258266,
      ], "gradient")
  }

  /// Of a transposed convolution the outputs are another axis: PyTorch's `dim=1`.
  @Test func spectralNormOfATransposedConvolution() throws {
    let run = try LayerRun(
      "conv_transpose: {filters: 2, kernel: 1, bias: false, weights: spectral_norm}",
      .maps(channels: 2, height: 1, width: 1), batch: 1)
    // Programs have [K, K, out, in], files [in, out, K, K].
    expect(
      try run.result(["x": [1, 3], "weight": [1, -1, 2, 0.5], "weight_u": [0.6, -0.8]]),
      [-1.131370849898476, 1.9798989873223334], "y")
  }

  /// Evaluation changes nothing, and takes the vector as training has left it.
  @Test func evaluationKeepsTheVector() throws {
    let run = try LayerRun(
      "conv: {filters: 2, kernel: 1, bias: false, weights: spectral_norm}", .vector(3),
      mode: .evaluate, batch: 1)
    #expect(run.updates.isEmpty)
    // With u = (1, 0) v is (1, 0, 0), and σ = uᵀ·W·v the first weight, 4.
    expect(
      try run.result(["x": [1, 0, 0], "weight": [4, 2, 0, 0, 0, 0], "weight_u": [1, 0]]),
      [1, 0.5], "y")
  }

  @Test func weightNormIsPyTorchs() throws {
    var run = try LayerRun(
      "linear: {units: 2, bias: false, weights: weight_norm}", .vector(3), batch: 2)
    let inputs = ["x": Self.x, "weight": Self.weight, "weight_length": [2, 0.5]]
    expect(
      try run.result(inputs),
      [3.2659863237109046, -0.6868028197434453, -3.0210373494325866, 0.9821280322331266], "y")
    let loss = run.builder.sum(run.builder.square(run.y))
    let wanted = ["layer.weight", "layer.weight_length"].compactMap { run.tensors[$0] }
    let gradients = run.builder.gradients(of: loss, withRespectTo: wanted)
    expect(
      try run.tensor(gradients[0], inputs).elements,
      [
        -2.7444444444444462, -5.595555555555559, -13.935555555555558, -0.21613385546457822,
        0.28623709505162, 0.4833891064435743,
      ], "gradient of the direction")
    expect(
      try run.tensor(gradients[1], inputs).elements, [19.793333333333337, 5.745094339622643],
      "gradient of the length")
  }
}

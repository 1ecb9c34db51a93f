import Autodiff
import Foundation
import Layers
import Testing

@Suite struct ActivationTests {
  /// What becomes of −2, 0 and 3.
  static let table: [(String, [Double])] = [
    ("relu:", [0, 0, 3]),
    ("leaky_relu: 0.25", [-0.5, 0, 3]),
    ("leaky_relu:", [-0.4, 0, 3]),
    ("tanh:", [-tanh(2.0), 0, tanh(3.0)]),
    ("sigmoid:", [logistic(-2), 0.5, logistic(3)]),
    ("softplus:", [log(1 + exp(-2.0)), log(2.0), log(1 + exp(3.0))]),
    // PyTorch's numbers, in double precision.
    ("elu: 0.5", [-0.43233235838169365, 0, 3]),
    ("selu:", [-1.5201664685956948, 0, 3.1521029620664414]),
    ("gelu:", [-0.04540230591222494, 0, 2.996362607918227]),
    ("silu:", [-0.2384058440442351, 0, 2.8577223804672998]),
  ]

  @Test(arguments: table)
  func values(_ yaml: String, _ expected: [Double]) throws {
    let found = try LayerRun(yaml, .vector(3), batch: 1).result(["x": [-2, 0, 3]])
    // Two ways to write the same function may differ in the last places.
    #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-15 * max(1, abs($1)) * 4 })
  }

  private static func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  /// Where the slope jumps, PyTorch's choice.
  @Test(arguments: [("relu:", 0.0), ("leaky_relu: 0.25", 0.25), ("softplus:", 0.5)])
  func slopeAtZero(_ yaml: String, _ expected: Double) throws {
    var run = try LayerRun(yaml, .vector(1), batch: 1)
    let sum = run.builder.sum(run.y)
    let gradient = run.builder.gradients(of: sum, withRespectTo: [run.x])[0]
    #expect(try run.tensor(gradient, ["x": [0]]).elements == [expected])
  }

  @Test func softplusDoesNotOverflow() throws {
    let run = try LayerRun("softplus:", .vector(2), batch: 1)
    #expect(try run.result(["x": [-1000, 1000]]) == [0, 1000])
  }
}

import Diagnostics
import Layers
import Spec

/// Both networks of a spec, with all shapes known and fitting.
public struct LayerGraph: Sendable {
  public let generator: NetworkGraph
  public let discriminator: NetworkGraph

  public func network(_ role: NetworkRole) -> NetworkGraph {
    switch role {
    case .generator: generator
    case .discriminator: discriminator
    }
  }

  /// The networks that there are: a classifier has no generator.
  public var networks: [NetworkGraph] {
    [generator, discriminator].filter { !$0.nodes.isEmpty }
  }

  /// All tensors, the generator's first.
  public var parameters: [NamedParameter] { generator.parameters + discriminator.parameters }

  public var usesLabels: Bool { generator.usesLabels || discriminator.usesLabels }

  /// Infers all shapes; without errors there is a graph.
  ///
  /// A network is followed up to its first layer that cannot continue; the other one is followed all
  /// the same.
  public static func build(_ spec: Spec) -> (graph: LayerGraph?, diagnostics: [Diagnostic]) {
    let checks = GraphChecks(spec)
    if let problem = checks.imageTooLarge { return (nil, [problem]) }
    var diagnostics: [Diagnostic] = []
    var networks: [NetworkRole: NetworkGraph] = [:]
    for role in spec.roles {
      switch inferShapes(of: spec.network(role), input: checks.input(of: role), checks) {
      case .success(let network):
        networks[role] = network
        diagnostics += checks.problems(of: network)
      case .failure(let problem):
        diagnostics.append(problem.diagnostic)
      }
    }
    if !spec.objective.loss.hasGenerator {
      networks[.generator] = NetworkGraph(
        role: .generator, input: checks.input(of: .generator), nodes: [], classes: checks.classes)
    }
    let whole = spec.roles.compactMap { networks[$0] }
    if let problem = checks.unusedLabels(in: whole) { diagnostics.append(problem) }
    diagnostics = diagnostics.sortedByPosition
    guard !diagnostics.hasErrors, let generator = networks[.generator],
      let discriminator = networks[.discriminator]
    else { return (nil, diagnostics) }
    return (LayerGraph(generator: generator, discriminator: discriminator), diagnostics)
  }
}

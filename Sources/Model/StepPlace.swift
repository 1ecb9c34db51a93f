import Spec

/// A place in a step that one number tells about.
package struct StepPlace: Hashable, Sendable {
  /// The network in whose part of the step it is.
  package let role: NetworkRole
  package let kind: Kind

  package enum Kind: Hashable, Sendable {
    /// The mean of what comes out of a layer.
    case output(path: String, LayerPass)
    /// The mean square of a parameter's gradient.
    case gradient(parameter: String)
  }

  /// The output of a program that has the number.
  package var name: String {
    switch kind {
    case .output(let path, let pass): TensorName.mean(path, pass, in: role)
    case .gradient(let parameter): TensorName.meanSquare(parameter)
    }
  }
}

/// What a layer works on in a step.
package enum LayerPass: String, Hashable, Sendable, CaseIterable {
  case real
  /// Noise on its way to images, or images made of noise.
  case generated
  /// Points between real and generated images, of a gradient penalty.
  case between
}

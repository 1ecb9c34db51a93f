import Decoding
import Spec

extension Spec {
  /// Everything but the layers, by the keys of the spec, with defaults written out.
  ///
  /// `name` and `deviations` are left out: they change neither the networks nor their training.
  var settings: NamedValues {
    var values: NamedValues = [
      ("image.size", "\(image.height) × \(image.width)"),
      ("image.channels", "\(image.channels)"),
      ("image.range", "[\(image.range.lowerBound.yamlText), \(image.range.upperBound.yamlText)]"),
      ("latent.size", "\(latent.size)"),
      ("latent.distribution", latent.distribution.rawValue),
    ]
    if let condition { values.append(("condition.classes", "\(condition.classes)")) }
    values += [
      ("init.weight", initialization.weight.words),
      ("init.norm_scale", initialization.normScale.words),
    ]
    return values + objective.settings + data.settings + train.settings
  }
}

extension InitializationSpec.Normal {
  fileprivate var words: String { "{normal: [\(mean.yamlText), \(deviation.yamlText)]}" }
}

extension ObjectiveSpec {
  fileprivate var settings: NamedValues {
    var values: NamedValues = [("objective.loss", loss.rawValue)]
    // The other losses have one form only.
    if loss == .minimax { values.append(("objective.generator", generator.rawValue)) }
    if let penalty = gradientPenalty {
      values.append(("objective.gradient_penalty.coefficient", penalty.coefficient.yamlText))
      values.append(("objective.gradient_penalty.centre", penalty.centre.yamlText))
    }
    return values
  }
}

extension DataSpec {
  fileprivate var settings: NamedValues {
    var values: NamedValues = [("data.source", source)]
    if let fallback { values.append(("data.fallback", fallback)) }
    if let path { values.append(("data.path", path)) }
    return values
  }
}

extension TrainSpec {
  fileprivate var settings: NamedValues {
    [
      ("train.batch", "\(batch)"), ("train.epochs", "\(epochs)"), ("train.seed", "\(seed)"),
      ("train.updates", updates.words),
    ] + optimizer.settings
  }
}

extension TrainSpec.Updates {
  fileprivate var words: String {
    switch self {
    case .both(let noise): "both, \(noise.rawValue) noise"
    case .alternate: "alternate"
    }
  }
}

extension OptimizerSpec {
  fileprivate var settings: NamedValues {
    let (name, own): (String, [(String, Double)]) =
      switch rule {
      case .adam(let beta1, let beta2, let epsilon):
        ("adam", [("beta1", beta1), ("beta2", beta2), ("epsilon", epsilon)])
      case .rmsprop(let smoothing, let epsilon, let momentum):
        ("rmsprop", [("smoothing", smoothing), ("epsilon", epsilon), ("momentum", momentum)])
      case .sgd(let momentum): ("sgd", [("momentum", momentum)])
      }
    let numbers = [("learning_rate", learningRate)] + own + [("weight_decay", weightDecay)]
    return [("train.optimizer", name)]
      + numbers.map { ("train.optimizer.\($0.0)", $0.1.yamlText) }
  }
}

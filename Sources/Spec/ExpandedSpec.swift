import Decoding
import Layers

extension Spec {
  /// The spec written out: no `let`, `repeat` or `defaults`, every option and name explicit.
  ///
  /// It decodes to an equal spec. Checkpoints and run folders keep this text.
  public var expandedYAML: String {
    var lines = [
      "dcgan: \(Self.languageVersion)",
      "name: \(name.yamlText)",
      "image: \(image.expanded)",
      "latent: {size: \(latent.size), distribution: \(latent.distribution.rawValue)}",
    ]
    if let condition { lines.append("condition: {classes: \(condition.classes)}") }
    for role in NetworkRole.allCases { lines += network(role).expandedLines }
    lines += [
      "init: {weight: \(initialization.weight.expanded), "
        + "norm_scale: \(initialization.normScale.expanded)}",
      "objective: \(objective.expanded)",
      "data: \(data.expanded)",
      "train: \(train.expanded)",
    ]
    if !deviations.isEmpty {
      lines.append("deviations:")
      lines += deviations.map { "  \($0.code.yamlText): \($0.reason.yamlText)" }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension NetworkSpec {
  fileprivate var expandedLines: [String] {
    ["\(role.rawValue):", "  layers:"] + layers.map { "    - \($0.expanded)" }
  }
}

extension LayerSpec {
  /// As in `conv: {name: conv1, filters: 64, …, norm: none, activation: {leaky_relu: {slope: 0.2}}}`.
  fileprivate var expanded: String {
    var options = [ReadOption(key: "name", text: name.yamlText)] + main.options
    if main.kind.role == .weighted {
      options.append(ReadOption(key: "norm", text: norm?.expanded ?? "none"))
      options.append(ReadOption(key: "activation", text: activation?.expanded ?? "none"))
    }
    return "\(main.kind.rawValue): \(options.flowMap)"
  }
}

extension LayerSpec.Component {
  /// A norm or activation: `relu`, `{leaky_relu: {slope: 0.2}}`.
  fileprivate var expanded: String {
    options.isEmpty ? kind.optionName : "{\(kind.optionName): \(options.flowMap)}"
  }
}

extension [ReadOption] {
  fileprivate var flowMap: String {
    "{" + map { "\($0.key): \($0.text)" }.joined(separator: ", ") + "}"
  }
}

extension ImageSpec {
  fileprivate var expanded: String {
    "{size: [\(height), \(width)], channels: \(channels), "
      + "range: [\(range.lowerBound.yamlText), \(range.upperBound.yamlText)]}"
  }
}

extension InitializationSpec.Normal {
  fileprivate var expanded: String { "{normal: [\(mean.yamlText), \(deviation.yamlText)]}" }
}

extension ObjectiveSpec {
  fileprivate var expanded: String {
    var options = [ReadOption(key: "loss", text: loss.rawValue)]
    if loss == .minimax { options.append(ReadOption(key: "generator", text: generator.rawValue)) }
    if let penalty = gradientPenalty {
      let text =
        "{coefficient: \(penalty.coefficient.yamlText), centre: \(penalty.centre.yamlText)}"
      options.append(ReadOption(key: "gradient_penalty", text: text))
    }
    return options.flowMap
  }
}

extension DataSpec {
  fileprivate var expanded: String {
    var options = [ReadOption(key: "source", text: source.yamlText)]
    if let fallback { options.append(ReadOption(key: "fallback", text: fallback.yamlText)) }
    if let path { options.append(ReadOption(key: "path", text: path.yamlText)) }
    return options.flowMap
  }
}

extension TrainSpec {
  fileprivate var expanded: String {
    "{batch: \(batch), epochs: \(epochs), seed: \(seed), updates: \(updates.expanded), "
      + "optimizer: \(optimizer.expanded)}"
  }
}

extension TrainSpec.Updates {
  fileprivate var expanded: String {
    switch self {
    case .both(let noise): "{both: {noise: \(noise.rawValue)}}"
    case .alternate: "alternate"
    }
  }
}

extension OptimizerSpec {
  fileprivate var expanded: String {
    let (name, own): (String, [(String, Double)]) =
      switch rule {
      case .adam(let beta1, let beta2, let epsilon):
        ("adam", [("beta1", beta1), ("beta2", beta2), ("epsilon", epsilon)])
      case .rmsprop(let smoothing, let epsilon, let momentum):
        ("rmsprop", [("smoothing", smoothing), ("epsilon", epsilon), ("momentum", momentum)])
      case .sgd(let momentum):
        ("sgd", [("momentum", momentum)])
      }
    let all = [("learning_rate", learningRate)] + own + [("weight_decay", weightDecay)]
    return "{\(name): \(all.map { ReadOption(key: $0.0, text: $0.1.yamlText) }.flowMap)}"
  }
}

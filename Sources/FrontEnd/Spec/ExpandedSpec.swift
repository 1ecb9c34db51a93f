import Decoding
import Layers

extension Spec {
  /// The spec written out: no `let`, `repeat` or `defaults`, every option and name explicit.
  ///
  /// It decodes to an equal spec. Checkpoints and run folders keep this text.
  public var expandedYAML: String {
    let lines = expandedSections.flatMap { section in
      section.head + section.entries.map { section.indentation + section.mark + $0.flow }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// All that is written out, in order.
  var expandedSections: [ExpandedSection] {
    var values = [
      ExpandedEntry("dcgan", "\(Self.languageVersion)"),
      ExpandedEntry("name", name.yamlText),
      ExpandedEntry("image", .options(image.expanded)),
    ]
    let hasGenerator = objective.loss.hasGenerator
    if hasGenerator {
      values.append(
        ExpandedEntry(
          "latent",
          .options([
            ExpandedEntry("size", "\(latent.size)"),
            ExpandedEntry("distribution", latent.distribution.rawValue),
          ])))
    }
    if let condition {
      values.append(
        ExpandedEntry("condition", .options([ExpandedEntry("classes", "\(condition.classes)")])))
    }
    let changes = augmentation.options.map { ExpandedEntry($0.name, $0.value.yamlText) }
    let training =
      [
        ExpandedEntry("init", .options(initialization.expanded)),
        ExpandedEntry("objective", .options(objective.expanded)),
      ] + (changes.isEmpty ? [] : [ExpandedEntry("augment", .options(changes))]) + [
        ExpandedEntry("data", .options(data.expanded)),
        ExpandedEntry("train", .options(train.expanded(hasGenerator: hasGenerator))),
      ]
    let networks = roles.map { role in
      ExpandedSection(
        head: ["\(role.rawValue):", "  layers:"], indentation: "    ", mark: "- ",
        entries: network(role).layers.map(\.expanded))
    }
    let reasons = ExpandedSection(
      head: ["deviations:"], indentation: "  ", entries: deviations.map(\.expanded))
    return [ExpandedSection(entries: values.located(in: origins))] + networks
      + [ExpandedSection(entries: training.located(in: origins))]
      + (deviations.isEmpty ? [] : [reasons])
  }
}

/// A part of the expanded spec.
struct ExpandedSection {
  /// The keys above its entries.
  var head: [String] = []
  var indentation = ""
  /// Before each entry: the sign of a list, or nothing.
  var mark = ""
  let entries: [ExpandedEntry]
}

extension LayerSpec {
  /// As in `conv: {name: conv1, filters: 64, …, norm: none, activation: {leaky_relu: {slope: 0.2}}}`.
  fileprivate var expanded: ExpandedEntry {
    var options = [ExpandedEntry("name", name.yamlText)] + [ExpandedEntry](main.options)
    if main.kind.role == .weighted {
      options.append(ExpandedEntry("norm", norm?.expanded ?? .text("none")))
      options.append(ExpandedEntry("activation", activation?.expanded ?? .text("none")))
    }
    return ExpandedEntry(
      main.kind.rawValue, .options(options.located(in: main.origins)),
      origin: ExpandedEntry.Origin(span: main.span, scope: main.origins.scope))
  }
}

extension LayerSpec.Component {
  /// A norm or activation: `relu`, `{leaky_relu: {slope: 0.2}}`.
  fileprivate var expanded: ExpandedEntry.Value {
    ExpandedEntry.Value(name: kind.optionName, [ExpandedEntry](options))
  }
}

extension Deviation {
  fileprivate var expanded: ExpandedEntry {
    ExpandedEntry(
      code.yamlText, .text(reason.yamlText), origin: ExpandedEntry.Origin(span: span))
  }
}

extension ImageSpec {
  fileprivate var expanded: [ExpandedEntry] {
    [
      ExpandedEntry("size", "[\(height), \(width)]"),
      ExpandedEntry("channels", "\(channels)"),
      ExpandedEntry("range", "[\(range.lowerBound.yamlText), \(range.upperBound.yamlText)]"),
    ]
  }
}

extension InitializationSpec {
  fileprivate var expanded: [ExpandedEntry] {
    [ExpandedEntry("weight", weight.expanded), ExpandedEntry("norm_scale", normScale.expanded)]
  }
}

extension InitializationSpec.Normal {
  fileprivate var expanded: String { "{normal: [\(mean.yamlText), \(deviation.yamlText)]}" }
}

extension ObjectiveSpec {
  fileprivate var expanded: [ExpandedEntry] {
    var options = [ExpandedEntry("loss", loss.rawValue)]
    if loss == .minimax { options.append(ExpandedEntry("generator", generator.rawValue)) }
    if let penalty = gradientPenalty {
      options.append(
        ExpandedEntry(
          "gradient_penalty",
          .options([
            ExpandedEntry("coefficient", penalty.coefficient.yamlText),
            ExpandedEntry("centre", penalty.centre.yamlText),
          ])))
    }
    options += regularization.options.map { ExpandedEntry($0.name, $0.value.yamlText) }
    return options
  }
}

extension DataSpec {
  fileprivate var expanded: [ExpandedEntry] {
    [("source", source.rawValue), ("fallback", fallback?.rawValue)].compactMap { key, text in
      text.map { ExpandedEntry(key, $0.yamlText) }
    } + reading.expanded
  }
}

extension DataReading {
  /// What differs from the defaults: most options concern few sources.
  fileprivate var expanded: [ExpandedEntry] {
    let usual = DataReading()
    func text<Value: Equatable>(
      _ value: KeyPath<DataReading, Value>, _ text: (Value) -> String?
    ) -> String? {
      self[keyPath: value] == usual[keyPath: value] ? nil : text(self[keyPath: value])
    }
    let options: [(String, String?)] = [
      ("path", path?.yamlText),
      ("fit", text(\.fit) { $0.rawValue }),
      ("alpha", text(\.alpha) { $0.rawValue }),
      ("filter", text(\.filter) { $0.rawValue }),
      ("flip", text(\.flip) { "\($0)" }),
      ("attributes", attributes?.yamlText),
      ("label", label?.yamlText),
      ("classes", classes.map { "[" + $0.map(\.yamlText).joined(separator: ", ") + "]" }),
      ("limit", limit.map { "\($0)" }),
      ("holdout", text(\.holdout) { "\($0)%" }),
      ("shuffle", text(\.shuffle) { "\($0)" }),
      ("cache", text(\.cache) { $0.rawValue }),
      ("skip", skip?.yamlText),
    ]
    return options.compactMap { key, text in text.map { ExpandedEntry(key, $0) } }
  }
}

extension TrainSpec {
  fileprivate func expanded(hasGenerator: Bool) -> [ExpandedEntry] {
    [
      ExpandedEntry("batch", "\(batch)"),
      ExpandedEntry("epochs", "\(epochs)"),
      ExpandedEntry("seed", "\(seed)"),
    ] + (hasGenerator ? [ExpandedEntry("updates", updates.expanded)] : [])
      + [ExpandedEntry("optimizer", optimizer.expanded)]
      + [("generator", generator), ("discriminator", discriminator)].compactMap { name, network in
        network.isPlain ? nil : ExpandedEntry(name, .options(network.expanded))
      } + schedule.expanded
      + [("shards", shards), ("accumulate", accumulate)].compactMap { key, parts in
        parts == 1 ? nil : ExpandedEntry(key, "\(parts)")
      } + [
        ExpandedEntry("save_every", saveEvery.description.yamlText),
        ExpandedEntry("on_trouble", onTrouble.rawValue),
      ]
  }
}

extension NetworkTraining {
  /// What differs from the other network; an optimiser of both stands where it is written.
  fileprivate var expanded: [ExpandedEntry] {
    let numbers = [("clip", clip), ("clip_weights", clipWeights), ("average", average)]
    return (ownOptimizer.map { [ExpandedEntry("optimizer", $0.expanded)] } ?? [])
      + (steps == 1 ? [] : [ExpandedEntry("steps", "\(steps)")])
      + numbers.filter { $0.1 != 0 }.map { ExpandedEntry($0.0, $0.1.yamlText) }
  }
}

extension RateSchedule {
  fileprivate var expanded: [ExpandedEntry] {
    (warmUp == 0 ? [] : [ExpandedEntry("warm_up", "\(warmUp)")])
      + (decay.map { decay in
        [
          ExpandedEntry(
            "decay",
            .named(
              decay.curve.rawValue,
              [
                ExpandedEntry("from", "\(decay.from)"), ExpandedEntry("until", "\(decay.until)"),
                ExpandedEntry("share", decay.share.yamlText),
              ]))
        ]
      } ?? [])
  }
}

extension TrainSpec.Updates {
  fileprivate var expanded: ExpandedEntry.Value {
    switch self {
    case .both(let noise): .named("both", [ExpandedEntry("noise", noise.rawValue)])
    case .alternate: .text("alternate")
    }
  }
}

extension OptimizerSpec {
  fileprivate var expanded: ExpandedEntry.Value {
    let own = rule.optimizer.options.map { ($0.name, $0.value) }
    let all = [("learning_rate", learningRate)] + own + [("weight_decay", weightDecay)]
    return .named(rule.kind.rawValue, all.map { ExpandedEntry($0.0, $0.1.yamlText) })
  }
}

import Decoding
import Diagnostics
import Layers

extension Spec {
  /// What a spec takes, noted by its own decoder.
  public static var forms: [OptionForm] {
    var reader = OptionReader(recording: "spec")
    _ = Spec(reading: &reader, file: reader.span.file)
    return reader.forms ?? []
  }

  /// What one entry of a `layers:` list takes: a layer or `repeat`.
  public static var layerForms: [NamedForm] {
    let layers = LayerKind.allCases.map { kind in
      NamedForm(
        name: kind.rawValue, value: .options(LayerDecoder.forms(of: kind)), help: kind.type.summary)
    }
    var loop = OptionReader(recording: "repeat")
    _ = NetworkDecoder.parts(reading: &loop)
    return layers + [
      NamedForm(
        name: "repeat", value: .options(loop.forms ?? []),
        help: "repeats layers with a counter")
    ]
  }
}

import Diagnostics
import Document

/// What other programs and papers call the options, values and layers of specs.
///
/// Only a name that means the same is put in place without asking; a name for another thing is
/// told apart, and the nearest thing of this language is named beside it.
public enum OtherNames {
  /// Other names for the same thing, in the spelling of `plain(_:)`.
  ///
  /// A name may stand for several: what is known at the place decides.
  private static let same: [String: [String]] = [
    // options
    "lr": ["learning_rate"],
    "outchannels": ["filters"], "nout": ["filters"], "numfilters": ["filters"],
    "nfilters": ["filters"], "nf": ["filters"], "featuremaps": ["filters"],
    "outfeatures": ["units"], "kernelsize": ["kernel"], "ksize": ["kernel"],
    "filtersize": ["kernel"], "pad": ["padding"], "usebias": ["bias"],
    "weightnorm": ["weight_norm"], "wn": ["weight_norm"],
    "negativeslope": ["slope"], "eps": ["epsilon"],
    "batchsize": ["batch"], "bs": ["batch"], "minibatch": ["batch"],
    "numepochs": ["epochs"], "nepochs": ["epochs"], "maxepochs": ["epochs"],
    "betaone": ["beta1"], "b1": ["beta1"], "betatwo": ["beta2"], "b2": ["beta2"],
    "warmup": ["warm_up"], "warmupstep": ["warm_up"], "scheduler": ["decay"],
    "lrscheduler": ["decay"], "lrdecay": ["decay"], "gradientaccumulation": ["accumulate"],
    "gradientaccumulationstep": ["accumulate"], "accumulationstep": ["accumulate"],
    "ema": ["average"], "emadecay": ["average"], "movingaverage": ["average"],
    "gradclip": ["clip"], "clipgrad": ["clip"], "clipnorm": ["clip"], "maxgradnorm": ["clip"],
    "clipvalue": ["clip_weights"], "weightclip": ["clip_weights"], "ncritic": ["steps"],
    "optim": ["optimizer"], "optimiser": ["optimizer"],
    "normalization": ["norm"], "normalisation": ["norm"], "normlayer": ["norm"],
    "nonlinearity": ["activation"], "act": ["activation"], "actfn": ["activation"],
    "zdim": ["size"], "nz": ["size"], "latentdim": ["size"], "dim": ["size"],
    "imagesize": ["size"], "imgsize": ["size"], "resolution": ["size"],
    "nc": ["channels"], "imgchannels": ["channels"],
    "numclasses": ["classes"], "nclasses": ["classes"],
    "version": ["dcgan"], "imagefolder": ["folder"], "image": ["folder"],
    "dataset": ["data", "source"], "training": ["train"], "variables": ["let"],
    "constants": ["let"], "g": ["generator"], "netg": ["generator"], "gen": ["generator"],
    "d": ["discriminator"], "netd": ["discriminator"], "disc": ["discriminator"],
    "critic": ["discriminator"], "z": ["latent"], "noise": ["latent"],
    // values
    "lrelu": ["leaky_relu"], "rectifier": ["relu"], "logistic": ["sigmoid"],
    "bn": ["batch", "batch_norm"], "batchnorm": ["batch", "batch_norm"],
    "batchnorm2d": ["batch", "batch_norm"],
    "batchnormalization": ["batch", "batch_norm"],
    "layernorm": ["layer", "layer_norm"], "layernormalization": ["layer", "layer_norm"],
    "instancenorm": ["instance", "instance_norm"],
    "instancenorm2d": ["instance", "instance_norm"],
    "instancenormalization": ["instance", "instance_norm"],
    "groupnorm": ["group", "group_norm"], "groupnormalization": ["group", "group_norm"],
    "spectralnorm": ["spectral_norm"], "spectral": ["spectral_norm"],
    "spectralnormalization": ["spectral_norm"], "sn": ["spectral_norm"],
    "specnorm": ["spectral_norm"], "weightnormalization": ["weight_norm"],
    "null": ["none"], "off": ["none"], "no": ["none"], "linear": ["none"], "identity": ["none"],
    "gaussian": ["normal"], "gauss": ["normal"], "randn": ["normal"], "bce": ["minimax"],
    "vanilla": ["minimax"], "binarycrossentropy": ["minimax"], "wgan": ["wasserstein"],
    "hingeloss": ["hinge"], "wassersteinloss": ["wasserstein"],
    "ragan": ["relativistic_average"], "rasgan": ["relativistic_average"],
    "relativistic": ["relativistic_average"], "r1gamma": ["r1"], "r1penalty": ["r1"],
    "labelsmoothing": ["smoothing"], "onesidedlabelsmoothing": ["smoothing"],
    "labelflip": ["flipped_labels"], "flipprob": ["flipped_labels"],
    "lsgan": ["least_squares"], "mse": ["least_squares"],
    // layers
    "conv2d": ["conv"], "convolution": ["conv"], "convolution2d": ["conv"],
    "deconv": ["conv_transpose"], "deconv2d": ["conv_transpose"],
    "deconvolution": ["conv_transpose"], "conv2dtranspose": ["conv_transpose"],
    "convtranspose2d": ["conv_transpose"], "transposedconvolution": ["conv_transpose"],
    "tconv": ["conv_transpose"], "upconv": ["conv_transpose"], "dconv": ["conv_transpose"],
    "fractionallystridedconvolution": ["conv_transpose"],
    "dense": ["linear"], "fullyconnected": ["linear"], "fc": ["linear"],
    "innerproduct": ["linear"], "gap": ["global_average_pool"],
    "globalaveragepooling2d": ["global_average_pool"], "avgpool": ["average_pool"],
    "avgpool2d": ["average_pool"], "averagepooling2d": ["average_pool"],
    "embedding": ["embed_labels"], "labelembedding": ["embed_labels"],
    "cbn": ["conditional_batch", "conditional_batch_norm"],
    "conditionalbatchnorm": ["conditional_batch", "conditional_batch_norm"],
    "conditionalbatchnorm2d": ["conditional_batch", "conditional_batch_norm"],
    "classconditionalbatchnorm": ["conditional_batch", "conditional_batch_norm"],
    "categoricalbatchnorm": ["conditional_batch", "conditional_batch_norm"],
    "projectiondiscriminator": ["label_projection"], "classprojection": ["label_projection"],
    "swish": ["silu"], "depthtospace": ["pixel_shuffle"], "subpixel": ["pixel_shuffle"],
    "minibatchstd": ["minibatch_deviation"], "minibatchstddev": ["minibatch_deviation"],
    "minibatchstandarddeviation": ["minibatch_deviation"], "noiselayer": ["gaussian_noise"],
    "augmentation": ["augment"], "diffaugment": ["augment"],
    "differentiableaugmentation": ["augment"],
    "color": ["colour"], "translate": ["translation"], "shift": ["translation"],
    "auxiliaryclassifier": ["label_classification"], "classifier": ["label_classification"],
    "blurred": ["blurred_image"], "lowresolution": ["blurred_image"], "coarse": ["blurred_image"],
    "vbn": ["virtual_batch", "virtual_batch_norm"],
    "adain": ["adaptive_instance", "adaptive_instance_norm"],
    "adaptiveinstancenorm2d": ["adaptive_instance", "adaptive_instance_norm"],
    "constantinput": ["constant"], "learnedconstant": ["constant"],
    "attention": ["self_attention"], "selfattn": ["self_attention"],
    "nonlocal": ["self_attention"], "multiheadattention": ["self_attention"],
    "maxpool2d": ["max_pool"], "maxpooling2d": ["max_pool"],
    "upsampling2d": ["upsample"], "upsamplingnearest2d": ["upsample"], "dropout2d": ["dropout"],
  ]

  /// Names of things that this language does not have, with the nearest that it has.
  private static let foreign: [String: [String]] = [
    "mish": ["relu"],
    "celu": ["elu", "leaky_relu"],
    "rrelu": ["leaky_relu"], "crelu": ["relu"], "relu6": ["relu"], "hardtanh": ["tanh"],
    "softsign": ["tanh"], "hardsigmoid": ["sigmoid"], "logsigmoid": ["softplus"],
    "softmax": ["sigmoid"], "glu": ["relu"],
    "adamw": ["adam"], "nadam": ["adam"], "radam": ["adam"], "adamax": ["adam"],
    "amsgrad": ["adam"], "adagrad": ["rmsprop", "adam"], "adadelta": ["rmsprop", "adam"],
    "rprop": ["rmsprop"], "lion": ["adam"], "lamb": ["adam"], "lbfgs": ["sgd"],
    "maxunpool": ["upsample"], "maxunpool2d": ["upsample"],
    "conv1d": ["conv"], "conv3d": ["conv"], "separableconv2d": ["conv"],
    "depthwiseconv2d": ["conv"], "convtranspose3d": ["conv_transpose"],
    "lognormal": ["normal"], "truncatednormal": ["normal"], "truncnormal": ["normal"],
    "xavier": ["normal"], "glorot": ["normal"], "kaiming": ["normal"], "he": ["normal"],
    "orthogonal": ["normal"],
    "virtualbatchnorm": ["batch_norm", "batch"],
    "pixelnorm": ["layer_norm", "layer"], "syncbatchnorm": ["batch_norm", "batch"],
    "rmsnorm": ["layer_norm", "layer"],
    "celeba": ["folder"], "celebahq": ["folder"], "ffhq": ["folder"], "lfw": ["folder"],
    "stl10": ["folder"], "coco": ["folder"], "flower": ["folder"], "anime": ["folder"],
    "emnist": ["mnist"], "kmnist": ["mnist"], "omniglot": ["mnist"],
    "lstm": [], "gru": [], "embedding": [],
    "activation": ["activation", "relu"],
  ]

  /// Where an option belongs that people look for elsewhere, in the spelling of a spec.
  private static let places: [String: String] = [
    "learningrate": "train: {optimizer: {adam: {learning_rate: …}}}",
    "lr": "train: {optimizer: {adam: {learning_rate: …}}}",
    "beta1": "train: {optimizer: {adam: {beta1: …}}}",
    "beta2": "train: {optimizer: {adam: {beta2: …}}}",
    "beta": "train: {optimizer: {adam: {beta1: …, beta2: …}}}",
    "weightdecay": "train: {optimizer: {adam: {weight_decay: …}}}",
    "batch": "train: {batch: …}", "batchsize": "train: {batch: …}",
    "los": "objective: {loss: …}", "gp": "objective: {gradient_penalty: …}",
    "lambdagp": "objective: {gradient_penalty: …}", "gpweight": "objective: {gradient_penalty: …}",
    "ndis": "train: {discriminator: {steps: …}}", "ngen": "train: {generator: {steps: …}}",
    "ndiscriminator": "train: {discriminator: {steps: …}}",
    "classe": "condition: {classes: …}", "label": "condition: {classes: …}",
    "epoch": "train: {epochs: …}", "numepoch": "train: {epochs: …}", "seed": "train: {seed: …}",
    "optimizer": "train: {optimizer: …}", "imagesize": "image: {size: …}",
    "imgsize": "image: {size: …}", "numclasse": "condition: {classes: …}",
    "nclasse": "condition: {classes: …}", "latentdim": "latent: {size: …}",
    "nz": "latent: {size: …}", "zdim": "latent: {size: …}",
    "ncritic": "train: {discriminator: {steps: …}}",
    "criticiter": "train: {discriminator: {steps: …}}",
    "dstep": "train: {discriminator: {steps: …}}", "gstep": "train: {generator: {steps: …}}",
    "lrg": "train: {generator: {optimizer: {adam: {learning_rate: …}}}}",
    "glr": "train: {generator: {optimizer: {adam: {learning_rate: …}}}}",
    "lrd": "train: {discriminator: {optimizer: {adam: {learning_rate: …}}}}",
    "dlr": "train: {discriminator: {optimizer: {adam: {learning_rate: …}}}}",
    "ema": "train: {generator: {average: …}}",
    "ttur": "train: {discriminator: {optimizer: {adam: {learning_rate: …}}}}",
    "emadecay": "train: {generator: {average: …}}",
    "clipvalue": "train: {discriminator: {clip_weights: …}}",
    "weightclip": "train: {discriminator: {clip_weights: …}}",
    "gradclip": "train: {discriminator: {clip: …}}",
    "clipgrad": "train: {discriminator: {clip: …}}",
    "maxgradnorm": "train: {discriminator: {clip: …}}",
    "warmup": "train: {warm_up: …}", "warmupstep": "train: {warm_up: …}",
    "scheduler": "train: {decay: …}", "lrscheduler": "train: {decay: …}",
    "gradientaccumulation": "train: {accumulate: …}",
    "gradientaccumulationstep": "train: {accumulate: …}",
    "gradientpenalty": "objective: {gradient_penalty: …}",
    "lambda": "objective: {gradient_penalty: …}",
    "labelsmoothing": "objective: {smoothing: …}", "r1gamma": "objective: {r1: …}",
    "instancenoise": "objective: {instance_noise: …}",
  ]

  /// What people write as one word, and this language says at another place or in several words, in
  /// the spelling of `plain(_:)`.
  private static let phrases: [String: String] = [
    "spectralnorm": spectralNorm, "spectral": spectralNorm,
    "spectralnormalization": spectralNorm, "sn": spectralNorm,
    "weightnorm": "`weights: weight_norm`: it is the weights that are divided",
    "wgangp": "`loss: wasserstein, gradient_penalty: 10`",
    "nonsaturating": "`loss: minimax, generator: non_saturating`",
    "ns": "`loss: minimax, generator: non_saturating`",
    "nsgan": "`loss: minimax, generator: non_saturating`",
    "acgan": "`loss: minimax`, and `label_classification` before the discriminator's last layer",
    "projection":
      "`project`, from noise to maps, or `label_projection`, a class discriminator's end",
    "resblock": residualBlock, "residualblock": residualBlock, "residual": residualBlock,
    "basicblock": residualBlock, "bottleneck": residualBlock, "skip": residualBlock,
    "skipconnection": residualBlock, "shortcut": residualBlock, "genblock": residualBlock,
    "discblock": residualBlock,
  ]

  private static let spectralNorm =
    "`weights: spectral_norm`: it is the weights that are divided"

  private static let residualBlock =
    "the block's layers, then `add: NAME` of the layer before them, or `add: -5` of the fifth entry "
    + "before; `dcgan-compile residual32 --emit spec` shows some"

  /// How this language says a word, where that is more than another name.
  public static func phrase(for name: String) -> String? {
    name.utf8.count <= longest ? phrases[plain(name)] : nil
  }

  /// Whether a norm's option would say how many channels there are.
  static func isChannelCount(_ name: String) -> Bool {
    ["numfeature", "feature", "channel", "numchannel", "filter"].contains(plain(name))
  }

  /// The place of an option that is not known where it stands, with the value that was written; nil
  /// where none is.
  public static func place(of name: String, with value: Node?) -> String? {
    guard name.utf8.count <= longest, let place = places[plain(name)] else { return nil }
    guard case .scalar(let scalar)? = value, !scalar.text.isEmpty,
      scalar.text.utf8.count <= longest,
      place.split(separator: "…", omittingEmptySubsequences: false).count == 2
    else { return place }
    return String(place.map { $0 == "…" ? scalar.span.text : "\($0)" }.joined())
  }

  /// The value of `weights` that an option such as `spectral_norm: true` means.
  static func weights(for name: String) -> String? {
    guard name.utf8.count <= longest else { return nil }
    return same[plain(name)]?.first { ["spectral_norm", "weight_norm"].contains($0) }
  }

  /// The name among `known` that `name` is elsewhere, or the nearest to it.
  public static func guess(of name: String, among known: [String]) -> NameGuess? {
    guard name.utf8.count <= longest else { return nil }
    let plain = plain(name)
    if let spelled = known.filter({ Self.plain($0) == plain }).only {
      return NameGuess(name: spelled, relation: .sameMeaning)
    }
    for other in same[plain] ?? [] where known.contains(other) {
      return NameGuess(name: other, relation: .sameMeaning)
    }
    if let near = foreign[plain] {
      return near.first(where: known.contains).map {
        NameGuess(name: $0, relation: .otherThing)
      }
    }
    return known.guess(of: name)
  }

  /// No name is longer.
  private static let longest = 64

  /// Without what only spelling adds: modules (`nn.`), capitals, `_` and `-`, doubled letters, and
  /// a plural.
  private static func plain(_ name: String) -> String {
    let last = name.split(separator: ".").last.map(String.init) ?? name
    var letters = last.lowercased().filter { $0 != "_" && $0 != "-" && $0 != " " }
    if letters.count > 3, letters.hasSuffix("s") { letters.removeLast() }
    if let whole = wholes.first(where: { $0 == letters + "s" }) { return whole }
    return letters
  }

  /// Names in the tables that end with an s of their own.
  private static let wholes = (Array(same.keys) + Array(foreign.keys)).filter { $0.hasSuffix("s") }
}

extension Array {
  /// The element of an array that has one.
  fileprivate var only: Element? { count == 1 ? self[0] : nil }
}

/// A value in the notation of a call: `leaky_relu(0.2)`, `nn.LeakyReLU(0.2)`.
struct CallNotation {
  let name: String
  let argument: String

  init?(_ text: String) {
    guard text.hasSuffix(")"), let open = text.firstIndex(of: "(") else { return nil }
    name = String(text[..<open]).trimmed
    argument = String(text[text.index(after: open)...].dropLast()).trimmed
    guard !name.isEmpty,
      argument.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == "." || $0 == "-") })
    else { return nil }
  }

  /// `{leaky_relu: 0.2}`, of the names among `known` that take one number; a name alone without one.
  func replacement(among known: [String]) -> String? {
    guard let meant = OtherNames.guess(of: name, among: known), meant.relation == .sameMeaning
    else { return nil }
    if argument.isEmpty { return meant.name }
    let takesNumber = ["leaky_relu", "dropout", "upsample"].contains(meant.name)
    return takesNumber ? "{\(meant.name): \(argument)}" : nil
  }
}

/// A size in the notation of other tools: `28x28`, `28×28`, `(28, 28)`.
struct SizeNotation {
  let height: Int
  let width: Int

  init?(_ text: String) {
    var inner = text.trimmed
    var separators: Set<Character> = ["x", "X", "×"]
    if inner.hasPrefix("("), inner.hasSuffix(")") {
      inner = String(inner.dropFirst().dropLast())
      separators.insert(",")
    }
    let parts = inner.split(omittingEmptySubsequences: false) { separators.contains($0) }
      .map { Int(String($0).trimmed) }
    guard parts.count == 2, let height = parts[0], let width = parts[1], height > 0, width > 0
    else { return nil }
    (self.height, self.width) = (height, width)
  }

  var list: String { "[\(height), \(width)]" }
}

extension String {
  fileprivate var trimmed: String {
    var text = self[...]
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}

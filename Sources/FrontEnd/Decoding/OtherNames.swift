import Diagnostics

/// What other programs and papers call the options, values and layers of specs.
///
/// A name may stand for several: what is known at the place decides.
public enum OtherNames {
  private static let table: [String: [String]] = [
    // options
    "lr": ["learning_rate"], "learningrate": ["learning_rate"],
    "channels": ["filters"], "out_channels": ["filters"], "features": ["units", "filters"],
    "out_features": ["units"], "num_filters": ["filters"], "nf": ["filters"],
    "kernel_size": ["kernel"], "strides": ["stride"], "negative_slope": ["slope"],
    "alpha": ["slope", "smoothing"], "eps": ["epsilon"], "batch_size": ["batch"],
    "num_epochs": ["epochs"], "beta_1": ["beta1"], "beta_2": ["beta2"], "b1": ["beta1"],
    "b2": ["beta2"], "optim": ["optimizer"], "optimiser": ["optimizer"],
    "normalization": ["norm"], "norm_layer": ["norm"], "nonlinearity": ["activation"],
    "act": ["activation"], "z_dim": ["size"], "nz": ["size"], "dim": ["size"],
    "image_size": ["size"], "num_classes": ["classes"], "dataset": ["data", "source"],
    "training": ["train"], "loss": ["objective"], "variables": ["let"], "g": ["generator"],
    "d": ["discriminator"], "critic": ["discriminator"],
    // values
    "lrelu": ["leaky_relu"], "leakyrelu": ["leaky_relu"],
    "bn": ["batch", "batch_norm"], "batchnorm": ["batch", "batch_norm"],
    "batch_norm": ["batch"], "batch_normalization": ["batch", "batch_norm"],
    "layernorm": ["layer", "layer_norm"], "layer_norm": ["layer"],
    "instancenorm": ["instance", "instance_norm"], "instance_norm": ["instance"],
    "groupnorm": ["group", "group_norm"], "group_norm": ["group"],
    "null": ["none"], "off": ["none"], "no": ["none"], "linear": ["none"], "identity": ["none"],
    "gaussian": ["normal"], "gauss": ["normal"], "bce": ["minimax"], "vanilla": ["minimax"],
    "wgan": ["wasserstein"], "lsgan": ["least_squares"], "mse": ["least_squares"],
    // layers
    "conv2d": ["conv"], "convolution": ["conv"], "deconv": ["conv_transpose"],
    "deconvolution": ["conv_transpose"], "conv2d_transpose": ["conv_transpose"],
    "convtranspose2d": ["conv_transpose"], "conv_transpose2d": ["conv_transpose"],
    "transposed_convolution": ["conv_transpose"], "dense": ["linear"],
    "fully_connected": ["linear"], "fc": ["linear"], "gap": ["global_average_pool"],
    "avg_pool": ["average_pool"], "maxpool": ["max_pool"], "maxpool2d": ["max_pool"],
    "labels": ["concatenate_labels"],
  ]

  /// The name among `known` that `name` is elsewhere, or the nearest to it.
  public static func guess(of name: String, among known: [String]) -> NameGuess? {
    for other in table[name.lowercased()] ?? [] where known.contains(other) {
      return NameGuess(name: other, isSure: true)
    }
    return known.guess(of: name)
  }
}

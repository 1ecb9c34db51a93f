/// Every kind of layer, by the name that specs use: the one list of them.
public enum LayerKind: String, Hashable, Sendable, CaseIterable {
  case project
  case linear
  case conv
  case convTranspose = "conv_transpose"
  case batchNorm = "batch_norm"
  case conditionalBatchNorm = "conditional_batch_norm"
  case instanceNorm = "instance_norm"
  case adaptiveInstanceNorm = "adaptive_instance_norm"
  case virtualBatchNorm = "virtual_batch_norm"
  case layerNorm = "layer_norm"
  case groupNorm = "group_norm"
  case relu
  case leakyReLU = "leaky_relu"
  case tanh
  case sigmoid
  case softplus
  case elu
  case selu
  case gelu
  case silu
  case prelu
  case maxout
  case flatten
  case reshape
  case maxPool = "max_pool"
  case averagePool = "average_pool"
  case globalAveragePool = "global_average_pool"
  case selfAttention = "self_attention"
  case upsample
  case pixelShuffle = "pixel_shuffle"
  case dropout
  case gaussianNoise = "gaussian_noise"
  case minibatchDeviation = "minibatch_deviation"
  case minibatchDiscrimination = "minibatch_discrimination"
  case concatenateLabels = "concatenate_labels"
  case embedLabels = "embed_labels"
  case labelScale = "label_scale"
  case labelProjection = "label_projection"
  case labelClassification = "label_classification"
  case add
  case concatenate
  case take
  case constant
  case blurredImage = "blurred_image"
  case referenceBatch = "reference_batch"

  /// What a kind is for; guidelines and the options `norm` and `activation` go by it.
  public enum Role: Hashable, Sendable, CaseIterable {
    /// Has weights; may carry a norm and an activation.
    case weighted
    case norm
    case activation
    case pooling
    /// Mixes all positions.
    case attention
    case upsampling
    /// Changes the form, not the content.
    case form
    case noise
    case labels
    /// Compares the images of a batch.
    case batch
    /// Gives the network a second output.
    case classifier
    /// Reads an earlier layer, too.
    case join
  }

  public var role: Role {
    switch self {
    case .project, .linear, .conv, .convTranspose, .labelProjection: .weighted
    case .batchNorm, .conditionalBatchNorm, .instanceNorm, .adaptiveInstanceNorm,
      .virtualBatchNorm, .layerNorm, .groupNorm:
      .norm
    case .relu, .leakyReLU, .tanh, .sigmoid, .softplus, .elu, .selu, .gelu, .silu, .prelu,
      .maxout:
      .activation
    case .maxPool, .averagePool, .globalAveragePool: .pooling
    case .selfAttention: .attention
    case .upsample, .pixelShuffle: .upsampling
    case .flatten, .reshape, .constant, .blurredImage: .form
    case .dropout, .gaussianNoise: .noise
    case .minibatchDeviation, .minibatchDiscrimination, .referenceBatch: .batch
    case .concatenateLabels, .embedLabels, .labelScale: .labels
    case .labelClassification: .classifier
    case .add, .concatenate, .take: .join
    }
  }

  /// Whether it reads what earlier layers have given.
  public var readsEarlier: Bool {
    role == .join || self == .adaptiveInstanceNorm || self == .referenceBatch
  }

  /// Whether it normalises over the batch.
  public var isBatchNorm: Bool { self == .batchNorm || self == .conditionalBatchNorm }

  /// Whether it reads the labels of a conditional network.
  public var readsLabels: Bool {
    role == .labels || self == .labelProjection || self == .conditionalBatchNorm
  }

  /// What reads, checks and computes a layer of this kind.
  public var type: any Layer.Type {
    switch self {
    case .project: Projection.self
    case .linear: Linear.self
    case .conv: Convolution.self
    case .convTranspose: TransposedConvolution.self
    case .batchNorm: BatchNormalization.self
    case .conditionalBatchNorm: ConditionalBatchNormalization.self
    case .instanceNorm: InstanceNormalization.self
    case .adaptiveInstanceNorm: AdaptiveInstanceNormalization.self
    case .virtualBatchNorm: VirtualBatchNormalization.self
    case .layerNorm: LayerNormalization.self
    case .groupNorm: GroupNormalization.self
    case .relu: ReLU.self
    case .leakyReLU: LeakyReLU.self
    case .tanh: Tanh.self
    case .sigmoid: Sigmoid.self
    case .softplus: Softplus.self
    case .elu: ELU.self
    case .selu: SELU.self
    case .gelu: GELU.self
    case .silu: SiLU.self
    case .prelu: PReLU.self
    case .maxout: Maxout.self
    case .flatten: Flatten.self
    case .reshape: Reshape.self
    case .maxPool: MaxPool.self
    case .averagePool: AveragePool.self
    case .globalAveragePool: GlobalAveragePool.self
    case .selfAttention: SelfAttention.self
    case .upsample: Upsample.self
    case .pixelShuffle: PixelShuffle.self
    case .dropout: Dropout.self
    case .gaussianNoise: GaussianNoise.self
    case .minibatchDeviation: MinibatchDeviation.self
    case .minibatchDiscrimination: MinibatchDiscrimination.self
    case .concatenateLabels: ConcatenateLabels.self
    case .embedLabels: EmbedLabels.self
    case .labelScale: LabelScale.self
    case .labelProjection: LabelProjection.self
    case .labelClassification: LabelClassification.self
    case .add: Add.self
    case .concatenate: Concatenate.self
    case .take: Take.self
    case .constant: Constant.self
    case .blurredImage: BlurredImage.self
    case .referenceBatch: ReferenceBatch.self
    }
  }
}

import Diagnostics

/// Every guideline by its code: the one list of them.
public enum GuidelineCode: String, CodeTable {
  case stridedConvolutions = "G501"
  case hiddenBatchNorm = "G502"
  case noOuterBatchNorm = "G503"
  case noHiddenLinear = "G504"
  case generatorReLU = "G505"
  case tanhOutput = "G506"
  case discriminatorLeakyReLU = "G507"
  case leakySlope = "G511"
  case adamSettings = "G512"
  case batchSize = "G513"
  case initialWeights = "G514"
  case checkerboardKernels = "G515"
  case batchNormSettings = "G516"
  case uselessBias = "G517"
  case sigmoidOutput = "G518"
  case globalAveragePooling = "G519"
  case penaltyWithoutBatchNorm = "G520"
  case outputWithoutEffect = "G521"
  case boundedCritic = "G522"

  public var guideline: Guideline {
    switch self {
    case .stridedConvolutions: .stridedConvolutions
    case .hiddenBatchNorm: .hiddenBatchNorm
    case .noOuterBatchNorm: .noOuterBatchNorm
    case .noHiddenLinear: .noHiddenLinear
    case .generatorReLU: .generatorReLU
    case .tanhOutput: .tanhOutput
    case .discriminatorLeakyReLU: .discriminatorLeakyReLU
    case .leakySlope: .leakySlope
    case .adamSettings: .adamSettings
    case .batchSize: .batchSize
    case .initialWeights: .initialWeights
    case .checkerboardKernels: .checkerboardKernels
    case .batchNormSettings: .batchNormSettings
    case .uselessBias: .uselessBias
    case .sigmoidOutput: .sigmoidOutput
    case .globalAveragePooling: .globalAveragePooling
    case .penaltyWithoutBatchNorm: .penaltyWithoutBatchNorm
    case .outputWithoutEffect: .outputWithoutEffect
    case .boundedCritic: .boundedCritic
    }
  }

  public var severity: Diagnostic.Severity { guideline.severity }

  public var entry: CodeEntry {
    let guideline = guideline
    return CodeEntry(
      guideline.title,
      "\(guideline.summary) \(guideline.reason)", example: guideline.faulty.yaml,
      clean: guideline.clean.yaml, source: guideline.source)
  }
}

import Decoding
import Diagnostics
import Document
import Objectives

/// A whole spec, decoded and complete: every option has its value.
public struct Spec: Sendable {
  public let file: SourceFile
  /// The file's name without its extension, by default; fit for a folder's name.
  public let name: String
  public let image: ImageSpec
  public let latent: LatentSpec
  /// The label classes of a conditional network.
  public let condition: ConditionSpec?
  public let generator: NetworkSpec
  public let discriminator: NetworkSpec
  public let initialization: InitializationSpec
  public let objective: ObjectiveSpec
  /// What happens to all images before the discriminator sees them.
  public let augmentation: Augmentation
  public var data: DataSpec
  public let train: TrainSpec
  /// Guidelines that are deviated from on purpose: code, reason, position of the code.
  public let deviations: [Deviation]
  /// Where all values came from that are written; no part of what the spec means.
  public let origins: ValueOrigins

  /// The networks that it has, in their order.
  public var roles: [NetworkRole] {
    objective.loss.hasGenerator ? NetworkRole.allCases : [.discriminator]
  }

  public func network(_ role: NetworkRole) -> NetworkSpec {
    switch role {
    case .generator: generator
    case .discriminator: discriminator
    }
  }
}

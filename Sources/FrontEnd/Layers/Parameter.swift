import Program

/// A tensor that a layer owns.
public struct Parameter: Hashable, Sendable {
  /// Within the layer, such as `weight` or `running_mean`.
  public let name: String
  /// As the program uses it.
  public let shape: Shape
  public let role: Role
  /// Axis i in files is axis `fileAxes[i]` of `shape`: files have PyTorch's layouts.
  public let fileAxes: [Int]
  /// Whether files hold it as a vector, in the order of `fileAxes`.
  public let isFlatInFiles: Bool

  public enum Role: String, Hashable, Sendable, CaseIterable {
    case weight
    case bias
    case scale
    case shift
    /// Of negative numbers, in an activation that learns it: 0.25 at the start.
    case slope
    case runningMean = "running_mean"
    case runningVariance = "running_variance"
    /// Other state that is not trained, such as the vector of spectral normalisation.
    case statistic
    /// Latent vectors that are drawn once.
    case noise
    /// Images that were looked at last.
    case images

    public var isTrained: Bool {
      switch self {
      case .weight, .bias, .scale, .shift, .slope: true
      case .runningMean, .runningVariance, .statistic, .noise, .images: false
      }
    }

    /// Whether a moving average of it means something.
    public var isAveraged: Bool {
      switch self {
      case .weight, .bias, .scale, .shift, .slope, .runningMean, .runningVariance, .statistic: true
      case .noise, .images: false
      }
    }
  }

  public init(
    _ name: String, _ shape: Shape, _ role: Role, fileAxes: [Int]? = nil,
    isFlatInFiles: Bool = false
  ) {
    self.name = name
    self.shape = shape
    self.role = role
    self.fileAxes = fileAxes ?? Array(0..<shape.rank)
    self.isFlatInFiles = isFlatInFiles
  }

  /// The shape in files.
  public var fileShape: Shape {
    isFlatInFiles ? [shape.count] : Shape(fileAxes.map { shape[$0] })
  }
}

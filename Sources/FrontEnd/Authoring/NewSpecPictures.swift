/// What a folder of pictures asks of the spec that trains on it.
public struct NewSpecPictures: Hashable, Sendable {
  /// As the spec will name it.
  public let path: String
  public let count: Int
  /// Whether they must be cut to the spec's size.
  public let isCut: Bool
  /// Folders on the first level, when every picture is in one of them.
  public let folders: Int

  public init(path: String, count: Int, isCut: Bool, folders: Int) {
    self.path = path
    self.count = count
    self.isCut = isCut
    self.folders = folders
  }

  /// Images per step: the paper's 128, or as many as leave two steps in an epoch.
  public var batch: Int {
    var batch = 128
    while batch > 2, batch * 2 > count { batch /= 2 }
    return batch
  }

  /// Enough for about 6,000 steps: with fewer, a network of this size has learned little.
  public var epochs: Int {
    let steps = max(count / batch, 1)
    return min(max((6000 + steps - 1) / steps, 5), 1000)
  }
}

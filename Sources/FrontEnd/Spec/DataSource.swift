/// Every data set that a spec can name, as in `data: {source: mnist}`.
///
/// The one list of them. The front end knows all names, so that a spec can be checked before its data are there. The
/// target `Datasets` opens a source by a switch over this enum.
public enum DataSource: String, Hashable, Sendable, CaseIterable {
  case mnist
  case fashionMNIST = "fashion-mnist"
  case cifar10
  case cifar100
  case svhn
  case lsun
  case imagenet
  case folder
  case shards
  case digits
  case portraits

  /// One line for help texts.
  public var summary: String {
    switch self {
    case .mnist: "handwritten digits, 28 × 28 gray, 60,000 (LeCun et al. 1998)"
    case .fashionMNIST: "pieces of clothing, 28 × 28 gray, 60,000 (Xiao et al. 2017)"
    case .cifar10: "photographs of 10 kinds of objects, 32 × 32 colour (Krizhevsky 2009)"
    case .cifar100: "the same of 100 kinds"
    case .svhn: "house numbers, 32 × 32 colour, cropped digits (Netzer et al. 2011)"
    case .lsun: "photographs of scenes, an LMDB folder (Yu et al. 2015)"
    case .imagenet: "photographs, one folder for each synset (Russakovsky et al. 2015)"
    case .folder: "images in one folder or in nested ones"
    case .shards: "numbered tar files of images"
    case .digits: "digits that the program draws itself, of any size, 60,000; needs no files"
    case .portraits: "faces that the program draws itself, of any size, 60,000; needs no files"
    }
  }

  /// Whether it looks for files.
  public var needsFiles: Bool {
    switch self {
    case .mnist, .fashionMNIST, .cifar10, .cifar100, .svhn, .lsun, .imagenet, .folder, .shards:
      true
    case .digits, .portraits: false
    }
  }

  /// Whether `path` says where its files are; the others have fixed names.
  public var takesPath: Bool {
    switch self {
    case .lsun, .imagenet, .folder, .shards: true
    case .mnist, .fashionMNIST, .cifar10, .cifar100, .svhn, .digits, .portraits: false
    }
  }
}

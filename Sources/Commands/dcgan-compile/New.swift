import Files
import ArgumentParser
import Authoring
import Compiler
import Datasets
import Diagnostics
import Foundation
import Terminal

/// `dcgan-compile new`: writes a spec for images of a given size.
struct New: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes a spec for your pictures, or for images of any size.",
    usage: "dcgan-compile new --size <size>|--data <folder> [<options>]",
    discussion: """
      The spec follows the guidelines of Radford et al. 2015; its comments explain it. It goes to \
      standard output unless --out names a file.

      EXAMPLES
        dcgan-compile new --data photos --out photos.yaml
        dcgan-compile new --size 64 --channels 3 --out faces.yaml
        dcgan-compile new --size 96x160 --channels 1 --conditional 10

      EXIT STATUS
        0 written, 1 no such spec is possible, 2 wrong usage
      """)

  @Option(help: ArgumentHelp("Pixels: 64, or height and width as 96x160.", valueName: "size"))
  var size: ImageSide?

  @Option(
    help: ArgumentHelp(
      "A folder of pictures that the spec is to train on: size, channels and batch follow from it.",
      valueName: "folder"), completion: .directory)
  var data: String?

  @Option(
    help: "Channels of the images: 1 for gray, 3 for colour. (default: 3, or as the pictures are)")
  var channels: Int?

  @Option(
    help: """
      Feature maps of the layers next to the image; doubling them takes four times the work. \
      (default: 64; 32 with --data, which two cores can train)
      """)
  var width: Int?

  @Option(help: "The size of all kernels; an even one avoids checkerboards.")
  var kernel = 4

  @Option(
    help: ArgumentHelp("Condition both networks on the class of each image.", valueName: "classes"))
  var conditional: Int?

  @Option(help: "The name of the spec, and of its run folder. (default: from --out, or the size)")
  var name: String?

  @Option(
    help: "The file to write; it must not exist.", completion: .file(extensions: ["yaml"]))
  var out: String?

  /// The value of `--size`.
  struct ImageSide: ExpressibleByArgument {
    let height: Int
    let width: Int

    init(height: Int, width: Int) { (self.height, self.width) = (height, width) }

    init?(argument: String) {
      let sides = argument.split(
        omittingEmptySubsequences: false, whereSeparator: { "xX×".contains($0) }
      ).map { Int($0) }
      guard (1...2).contains(sides.count), let height = sides[0], let width = sides[sides.count - 1]
      else { return nil }
      (self.height, self.width) = (height, width)
    }
  }

  func validate() throws {
    if let name, !NewSpec.isUsable(name: name) {
      throw ValidationError("--name \(name): expected \(NewSpec.nameRule)")
    }
    guard size != nil || data != nil else {
      throw ValidationError(
        "of what size? Write --size 64, or --data FOLDER for a folder of pictures")
    }
    let asked: [(option: String, value: Int?, limit: NewSpec.Limit)] = [
      ("size", size?.height, .side), ("size", size?.width, .side),
      ("channels", channels, .channels), ("width", width, .width), ("kernel", kernel, .kernel),
      ("conditional", conditional, .classes),
    ]
    for (option, value, limit) in asked {
      guard let value, !limit.range.contains(value) else { continue }
      throw ValidationError(
        "--\(option) \(value): expected a number from \(limit.range.lowerBound) to "
          + "\(limit.range.upperBound)")
    }
  }

  func run() throws {
    let spec = try data.map { try self.spec(for: $0) } ?? newSpec(nil)
    // What is possible depends on all sizes together: the compiler knows.
    let compilation = Compilation(SourceFile(path: out ?? "new.yaml", text: spec.text))
    guard !compilation.problems.hasErrors else {
      Terminal.print(compilation.problems, fixable: compilation.paths.first)
      throw ExitCode(1)
    }
    guard let out else {
      try Terminal.output(spec.text, terminator: "")
      return
    }
    guard !FileManager.default.fileExists(atPath: out) else {
      throw FileInTheWay(path: out)
    }
    try AtomicFile.write(spec.text, to: out)
    try Terminal.output(
      "\(out): \(spec.channels) × \(spec.size); "
        + (data == nil
          ? "`dcgan-compile \(out)` shows the networks" : "`dcgan-run \(out) train` trains on them")
    )
  }

  /// Pictures that are few for a network.
  private static let few = 500

  /// The spec for a folder of pictures.
  private func spec(for folder: String) throws -> NewSpec {
    let survey = try PictureSurvey(of: folder)
    for note in survey.notes { Terminal.note(note) }
    Terminal.note("\(folder.visible): \(survey.count.counted("picture")); \(survey.sizes.text)")
    guard survey.count > 1 else {
      throw ValidationError("--data \(folder): one picture is not enough to learn from")
    }
    if survey.count < Self.few {
      Terminal.note(
        "a network learns fewer than \(Self.few) pictures by heart rather than what they share")
    }
    let side = size.map { ($0.height, $0.width) } ?? survey.side
    let pictures = NewSpecPictures(
      path: path(of: folder), count: survey.count, isCut: !survey.areAll(side.0, side.1),
      folders: survey.folders)
    return try newSpec(
      pictures, ImageSide(height: side.0, width: side.1), channels: survey.channels, width: 32)
  }

  private func newSpec(
    _ pictures: NewSpecPictures?, _ side: ImageSide? = nil, channels usual: Int = 3,
    width usualWidth: Int = 64
  ) throws -> NewSpec {
    guard let side = side ?? size else { throw ValidationError("--size is missing") }
    return try NewSpec(
      name: name ?? out.map(NewSpec.name(ofFile:)), size: .init(side.height, side.width),
      channels: channels ?? usual, width: width ?? usualWidth, kernel: kernel,
      classes: conditional, pictures: pictures)
  }

  /// The folder as the spec names it: relative where the spec lies beside it, else absolute.
  private func path(of folder: String) -> String {
    let here = FileManager.default.currentDirectoryPath
    if folder.hasPrefix("/") || out.map({ !$0.contains("/") }) ?? true { return folder }
    return here + "/" + folder
  }

  /// A new spec never replaces an old one.
  struct FileInTheWay: Error, CustomStringConvertible {
    let path: String
    var description: String { "\(path) already exists; choose another name for the new spec" }
  }
}

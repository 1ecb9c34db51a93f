import ArgumentParser
import Datasets
import Files
import Reports
import Terminal
import Training

/// The command `dcgan-run SPEC data`.
struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data",
    abstract: "Show, check and prepare the images that the spec reads.",
    discussion: """
      `show` tells what they are and writes a sheet of 64; `check` reads every picture and writes \
      the list of those that cannot be read, which `data: {skip: …}` leaves out; \
      `dedup` lists near-duplicates in the same way; `faces` cuts faces out of photographs, in a \
      program that was built with OpenCV; `pack` writes the images in the spec's size as tar files; `speed` measures \
      how many images a second one thread makes ready.

      EXAMPLES
        dcgan-run faces64 data --data photos             what is in the folder
        dcgan-run faces64 data check --data photos       which pictures are damaged
        dcgan-run faces64 data pack --data photos --out shards
        dcgan-run faces64 data dedup --data photos       what is there twice
        dcgan-run faces64 data faces --from photos --out faces
      """)

  enum Action: String, ExpressibleByArgument, CaseIterable {
    case show, check, pack, dedup, faces, speed
  }

  @Argument(
    help: "A spec file, or the name of a shipped spec.", completion: .file(extensions: ["yaml"]))
  var spec: String

  @Argument(help: "What to do.")
  var action = Action.show

  @OptionGroup var arguments: SpecArguments

  @Option(
    help: "The folder with the data sets, in place of $DCGAN_DATA and data/.",
    completion: .directory)
  var data: String?

  @Option(
    help: """
      The file to write; for pack, dedup and faces the folder. \
      (default: <name of the spec>-data.png, -skip.txt; runs/<name>-dedup)
      """)
  var out: String?

  @Option(help: "The photographs that `faces` cuts faces out of.", completion: .directory)
  var from: String?

  @Option(help: "Pixels of a face's side at least, for `faces`. (default: the spec's size)")
  var minSide: Int?

  func run() throws {
    let (spec, _, folder) = try arguments.compile(spec)
    if action == .faces { return try cutFaces(usual: max(spec.image.height, spec.image.width)) }
    let data = RunData(spec: spec, dataFolder: data, specFolder: folder)
    let dataset = try data.open { event in
      switch event {
      case .fallback(let source, let reason):
        Terminal.warning("\(reason)")
        Terminal.warning(
          "showing '\(source)' instead: images that the program draws, not real data")
      case .warning(let text): Terminal.warning(text)
      // The summary says it.
      case .note: break
      }
    }
    switch action {
    case .show:
      try Terminal.output(try DataSummary(of: dataset).text)
      let path = out ?? "\(spec.name)-data.png"
      try AtomicFile.write(try ContactSheet(of: dataset).png(), to: path)
      try Terminal.output("sheet     \(path.visible)")
    case .pack:
      guard let out else {
        throw ValidationError("where to? Write --out FOLDER, a new one")
      }
      let names = try ShardWriter(dataset, to: out).write { _ in }
      let last = names.last.map { " to \($0)" } ?? ""
      try Terminal.output(
        "wrote \(dataset.count.counted("image")) into \(out.visible): \(names[0])"
          + (names.count > 1 ? last : "")
          + "; train with `data: {source: shards, path: \(out.visible)}`")
    case .dedup:
      try removeDuplicates(from: dataset, named: spec.name)
    case .faces: break  // done above: it reads no data of the spec
    case .speed:
      let speed = try DataSpeed(of: dataset)
      try Terminal.output(speed.text)
    case .check:
      let check = try DataCheck(of: dataset)
      try Terminal.output(check.text)
      // Streams have no list of what to leave out.
      guard !check.faults.isEmpty, !dataset.isStream else { return }
      let path = out ?? "\(spec.name)-skip.txt"
      try AtomicFile.write(Array(check.skipList.utf8), to: path)
      try Terminal.output(
        "wrote \(path.visible); to leave these out, write `data: {skip: \(path.visible)}`")
    }
  }
}

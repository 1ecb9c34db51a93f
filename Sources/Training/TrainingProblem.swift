import Collective
import Datasets
import Device
import Files
import Images
import Interchange

/// What can keep a training, or anything that uses its results, from continuing.
package enum TrainingProblem: Error, Sendable {
  case file(FileProblem)
  case safetensors(SafetensorsProblem)
  case image(ImageProblem)
  case device(DeviceProblem)
  case data(DatasetProblem)
  /// A safetensors file without the metadata of a checkpoint.
  case notACheckpoint(path: String, key: String, found: String?)
  case wrongShape(path: String, tensor: String, expected: [Int], found: [Int])
  /// `others` are folders of other runs.
  case noCheckpoint(folder: String, others: [String])
  /// Samples cannot be compared with real images.
  case judgement(reason: String)
  /// A classifier makes no images.
  case noGenerator(spec: String)
  /// A folder that cannot be made or moved.
  case folder(path: String, reason: String)
  /// The run folder holds another training; what differs, a line each.
  case otherRun(folder: String, differences: [String])
  /// The run began on other data.
  case otherData(folder: String, before: DataFingerprint, now: DataFingerprint)
  /// A run has no checkpoint of this name; `found` are those that it has, `damaged` says why others
  /// cannot be used.
  case noSuchPoint(run: String, point: String, found: [TrainingPosition], damaged: [String])
  /// A checkpoint that a branch cannot go on from, since the layers differ.
  case otherNetwork(checkpoint: String, tensor: String, expected: [Int], found: [Int]?)
  /// A branch would write where something is already.
  case branchInTheWay(folder: String)
  /// Weights to begin with, for a run that has begun.
  case alreadyBegun(folder: String, weights: String)
  /// Weights of a network that shares no tensor with this one.
  case nothingFits(path: String, reasons: [String])
  /// Checkpoints are there, but none of them can be used.
  case noGoodCheckpoint(folder: String, reason: String)
  /// An ending that names no format of images that can be written.
  case unknownFormat(path: String, ending: String)
  /// A folder for new images that has other ones already.
  case imagesInTheWay(folder: String, name: String)
  case labelBeyondByte(path: String, label: Int)
  case sheetTooLarge(path: String, count: Int, height: Int, width: Int)
  /// `--labels` for a network that takes none, or a label that it does not know.
  case notConditional(name: String)
  case noSuchClass(label: Int, classes: Int)
  /// The spec inside a checkpoint has errors.
  case specNotUsable(path: String, reason: String)
  /// A value that is not a number or infinite came out of a step; `last` is the newest checkpoint.
  case notFinite(what: String, step: Int, last: String?)
  case collective(CollectiveProblem)
  /// More processes than parts of a batch.
  case fewShards(shards: Int, batch: Int, processes: Int)
  /// A checkpoint that nothing can be sampled from.
  case notFiniteCheckpoint(path: String, tensor: String)
}

extension TrainingProblem {
  private static let waysOn =
    "choose another folder with --out, or start over with --fresh, which keeps the old run"
  /// Where a run may also go on with what is new.
  private static let waysOnWithBranch =
    "choose another folder with --out, start over with --fresh, which keeps the old run, or go on from "
    + "one of its checkpoints in a new folder with the command `rewind`"

  /// Whether a checkpoint with this problem is damaged, so that an older one may take its place.
  var isDamage: Bool {
    switch self {
    case .safetensors(.file(let problem)):
      switch problem {
      case .notAFile, .shortened: true
      case .cannotOpen, .cannotRead, .cannotWrite, .readerGone, .locked: false
      }
    case .safetensors, .notACheckpoint, .wrongShape, .specNotUsable, .notFiniteCheckpoint: true
    case .file, .image, .device, .data, .noCheckpoint, .noGenerator, .judgement, .folder, .otherRun,
      .otherData,
      .noSuchPoint, .otherNetwork, .branchInTheWay, .alreadyBegun, .nothingFits, .noGoodCheckpoint,
      .unknownFormat, .imagesInTheWay,
      .labelBeyondByte, .sheetTooLarge,
      .notConditional,
      .noSuchClass, .notFinite, .collective, .fewShards:
      false
    }
  }
}

extension TrainingProblem: CustomStringConvertible {
  package var description: String {
    switch self {
    case .file(let problem): problem.description
    case .safetensors(let problem): problem.description
    case .image(let problem): problem.description
    case .device(let problem): problem.description
    case .data(let problem): problem.description
    case .collective(let problem): problem.description
    case .fewShards(let shards, let batch, let processes):
      "\(processes) processes or devices, but a batch has \(shards.counted("shard")): "
        + ((processes...max(batch, processes)).first { batch % $0 == 0 }.map {
          "set `train: {shards: \($0)}` (or `--set train.shards=\($0)`), or "
        } ?? "a batch of \(batch) cannot be cut into more than \(batch); ") + "start fewer"
    case .notACheckpoint(let path, let key, nil):
      "\(path.visible): not a checkpoint: the metadata '\(key)' is missing"
    case .notACheckpoint(let path, let key, let found?):
      "\(path.visible): not a checkpoint that can be read: the metadata '\(key)' is '\(found.excerpt())'"
    case .wrongShape(let path, let tensor, let expected, let found):
      "\(path.visible): tensor '\(tensor.excerpt())' has the shape \(found), the spec asks for \(expected)"
    case .judgement(let reason): reason
    case .noGenerator(let spec):
      "\(spec.visible) is a classifier, and has no generator that could make images"
    case .noCheckpoint(let folder, let others):
      "\(folder.visible): no checkpoint here; train first, or name the folder of a run with --run"
        + (others.isEmpty
          ? "" : "; there are " + others.prefix(5).map(\.visible).joined(separator: ", "))
    case .folder(let path, let reason): "\(path.visible): cannot create this folder: \(reason)"
    case .otherRun(let folder, let differences):
      "\(folder.visible): contains a run of another training; from that run to this one:\n"
        + differences.map { "  \($0)\n" }.joined() + Self.waysOnWithBranch
    case .otherData(let folder, let before, let now):
      "\(folder.visible): the run began on \(before), now there is \(now); " + Self.waysOnWithBranch
    case .noSuchPoint(let run, let point, let found, let damaged):
      "\(run.visible): no checkpoint \(point.quotedExcerpt) in this run"
        + (found.isEmpty
          ? "; it has none" + (damaged.isEmpty ? "" : " that can be used:")
          : "; it has " + found.map(\.name).joined(separator: ", ")
            + " (`train --keep-every` keeps more)")
        + damaged.map { "\n  \($0)" }.joined()
    case .otherNetwork(let checkpoint, let tensor, let expected, let found):
      "\(checkpoint.visible): a branch has the layers of its run: the spec has a tensor "
        + "\(tensor.quotedExcerpt) of \(expected), the checkpoint has "
        + (found.map { "one of \($0)" } ?? "none")
        + "; to take over the weights that fit, start a new run with --init-from"
    case .branchInTheWay(let folder):
      "\(folder.visible): this folder exists already; name another one with --branch, or continue the "
        + "run in it with `train --out \(folder.visible)`"
    case .alreadyBegun(let folder, let weights):
      "\(folder.visible): this run has begun, with weights of its own, and cannot begin with those of "
        + "\(weights.visible); " + Self.waysOn
    case .nothingFits(let path, let reasons):
      "\(path.visible): none of its tensors fits this spec: " + reasons.shown
    case .noGoodCheckpoint(let folder, let reason):
      "\(folder.visible): none of the checkpoints can be used: \(reason); " + Self.waysOn
    case .unknownFormat(let path, let ending):
      "\(path.visible): images cannot be written as .\(ending.excerpt(20)); write NAME.png for one "
        + "sheet, NAME.safetensors, NAME.idx, or NAME/ for a folder with one PNG for each image"
    case .imagesInTheWay(let folder, let name):
      "\(folder.visible): this folder has images already (\(name.excerpt())); write into another, or "
        + "empty it first"
    case .labelBeyondByte(let path, let label):
      "\(path.visible): the label \(label) does not fit into a byte; write NAME.safetensors, or "
        + "choose labels up to 255 with --labels"
    case .sheetTooLarge(let path, let count, let height, let width):
      "\(path.visible): one sheet of \(count.counted("image")) has \(width.grouped) × "
        + "\(height.grouped) pixels, more than fit into memory; write NAME/ for a folder with one "
        + "PNG for each image"
    case .notConditional(let name): "\(name): labels were given, but the spec has no `condition`"
    case .noSuchClass(let label, let classes):
      "label \(label): the network knows the classes 0 to \(classes - 1)"
    case .specNotUsable(let path, let reason):
      "\(path.visible): the spec in this checkpoint cannot be used: \(reason)"
    case .notFinite(let what, let step, let last):
      "step \(step): \(what) is not a finite number; a lower learning rate usually helps; "
        + (last.map { "the last good state is \($0)" } ?? "there is no checkpoint of this run")
    case .notFiniteCheckpoint(let path, let tensor):
      "\(path.visible): the tensor \(tensor.excerpt()) has values that are not finite numbers, so that no images can "
        + "be made from it; use an earlier checkpoint"
    }
  }
}

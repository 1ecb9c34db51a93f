import ArgumentParser
import Datasets
import Files
import Studies
import Terminal

/// `dcgan-run SPEC data dedup`.
extension DataCommand {
  /// Trains the autoencoder, or continues its training, and lists what it finds.
  func removeDuplicates(from dataset: any Dataset, named name: String) throws {
    let folder = out ?? "runs/\(name)-dedup"
    let device = try arguments.compute.chosenDevice
    let checkpoint = try DuplicateEncoder(device: device).trained(
      on: dataset, in: folder)
    let found = try NearDuplicates(
      in: dataset, by: checkpoint, device: device)
    try Terminal.output(found.text)
    guard !found.groups.isEmpty else { return }
    let (sheet, list) = ("\(folder)/duplicates.png", "\(folder)/skip.txt")
    try AtomicFile.write(try found.sheet(of: dataset), to: sheet)
    try AtomicFile.write(found.skipList(of: dataset), to: list)
    try Terminal.output(
      "wrote \(sheet.visible), and \(list.visible): `data: {skip: \(list.visible)}` leaves them out"
    )
  }
}

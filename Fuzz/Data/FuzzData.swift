import Datasets
import Files
import Foundation
import Spec

/// What libFuzzer calls with each input: the first byte says what the rest claims to be, a picture in
/// a folder, a table of attributes, a shard, an LMDB database or a MATLAB file.
@_cdecl("dcgan_fuzz")
public func fuzzData(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // libFuzzer owns `count` bytes at `start` during the call; they are copied into a file.
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  guard let kind = bytes.first else { return 0 }
  let folder = "/dev/shm/dcgan-fuzz-\(getpid())"
  let (source, name): (DataSource, String) =
    switch kind % 5 {
    case 0: (.folder, "a.jpg")
    case 1: (.folder, "table.txt")
    case 2: (.shards, "a.tar")
    case 3: (.lsun, "data.mdb")
    default: (.svhn, "train_32x32.mat")
    }
  var reading = DataReading()
  reading.cache = .off
  if name == "table.txt" { (reading.attributes, reading.label) = ("table.txt", "a") }
  do {
    try? FileManager.default.removeItem(atPath: folder)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try AtomicFile.write(Array(bytes.dropFirst()), to: "\(folder)/\(name)")
    let dataset = try source.open(
      from: DatasetLocator(data: folder, environment: [:]),
      shape: ImageShape(height: 32, width: 32, channels: 3), classes: nil, reading: reading)
    precondition(dataset.count > 0, "no images, and no error")
    _ = (try dataset.image(at: 0), try dataset.image(at: dataset.count - 1))
  } catch {
    precondition(!"\(error)".isEmpty, "an error without words")
  }
  return 0
}

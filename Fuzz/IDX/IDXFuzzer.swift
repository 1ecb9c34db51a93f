import Datasets
import Files
import Foundation

/// What libFuzzer calls with each input: a file that claims to be IDX, plain or gzip, as images and
/// as labels.
@_cdecl("dcgan_fuzz")
public func fuzzIDX(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // libFuzzer owns `count` bytes at `start` during the call; they are copied into the file.
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  let path = "/dev/shm/dcgan-fuzz-\(getpid()).idx"
  do {
    try AtomicFile.write(bytes, to: path)
    let images = try IDX(named: "fuzz", images: path, labels: nil)
    precondition(images.count > 0, "no images, and no error")
    _ = (try images.image(at: 0), try images.image(at: images.count - 1))
    _ = try IDX(named: "fuzz", images: path, labels: path)
  } catch {
    precondition(!"\(error)".isEmpty, "an error without words")
  }
  return 0
}

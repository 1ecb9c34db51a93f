import Files
import Foundation
import Interchange
import Training

/// What libFuzzer calls with each input: a file that claims to be a checkpoint.
///
/// Whatever it holds, reading ends in tensors and a spec, or in an error of ours.
@_cdecl("dcgan_fuzz")
public func fuzzCheckpoint(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // libFuzzer owns `count` bytes at `start` during the call; they are copied into the file.
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  let path = "/dev/shm/dcgan-fuzz-\(getpid()).safetensors"
  do {
    try AtomicFile.write(bytes, to: path)
    let file = try SafetensorsFile(contentsOf: path)
    for tensor in file.tensors {
      precondition(tensor.count <= count, "\(tensor.name) has more elements than the file bytes")
      _ = (try? tensor.doubles(), try? tensor.integers())
    }
    _ = try Checkpoint(contentsOf: path).compiled()
  } catch {
    precondition(!"\(error)".isEmpty, "an error without words")
  }
  return 0
}

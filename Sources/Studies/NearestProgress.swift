import Datasets
import Files
import Foundation
import Interchange
import Training

/// How far a nearest-neighbour test has come, as a file: one that was interrupted is resumed, and one that
/// is asked for more samples goes on from those that it has compared.
struct NearestProgress: Codable {
  /// What the test compares: another checkpoint, seed or test set begins anew.
  struct Subject: Codable, Equatable {
    /// A checksum of the checkpoint's file.
    let checkpoint: UInt32
    let data: String
    let tested: Int
    let seed: UInt64
  }

  let subject: Subject
  /// Samples of each class that have been compared: whole blocks.
  let perClass: Int
  /// Of each test image, the score and the class of the nearest sample so far.
  let scores: [Float]
  let labels: [Int]
  let points: [NearestNeighborTest.Result.Point]

  /// Nil where there is no file, or none of this subject.
  static func read(_ path: String, of subject: Subject) throws(StudyProblem) -> NearestProgress? {
    let bytes: [UInt8]
    do throws(FileProblem) {
      guard try Folder.kind(of: path) == .file else { return nil }
      let file = try OpenFile(path: path)
      bytes = try file.bytes(at: 0, count: file.length)
    } catch { throw .file(error) }
    // What cannot be read is measured again.
    guard let found = try? JSONDecoder().decode(NearestProgress.self, from: Data(bytes)),
      found.subject == subject, found.scores.count == subject.tested,
      found.labels.count == subject.tested
    else { return nil }
    return found
  }

  func write(to path: String) throws(StudyProblem) {
    let data: Data
    do { data = try JSONEncoder().encode(self) } catch {
      preconditionFailure("a score that is no number: \(error)")
    }
    do throws(FileProblem) { try AtomicFile.write(Array(data), to: path) } catch {
      throw .file(error)
    }
  }
}

extension NearestProgress.Subject {
  init(
    _ networks: TrainedNetworks, _ test: any Dataset, tested: Int, seed: UInt64
  ) throws(StudyProblem) {
    do throws(FileProblem) {
      let file = try OpenFile(path: networks.checkpoint)
      checkpoint = CRC32C.checksum(of: try file.bytes(at: 0, count: file.length))
    } catch { throw .file(error) }
    do throws(DatasetProblem) { data = "\(try test.fingerprint())" } catch {
      throw .training(.data(error))
    }
    (self.tested, self.seed) = (tested, seed)
  }
}

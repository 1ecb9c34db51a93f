import Diagnostics
import Document
import Files
import Images
import Training

/// Why a study cannot be made.
package enum StudyProblem: Error, Sendable {
  case training(TrainingProblem)
  case image(ImageProblem)
  case file(FileProblem)
  case source(SourceFileProblem)
  /// A file of concepts or an expression with faults, as the compiler shows them.
  case concepts([Diagnostic])
  /// A class that a conditional network does not have.
  case noSuchClass(label: Int, classes: Int)
}

extension StudyProblem: CustomStringConvertible {
  package var description: String {
    switch self {
    case .training(let problem): "\(problem)"
    case .image(let problem): "\(problem)"
    case .file(let problem): "\(problem)"
    case .concepts(let diagnostics): diagnostics.map(\.message).joined(separator: "\n")
    case .source(let problem): "\(problem)"
    case .noSuchClass(let label, let classes):
      "there is no class \(label): the network knows 0 to \(classes - 1)"
    }
  }
}

/// Lets a study throw what training throws.
func training<Result>(
  _ body: () throws(TrainingProblem) -> Result
) throws(StudyProblem) -> Result {
  do { return try body() } catch { throw .training(error) }
}

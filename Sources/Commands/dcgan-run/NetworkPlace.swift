import ArgumentParser
import Compiler
import Files
import Spec

/// What may stand in the place of a spec where trained networks are wanted.
enum NetworkPlace {
  /// A run's folder, or a checkpoint.
  case path(String)
  case spec(LocatedSpec)

  /// A name that means a spec means it here, too, whatever folder is called the same; `./mnist` is
  /// the folder.
  init(_ argument: String) throws {
    let kind = try Folder.kind(of: argument)
    if kind == .file, argument.hasSuffix(".safetensors") {
      self = .path(argument)
      return
    }
    let located: LocatedSpec
    do {
      located = try SpecLocator().spec(for: argument)
    } catch {
      let run = "runs/\(argument)"
      if !argument.contains("/"), try Folder.kind(of: run) == .folder {
        throw ValidationError(
          "there is no spec `\(argument.visible)`, but a run of this name: write \(run.visible)")
      }
      if argument.contains("/"), error.nearNames.count != 1 {
        throw ValidationError(
          "there is no run's folder, checkpoint or spec at \(argument.visible)")
      }
      throw error
    }
    // A folder comes out as if it were a spec's file.
    if kind == .folder, case .file(let path) = located, path == argument {
      self = .path(argument)
    } else {
      self = .spec(located)
    }
  }
}

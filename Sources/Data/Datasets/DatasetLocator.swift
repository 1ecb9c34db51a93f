#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Where data sets are looked for: `--data DIR`, then `$DCGAN_DATA`, then `data/`.
///
/// Each has one folder per source (`data/mnist/`). The first place that has the file is taken.
package struct DatasetLocator: Equatable, Sendable {
  package struct Place: Equatable, Sendable {
    package let folder: String
    /// Who named the folder: `--data`.
    package let origin: String
  }

  package let places: [Place]

  /// - Parameters:
  ///   - data: what `--data` says, or nil.
  ///   - environment: of the process.
  package init(data: String?, environment: [String: String]) {
    var places: [Place] = []
    if let data { places.append(Place(folder: data, origin: "--data")) }
    if let folder = environment["DCGAN_DATA"], !folder.isEmpty {
      places.append(Place(folder: folder, origin: "$DCGAN_DATA"))
    }
    places.append(Place(folder: "data", origin: "the default"))
    self.places = places
  }

  /// The path of the first of `names` that exists, plain or with `.gz`, in a source's folder.
  ///
  /// `names` are spellings of one file; messages use the first.
  package func file(
    _ names: [String], of source: String
  ) throws(DatasetProblem) -> String {
    let folders = places.map { Place(folder: join($0.folder, source), origin: $0.origin) }
    for place in folders {
      for name in names {
        for path in [join(place.folder, name), join(place.folder, name + ".gz")]
        where access(path, F_OK) == 0 {
          return path
        }
      }
    }
    throw .notFound(source: source, file: names.first ?? "", places: folders)
  }

  private func join(_ folder: String, _ name: String) -> String {
    folder.hasSuffix("/") ? folder + name : folder + "/" + name
  }
}

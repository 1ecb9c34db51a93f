import Foundation

/// What has started this process, as its environment tells: `mpirun`, `mpiexec` or `srun`.
package struct Launcher: Hashable, Sendable {
  /// The variable that names the library's file.
  package static let variable = "DCGAN_MPI"

  package let name: String
  /// How it is called for as many processes: `mpirun -n 4`.
  package var call: String { "\(name == Self.slurm ? "srun" : "mpirun") -n \(count)" }
  private static let slurm = "Slurm"
  /// Processes of the job, at least 2.
  package let count: Int
  package let rank: Int
  /// The process among those of its machine, and how many these are; nil where that is not told.
  package let local: Local?
  /// Files of the library, the likeliest first.
  package let libraries: [String]

  package struct Local: Hashable, Sendable {
    package let rank: Int
    package let count: Int?
  }

  /// Nil where the process was started alone.
  package init?(environment: [String: String] = ProcessInfo.processInfo.environment) {
    func number(_ names: String...) -> Int? {
      names.lazy.compactMap { environment[$0].flatMap { Int($0) } }.first
    }
    let named = environment[Self.variable].flatMap { $0.isEmpty ? nil : [$0] }
    let known: (String, Int?, Int?, [String])
    if let count = number("OMPI_COMM_WORLD_SIZE") {
      known = (
        "Open MPI's launcher", count, number("OMPI_COMM_WORLD_RANK"),
        ["libmpi.so.40", "libmpi.so.80", "libmpi.so"]
      )
    } else if let count = number("PMI_SIZE") {
      known = (
        "MPICH's launcher", count, number("PMI_RANK"),
        ["libmpich.so.12", "libmpi.so.12", "libmpi_abi.so.1", "libmpi_abi.so.0", "libmpich.so"]
      )
    } else if let count = number("SLURM_STEP_NUM_TASKS", "SLURM_NTASKS"),
      environment["SLURM_PROCID"] != nil, environment["SLURM_STEP_ID"] != nil
    {
      known = (
        Self.slurm, count, number("SLURM_PROCID"),
        ["libmpi.so.40", "libmpich.so.12", "libmpi.so.12", "libmpi_abi.so.1"]
      )
    } else {
      return nil
    }
    guard let count = known.1, count > 1, let rank = known.2, (0..<count).contains(rank) else {
      return nil
    }
    name = known.0
    self.count = count
    self.rank = rank
    libraries = named ?? known.3
    local = number("OMPI_COMM_WORLD_LOCAL_RANK", "MPI_LOCALRANKID", "SLURM_LOCALID").map {
      Local(
        rank: $0,
        count: number("OMPI_COMM_WORLD_LOCAL_SIZE", "MPI_LOCALNRANKS", "SLURM_TASKS_PER_NODE"))
    }
  }
}

import Testing

@testable import Collective

@Suite struct LauncherTests {
  @Test func launchersAreToldByTheirEnvironment() throws {
    let openMPI = try #require(
      Launcher(environment: [
        "OMPI_COMM_WORLD_SIZE": "4", "OMPI_COMM_WORLD_RANK": "3",
        "OMPI_COMM_WORLD_LOCAL_RANK": "1", "OMPI_COMM_WORLD_LOCAL_SIZE": "2",
      ]))
    #expect(openMPI.name == "Open MPI's launcher" && openMPI.count == 4 && openMPI.rank == 3)
    #expect(openMPI.local == Launcher.Local(rank: 1, count: 2))
    #expect(openMPI.libraries.first == "libmpi.so.40")
    let mpich = try #require(Launcher(environment: ["PMI_SIZE": "2", "PMI_RANK": "0"]))
    #expect(mpich.libraries.first == "libmpich.so.12" && mpich.local == nil)
    let slurm = try #require(
      Launcher(environment: [
        "SLURM_STEP_ID": "0", "SLURM_STEP_NUM_TASKS": "8", "SLURM_PROCID": "7",
        "SLURM_LOCALID": "3",
      ]))
    #expect([openMPI, mpich, slurm].map(\.call) == ["mpirun -n 4", "mpirun -n 2", "srun -n 8"])
    #expect(slurm.name == "Slurm" && slurm.count == 8 && slurm.local?.rank == 3)
  }

  /// One process, or numbers that make no sense, are a process that is alone.
  @Test(
    arguments: [
      [:], ["OMPI_COMM_WORLD_SIZE": "1", "OMPI_COMM_WORLD_RANK": "0"],
      ["PMI_SIZE": "many", "PMI_RANK": "0"], ["PMI_SIZE": "2", "PMI_RANK": "2"],
      ["PMI_SIZE": "2"], ["SLURM_NTASKS": "8", "SLURM_PROCID": "0"],
    ] as [[String: String]])
  func aloneIsAlone(_ environment: [String: String]) {
    #expect(Launcher(environment: environment) == nil)
  }

  @Test func theLibraryCanBeNamed() {
    let launcher = Launcher(environment: [
      "PMI_SIZE": "2", "PMI_RANK": "0", "DCGAN_MPI": "/opt/mpi/libmpi.so",
    ])
    #expect(launcher?.libraries == ["/opt/mpi/libmpi.so"])
  }
}

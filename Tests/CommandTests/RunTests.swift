import Foundation
import Interchange
import Testing
import TestSupport

@testable import dcgan_run

@Suite struct RunTests {
  private let run = Command(name: "dcgan-run")
  private let small = ["--limit", "32", "--threads", "2"]

  @Test func trainsSamplesAndGoesOn() throws {
    let folder = try TemporaryFolder()
    try folder.write(tinySpec, to: "tiny.yaml")
    let first = try run.run(["tiny.yaml", "train", "--epochs", "1"] + small, in: folder.url)
    #expect(first.status == 0, "\(first.errors)")
    #expect(exists("runs/tiny/samples/epoch-1.png", in: folder))
    #expect(exists("runs/tiny/checkpoints/step-4.safetensors", in: folder))
    #expect(lines("runs/tiny/metrics.jsonl", in: folder).count == 4)

    // Both orders of words mean the same; more epochs continue.
    let second = try run.run(["train", "tiny.yaml"] + small, in: folder.url)
    #expect(second.status == 0)
    #expect(second.errors.contains("resuming after step 4"))
    #expect(exists("runs/tiny/checkpoints/step-8.safetensors", in: folder))
    #expect(lines("runs/tiny/metrics.jsonl", in: folder).count == 8)

    let sampled = try run.run(
      [
        "sample", "--checkpoint", "runs/tiny/checkpoints/step-8.safetensors", "--count", "5",
        "--out", "x.safetensors",
      ], in: folder.url)
    #expect(sampled.status == 0, "\(sampled.errors)")
    let file = try SafetensorsFile(contentsOf: folder.path + "/x.safetensors")
    #expect(try file.tensor(named: "images").shape == [5, 1, 28, 28])
    #expect(try file.tensor(named: "z").shape == [5, 4])
  }

  @Test func stoppedAndContinuedIsTheSameAsUnbroken() throws {
    let folder = try TemporaryFolder()
    try folder.write(tinySpec, to: "tiny.yaml")
    _ = try run.run(["tiny.yaml", "train", "--out", "unbroken"] + small, in: folder.url)
    _ = try run.run(
      ["tiny.yaml", "train", "--out", "broken", "--epochs", "1"] + small, in: folder.url)
    _ = try run.run(["tiny.yaml", "train", "--out", "broken"] + small, in: folder.url)
    let name = "checkpoints/step-8.safetensors"
    let unbroken = try Data(contentsOf: folder.url.appendingPathComponent("unbroken/\(name)"))
    let broken = try Data(contentsOf: folder.url.appendingPathComponent("broken/\(name)"))
    #expect(unbroken == broken)
  }

  @Test(.timeLimit(.minutes(1))) func interruptSavesACheckpoint() throws {
    let folder = try TemporaryFolder()
    try folder.write(tinySpec, to: "tiny.yaml")
    let outcome = try run.run(
      ["tiny.yaml", "train", "--epochs", "100000"] + small, in: folder.url
    ) { process in
      // The first epoch's sheet shows that the training is on its way.
      while process.isRunning, !exists("runs/tiny/samples/epoch-1.png", in: folder) {
        usleep(10_000)
      }
      process.interrupt()
    }
    #expect(outcome.status == 130)
    let saved = try #require(
      outcome.errors.split(separator: "\n").last { $0.hasPrefix("stopped; saved ") })
    let name = saved.dropFirst("stopped; saved ".count).prefix { $0 != ";" }
    #expect(exists(String(name), in: folder), "\(outcome.errors)")
  }

  @Test func anotherSpecIsNotMixedIntoARun() throws {
    let folder = try TemporaryFolder()
    try folder.write(tinySpec, to: "tiny.yaml")
    _ = try run.run(["tiny.yaml", "train", "--epochs", "1"] + small, in: folder.url)
    let name = "runs/tiny/checkpoints/step-4.safetensors"
    let before = try Data(contentsOf: folder.url.appendingPathComponent(name))
    try folder.write(
      tinySpec.replacingOccurrences(of: "filters: 4}", with: "filters: 6}"), to: "tiny.yaml")
    let refused = try run.run(["tiny.yaml", "train"] + small, in: folder.url)
    #expect(refused.status == 1)
    #expect(refused.errors.contains("--fresh"))
    #expect(try Data(contentsOf: folder.url.appendingPathComponent(name)) == before)

    let fresh = try run.run(
      ["tiny.yaml", "train", "--fresh", "--epochs", "1"] + small, in: folder.url)
    #expect(fresh.status == 0, "\(fresh.errors)")
    #expect(exists("runs/tiny-1/checkpoints/step-4.safetensors", in: folder))
  }

  @Test func missingDataSaysWhereItLooked() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      tinySpec.replacingOccurrences(of: "source: digits", with: "source: mnist"), to: "tiny.yaml")
    let refused = try run.run(["tiny.yaml", "train"] + small, in: folder.url)
    #expect(refused.status == 1)
    #expect(refused.errors.contains("data/mnist"))

    try folder.write(
      tinySpec.replacingOccurrences(
        of: "source: digits", with: "source: mnist, fallback: digits"), to: "tiny.yaml")
    let fallback = try run.run(["tiny.yaml", "train", "--epochs", "1"] + small, in: folder.url)
    #expect(fallback.status == 0)
    #expect(fallback.errors.contains("'digits'"))
  }

  @Test(arguments: [
    (["tiny.yaml", "train", "--out", "file/run"], Int32(1), "file/run"),
    (["tiny.yaml", "sample"], 1, "runs/tiny"),
    (["sample", "--checkpoint", "tiny.yaml"], 1, "tiny.yaml"),
    (["sample", "--checkpoint", "none.safetensors"], 1, "none.safetensors"),
    (["tiny.yaml", "train", "--batch", "0"], 2, "--batch"),
    (["tiny.yaml", "train", "--limit", "4"], 1, "batch"),
    (["nothing", "bench"], 1, "nothing"),
    (["tiny.yaml", "bench", "--steps", "0"], 2, "--steps"),
    (["tiny.yaml", "bench", "--isa", "mmx"], 2, "'portable', 'avx2' or 'avx512'"),
    (["tiny.yaml", "bench", "--algorithm", "fft"], 2, "'winograd4'"),
    (["tiny.yaml", "train", "--device", "gpu"], 2, "- xla-cpu"),
    (["tiny.yaml", "train", "--device", "pjrt:"], 2, "- pjrt:PATH"),
    (["tiny.yaml", "train", "--device", "pjrt:tiny.yaml"], 1, "tiny.yaml is no shared library"),
    (["tiny.yaml", "train", "--device", "pjrt:none.so"], 1, "cannot open none.so"),
    (["tiny.yaml", "bench", "--device", "tpu", "--isa", "avx2"], 2, "--isa: an option of the CPU"),
    (["tiny.yaml", "bench", "--precision", "fast"], 2, "--precision: an option of plugins"),
    (["tiny.yaml", "train", "--cuda"], 2, "write `--device cuda`"),
    (["tiny.yaml", "sample", "--gpu"], 2, "write `--device cuda`"),
    (["tiny.yaml", "bench", "--device", "reference", "--threads", "2"], 2, "--threads: an option"),
    (["tiny.yaml", "bench", "--device", "reference", "--profile"], 1, "--profile: the device"),
  ])
  func badInputIsNamed(_ arguments: [String], _ status: Int32, _ named: String) throws {
    let folder = try TemporaryFolder()
    try folder.write(tinySpec, to: "tiny.yaml")
    try folder.write("not a folder", to: "file")
    let outcome = try run.run(arguments, in: folder.url)
    #expect(outcome.status == status, "\(outcome.errors)")
    #expect(outcome.errors.contains(named), "\(outcome.errors)")
  }

  /// Under a launcher: commands that several processes cannot share, and a library that is not there.
  @Test(arguments: [
    (["tiny.yaml", "sample"], "0", Int32(2), "sample: only `train` is shared by 2 processes"),
    (["tiny.yaml", "sample"], "1", 2, ""),
    (
      ["tiny.yaml", "train"], "0", 1,
      "Open MPI's launcher has started this process, but its library cannot be used"
    ),
    (["tiny.yaml", "train", "--device", "xla-cpu", "--devices", "2"], "0", 2, "--devices: start"),
  ])
  func launchersAreRecognised(
    _ arguments: [String], _ rank: String, _ status: Int32, _ named: String
  ) throws {
    let folder = try TemporaryFolder()
    try folder.write(tinySpec, to: "tiny.yaml")
    let outcome = try run.run(
      arguments, in: folder.url,
      environment: [
        "OMPI_COMM_WORLD_SIZE": "2", "OMPI_COMM_WORLD_RANK": rank,
        "DCGAN_MPI": "/nowhere/libmpi.so",
      ])
    #expect(outcome.status == status, "\(outcome.errors)")
    #expect(named.isEmpty ? outcome.errors.isEmpty : outcome.errors.contains(named))
  }

  @Test func thePageOfDevicesHasAllOfThem() throws {
    let page = try String(
      contentsOf: Command.package.appendingPathComponent("docs/devices.md"), encoding: .utf8)
    let rows = DeviceKind.allCases.map { kind in
      "| `\(kind.name)` | \(kind.summary) | \(kind.installation.map { "`\($0)`" } ?? "built in") |"
    }
    #expect(page.contains(rows.joined(separator: "\n")), "\(rows)")
  }

  @Test func devicesAreListed() throws {
    let folder = try TemporaryFolder()
    try folder.write("no library", to: "own_cuda.so")
    let outcome = try run.run(
      ["devices", "--json"], in: folder.url,
      environment: ["PJRT_PLUGIN_PATH": folder.path("own_cuda.so"), "HOME": "", "PATH": "/usr/bin"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let devices = try #require(object["devices"] as? [[String: Any]])
    #expect(devices.prefix(3).map { $0["device"] as? String } == ["cpu", "reference", "cuda"])
    #expect(devices[0]["usable"] as? Bool == true)
    #expect(devices[2]["usable"] as? Bool == false)
    #expect((devices[2]["text"] as? String)?.contains("own_cuda.so is no shared library") == true)
  }

  @Test func benchmarkPrintsOneObject() throws {
    let folder = try TemporaryFolder()
    try folder.write(tinySpec, to: "tiny.yaml")
    for mode in ["train", "sample"] {
      let outcome = try run.run(
        ["tiny.yaml", "bench", "--json", "--steps", "2", "--mode", mode], in: folder.url)
      let object = try #require(
        try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
      #expect(object["images_per_second"] as? Double ?? 0 > 0)
      #expect(object["mode"] as? String == mode)
      #expect((object["layers"] as? [Any])?.isEmpty == false)
    }
  }

  /// The checkpoint's bytes depend on the instructions; that it can be sampled from does not.
  @Test func computesWithTheInstructionsAskedFor() throws {
    let folder = try TemporaryFolder()
    try folder.write(tinySpec, to: "tiny.yaml")
    let kernels = ["--isa", "portable", "--algorithm", "winograd2"]
    let trained = try run.run(
      ["tiny.yaml", "train", "--epochs", "1"] + small + kernels, in: folder.url)
    #expect(trained.status == 0, "\(trained.errors)")
    let sampled = try run.run(["tiny.yaml", "sample", "--count", "2"] + kernels, in: folder.url)
    #expect(sampled.status == 0, "\(sampled.errors)")
    let measured = try run.run(
      ["tiny.yaml", "bench", "--json", "--steps", "1"] + kernels, in: folder.url)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(measured.output.utf8)) as? [String: Any])
    #expect(object["isa"] as? String == "portable")
    #expect(object["algorithm"] as? String == "winograd2")
  }

  /// A run may change its device: the checkpoint is the same form of numbers.
  @Test func anotherDeviceContinuesARun() throws {
    let folder = try TemporaryFolder()
    try folder.write(tinySpec, to: "tiny.yaml")
    let limit = ["--limit", "32"]
    let first = try run.run(
      ["tiny.yaml", "train", "--epochs", "1", "--device", "reference"] + limit, in: folder.url)
    #expect(first.status == 0, "\(first.errors)")
    let second = try run.run(["tiny.yaml", "train"] + limit, in: folder.url)
    #expect(second.status == 0, "\(second.errors)")
    #expect(second.errors.contains("resuming after step 4"), "\(second.errors)")
    let sampled = try run.run(
      ["tiny.yaml", "sample", "--count", "2", "--device", "reference"], in: folder.url)
    #expect(sampled.status == 0, "\(sampled.errors)")
    let measured = try run.run(
      ["tiny.yaml", "bench", "--json", "--steps", "1", "--device", "reference"], in: folder.url)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(measured.output.utf8)) as? [String: Any])
    #expect(object["device"] as? String == "reference")
  }

  @Test func benchmarkProfilesAndChecksItself() throws {
    let folder = try TemporaryFolder()
    try folder.write(tinySpec, to: "tiny.yaml")
    let extras = ["--steps", "1", "--profile", "--accuracy"]
    let json = try run.run(["tiny.yaml", "bench", "--json"] + extras, in: folder.url)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    let limits = try #require(object["limits"] as? [String: Double])
    #expect(limits.keys.sorted() == ["bytes_per_second", "flops_per_second"])
    #expect(limits.values.allSatisfy { $0 > 0 })
    let steps = try #require(object["profile"] as? [[String: Any]])
    #expect(steps.contains { $0["op"] as? String == "matmul" && $0["algorithm"] == nil })
    #expect(steps.contains { $0["op"] as? String == "convolve" && $0["algorithm"] != nil })
    let errors = try #require(object["accuracy"] as? [[String: Any]])
    #expect(!errors.isEmpty)
    // Sums in Float of some hundred products, at most by F(4 × 4).
    #expect(errors.allSatisfy { ($0["error"] as? Double ?? 1) < 1e-5 })

    let text = try run.run(["tiny.yaml", "bench"] + extras, in: folder.url).output
    let lines = text.split(separator: "\n")
    #expect(lines.contains { $0.hasPrefix("limits of ") })
    #expect(lines.contains { $0.hasPrefix("relative error (L2) against double precision") })
    #expect(lines.allSatisfy { $0.count <= 100 })
  }

  /// A tenth is what the plan itself, stacks and small allocations may take besides.
  @Test(arguments: ["train", "sample"])
  func benchmarkForeseesItsMemory(_ mode: String) throws {
    let outcome = try run.run(
      ["mnist", "bench", "--batch", "128", "--json", "--steps", "1", "--warmup", "0"]
        + ["--threads", "2", "--mode", mode], in: Command.package)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let measured = try #require(object["peak_rss_mib"] as? Double)
    let foreseen = try #require(object["planned_mib"] as? Double)
    #expect(abs(foreseen - measured) <= 0.1 * measured, "\(foreseen) MiB, \(measured) measured")
  }

  private func exists(_ path: String, in folder: TemporaryFolder) -> Bool {
    FileManager.default.fileExists(atPath: folder.path + "/" + path)
  }

  private func lines(_ path: String, in folder: TemporaryFolder) -> [Substring] {
    let text = try? String(contentsOfFile: folder.path + "/" + path, encoding: .utf8)
    return text?.split(separator: "\n") ?? []
  }

  /// A classifier learns without a generator, and makes no images.
  @Test func aClassifierLearnsTheClasses() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      """
      dcgan: 1
      image: {size: 14, channels: 1}
      condition: {classes: 10}
      discriminator:
        layers:
          - conv: {filters: 8, kernel: 5, stride: 2, activation: relu}
          - linear: {units: 10}
      objective: {loss: classification}
      init: {weight: {normal: 0.05}}
      data: {source: digits}
      train: {batch: 32, epochs: 2, optimizer: {adam: {learning_rate: 0.003, beta1: 0.9}}}
      """, to: "classes.yaml")
    let training = try run.run(
      ["classes.yaml", "train", "--limit", "1024", "--threads", "2"], in: folder.url)
    #expect(training.status == 0, "\(training.errors)")
    #expect(training.errors.contains("epoch 2 done: runs/classes/checkpoints/step-64.safetensors"))
    let lines = try String(
      contentsOf: folder.url.appending(path: "runs/classes/metrics.jsonl"), encoding: .utf8)
    let last = try #require(lines.split(separator: "\n").last)
    let metrics = try #require(
      JSONSerialization.jsonObject(with: Data(last.utf8)) as? [String: Any])
    // The share that the right class gets; a tenth at first.
    #expect(try #require(metrics["mean_d_real"] as? Double) > 0.5)
    let sample = try run.run(["sample", "--run", "runs/classes"], in: folder.url)
    #expect(sample.status != 0)
    #expect(
      sample.errors.contains(
        "classes is a classifier, and has no generator that could make images"), "\(sample.errors)")
    let sampling = try run.run(["classes.yaml", "bench", "--mode", "sample"], in: folder.url)
    #expect(sampling.errors.contains("classes is a classifier, and has no generator"))
    let report = try run.run(["report", "--run", "runs/classes"], in: folder.url)
    #expect(report.status == 0, "\(report.errors)")
  }
}

import Foundation
import Studies
import TestSupport
import Testing

/// The paper's experiments as commands, on a network that has trained for a moment.
@Suite struct StudyTests {
  private let run = Command(name: "dcgan-run")

  private func trained() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write(tinySpec, to: "tiny.yaml")
    let training = try run.run(
      ["tiny.yaml", "train", "--epochs", "1", "--limit", "32", "--threads", "2"], in: folder.url)
    try #require(training.status == 0, "\(training.errors)")
    try folder.write("1: [[8, 8, 9, 9]]\n4: [[2, 3, 8, 10], [20, 20, 5, 5]]", to: "boxes.yaml")
    try folder.write("a: [0, 1, 2]\nb: [3, 4, 5]\nc: [6]", to: "concepts.yaml")
    return folder
  }

  private static let calls: [[String]] = [
    ["interpolate", "--points", "3", "--steps", "4"], ["sheet", "--count", "5"],
    ["concepts", "--samples", "12", "--count", "3", "--learned", "60"],
    ["arithmetic", "a - b + c", "--concepts", "concepts.yaml"],
    ["turn", "--concepts", "concepts.yaml", "--left", "a", "--right", "b", "--rows", "2"],
    ["neighbors", "--count", "2", "--compared", "4", "--limit", "70"],
    ["invert", "--image", "runs/tiny/samples/epoch-1.png", "--starts", "3", "--steps", "4"],
    ["features", "--per-class", "5", "--draws", "2", "--tested", "40"],
    [
      "features", "--per-class", "1", "--draws", "1", "--tested", "20", "--of", "generator", "--of",
      "pixels",
    ],
    ["visualize", "--layer", "conv1", "--features", "0-1,3", "--count", "3"],
    [
      "visualize", "--layer", "conv1", "--features", "0-1", "--method", "ascend", "--starts", "3",
      "--steps", "4",
    ],
    ["forget", "--boxes", "boxes.yaml", "--samples", "9"],
    ["collisions", "--samples", "20", "--limit", "70", "--epochs", "3"],
    ["evaluate", "--samples", "30", "--repeats", "2"],
  ]

  /// A spec, a run's folder and a checkpoint name the same networks, and give the same bits.
  @Test func everyPlaceNamesTheSameNetworks() throws {
    let folder = try trained()
    for call in Self.calls {
      var results: Set<Data> = []
      for place in ["tiny.yaml", "runs/tiny", "runs/tiny/checkpoints/step-4.safetensors"] {
        let study = try run.run(
          [call[0], place] + call.dropFirst() + ["--out", "out"], in: folder.url)
        #expect(study.status == 0, "\(call[0]) \(place): \(study.errors)")
        #expect(study.output.contains("wrote out/"))
        let file = call[0] == "features" ? "out/result.json" : "out/\(call[0]).png"
        let bytes = try Data(contentsOf: folder.url.appending(path: file))
        // The numbers name the checkpoint, as the place was written.
        let text = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        results.insert(
          file.hasSuffix("json")
            ? Data(text.filter { !$0.contains("checkpoint") }.joined().utf8) : bytes)
      }
      #expect(results.count == 1, "\(call[0])")
    }
  }

  @Test func numbersArePrintedAsJSONAndKept() throws {
    let folder = try trained()
    for call in Self.calls {
      let study = try run.run(
        [call[0], "tiny.yaml"] + call.dropFirst() + ["--json"], in: folder.url)
      #expect(study.status == 0, "\(study.errors)")
      let printed = try JSONSerialization.jsonObject(with: Data(study.output.utf8))
      #expect((printed as? [String: Any])?["study"] as? String == call[0])
      let kept = try Data(
        contentsOf: folder.url.appending(path: "runs/tiny/\(call[0])/result.json"))
      #expect(String(decoding: kept, as: UTF8.self) == study.output)
    }
  }

  /// What `concepts` has found is what `arithmetic` and `turn` read.
  @Test func foundConceptsCanBeReckonedWith() throws {
    let folder = try trained()
    let found = try run.run(
      ["concepts", "tiny.yaml", "--samples", "20", "--count", "4", "--out", "found"],
      in: folder.url)
    #expect(found.status == 0, "\(found.errors)")
    let file = try String(
      contentsOf: folder.url.appending(path: "found/concepts.yaml"), encoding: .utf8)
    let names = file.split(separator: "\n").dropFirst().compactMap {
      $0.split(separator: ":").first
    }
    #expect(names.count == 10)
    let sum = try run.run(
      [
        "arithmetic", "tiny.yaml", names.joined(separator: " + "), "--concepts",
        "found/concepts.yaml",
      ],
      in: folder.url)
    #expect(sum.status == 0, "\(sum.errors)")
    #expect(!sum.errors.contains("fewer than"))
  }

  /// Each study has its command in the help, a section in the docs, and its place in the README.
  @Test func everyStudyIsDocumented() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let page = try String(
      contentsOf: root.appending(path: "docs/experiments.md"), encoding: .utf8)
    let readme = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
    let help = try run.run(["--help"], in: root).output
    #expect(Set(Self.calls.map { $0[0] }) == Set(Study.allCases.map(\.rawValue)))
    for study in Study.allCases.map(\.rawValue) {
      #expect(page.contains("\n## \(study)\n"))
      let spec = ["features": "mnist", "evaluate": "mnist"][study] ?? "faces64-gray"
      #expect(page.contains("dcgan-run \(spec) \(study)"))
      #expect(readme.contains(study))
      #expect(help.contains(study))
    }
  }

  /// A classifier is trained, tried, and looks at samples and real images.
  @Test func aClassifierJudgesSamples() throws {
    let folder = try trained()
    let classifier = """
      dcgan: 1
      image: {size: 28, channels: 1, range: [0, 1]}
      condition: {classes: 10}
      discriminator:
        layers:
          - conv: {filters: 4, kernel: 5, stride: 2, activation: relu}
          - linear: {units: 12, activation: relu}
          - linear: {units: 10}
      objective: {loss: classification}
      init: {weight: {normal: 0.05}}
      data: {source: digits}
      train: {batch: 32, epochs: 1}
      """
    try folder.write(classifier, to: "classes.yaml")
    try folder.write(
      classifier.replacingOccurrences(of: "size: 28", with: "size: 14"), to: "small.yaml")
    for name in ["classes", "small"] {
      let training = try run.run(
        ["\(name).yaml", "train", "--limit", "64", "--threads", "2"], in: folder.url)
      try #require(training.status == 0, "\(training.errors)")
    }
    let accuracy = try run.run(["evaluate", "classes.yaml", "--tested", "50"], in: folder.url)
    #expect(accuracy.output.contains(" % of 50 images of the test set are right"))

    for (study, sentence) in [
      (["arithmetic", "a - b + c", "--concepts", "concepts.yaml"], " of 9 results are of class 3"),
      (["forget", "--boxes", "boxes.yaml", "--samples", "9"], "of 9 new samples "),
    ] {
      let judged = try run.run(
        [study[0], "tiny.yaml"] + study.dropFirst()
          + ["--classifier", "classes.yaml", "--wanted", "3"], in: folder.url)
      #expect(judged.output.contains(sentence), "\(judged.output) \(judged.errors)")
    }

    let call = ["evaluate", "tiny.yaml", "--samples", "40", "--repeats", "2"]
    let judged = try run.run(
      call + ["--classifier", "classes.yaml", "--json"], in: folder.url)
    #expect(judged.status == 0, "\(judged.errors)")
    let result = try #require(
      JSONSerialization.jsonObject(with: Data(judged.output.utf8)) as? [String: Any])
    let measures = try #require(result["measures"] as? [String: [String: [String: Double]]])
    // An unconditional generator is not asked for a class.
    let wanted = SampleComparison.Measure.allCases.filter { $0 != .agreement }.map(\.rawValue)
    #expect(Set(measures.keys) == Set(wanted))
    for share in ["precision", "recall", "coverage", "balance", "duplicates"] {
      #expect((0...1).contains(try #require(measures[share]?["real"]?["mean"])))
    }
    // Samples of a generator that has hardly trained are no digits.
    let frechet = try #require(measures["frechet"])
    #expect(try #require(frechet["samples"]?["mean"]) > #require(frechet["real"]?["mean"]))

    // While it trains: after each epoch, and the best one is kept.
    let training = try run.run(
      [
        "tiny.yaml", "train", "--epochs", "3", "--limit", "32", "--threads", "2", "--out", "judged",
        "--evaluate", "classes.yaml", "--keep-best", "frechet", "--keep", "1",
      ], in: folder.url)
    #expect(training.status == 0, "\(training.errors)")
    #expect(training.errors.contains("epoch 2: Fréchet distance "))
    let lines = try String(
      contentsOf: folder.url.appending(path: "judged/evaluation.jsonl"), encoding: .utf8)
    let distances = try lines.split(separator: "\n").map { line in
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      return try #require(object?["frechet"] as? Double)
    }
    #expect(distances.count == 3)
    let best = try #require(distances.indices.min { distances[$0] < distances[$1] })
    let kept = try String(
      contentsOf: folder.url.appending(path: "judged/best.json"), encoding: .utf8)
    #expect(kept.contains("\"epoch\":\(best + 1)"), "\(kept) \(distances)")
    let report = try run.run(["report", "--run", "judged", "--out", "page.html"], in: folder.url)
    #expect(report.status == 0, "\(report.errors)")
    let page = try String(contentsOf: folder.url.appending(path: "page.html"), encoding: .utf8)
    #expect(page.contains("Distance from real images"))

    // To measure does not change the training.
    let plain = try run.run(
      ["tiny.yaml", "train", "--epochs", "3", "--limit", "32", "--threads", "2", "--out", "plain"],
      in: folder.url)
    #expect(plain.status == 0, "\(plain.errors)")
    let last = "checkpoints/step-12.safetensors"
    #expect(
      try Data(contentsOf: folder.url.appending(path: "judged/\(last)"))
        == Data(contentsOf: folder.url.appending(path: "plain/\(last)")))

    let refusals = [
      (["--classifier", "tiny.yaml"], "tiny is no classifier"),
      (["--classifier", "small.yaml"], "small looks at images of 14 × 14 × 1"),
      (["--per-class", "3"], "--per-class belongs to `--protocol nearest-neighbor`"),
      (["--protocol", "accuracy"], "--samples belongs to `--protocol comparison`"),
      (["--protocol", "nearest-neighbor"], "--samples belongs to"),
      (["--samples", "6000"], "digits has 10,000 images to compare with, 12,000 are needed"),
      (["--repeats", "11"], "--repeats 11: expected a number from 2 to 10"),
    ]
    for (more, message) in refusals {
      let outcome = try run.run(call + more, in: folder.url)
      #expect(outcome.status != 0)
      #expect(outcome.errors.contains(message), "\(more): \(outcome.errors)")
    }
    for study in ["interpolate", "neighbors", "invert"] {
      let outcome = try run.run(
        [study, "classes.yaml"]
          + (study == "invert" ? ["--image", "runs/tiny/samples/epoch-1.png"] : []), in: folder.url)
      #expect(outcome.status != 0)
      #expect(outcome.errors.contains("is a classifier, and has no generator"), "\(outcome.errors)")
    }
  }

  /// Features of a discriminator that is told the classes would give them away; and a class that
  /// there is not cannot be made.
  @Test func conditionalNetworksAreTreatedAsSuch() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      tinySpec + "\ncondition: {classes: 10, join: everywhere}\n", to: "tiny.yaml")
    let training = try run.run(
      ["tiny.yaml", "train", "--epochs", "1", "--limit", "32", "--threads", "2"], in: folder.url)
    try #require(training.status == 0, "\(training.errors)")
    let features = try run.run(["features", "tiny.yaml"], in: folder.url)
    #expect(features.errors.contains("this discriminator is told the labels"), "\(features.errors)")
    let evaluation = try run.run(
      [
        "evaluate", "tiny.yaml", "--protocol", "nearest-neighbor", "--per-class", "3", "--tested",
        "40",
      ],
      in: folder.url)
    #expect(evaluation.status == 0, "\(evaluation.errors)")
    #expect(evaluation.output.contains("30 samples: "), "\(evaluation.output)")
    // What has been compared is kept: more samples go on from there, to the bits of a test at once.
    let test = [
      "evaluate", "tiny.yaml", "--protocol", "nearest-neighbor", "--tested", "40", "--json",
    ]
    let part = try run.run(test + ["--per-class", "1000", "--out", "parts"], in: folder.url)
    #expect(part.status == 0, "\(part.errors)")
    let kept = folder.url.appending(path: "parts/nearest-neighbor.json")
    #expect(try String(contentsOf: kept, encoding: .utf8).contains("\"perClass\":1000"))
    let more = try run.run(test + ["--per-class", "2000", "--out", "parts"], in: folder.url)
    let whole = try run.run(test + ["--per-class", "2000", "--out", "whole"], in: folder.url)
    let curve = try #require(
      JSONSerialization.jsonObject(with: Data(more.output.utf8)) as? NSDictionary)
    #expect((curve["generated"] as? [Any])?.count == 2)
    let atOnce = try #require(
      JSONSerialization.jsonObject(with: Data(whole.output.utf8)) as? NSDictionary)
    #expect(curve["real"] as? NSDictionary == atOnce["real"] as? NSDictionary)
    #expect(
      (curve["generated"] as? NSArray)?.lastObject as? NSDictionary
        == (atOnce["generated"] as? NSArray)?.lastObject as? NSDictionary)
    try Data("no progress".utf8).write(to: kept)
    let again = try run.run(test + ["--per-class", "2000", "--out", "parts"], in: folder.url)
    #expect(again.output == whole.output.replacingOccurrences(of: "whole/", with: "parts/"))
    let sheet = try run.run(["sheet", "tiny.yaml", "--label", "12"], in: folder.url)
    #expect(
      sheet.errors.contains("there is no class 12: the network knows 0 to 9"), "\(sheet.errors)")
    let walk = try run.run(
      ["interpolate", "tiny.yaml", "--label", "3", "--points", "2", "--steps", "3"],
      in: folder.url)
    #expect(walk.status == 0, "\(walk.errors)")
  }

  @Test func whatCannotWorkIsRefused() throws {
    let folder = try trained()
    let cases = [
      (["interpolate", "--points", "1"], "--points 1: expected a number from 2 to 1000"),
      (["sheet", "--count", "0"], "--count 0: expected a number from 1 to 10000"),
      (["arithmetic", "a - d", "--concepts", "concepts.yaml"], "nothing defines `d`"),
      (["arithmetic", "a - b", "--concepts", "none.yaml"], "none.yaml: there is no such file"),
      (
        ["turn", "--concepts", "concepts.yaml", "--left", "a", "--right", "e"],
        "nothing defines `e`"
      ),
      (["invert", "--image", "concepts.yaml"], "concepts.yaml: expected a picture"),
      (
        ["evaluate", "--protocol", "nearest-neighbor"],
        "tiny is not told which class to make: this needs a conditional network"
      ),
      (["visualize", "--layer", "conv9"], "has no convolution conv9: its convolutions are conv1"),
      (
        ["visualize", "--layer", "conv1", "--features", "5-1"], "--features 5-1: expected up to 64"
      ),
      (["visualize", "--layer", "conv1", "--features", "5000"], "conv1 has no feature 5000"),
      (["concepts", "--attribute", "smile"], "--attribute smile: the images of"),
      (["concepts", "--count", "5", "--samples", "4"], "--count 5: there are only 4 samples"),
      (["visualize", "--layer", "conv1", "--steps", "3"], "--steps belongs to `--method ascend`"),
      (["forget", "--boxes", "concepts.yaml"], "`a` must be named by a sample's number"),
      (
        ["forget", "--boxes", "boxes.yaml", "--layer", "conv9"],
        "the generator has no convolution conv9 before the last: its convolutions are"
      ),
      (
        ["forget", "--boxes", "boxes.yaml", "--wanted", "1"], "only a `--classifier` knows classes"
      ),
      (["concepts", "--attribute", "a,b,c,d"], "expected one to 3 names"),
      (["invert", "--image", "none.png"], "cannot open none.png: No such file or directory"),
    ]
    for (call, message) in cases {
      let study = try run.run([call[0], "tiny.yaml"] + call.dropFirst(), in: folder.url)
      #expect(study.status != 0)
      #expect(study.errors.contains(message), "\(study.errors)")
    }
    let many = try run.run(
      ["features", "tiny.yaml", "--per-class", "10000"], in: folder.url)
    #expect(many.status != 0)
    #expect(
      many.errors.contains("100,050 are needed: 50 to choose the regularisation on"),
      "\(many.errors)")
    let missing = try run.run(["interpolate", "runs/none"], in: folder.url)
    #expect(missing.status != 0)
  }
}

import Foundation
import Testing
import TestSupport

@Suite struct CompletionTests {
  /// What is typed before the tab key, and what is offered then.
  static let cases: [(typed: String, offered: [String])] = [
    ("dcgan-compile f", ["faces.yaml", "folder"]),
    ("dcgan-compile ne", ["new"]),
    ("dcgan-compile faces.yaml --em", ["--emit"]),
    ("dcgan-compile --em", ["--emit"]),
    ("dcgan-compile --check fa", ["faces.yaml"]),
    ("dcgan-compile lsun64 --emit s", ["source", "spec", "step", "stablehlo", "svg", "schema"]),
    ("dcgan-compile diff lsun64 fa", ["faces.yaml"]),
    ("dcgan-compile new --si", ["--size"]),
    ("dcgan-run f", ["faces.yaml", "features", "folder", "forget"]),
    ("dcgan-run tr", ["train"]),
    ("dcgan-run faces.yaml tr", ["train"]),
    ("dcgan-run faces.yaml train --algorithm w", ["winograd2", "winograd4"]),
    ("dcgan-run faces.yaml sample --isa ", ["portable", "avx2", "avx512"]),
    ("dcgan-run train faces.yaml --data f", ["folder"]),
    ("dcgan-run mnist bench --mode ", ["train", "sample"]),
    ("dcgan-run sample --checkpoint ", ["folder", "step-1.safetensors"]),
  ]

  @Test(arguments: cases)
  func bashOffersWhatFits(_ typed: String, _ offered: [String]) throws {
    let folder = try TemporaryFolder()
    for name in ["faces.yaml", "faces.txt", "step-1.safetensors"] { try folder.write("", to: name) }
    try FileManager.default.createDirectory(
      at: folder.url.appendingPathComponent("folder"), withIntermediateDirectories: false)
    let name = String(typed.prefix { $0 != " " })
    let script = try Command(name: name).run(
      ["--generate-completion-script", "bash"], in: folder.url)
    try folder.write(script.output, to: "completions")
    // What bash does at a tab.
    try folder.write(
      """
      source ./completions
      COMP_WORDS=(\(typed)); COMP_LINE='\(typed)'; COMP_POINT=${#COMP_LINE}
      [[ "$COMP_LINE" == *' ' ]] && COMP_WORDS+=('')
      COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
      _\(name) "${COMP_WORDS[0]}" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
      printf '%s\\n' "${COMPREPLY[@]}"
      """, to: "tab")
    let tab = try Command(url: URL(fileURLWithPath: "/usr/bin/env"))
      .run(["bash", "--norc", "tab"], in: folder.url)
    #expect(tab.errors == "")
    let found = Set(tab.output.split(separator: "\n").map(String.init))
    // Options are offered next to the files that an argument may name.
    #expect(
      found.filter { !$0.hasPrefix("--") || typed.contains(" -") }.sorted() == offered.sorted())
  }

  @Test(arguments: ["zsh", "fish"], ["dcgan-compile", "dcgan-run"])
  func otherShellsTakeASpecFirstToo(_ shell: String, _ name: String) throws {
    let outcome = try Command(name: name).run(
      ["--generate-completion-script", shell], in: Command.package)
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("# A spec may come first."))
  }
}

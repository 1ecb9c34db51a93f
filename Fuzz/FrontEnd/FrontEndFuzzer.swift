import Compiler
import Diagnostics
import LayerGraph
import Spec

/// What libFuzzer calls with each input: the whole front end, from bytes to the graph and its texts.
///
/// Besides crashes and time it looks for broken promises: every diagnostic can be drawn, a spec
/// without errors can be written out, and what is written out reads back as the same.
@_cdecl("dcgan_fuzz")
public func fuzzFrontEnd(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // libFuzzer owns `count` bytes at `start` during the call; they are copied here.
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  let compilation = Compilation(SourceFile(path: "input.yaml", bytes: bytes))
  _ = TextRenderer(colour: true, width: 80).render(compilation.diagnostics)
  guard let spec = compilation.spec, let graph = compilation.graph else {
    precondition(!compilation.problems.isEmpty, "nothing came out, and nothing was said")
    return 0
  }
  _ = (graph.summary, graph.text)
  let expanded = Spec.decode(spec.expandedYAML, path: "expanded.yaml")
  precondition(
    expanded.spec?.expandedYAML == spec.expandedYAML,
    "the expanded spec reads back as another one: \(expanded.diagnostics.map(\.message))")
  return 0
}

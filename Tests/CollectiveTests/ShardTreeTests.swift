import DeviceSupport
import Testing

@testable import Collective

@Suite struct ShardTreeTests {
  /// The additions as text: `((0+1)+(2+3))+4`.
  private static func text(_ tree: ShardTree, _ node: ShardTree.Node) -> String {
    if node.size == 1 { return "\(node.first)" }
    let half = node.size / 2
    let left = text(tree, ShardTree.Node(first: node.first, size: half))
    guard node.first + half < tree.shards else { return left }
    return "(\(left)+\(text(tree, ShardTree.Node(first: node.first + half, size: half))))"
  }

  @Test func theTreeIsFixed() {
    func text(_ shards: Int) -> String {
      let tree = ShardTree(shards: shards)
      return Self.text(tree, tree.root)
    }
    #expect(text(1) == "0")
    #expect(text(2) == "(0+1)")
    #expect(text(5) == "(((0+1)+(2+3))+4)")
    #expect(text(6) == "(((0+1)+(2+3))+(4+5))")
    #expect(text(8) == "(((0+1)+(2+3))+((4+5)+(6+7)))")
  }

  /// Numbers whose sum depends on the order in which they are added.
  private static func numbers(_ shard: Int) -> [Float] {
    (0..<7).map { place in
      let sign: Float = (shard + place) % 3 == 0 ? -1 : 1
      return sign * Float(1 << (3 * ((shard * 5 + place) % 8))) * 1.1
    }
  }

  @Test func sumsAreThoseOfTheTree() {
    let tree = ShardTree(shards: 6)
    let sum = tree.sum(tree.root) { $0.size == 1 ? Self.numbers($0.first) : nil }
    let leaves = (0..<6).map(Self.numbers)
    let expected = (0..<7).map { place -> Float in
      let (a, b) = (leaves[0][place] + leaves[1][place], leaves[2][place] + leaves[3][place])
      let c = leaves[4][place] + leaves[5][place]
      return (a + b) + c
    }
    #expect(sum == expected)
  }

  /// The last shard's numbers are added to those beside its way, from the bottom up.
  @Test func theWayToTheLastShardHasAllOthersBesideIt() {
    for shards in 1...17 {
      let tree = ShardTree(shards: shards)
      let (beside, shard) = tree.wayToLastShard(of: tree.root)
      #expect(shard == shards - 1)
      var sum = Self.numbers(shard)
      for node in beside.reversed() {
        sum.add(tree.sum(node) { $0.size == 1 ? Self.numbers($0.first) : nil })
      }
      #expect(sum == tree.sum(tree.root) { $0.size == 1 ? Self.numbers($0.first) : nil })
    }
  }

  /// Pieces that are exchanged beside other work give the sum of the whole, whatever their length.
  @Test(arguments: [1, 2, 4, 7, 100]) func sumsInPiecesAreThoseOfTheTree(_ length: Int) async {
    let tree = ShardTree(shards: 6)
    let expected = tree.sum(tree.root) { $0.size == 1 ? Self.numbers($0.first) : nil }
    for count in [1, 2, 4] {
      let sums = await Together.run(count) { process -> [Float] in
        let nodes = tree.nodes(covering: tree.shards(of: process.rank, among: count))
        let own = nodes.map { tree.sum($0) { $0.size == 1 ? Self.numbers($0.first) : nil } }
        let exchange = SumInPieces(over: tree, process, pieceLength: length)
        for range in [0..<3, 3..<3, 3..<7] { exchange.add(own.map { Array($0[range]) }) }
        // A thread that waits for others does not fail.
        return try! exchange.finish()
      }
      #expect(sums == [[Float]](repeating: expected, count: count))
    }
  }

  /// Every shard belongs to one process, whatever their numbers; its nodes cover just its shards.
  @Test func shardsAreDealtWithoutRestOrDouble() {
    for shards in 1...17 {
      let tree = ShardTree(shards: shards)
      for ranks in 1...shards {
        var seen: [Int] = []
        for rank in 0..<ranks {
          let own = tree.shards(of: rank, among: ranks)
          #expect(!own.isEmpty)
          let covered = tree.nodes(covering: own).flatMap { node in
            Array(node.first..<min(node.first + node.size, shards))
          }
          #expect(covered == Array(own))
          seen += own
        }
        #expect(seen == Array(0..<shards))
      }
    }
  }

  /// Any number of processes gets the bits that one gets.
  @Test(arguments: [1, 2, 3, 5, 8], [5, 8])
  func processesGetTheSameBits(_ ranks: Int, _ shards: Int) async throws {
    guard ranks <= shards else { return }
    let tree = ShardTree(shards: shards)
    let expected = tree.sum(tree.root) { $0.size == 1 ? Self.numbers($0.first) : nil }
    let sums = await Together.run(ranks) { process -> [Float] in
      // Problems of a test's own messages do not exist.
      try! process.sum(over: tree, wrap: { $0 }) { shard throws(CollectiveProblem) in
        #expect(tree.shards(of: process.rank, among: ranks).contains(shard))
        return Self.numbers(shard)
      }
    }
    for sum in sums { #expect(sum.map(\.bitPattern) == expected.map(\.bitPattern)) }
  }

  @Test func wordsOfTheFirstProcessReachAll() async {
    let words: [UInt64] = [0, .max, 0x7FF0_0000_0000_0001, 42]
    let heard = await Together.run(3) { process in
      try! process.broadcast(process.rank == 0 ? words : [0, 0, 0, 0])
    }
    #expect(heard == [words, words, words])
  }

  @Test func whoDiffersIsNamed() async {
    let problems: [CollectiveProblem?] = await Together.run(3) { process in
      do {
        try process.checkAgreement(on: [process.rank == 2 ? 7 : 1], what: "spec")
        return nil
      } catch {
        return error as? CollectiveProblem
      }
    }
    #expect(problems == [nil, nil, .different(rank: 2, what: "spec")])
    #expect(
      "\(problems[2]!)"
        == "process 2 has another spec than process 0; start all of them with the same arguments "
        + "and files")
  }
}

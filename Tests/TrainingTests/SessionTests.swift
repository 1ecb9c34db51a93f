import Compiler
import Device
import Model
import Foundation
import Interchange
import Testing

@testable import Training

@Suite struct SessionTests {
  /// Three steps of a small network give the same bits for any number of threads.
  @Test func threadsDoNotChangeABit() throws {
    let expected = try trained(threads: 1)
    for threads in [2, 3, 4, 8] { #expect(try trained(threads: threads) == expected) }
  }

  private func trained(threads: Int) throws -> [String: [Float]] {
    let session = try Fixture.session(Fixture.small, threads: threads)
    try session.initialize()
    try Fixture.fillImages(of: session)
    for _ in 0..<3 { _ = try session.run() }
    var values: [String: [Float]] = [:]
    for tensor in session.tensors { values[tensor.name] = try session.state.read(tensor.name) }
    return values
  }

  /// A session that has trained begins anew as one that has not.
  @Test func theStartIsTheSameAfterTraining() throws {
    func values(_ session: TrainingSession) throws -> [String: [Float]] {
      try session.initialize()
      return try Dictionary(
        uniqueKeysWithValues: session.tensors.map { ($0.name, try session.state.read($0.name)) })
    }
    let text = Fixture.small.replacingOccurrences(
      of: "train: {batch: 6}", with: "train: {batch: 6, generator: {average: 0.9}}")
    let session = try Fixture.session(text, threads: 1)
    try session.initialize()
    try Fixture.fillImages(of: session)
    for _ in 0..<2 { _ = try session.run() }
    #expect(try values(session) == values(Fixture.session(text, threads: 1)))
  }

  /// Each shipped spec trains for one step of each of its kinds: losses are numbers, and every
  /// trained tensor moves.
  @Test(arguments: Fixture.shippedSpecs)
  func shippedSpecsTrain(_ name: String) throws {
    let text = try String(contentsOfFile: "\(Fixture.specs)/\(name)", encoding: .utf8)
    let session = try Fixture.session(text, threads: 2, batch: 2)
    // Random numbers of 36 million weights would take seconds here; a pattern does as well.
    for tensor in session.tensors where !tensor.isOptimizerState {
      let isOne = tensor.parameter.role == .scale || tensor.parameter.role == .runningVariance
      try session.state.fill([tensor.name]) { _, first, elements in
        for i in elements.indices {
          let pattern = Float(((first + i) &* 2_654_435_761) >> 7 & 0xff) / 4000 - 0.03
          elements[i] = isOne ? 1 : pattern
        }
      }
    }
    try Fixture.fillImages(of: session)
    let watched = session.tensors.filter { $0.parameter.role == .weight && !$0.isOptimizerState }
    let before = try watched.map { try session.state.read($0.name).prefix(1000) }
    for _ in TrainingStep.sequence(of: session.spec) {
      let metrics = try session.run()
      for loss in [metrics.discriminatorLoss, metrics.generatorLoss].compactMap(\.self) {
        #expect(loss.isFinite)
      }
    }
    for (tensor, old) in zip(watched, before) {
      #expect(try session.state.read(tensor.name).prefix(1000) != old, "\(tensor.name) stays")
    }
  }
}

import Program
import Testing

/// Programs that are cut where shards meet.
@Suite struct ShardStagesTests {
  @Test func aProgramWithoutMeetingsIsOneStage() throws {
    var builder = ProgramBuilder()
    let x = builder.input("x", [2, 3])
    let y = builder.exp(x)
    let program = builder.program(outputs: [("y", y)])
    let stages = program.shardStages(naming: "cut")
    #expect(stages.count == 1)
    #expect(stages[0].program.text == program.text)
    #expect(stages[0].results == ["y"] && stages[0].kept.isEmpty && stages[0].meetings.isEmpty)
  }

  /// A value of the first stage that the last one reads is handed on; what only repeats numbers is
  /// made again; what replaces an input comes last.
  @Test func stagesHandOnWhatLaterOnesRead() throws {
    var builder = ProgramBuilder()
    let x = builder.input("x", [2, 3])
    let power = builder.exp(x)
    let noise = builder.random(.normal, [2, 3], stream: 4)
    let mean = builder.meanOverShards(builder.reduceSum(power, axes: [0]))
    let centred = builder.subtract(power, builder.broadcast(mean, to: [2, 3], axes: [1]))
    let square = builder.meanOverShards(builder.reduceSum(builder.square(centred), axes: [0]))
    let result = builder.multiply(
      builder.add(centred, noise), builder.broadcast(square, to: [2, 3], axes: [1]))
    let program = builder.program(outputs: [("y", result), ("x", power), ("m", mean)])

    let stages = program.shardStages(naming: "cut")
    try #require(stages.count == 3)
    #expect(stages.map(\.meetings.count) == [1, 1, 0])
    #expect(stages.map(\.results) == [[], ["m"], ["y", "x"]])
    #expect(stages.map(\.kept.count) == [1, 1, 0])
    // The sums over shards go in again as inputs; nothing is repeated in what passes.
    let inputs = stages.map { Set($0.program.inputs.map(\.name)) }
    #expect(inputs[0] == ["x"])
    #expect(inputs[1] == Set(stages[0].kept + stages[0].meetings))
    #expect(inputs[2] == Set(stages[0].kept + stages[1].kept + stages[1].meetings))
    for stage in stages {
      #expect(!stage.program.instructions.contains { $0.op == .meanOverShards })
    }
    // The noise is drawn where it is first read.
    let draws = stages.map { stage in
      stage.program.instructions.contains { $0.op == .random(.normal, stream: 4) }
    }
    #expect(draws == [false, true, false])
  }
}

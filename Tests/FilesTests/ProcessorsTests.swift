import Testing

@testable import Files

@Suite struct ProcessorsTests {
  @Test(arguments: [
    ("0", 1), ("0-1", 2), ("0-3,8", 5), ("2,4,6", 3), ("0-127", 128),
  ])
  func rangesAreCounted(_ list: String, _ count: Int) {
    let status = "Name:\tx\nCpus_allowed:\tff\nCpus_allowed_list:\t\(list)\nMems_allowed:\t1\n"
    #expect(Processors.count(inStatus: status) == count)
  }

  @Test(arguments: ["", "Cpus_allowed_list:\n", "Cpus_allowed_list:\t5-2\n"])
  func otherTextsSayNothing(_ status: String) {
    #expect(Processors.count(inStatus: status) == nil)
  }

  @Test func someProcessorIsUsable() {
    #expect((1...Processors.all).contains(Processors.usable))
  }
}

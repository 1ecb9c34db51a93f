import Testing

@testable import PJRT

@Suite struct ExecutableCacheTests {
  private static let key: [UInt8] = Array("plugin 0.115, a module".utf8)
  private static let executable: [UInt8] = (0..<100).map { UInt8($0) }
  private static let content = ExecutableCache.content(of: executable, key: key)

  @Test func whatWasKeptIsFound() {
    #expect(ExecutableCache.executable(in: Self.content, key: Self.key) == Self.executable)
    #expect(ExecutableCache.executable(in: Self.content, key: Self.key + [0]) == nil)
  }

  /// A file that is cut, longer, or different in any byte is not given to a plugin.
  @Test func damageIsNoticed() {
    for count in 0..<Self.content.count {
      let cut = Array(Self.content[..<count])
      #expect(ExecutableCache.executable(in: cut, key: Self.key) == nil)
      var changed = Self.content
      changed[count] ^= 0x40
      #expect(ExecutableCache.executable(in: changed, key: Self.key) == nil)
    }
    #expect(ExecutableCache.executable(in: Self.content + [0], key: Self.key) == nil)
  }
}

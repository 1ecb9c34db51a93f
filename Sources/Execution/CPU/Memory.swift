import Files
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A block of zeros from the system; pages that are never touched cost nothing.
final class Memory {
  let address: UnsafeMutableRawPointer
  let bytes: Int
  private let mappedBytes: Int

  /// Below this the system's large pages are not asked for: one of them would be mostly unused.
  private static let largePageBytes = 2 << 20

  /// What all blocks of this process take together.
  private static let total = Atomic<Int>(0)

  init(bytes: Int) throws(RuntimeError) {
    self.bytes = bytes
    let pageBytes = 4096
    let (padded, overflow) = max(bytes, 1).addingReportingOverflow(pageBytes - 1)
    // The system may promise more memory than it has, and then end the process that uses it.
    let before = Self.total.load(ordering: .relaxed)
    guard bytes >= 0, !overflow, padded <= MachineMemory.limit - before else {
      throw .outOfMemory(bytes: bytes, before: before)
    }
    mappedBytes = padded / pageBytes * pageBytes
    #if canImport(Glibc)
      let flags = MAP_PRIVATE | Int32(MAP_ANONYMOUS)
    #else
      let flags = MAP_PRIVATE | MAP_ANON
    #endif
    let mapped = mmap(nil, mappedBytes, PROT_READ | PROT_WRITE, flags, -1, 0)
    guard let mapped, mapped != MAP_FAILED else {
      throw .outOfMemory(bytes: bytes, before: before)
    }
    Self.total.add(mappedBytes, ordering: .relaxed)
    address = mapped
    #if canImport(Glibc)
      if mappedBytes >= Self.largePageBytes {
        madvise(mapped, mappedBytes, Int32(MADV_HUGEPAGE))  // only advice: failing is harmless
      }
    #endif
  }

  deinit {
    munmap(address, mappedBytes)
    Self.total.subtract(mappedBytes, ordering: .relaxed)
  }

  /// `count` floats from `offset` bytes on, which lie within the block.
  func floats(at offset: Int = 0, count: Int) -> UnsafeMutableBufferPointer<Float> {
    precondition(
      offset >= 0 && count >= 0 && offset + count * MemoryLayout<Float>.stride <= bytes,
      "\(count) floats at \(offset) of \(bytes) bytes")
    let start = (address + offset).bindMemory(to: Float.self, capacity: count)
    return UnsafeMutableBufferPointer(start: start, count: count)
  }
}

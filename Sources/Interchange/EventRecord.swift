/// What TensorBoard reads of a training: one event of an event file.
///
/// Source: TensorFlow, core/util/event.proto and core/framework/summary.proto; the numbers below are
/// the fields' numbers there.
package enum EventRecord: Sendable {
  /// The first of each file.
  case version
  /// What other files have of later steps counts no more.
  case start
  /// A number by its name.
  case scalars([(name: String, value: Float)])
  /// A PNG file.
  case image(name: String, height: Int, width: Int, channels: Int, png: [UInt8])

  case histogram(name: String, Histogram)

  /// The record as a file has it: length, its checksum, the event, its checksum.
  ///
  /// Source: TensorFlow, core/lib/io/record_writer.h.
  ///
  /// - Parameters:
  ///   - time: seconds since 1970.
  ///   - step: counted from 0.
  package func bytes(time: Double, step: Int) -> [UInt8] {
    var event = Message()
    event.add(1, double: time)
    event.add(2, integer: step)
    switch self {
    case .version: event.add(3, text: "brain.Event:2")
    case .start:
      var session = Message()
      session.add(1, integer: 1)
      event.add(7, session)
    case .scalars(let values):
      var summary = Message()
      for (name, value) in values {
        var entry = Message()
        entry.add(1, text: name)
        entry.add(2, float: value)
        summary.add(1, entry)
      }
      event.add(5, summary)
    case .histogram(let name, let histogram):
      var histo = Message()
      histo.add(1, double: Double(histogram.least))
      histo.add(2, double: Double(histogram.most))
      histo.add(3, double: Double(histogram.count))
      histo.add(4, double: histogram.sum)
      histo.add(5, double: histogram.sumOfSquares)
      histo.add(6, doubles: histogram.limits)
      histo.add(7, doubles: histogram.counts.map(Double.init))
      var entry = Message()
      entry.add(1, text: name)
      entry.add(5, histo)
      var summary = Message()
      summary.add(1, entry)
      event.add(5, summary)
    case .image(let name, let height, let width, let channels, let png):
      var image = Message()
      image.add(1, integer: height)
      image.add(2, integer: width)
      image.add(3, integer: channels)
      image.add(4, bytes: png)
      var entry = Message()
      entry.add(1, text: name)
      entry.add(4, image)
      var summary = Message()
      summary.add(1, entry)
      event.add(5, summary)
    }
    let length = littleEndian(UInt64(event.bytes.count))
    return length + littleEndian(Self.masked(CRC32C.checksum(of: length))) + event.bytes
      + littleEndian(Self.masked(CRC32C.checksum(of: event.bytes)))
  }

  /// A checksum of data that hold checksums themselves is turned and moved.
  static func masked(_ checksum: UInt32) -> UInt32 {
    (checksum >> 15 | checksum << 17) &+ 0xA282_EAD8
  }
}

/// A message of protocol buffers that is being written.
///
/// Source: protobuf.dev, "Encoding": a key is the field's number and a type, 0 a number of seven bits
/// a byte, 1 eight bytes, 2 a length and so many bytes, 5 four bytes.
private struct Message {
  private(set) var bytes: [UInt8] = []

  mutating func add(_ field: Int, integer: Int) {
    key(field, 0)
    add(variable: UInt64(bitPattern: Int64(integer)))
  }

  mutating func add(_ field: Int, double: Double) {
    key(field, 1)
    bytes += littleEndian(double.bitPattern)
  }

  mutating func add(_ field: Int, float: Float) {
    key(field, 5)
    bytes += littleEndian(float.bitPattern)
  }

  mutating func add(_ field: Int, bytes added: [UInt8]) {
    key(field, 2)
    add(variable: UInt64(added.count))
    bytes += added
  }

  /// Packed, as repeated numbers are.
  mutating func add(_ field: Int, doubles: [Double]) {
    add(field, bytes: doubles.flatMap { littleEndian($0.bitPattern) })
  }

  mutating func add(_ field: Int, text: String) { add(field, bytes: Array(text.utf8)) }

  mutating func add(_ field: Int, _ message: Message) { add(field, bytes: message.bytes) }

  private mutating func key(_ field: Int, _ type: Int) { add(variable: UInt64(field << 3 | type)) }

  private mutating func add(variable number: UInt64) {
    var rest = number
    while rest > 0x7F {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}

private func littleEndian(_ number: some FixedWidthInteger) -> [UInt8] {
  withUnsafeBytes(of: number.littleEndian) { Array($0) }
}

extension Int {
  /// With a comma between thousands: `640,614,400`.
  package var grouped: String {
    var text = ""
    for (index, digit) in String(magnitude).reversed().enumerated() {
      if index > 0, index % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return (self < 0 ? "-" : "") + String(text.reversed())
  }

  /// With a noun: `1 image`, `2,000 images`, `1 batch`, `2 batches`.
  package func counted(_ noun: String, _ plural: String? = nil) -> String {
    "\(grouped) \(self == 1 ? noun : plural ?? noun + "s")"
  }

  /// A number of bytes for a message, rounded up: `1,234 MiB`.
  package var mebibytes: String {
    "\(((self >> 20) + (self & (1 << 20 - 1) == 0 ? 0 : 1)).grouped) MiB"
  }
}

import Diagnostics
import LayerGraph
import Testing

/// Images whose size the networks cannot do: the message says which sizes near it they can.
@Suite struct FittingSizesTests {
  /// From 4 × 4 to 16 × 16 and back: multiples of 4.
  private static let generator =
    "project: {to: [8, 4, 4]}, conv_transpose: {filters: 8, kernel: 4, stride: 2}, "
    + "conv_transpose: {filters: 1, kernel: 4, stride: 2}"
  private static let discriminator =
    "conv: {filters: 8, kernel: 4, stride: 2}, conv: {filters: 8, kernel: 4, stride: 2}, linear: 1"

  private func help(
    generator: String = generator, discriminator: String = discriminator, size: String
  ) throws -> [String: [String]] {
    let spec = try spec(
      generator: generator, discriminator: discriminator,
      image: "{size: \(size), channels: 1}")
    let diagnostics = LayerGraph.build(spec).diagnostics
    return Dictionary(uniqueKeysWithValues: diagnostics.map { ($0.code.rawValue, $0.help) })
  }

  @Test(arguments: [
    ("18", "the nearest image sizes that fit are 16 × 16 and 20 × 20"),
    ("31", "the nearest image sizes that fit are 32 × 32 and 28 × 28"),
    ("[16, 27]", "the nearest image sizes that fit are 16 × 28 and 16 × 24"),
    ("[17, 27]", "the nearest image sizes that fit are 16 × 28, 16 × 24 and 20 × 28"),
    ("3", "the nearest image size that fits is 4 × 4"),
  ])
  func nearestSizesAreNamed(size: String, words: String) throws {
    let help = try help(size: size)
    #expect(help["T402"]?.first == words)
    #expect(help["T401"]?.last == words)
  }

  /// The discriminator takes any size here, the generator multiples of 4.
  @Test func sizeThatOnlyTheGeneratorCannotMake() throws {
    #expect(
      try help(discriminator: "linear: 1", size: "18") == [
        "T402": [
          "the nearest image sizes that fit are 16 × 16 and 20 × 20",
          "`dcgan-compile new --size 18 --channels 1` writes networks for this size",
        ]
      ])
  }

  /// The generator makes 16 × 16 from a single pixel: it has no other first maps to start from.
  @Test func sizeThatTheDiscriminatorMustEndWith() throws {
    let help = try help(
      generator: "reshape: {to: [10, 1, 1]}, "
        + "conv_transpose: {filters: 1, kernel: 16, stride: 1, padding: 0}",
      discriminator: "conv: {filters: 1, kernel: 16, stride: 1, padding: 0}", size: "15")
    #expect(
      help["T401"]?.last == "the nearest image size that fits is 16 × 16")
  }

  @Test func otherFirstMapsAreNamedWhereTheyLeadToTheImage() throws {
    #expect(try help(size: "20") == ["T402": ["start from 5 × 5 maps instead of 4 × 4"]])
  }

  @Test func aNewSpecIsTheWayOutWhereNoSizeFits() throws {
    let help = try help(
      discriminator: "conv: {filters: 8, kernel: 4, stride: 1}, linear: 1", size: "18")
    #expect(
      help["T402"] == ["`dcgan-compile new --size 18 --channels 1` writes networks for this size"])
    #expect(
      help["T401"] == [
        "an odd kernel keeps the size: 3 or 5",
        "`padding` can be a number too: 0 leads between 4 × 4 and 1 × 1 maps",
      ])
  }
}

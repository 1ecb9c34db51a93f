import Spec
import Testing

@testable import Datasets

@Suite struct PortraitsTests {
  private let shape = ImageShape(height: 32, width: 32, channels: 3)

  private func portraits(
    _ split: DatasetSplit = .train, shape: ImageShape? = nil, label: String? = nil
  ) throws -> Portraits {
    try Portraits(split, shape: shape ?? self.shape, label: label)
  }

  @Test func everyMachineDrawsTheSameFaces() throws {
    // Found on x86-64; the arithmetic has one result everywhere.
    let fingerprint = try portraits().fingerprint()
    #expect(fingerprint.hash == "a7ea3a8d34066a0e")
    #expect(fingerprint.images == 60_000)
  }

  @Test func aFaceFollowsFromItsNumber() throws {
    let faces = try portraits()
    let (first, later) = (try faces.image(at: 3), try faces.image(at: 59_999))
    #expect(first != later)
    #expect(try faces.image(at: 3) == first)
    #expect(try portraits(.test).image(at: 3) != first)
    #expect(try Portraits(shape: shape, seed: 1).image(at: 3) != first)
  }

  @Test func anyChannelsAndSizesAreDrawn() throws {
    for (height, width) in [(1, 1), (8, 8), (20, 64), (64, 20), (130, 130)] {
      for channels in [1, 3] {
        let shape = ImageShape(height: height, width: width, channels: channels)
        for index in 0..<5 {
          #expect(try portraits(shape: shape).image(at: index).count == shape.count)
        }
      }
    }
  }

  @Test func attributesOccurAsOftenAsStated() throws {
    let faces = try portraits()
    let sets = (0..<4000).map { faces.attributes(of: $0) }
    let expected: [PortraitAttribute: Double] = [
      .smiling: 0.5, .eyeglasses: 0.3, .longHair: 0.4, .beard: 0.25, .wearingHat: 0.2,
    ]
    #expect(expected.count == PortraitAttribute.allCases.count)
    for (attribute, share) in expected {
      let found = Double(sets.count { $0.contains(attribute) }) / 4000
      #expect(abs(found - share) < 0.03, "\(attribute): \(found)")
      // Independent of smiling, so that differences of means show one thing only.
      guard attribute != .smiling else { continue }
      let smiling = sets.filter { $0.contains(.smiling) }
      let among = Double(smiling.count { $0.contains(attribute) }) / Double(smiling.count)
      #expect(abs(among - share) < 0.04, "\(attribute) among smiling: \(among)")
    }
  }

  @Test func anAttributeChangesThePlaceWhereItBelongs() throws {
    let shape = ImageShape(height: 64, width: 64, channels: 1)
    let faces = try portraits(shape: shape)
    /// The mean brightness of a part of the image, in all faces with and without an attribute.
    func difference(
      _ attribute: PortraitAttribute, rows: Range<Int>, columns: Range<Int>
    ) throws -> Double {
      var sums: [Bool: (Double, Double)] = [true: (0, 0), false: (0, 0)]
      for index in 0..<600 {
        let image = try faces.image(at: index)
        let values = rows.flatMap { row in columns.map { Double(image[row * 64 + $0]) } }
        let has = faces.attributes(of: index).contains(attribute)
        sums[has]?.0 += values.reduce(0, +) / Double(values.count)
        sums[has]?.1 += 1
      }
      let (with, without) = (try #require(sums[true]), try #require(sums[false]))
      return with.0 / with.1 - without.0 / without.1
    }
    // Teeth are bright.
    #expect(try difference(.smiling, rows: 40..<44, columns: 29..<35) > 15)
    // Beards on the chin are darker than skin, and long hair beside the neck than the background.
    #expect(try difference(.beard, rows: 45..<49, columns: 29..<35) < -10)
    #expect(try difference(.longHair, rows: 44..<50, columns: 15..<19) < -15)
  }

  @Test func anAttributeIsTheLabel() throws {
    let faces = try portraits(label: "Eyeglasses")
    #expect(faces.labelCount == 2 && faces.labelNames == ["no Eyeglasses", "Eyeglasses"])
    for index in 0..<50 {
      let has = faces.attributes(of: index).contains(.eyeglasses)
      #expect(faces.label(at: index) == (has ? 1 : 0))
    }
    #expect(try portraits().labelCount == nil)
    do {
      _ = try DataSource.portraits.open(
        from: DatasetLocator(data: nil, environment: [:]), shape: shape, classes: 2)
      Issue.record("no attribute was named")
    } catch {
      #expect(
        "\(error)"
          == "portraits: which attribute is the label? Write `label: Smiling`, or another of "
          + "Smiling, Eyeglasses, Long_Hair, Beard, Wearing_Hat")
    }
    do {
      _ = try portraits(label: "Glasses")
      Issue.record("an unknown attribute was taken")
    } catch {
      #expect(
        "\(error)"
          == "portraits has no attribute 'Glasses', which `label` names; it has Smiling, "
          + "Eyeglasses, Long_Hair, Beard, Wearing_Hat")
    }
  }
}

import Decoding
import Program

/// Random changes of all images that the discriminator sees, real and generated alike, through which
/// the generator's gradients pass.
///
/// With few images a discriminator learns them by heart; what it has to tell apart are then changed
/// images, whereas the generator still makes unchanged ones. Each image is changed by itself, anew in
/// each pass. All are 0 by default, which is none.
///
/// Source: Zhao et al. 2020, "Differentiable Augmentation for Data-Efficient GAN Training", section 3.2.
public struct Augmentation: Hashable, Sendable {
  /// The farthest that an image moves along each axis, as a share of its side; 0.125 in the source.
  public let translation: Double
  /// The edge of a rectangle that is made grey, as a share of the image's sides; 0.5 in the source.
  public let cutout: Double
  /// Strength of changes of brightness, saturation and contrast; 1 in the source.
  public let colour: Double
  /// The chance that an image is mirrored, left to right.
  public let flip: Double

  /// Reads `augment: {translation: 0.125, cutout: 0.5, colour: 1}`.
  public init(reading spec: inout OptionReader) {
    var options = spec.section(
      "augment", help: "random changes of all images that the discriminator sees")
    translation = options.number(
      "translation", default: 0, in: NumberRange(0...1),
      help: "farthest that an image moves, as a share of its side; 0.125 in the source")
    cutout = options.number(
      "cutout", default: 0, in: NumberRange(0...1),
      help: "edge of a rectangle that is made grey, as a share of the side; 0.5 in the source")
    colour = options.number(
      "colour", default: 0, in: NumberRange(0...1),
      help: "strength of changes of brightness, saturation and contrast; 1 in the source")
    flip = options.number(
      "flip", default: 0, in: NumberRange(0...1), help: "chance that an image is mirrored")
    spec.absorb(options)
  }

  /// Those that are used, by their names in a spec.
  public var options: [(name: String, value: Double)] {
    [("translation", translation), ("cutout", cutout), ("colour", colour), ("flip", flip)]
      .filter { $0.1 != 0 }
  }

  /// Changed images [N, H, W, C], whose numbers lie in `range`; all chance is from `stream`.
  public func apply(
    to images: Value, range: ClosedRange<Double>, stream: Int, in program: inout ProgramBuilder
  ) -> Value {
    if options.isEmpty { return images }
    let batch = program.shape(of: images)[0]
    let chances = program.random(.uniform, [Chance.allCases.count, batch], stream: stream)
    func chance(_ chance: Chance) -> Value {  // [N], on [0, 1)
      let row = program.slice(
        chances, start: [chance.rawValue, 0], limit: [chance.rawValue + 1, batch])
      return program.reshape(row, [batch])
    }

    // From here on grey is 0, and numbers run from -1 to 1.
    let middle = (range.lowerBound + range.upperBound) / 2
    let half = (range.upperBound - range.lowerBound) / 2
    var x = program.scale(program.offset(images, by: -middle), by: 1 / half)
    if colour > 0 {
      x = program.coloured(
        x, strength: colour, brightness: chance(.brightness), saturation: chance(.saturation),
        contrast: chance(.contrast))
    }
    if translation > 0 {
      x = program.moved(x, by: translation, chance: chance(.down), mirroring: nil)
    }
    if translation > 0 || flip > 0 {
      let shape = program.shape(of: x)
      let isMirrored = program.greater(program.constant(flip, [batch]), chance(.mirror))
      let across = program.moved(
        program.transpose(x, [0, 2, 1, 3]), by: translation, chance: chance(.across),
        mirroring: isMirrored)
      x = program.transpose(across, [0, 2, 1, 3])
      precondition(program.shape(of: x) == shape, "an image changed its shape")
    }
    if cutout > 0 {
      x = program.cut(x, edge: cutout, chance(.cutRow), chance(.cutColumn))
    }
    return program.offset(program.scale(x, by: half), by: middle)
  }

  private enum Chance: Int, CaseIterable {
    case brightness, saturation, contrast, down, across, mirror, cutRow, cutColumn
  }
}

/// The changes, of images x [N, H, W, C] whose grey is 0; chances are [N], uniform on [0, 1).
extension ProgramBuilder {
  /// Adds up to ±½, scales the distance from the mean over channels by 0 … 2, and that from the mean
  /// of the image by ½ … 1½; less with less strength.
  fileprivate mutating func coloured(
    _ x: Value, strength: Double, brightness: Value, saturation: Value, contrast: Value
  ) -> Value {
    let shape = shape(of: x)
    let lift = broadcast(scale(offset(brightness, by: -0.5), by: strength), to: shape, axes: [0])
    var result = add(x, lift)
    if shape[3] > 1 {
      let grey = divide(reduceSum(result, axes: [3]), by: Double(shape[3]))
      result = stretched(
        result, from: broadcast(grey, to: shape, axes: [0, 1, 2]),
        by: offset(scale(offset(saturation, by: -0.5), by: 2 * strength), by: 1))
    }
    let mean = divide(
      reduceSum(result, axes: [1, 2, 3]), by: Double(shape[1] * shape[2] * shape[3]))
    return stretched(
      result, from: broadcast(mean, to: shape, axes: [0]),
      by: offset(scale(offset(contrast, by: -0.5), by: strength), by: 1))
  }

  /// (x − centre)·factor + centre, with a factor [N].
  private mutating func stretched(_ x: Value, from centre: Value, by factor: Value) -> Value {
    let factors = broadcast(factor, to: shape(of: x), axes: [0])
    return add(multiply(subtract(x, centre), factors), centre)
  }

  /// x [N, L, …] moved along its second axis by up to `share` of L, and turned round where
  /// `mirroring` [N] is 1; what comes in from outside is grey.
  ///
  /// There is no operation that reads from places which chance has chosen: each image is multiplied
  /// by a matrix of its own, [N, L, L], with a 1 in each row. Beside a convolution that costs little.
  fileprivate mutating func moved(
    _ x: Value, by share: Double, chance: Value, mirroring: Value?
  ) -> Value {
    let shape = shape(of: x)
    let (batch, length) = (shape[0], shape[1])
    let most = (share * Double(length)).rounded()
    // A real number, of which each whole one from -most to most is the nearest equally often.
    let distance = offset(scale(chance, by: 2 * most + 1), by: -most - 0.5)

    let matrices: Shape = [batch, length, length]
    let place = ramp(length)
    var source = broadcast(place, to: [batch, length], axes: [1])
    if let mirroring {  // i, or L − 1 − i
      let turn = offset(scale(place, by: -2), by: Double(length - 1))
      let turned = multiply(
        broadcast(turn, to: [batch, length], axes: [1]),
        broadcast(mirroring, to: [batch, length], axes: [0]))
      source = add(source, turned)
    }
    source = add(source, broadcast(distance, to: [batch, length], axes: [0]))
    let difference = subtract(
      broadcast(source, to: matrices, axes: [0, 1]), broadcast(place, to: matrices, axes: [2]))
    // 1 on (−½, ½], which holds one whole number of distance.
    let isNear = select(
      greater(difference, constant(0.5, matrices)), constant(0, matrices),
      greater(difference, constant(-0.5, matrices)))
    let rows = reshape(x, [batch, length, shape.count / max(batch * length, 1)])
    return reshape(matmul(isNear, rows), shape)
  }

  /// x with a grey rectangle of `edge` times its sides, whose centre lies anywhere on the image.
  fileprivate mutating func cut(
    _ x: Value, edge: Double, _ row: Value, _ column: Value
  ) -> Value {
    let shape = shape(of: x)
    func isInside(_ chance: Value, _ axis: Int, _ program: inout ProgramBuilder) -> Value {
      let (sizes, length) = ([shape[0], shape[axis]] as Shape, Double(shape[axis]))
      let centre = program.broadcast(program.scale(chance, by: length), to: sizes, axes: [0])
      let middle = program.offset(program.ramp(shape[axis]), by: 0.5)
      let offset = program.subtract(program.broadcast(middle, to: sizes, axes: [1]), centre)
      let distance = program.maximum(offset, program.negate(offset))
      let inside = program.greater(program.constant(edge * length / 2, sizes), distance)
      return program.broadcast(inside, to: shape, axes: [0, axis])
    }
    let hole = multiply(isInside(row, 1, &self), isInside(column, 2, &self))
    return select(hole, constant(0, shape), x)
  }

  /// 0, 1, …, count − 1.
  private mutating func ramp(_ count: Int) -> Value {
    var ramp = constant(0, [1])
    while shape(of: ramp)[0] < count {
      let length = shape(of: ramp)[0]
      let next = slice(ramp, start: [0], limit: [min(length, count - length)])
      ramp = concatenate([ramp, offset(next, by: Double(length))], axis: 0)
    }
    return ramp
  }
}

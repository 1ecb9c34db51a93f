import Program

/// The objective of an autoencoder: the discriminator makes a code of an image, the generator makes
/// the image of the code, and both make small what differs.
///
/// Source: Hinton, Salakhutdinov 2006; with noise or dropout on the input, Vincent et al. 2008.
public enum Reconstruction {
  /// mean (made − image)², a scalar, for images [N, H, W, C].
  public static func loss(image: Value, made: Value, in program: inout ProgramBuilder) -> Value {
    program.mean(program.square(program.add(made, program.scale(image, by: -1))))
  }
}

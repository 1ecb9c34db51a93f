// What `dcgan-compile new` writes, whole.

/// `new --size 12 --channels 3`.
let unconditional = """
  # Colour images of 12 × 12 pixels.
  # 12 × 12 is 3 × 3 doubled twice: so many stride-2 layers lead from the smallest maps to the image,
  # and as many back. Each halving of the maps doubles their number.
  dcgan: 1
  name: dcgan12

  # Feature maps of the layers next to the image; doubling them takes four times the work.
  let: {width: 64}

  image: {size: 12, channels: 3, range: [-1, 1]}                  # tanh's range
  latent: {size: 100, distribution: uniform}                      # z, which an image is made of

  # Batchnorm and ReLU in every layer but the last, which generates the pixels with tanh.
  generator:
    defaults: {kernel: 4, stride: 2, padding: same, norm: batch, activation: relu}
    layers:
      - project: {to: [width * 2, 3, 3]}                          # z → 128 × 3 × 3
      - conv_transpose: {filters: width}                          # 64 × 6 × 6
      - conv_transpose: {name: image, filters: 3, norm: none, activation: tanh}

  # The same in reverse, with LeakyReLU; no batchnorm on the layer next to the pixels.
  discriminator:
    defaults:
      kernel: 4
      stride: 2
      padding: same
      norm: batch
      activation: {leaky_relu: 0.2}
    layers:
      - conv: {filters: width, norm: none}                        # 64 × 6 × 6
      - conv: {filters: width * 2}                                # 128 × 3 × 3
      - linear: {units: 1, norm: none, activation: sigmoid}       # 1 for real, 0 for generated

  # Faces that the program draws, to see the networks learn. Pictures of your own: `data: {source:
  # folder, path: FOLDER}`.
  data: {source: portraits}
  train: {batch: 128, epochs: 25}

  """

/// `new --size 12x20 --channels 1 --width 8 --kernel 5 --conditional 43 --name signs`.
let conditional = """
  # Grey images of 12 × 20 pixels in 43 classes, which both networks are told.
  # 12 × 20 is 3 × 5 doubled twice: so many stride-2 layers lead from the smallest maps to the image,
  # and as many back. Each halving of the maps doubles their number.
  dcgan: 1
  name: signs

  # Feature maps of the layers next to the image; doubling them takes four times the work.
  let: {width: 8}

  image: {size: [12, 20], channels: 1, range: [-1, 1]}            # height, width; tanh's range
  latent: {size: 100, distribution: uniform}                      # z, which an image is made of
  # The class joins what flows before every layer with weights: a one-hot vector, or a constant map
  # for each class.
  condition: {classes: 43, join: everywhere}

  # Batchnorm and ReLU in every layer but the last, which generates the pixels with tanh.
  generator:
    defaults: {kernel: 5, stride: 2, padding: same, norm: batch, activation: relu}
    layers:
      - project: {to: [width * 2, 3, 5]}                          # z → 16 × 3 × 5
      - conv_transpose: {filters: width}                          # 8 × 6 × 10
      - conv_transpose: {name: image, filters: 1, norm: none, activation: tanh}

  # The same in reverse, with LeakyReLU; no batchnorm on the layer next to the pixels.
  discriminator:
    defaults:
      kernel: 5
      stride: 2
      padding: same
      norm: batch
      activation: {leaky_relu: 0.2}
    layers:
      - conv: {filters: width, norm: none}                        # 8 × 6 × 10
      - conv: {filters: width * 2}                                # 16 × 3 × 5
      - flatten                                                   # the class joins a vector
      - linear: {units: 1, norm: none, activation: sigmoid}       # 1 for real, 0 for generated

  # Digits that the program draws, to see the networks learn. Pictures of your own: `data: {source:
  # folder, path: FOLDER}`.
  data: {source: digits}
  train: {batch: 128, epochs: 25}

  """

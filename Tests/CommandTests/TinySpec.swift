/// A spec that trains in a moment, on digits.
let tinySpec = """
  dcgan: 1
  image: {size: 28, channels: 1}
  latent: {size: 4}
  generator:
    defaults: {kernel: 4, stride: 2, norm: batch, activation: relu}
    layers:
      - project: {to: [4, 7, 7]}
      - conv_transpose: {filters: 4}
      - conv_transpose: {filters: 1, norm: none, activation: tanh}
  discriminator:
    defaults: {kernel: 4, stride: 2, norm: batch, activation: {leaky_relu: 0.2}}
    layers:
      - conv: {filters: 4, norm: none}
      - conv: {filters: 4}
      - linear: {units: 1, norm: none, activation: sigmoid}
  data: {source: digits}
  train: {batch: 8, epochs: 2}
  """

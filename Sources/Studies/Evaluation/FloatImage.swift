/// An image [H, W, C] whose numbers are computed with.
struct FloatImage {
  let height: Int
  let width: Int
  let channels: Int
  var pixels: [Float]
}

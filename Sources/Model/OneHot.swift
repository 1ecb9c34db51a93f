/// Labels [N] as vectors [N, classes] of zeros with a one.
package func oneHot(_ labels: [Int], classes: Int) -> [Float] {
  var vectors = [Float](repeating: 0, count: labels.count * classes)
  for (item, label) in labels.enumerated() { vectors[item * classes + label] = 1 }
  return vectors
}

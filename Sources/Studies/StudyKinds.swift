/// What `evaluate` measures, by the names of the command line and of results.
package enum EvaluationProtocol: String, CaseIterable, Sendable {
  /// Samples beside real images.
  case comparison
  /// Samples in the place of the training set.
  case nearestNeighbor = "nearest-neighbor"
  /// A classifier on the test set.
  case accuracy
}

/// How `visualize` looks for what a feature responds to, by the same names.
package enum VisualizationMethod: String, CaseIterable, Sendable {
  /// In images of the data, by guided backpropagation.
  case guided
  /// By gradient ascent.
  case ascend
}

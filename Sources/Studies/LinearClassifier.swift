import CLinear
import Files
import Foundation

/// A linear classifier with L2 regularisation, one class against the rest, as the paper trains them;
/// LIBLINEAR does the work.
///
/// A class because it owns LIBLINEAR's model. Source: Fan et al. 2008, "LIBLINEAR: A Library for Large
/// Linear Classification"; Radford et al. 2015, section 5.1.
final class LinearClassifier {
  private let model: UnsafeMutablePointer<model>
  private let scale: Double

  enum Kind {
    /// A support vector machine with squared hinge loss.
    case supportVectors
    /// Logistic regression.
    case logistic
  }

  /// Learns from the rows of `examples`; a larger `cost` regularises less.
  init(_ examples: Examples, cost: Double, kind: Kind = .supportVectors) {
    var problem = problem()
    problem.l = Int32(examples.count)
    problem.n = Int32(examples.size + 1)
    problem.bias = 1
    var parameter = parameter()
    parameter.solver_type =
      switch kind {
      case .supportVectors: Int32(L2R_L2LOSS_SVC_DUAL)
      case .logistic: Int32(L2R_LR)
      }
    parameter.C = cost
    parameter.eps = 0.1
    // LIBLINEAR shuffles by `rand`, and speaks on standard output.
    srand(1)
    set_print_string_function { _ in }
    var classes = examples.labels.map(Double.init)
    var rows = examples.rows
    // Both arrays outlive the call; the model copies what it keeps of them.
    model = classes.withUnsafeMutableBufferPointer { classes in
      rows.withUnsafeMutableBufferPointer { rows in
        problem.y = classes.baseAddress
        problem.x = rows.baseAddress
        return train(&problem, &parameter)
      }
    }
    scale = examples.scale
  }

  deinit {
    var model: UnsafeMutablePointer<CLinear.model>? = model
    free_and_destroy_model(&model)
  }

  /// The root of the mean of |x|² over examples, so that a regularisation means the same for all.
  static func scale(of features: [[Float]]) -> Double {
    let squares = features.map { $0.reduce(0.0) { $0 + Double($1) * Double($1) } }
    let mean = squares.reduce(0, +) / Double(max(squares.count, 1))
    return mean > 0 ? mean.squareRoot() : 1
  }

  /// The share of examples whose class it tells.
  func accuracy(on examples: Examples) -> Double {
    let right = zip(classes(of: examples), examples.labels).filter { $0 == $1 }
    return Double(right.count) / Double(max(examples.count, 1))
  }

  /// What it takes the examples for.
  func classes(of examples: Examples) -> [Int] {
    precondition(examples.scale == scale, "examples of another scale")
    return examples.rows.map { Int(predict(model, $0)) }
  }

  /// For each example and each class below `classes` how far the example is on the class's side.
  ///
  /// Classes that were not learned are infinitely far on the other side.
  func scores(of examples: Examples, classes: Int) -> [[Double]] {
    precondition(examples.scale == scale, "examples of another scale")
    let known = Int(get_nr_class(model))
    var labels = [Int32](repeating: 0, count: known)
    get_labels(model, &labels)
    return examples.rows.map { row in
      var values = [Double](repeating: 0, count: known)
      predict_values(model, row, &values)
      // Of two classes one number tells: how far on the first one's side.
      if known == 2 { values[1] = -values[0] }
      var scores = [Double](repeating: -.infinity, count: classes)
      for (label, value) in zip(labels, values) { scores[Int(label)] = value }
      return scores
    }
  }

  /// The weights [F] that count for the class `label`, one of two, without the bias.
  func weights(for label: Int) -> [Double] {
    precondition(get_nr_class(model) == 2, "weights of \(get_nr_class(model)) classes")
    var labels = [Int32](repeating: 0, count: 2)
    get_labels(model, &labels)
    // One vector tells both; it counts for the class that came first.
    let sign = Int(labels[0]) == label ? 1.0 : -1
    return (0..<Int(model.pointee.nr_feature)).map { sign * model.pointee.w[$0] }
  }

  /// Rows of features in LIBLINEAR's form, with the class of each.
  ///
  /// A class because it owns the memory that the rows point to.
  final class Examples {
    let labels: [Int]
    let size: Int
    /// All features were divided by it.
    let scale: Double
    fileprivate let rows: [UnsafeMutablePointer<feature_node>?]
    private let nodes: UnsafeMutablePointer<feature_node>

    var count: Int { labels.count }

    /// Bytes that so many rows take.
    static func bytes(count: Int, size: Int) -> Int {
      count * (size + 2) * MemoryLayout<feature_node>.stride
    }

    /// Features [N, F], divided by `scale`.
    init(_ features: [[Float]], _ labels: [Int], scale: Double) {
      self.labels = labels
      self.scale = scale
      size = features.first?.count ?? 0
      let stride = size + 2
      nodes = .allocate(capacity: max(1, features.count * stride))
      for (row, features) in features.enumerated() {
        let start = row * stride
        for (place, feature) in features.enumerated() {
          nodes[start + place] = feature_node(
            index: Int32(place + 1), value: Double(feature) / scale)
        }
        // The constant feature of the bias, and the end.
        nodes[start + size] = feature_node(index: Int32(size + 1), value: 1)
        nodes[start + size + 1] = feature_node(index: -1, value: 0)
      }
      rows = features.indices.map { [nodes] in nodes + $0 * stride }
    }

    deinit { nodes.deallocate() }
  }
}

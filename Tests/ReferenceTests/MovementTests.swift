import Program
import Reference
import Testing

@Suite("Movement")
struct MovementTests {
  @Test func broadcast() throws {
    let rows = try result([counting([2])]) { $0.broadcast($1[0], to: [2, 3], axes: [0]) }
    #expect(rows.elements == [1, 1, 1, 2, 2, 2])
    let columns = try result([counting([3])]) {
      $0.broadcast($1[0], to: [2, 3], axes: [1])
    }
    #expect(columns.elements == [1, 2, 3, 1, 2, 3])
    let number = try result([counting([])]) { $0.broadcast($1[0], to: [2, 2], axes: []) }
    #expect(number.elements == [1, 1, 1, 1])
  }

  @Test func transpose() throws {
    let turned = try result([counting([2, 3])]) { $0.transpose($1[0], [1, 0]) }
    #expect(turned == Tensor(shape: [3, 2], elements: [1, 4, 2, 5, 3, 6]))
    // [i, j, k] ← [j, k, i]
    let rotated = try result([counting([2, 2, 2])]) { $0.transpose($1[0], [2, 0, 1]) }
    #expect(rotated.elements == [1, 3, 5, 7, 2, 4, 6, 8])
  }

  @Test func pad() throws {
    let padded = try result([counting([2, 2])]) {
      $0.pad($1[0], low: [1, 0], high: [0, 2], interior: [0, 1], value: 9)
    }
    #expect(
      padded == Tensor(shape: [3, 5], elements: [9, 9, 9, 9, 9, 1, 9, 2, 9, 9, 3, 9, 4, 9, 9]))
  }

  @Test func slice() throws {
    let slice = try result([counting([3, 6])]) {
      $0.slice($1[0], start: [1, 1], limit: [3, 6], stride: [1, 3])
    }
    #expect(slice == Tensor(shape: [2, 2], elements: [8, 11, 14, 17]))
    let empty = try result([counting([3])]) { $0.slice($1[0], start: [2], limit: [2]) }
    #expect(empty == Tensor(shape: [0], elements: []))
  }

  @Test func concatenate() throws {
    let whole = try result([counting([2, 2]), counting([2, 1], from: 5)]) {
      $0.concatenate($1, axis: 1)
    }
    #expect(whole == Tensor(shape: [2, 3], elements: [1, 2, 5, 3, 4, 6]))
  }

  @Test func reduceSum() throws {
    let outer = try result([counting([2, 3])]) { $0.reduceSum($1[0], axes: [0]) }
    #expect(outer == Tensor(shape: [3], elements: [5, 7, 9]))
    let inner = try result([counting([2, 3])]) { $0.reduceSum($1[0], axes: [1]) }
    #expect(inner == Tensor(shape: [2], elements: [6, 15]))
    let all = try result([counting([2, 3])]) { $0.sum($1[0]) }
    #expect(all == Tensor(shape: [], elements: [21]))
  }

  @Test func reduceMaximum() throws {
    let numbers = Tensor<Double>(shape: [2, 3], elements: [1, -5, 6, 4, -2, 3])
    let outer = try result([numbers]) { $0.reduceMaximum($1[0], axes: [0]) }
    #expect(outer == Tensor(shape: [3], elements: [4, -2, 6]))
    let inner = try result([numbers]) { $0.reduceMaximum($1[0], axes: [1]) }
    #expect(inner == Tensor(shape: [2], elements: [6, 4]))
    let none = try result([Tensor(shape: [2, 0], elements: [])]) {
      $0.reduceMaximum($1[0], axes: [1])
    }
    #expect(none == Tensor(shape: [2], elements: [-.infinity, -.infinity]))
  }
}

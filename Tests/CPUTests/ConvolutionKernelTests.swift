import CKernels
import Testing

/// Each operation of a convolution, in each build of the inner loops that this processor can run,
/// against plain loops in `Double`.
@Suite struct ConvolutionKernelTests {
  @Test(arguments: ConvolutionCase.all)
  func convolveEqualsPlainLoops(_ shape: ConvolutionCase) throws {
    try compare(shape, .convolve)
  }

  @Test(arguments: ConvolutionCase.all)
  func inputGradientEqualsPlainLoops(_ shape: ConvolutionCase) throws {
    try compare(shape, .input_gradient)
  }

  @Test(arguments: ConvolutionCase.all)
  func kernelGradientEqualsPlainLoops(_ shape: ConvolutionCase) throws {
    try compare(shape, .kernel_gradient)
  }

  @Test func fewOutputChannelsAreMadeFromAllTapsAtOnce() throws {
    let image = ConvolutionCase(n: 2, c: 3, f: 128, h: 64, w: 64, k: 5, stride: 2, padding: 2)
    #expect(try image.plan(.input_gradient, ck_best_isa()).algorithm == .taps)
    let hidden = ConvolutionCase(n: 2, c: 128, f: 256, h: 32, w: 32, k: 5, stride: 2, padding: 2)
    #expect(try hidden.plan(.input_gradient, ck_best_isa()).algorithm == .patches)
  }

  @Test func fewPixelsAreDotProducts() throws {
    func algorithm(_ n: Int, _ size: Int, f: Int = 64, stride: Int = 2) throws -> ck_algorithm {
      let layer = ConvolutionCase(
        n: n, c: 32, f: f, h: stride * size, w: stride * size, k: 5, stride: stride, padding: 2)
      return try layer.plan(.input_gradient, .portable).algorithm
    }
    #expect(try algorithm(1, 4) == .dots)
    #expect(try algorithm(2, 8) == .dots)
    #expect(try algorithm(3, 4, stride: 1) == .dots)
    // More pixels or images; filters that do not fill vectors.
    #expect(try algorithm(3, 8) == .patches)
    #expect(try algorithm(4, 1) == .patches)
    #expect(try algorithm(1, 4, f: 63) == .patches)
  }

  /// Up to four channels, filters that fill whole tiles, and no more memory than caches have.
  @Test(arguments: [ck_operation.convolve, .kernel_gradient])
  func windowsOfFewChannelsAreReadInPlace(_ operation: ck_operation) throws {
    func algorithm(channels: Int, filters: Int, width: Int = 64, kernel: Int = 4) throws
      -> ck_algorithm
    {
      try ConvolutionCase(
        n: 1, c: channels, f: filters, h: 64, w: width, k: kernel, stride: 2, padding: 1
      ).plan(operation, ck_best_isa()).algorithm
    }
    for channels in 1...4 {
      #expect(try algorithm(channels: channels, filters: 64) == .windows)
    }
    #expect(try algorithm(channels: 5, filters: 64) == .patches)
    #expect(try algorithm(channels: 3, filters: 65) == .patches)
    #expect(try algorithm(channels: 3, filters: 64, width: 5459) == .windows)
    #expect(try algorithm(channels: 3, filters: 64, width: 5460) == .patches)
    #expect(try algorithm(channels: 4, filters: 64, kernel: 16) == .windows)
    #expect(try algorithm(channels: 4, filters: 64, kernel: 17) == .patches)
  }

  @Test(arguments: [ck_operation.convolve, .input_gradient, .kernel_gradient])
  func oneImageHasTasksForSomeThreads(_ operation: ck_operation) throws {
    for (kernel, padding) in [(4, 1), (5, 2)] {
      let image = ConvolutionCase(
        n: 1, c: 3, f: 128, h: 64, w: 64, k: kernel, stride: 2, padding: padding)
      let tasks = try image.plan(operation, ck_best_isa()).task_count.0
      #expect((6...16).contains(tasks), "\(operation) \(image)")
    }
  }

  @Test func largeLayersHaveTasksForManyThreads() throws {
    for operation in [ck_operation.convolve, .input_gradient, .kernel_gradient] {
      for (size, channels) in [(8, 512), (16, 256), (32, 128), (64, 3)] {
        let layer = ConvolutionCase(
          n: 32, c: channels, f: max(128, 2 * channels), h: size, w: size, k: 5, stride: 2,
          padding: 2)
        let plan = try layer.plan(operation, ck_best_isa())
        let tasks = [plan.task_count.0, plan.task_count.1, plan.task_count.2]
        #expect(tasks.max()! >= 8, "\(operation) \(layer)")
      }
    }
  }

  @Test func impossibleShapesAreRefused() {
    func status(_ change: (inout ck_convolution_shape) -> Void) -> ck_status {
      var shape = ConvolutionCase(n: 1, c: 2, f: 3, h: 4, w: 4, k: 3, stride: 1, padding: 0).shape
      change(&shape)
      var plan = ck_plan()
      return ck_plan_convolution(&plan, .convolve, &shape, .portable)
    }
    #expect(status { _ in } == .ok)
    #expect(status { $0.batch = 0 } == .bad_shape)
    #expect(status { $0.stride = 0 } == .bad_shape)
    #expect(status { $0.padding = -1 } == .bad_shape)
    #expect(status { $0.kernel_width = 5 } == .empty_output)
    #expect(status { $0.batch = .max } == .too_large)
    #expect(status { $0.padding = .max } == .too_large)
    #expect(status { $0.stride = .max } == .too_large)
  }

  private func compare(_ shape: ConvolutionCase, _ operation: ck_operation) throws {
    let x = generatedValues(shape.xCount, seed: 1)
    let w = generatedValues(shape.wCount, seed: 2)
    let y = generatedValues(shape.yCount, seed: 3)
    let (left, right, terms): ([Float], [Float], Int)
    switch operation {
    case .input_gradient: (left, right, terms) = (y, w, shape.k * shape.k * shape.f)
    case .kernel_gradient: (left, right, terms) = (x, y, shape.yCount / shape.f)
    default: (left, right, terms) = (x, w, shape.k * shape.k * shape.c)
    }
    let expected = shape.plainLoops(operation, x: x, w: w, y: y)
    for isa in availableISAs {
      let plan = try shape.plan(operation, isa)
      let forward = run(plan, left, right, outputCount: expected.count, order: .forward)
      let problem = firstDifference(forward, expected, terms: terms)
      #expect(problem == nil, "\(operation) \(isa) \(shape)")
      for order in [TaskOrder.reversed, .interleaved] {
        let again = run(plan, left, right, outputCount: expected.count, order: order)
        #expect(sameBits(forward, again), "\(operation) \(isa) \(shape) \(order)")
      }
    }
  }
}

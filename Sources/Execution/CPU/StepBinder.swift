import CKernels
import Program

/// Turns a plan's steps into bound ones, and owns the tables that these point to.
final class StepBinder {
  private(set) var steps: [BoundStep] = []
  /// The planned step that each bound one belongs to: a movement may take several.
  private(set) var plannedStep: [Int] = []
  private var tables: [UnsafeMutableRawPointer] = []

  /// `address` gives the memory of a node, which stays where it is as long as the steps are used.
  init(
    _ plan: Plan, arena: UnsafeMutableRawPointer,
    address: (Int) -> UnsafeMutablePointer<Float>
  ) {
    for (index, step) in plan.steps.enumerated() {
      let before = steps.count
      bind(step, plan, scratch: arena + plan.scratchOffsets[index], address)
      plannedStep += Array(repeating: index, count: steps.count - before)
    }
  }

  deinit {
    for table in tables { table.deallocate() }
  }

  private func table<Element>(_ elements: [Element]) -> UnsafePointer<Element> {
    let table = UnsafeMutablePointer<Element>.allocate(capacity: max(1, elements.count))
    table.initialize(from: elements, count: elements.count)
    tables.append(UnsafeMutableRawPointer(table))
    return UnsafePointer(table)
  }

  private func bind(
    _ draft: StepDraft, _ plan: Plan, scratch: UnsafeMutableRawPointer,
    _ address: (Int) -> UnsafeMutablePointer<Float>
  ) {
    switch draft.work {
    case .fused(_, let code):
      var step = BoundStep(.fused)
      step.fused = fused(code, plan.isa, address)
      step.scratch = scratch
      steps.append(step)
    case .contraction(let contraction, let left, let right):
      var step = BoundStep(.contraction)
      step.contraction = contraction
      step.left = UnsafePointer(address(left))
      step.right = UnsafePointer(address(right))
      step.result = address(draft.writes[0])
      step.scratch = scratch
      steps.append(step)
    case .movement(let movement, let operands):
      let result = draft.writes[0]
      if let number = movement.fill {
        var step = BoundStep(.fill)
        step.fill = number
        step.count = plan.graph.nodes[result].count
        step.result = address(result)
        steps.append(step)
      }
      for (copy, operand) in zip(movement.copies, operands) {
        steps.append(copyStep(copy, from: address(operand), to: address(result)))
      }
    case .random(let distribution, let stream):
      var step = BoundStep(.random)
      step.distribution = distribution
      step.stream = stream
      step.count = plan.graph.nodes[draft.writes[0]].count
      step.result = address(draft.writes[0])
      steps.append(step)
    case .carry(let copy, let from, let to):
      steps.append(copyStep(copy, from: address(from), to: address(to)))
    }
  }

  private func copyStep(
    _ copy: ce_copy_plan, from: UnsafeMutablePointer<Float>, to: UnsafeMutablePointer<Float>
  ) -> BoundStep {
    var step = BoundStep(.copy)
    step.copy = copy
    step.left = UnsafePointer(from)
    step.result = to
    return step
  }

  private func fused(
    _ code: FusedCode, _ isa: Plan.ISA, _ address: (Int) -> UnsafeMutablePointer<Float>
  ) -> ce_fused {
    var fused = ce_fused()
    fused.walk = code.walk
    fused.isa = isa.kernels
    let loads = code.loads.map { load in load.bound(address(load.node), code.walk) }
    let scalars = code.scalars.map { scalar in
      switch scalar {
      case .number(let number): ce_scalar(source: nil, value: number)
      case .node(let node): ce_scalar(source: UnsafePointer(address(node)), value: 0)
      }
    }
    let stores = code.stores.map { store in
      ce_store(destination: address(store.node), target: store.register)
    }
    var (scratch, partials) = (Int64(0), Int64(0))
    let registers = code.isScratch.map { isScratch -> Int64 in
      defer { if isScratch { scratch += Int64(code.blockFloats) } }
      return isScratch ? scratch : -1
    }
    let reductions = code.reductions.map { reduction in
      let bound = ce_reduction(
        destination: address(reduction.node), kept: Int64(reduction.kept), accumulator: scratch,
        partials: partials)
      if reduction.kept > 1 { scratch += Int64(code.accumulatorFloats) }
      partials += Int64(reduction.kept) * Int64(code.walk.tasks)
      return bound
    }
    fused.loads = table(loads)
    fused.scalars = table(scalars)
    fused.stores = table(stores)
    fused.reductions = table(reductions)
    fused.instructions = table(code.instructions)
    fused.registers = table(registers)
    fused.load_count = Int32(loads.count)
    fused.scalar_count = Int32(scalars.count)
    fused.store_count = Int32(stores.count)
    fused.reduction_count = Int32(reductions.count)
    fused.instruction_count = Int32(code.instructions.count)
    fused.register_count = Int32(registers.count)
    return fused
  }
}

extension FusedCode.Load {
  fileprivate func bound(_ source: UnsafeMutablePointer<Float>, _ walk: ce_walk) -> ce_load {
    var load = ce_load()
    load.source = UnsafePointer(source)
    load.target = register
    guard let pattern else {
      load.contiguous = 1
      return load
    }
    let isFixed = pattern.isPeriodic && walk.isFixed(period: pattern.period)
    load.fixed = isFixed ? 1 : 0
    // A fixed register is filled beyond the end of a small index space.
    load.`repeat` = isFixed ? 1 << 30 : Int64(pattern.repeated)
    load.kept = Int64(pattern.kept)
    load.run = Int64(pattern.run)
    return load
  }
}

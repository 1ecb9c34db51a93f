import CKernels
import Program

/// Turns a plan's passes into bound ones, and owns the tables that these point to.
final class PassBinder {
  private(set) var passes: [BoundPass] = []
  /// The planned pass that each bound one belongs to: a movement may take several.
  private(set) var plannedPass: [Int] = []
  private var tables: [UnsafeMutableRawPointer] = []

  /// `address` gives the memory of a node, which stays where it is as long as the passes are used.
  init(
    _ plan: Plan, arena: UnsafeMutableRawPointer,
    address: (Int) -> UnsafeMutablePointer<Float>
  ) {
    for (index, pass) in plan.passes.enumerated() {
      let before = passes.count
      bind(pass, plan, scratch: arena + plan.scratchOffsets[index], address)
      plannedPass += Array(repeating: index, count: passes.count - before)
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
    _ draft: PassDraft, _ plan: Plan, scratch: UnsafeMutableRawPointer,
    _ address: (Int) -> UnsafeMutablePointer<Float>
  ) {
    switch draft.work {
    case .fused(_, let code):
      var pass = BoundPass(.fused)
      pass.fused = fused(code, plan.isa, address)
      pass.scratch = scratch
      passes.append(pass)
    case .contraction(let contraction, let left, let right):
      var pass = BoundPass(.contraction)
      pass.contraction = contraction
      pass.left = UnsafePointer(address(left))
      pass.right = UnsafePointer(address(right))
      pass.result = address(draft.writes[0])
      pass.scratch = scratch
      passes.append(pass)
    case .movement(let movement, let operands):
      let result = draft.writes[0]
      if let number = movement.fill {
        var pass = BoundPass(.fill)
        pass.fill = number
        pass.count = plan.graph.nodes[result].count
        pass.result = address(result)
        passes.append(pass)
      }
      for (copy, operand) in zip(movement.copies, operands) {
        passes.append(copyPass(copy, from: address(operand), to: address(result)))
      }
    case .random(let distribution, let stream):
      var pass = BoundPass(.random)
      pass.distribution = distribution
      pass.stream = stream
      pass.count = plan.graph.nodes[draft.writes[0]].count
      pass.result = address(draft.writes[0])
      passes.append(pass)
    case .carry(let copy, let from, let to):
      passes.append(copyPass(copy, from: address(from), to: address(to)))
    }
  }

  private func copyPass(
    _ copy: ce_copy_plan, from: UnsafeMutablePointer<Float>, to: UnsafeMutablePointer<Float>
  ) -> BoundPass {
    var pass = BoundPass(.copy)
    pass.copy = copy
    pass.left = UnsafePointer(from)
    pass.result = to
    return pass
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
        partials: partials, is_maximum: reduction.pattern.result == .maximum)
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

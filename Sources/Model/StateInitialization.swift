import Device
import Spec

extension [StateTensor] {
  /// Puts those of the tensors that `state` has, and which are zeros, to their start for `seed`.
  package func initialize(
    in state: any DeviceState, for spec: Spec, seed: UInt64
  ) throws(DeviceProblem) {
    let random = indices.filter { state.contains(self[$0].name) && !self[$0].startsAtZero }
    let tensors = self
    try state.fill(random.map { self[$0].name }) { place, first, elements in
      tensors[random[place]].initialize(
        elements, from: first, for: spec, seed: seed,
        index: tensors[random[place]].averaged ?? random[place])
    }
  }

  /// The averages that begin as what they average is now, since nothing else is known of them.
  package func averages(
    where isUnknown: (StateTensor) -> Bool
  ) -> [(average: StateTensor, of: StateTensor)] {
    compactMap { tensor in
      guard let averaged = tensor.averaged, isUnknown(tensor) else { return nil }
      return (tensor, self[averaged])
    }
  }
}

extension DeviceState {
  /// Copies each parameter to its average.
  package func start(
    _ averages: [(average: StateTensor, of: StateTensor)]
  ) throws(DeviceProblem) {
    for (average, parameter) in averages {
      try write(read(parameter.name), to: average.name)
    }
  }
}

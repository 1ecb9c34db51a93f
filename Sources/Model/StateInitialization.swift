import Device
import Spec

extension [StateTensor] {
  /// Puts those of the tensors that `state` has to their start for `seed`, whatever they were.
  package func initialize(
    in state: any DeviceState, for spec: Spec, seed: UInt64
  ) throws(DeviceProblem) {
    let present = indices.filter { state.contains(self[$0].name) }
    let tensors = self
    try state.fill(present.map { self[$0].name }) { place, first, elements in
      let index = present[place]
      if tensors[index].startsAtZero {
        elements.update(repeating: 0)
      } else {
        tensors[index].initialize(
          elements, from: first, for: spec, seed: seed, index: tensors[index].averaged ?? index)
      }
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

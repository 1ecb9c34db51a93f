import Device
import Spec

extension [StateTensor] {
  /// Puts those of the tensors that `state` has, and which are zeros, to their start for `seed`.
  package func initialize(
    in state: any DeviceState, _ initialization: InitializationSpec, seed: UInt64
  ) throws(DeviceProblem) {
    let random = indices.filter { state.contains(self[$0].name) && !self[$0].startsAtZero }
    let tensors = self
    try state.fill(random.map { self[$0].name }) { place, first, elements in
      tensors[random[place]].initialize(
        elements, from: first, initialization, seed: seed, index: random[place])
    }
  }
}

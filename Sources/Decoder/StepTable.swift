/// Where each class of bytes leads from each numbered state, as far as that is known. No type of a grammar is in it, and
/// its memory stays where it is: a walk over a whole vocabulary reads it at every byte.
final class StepTable {
  static let unknown: Int32 = -2
  static let dead: Int32 = -1
  /// Beyond so many states, steps are worked out each time.
  private static let states = 16_384

  private let classes: UnsafeMutablePointer<UInt8>
  private let width: Int
  /// Rows are written when their state is added, so most of this memory is never touched.
  private let steps: UnsafeMutablePointer<Int32>

  /// `byteClasses` as a grammar gives them, one for each byte.
  init(_ byteClasses: [UInt8]) {
    width = Int(byteClasses.max() ?? 0) + 1
    classes = .allocate(capacity: 256)
    for byte in 0..<256 { classes[byte] = byteClasses[byte] }
    steps = .allocate(capacity: Self.states * width)
  }

  deinit {
    classes.deallocate()
    steps.deallocate()
  }

  /// A row for `state`: states are added in the order of their numbers.
  func add(_ state: Int32) {
    if state < Self.states { (steps + Int(state) * width).update(repeating: Self.unknown, count: width) }
  }

  @inline(__always)
  func next(_ from: Int32, _ byte: UInt8) -> Int32 {
    from < Self.states ? steps[Int(from) * width + Int(classes[Int(byte)])] : Self.unknown
  }

  func note(_ from: Int32, _ byte: UInt8, _ to: Int32) {
    if from < Self.states { steps[Int(from) * width + Int(classes[Int(byte)])] = to }
  }
}

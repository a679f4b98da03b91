import Logic

// A search also tries what the code is not made for: an unknown object in arithmetic, None where nobody asks for it, a
// dictionary where both versions count and index. What differs on such values alone is told, and refutes a proof, but
// it is no change of behaviour that a person would mean: two versions of a loop over numbers take other steps, and an
// object whose `+`, `<` and `len` do not fit together shows that.

extension Case {
  /// Some value does not fit the way in which both versions use it. Annotated parameters are judged by their annotation.
  ///
  /// A dictionary where a list is meant is odd to a loop over its indices; a single index may be a key, and the object
  /// any container.
  func isOdd(_ slots: [Slot], hasLoops: Bool) -> Bool {
    zip(slots, values).contains { slot, value in
      guard slot.hint == nil, slot.kind == .positional || slot.kind == .positionalOnly || slot.kind == .keywordOnly
      else {
        return false
      }
      var value = value
      if case .alias(let other) = value { value = values[other] }
      switch value {
      case .dictionary where !hasLoops, .opaque where !hasLoops: return false
      default: return !value.fits(slot.shape)
      }
    }
  }
}

extension Input {
  /// Whether the value is of a sort that the shape names, any plain value standing for any other.
  func fits(_ shape: Shape) -> Bool {
    var alternatives: [Shape] = []
    var pending = [shape]
    while let next = pending.popLast() {
      if case .union(let parts) = next { pending += parts } else { alternatives.append(next) }
    }
    if alternatives.contains(where: { [.any, .opaque, .callable].contains($0) }) { return true }
    // Nothing but its absence is known of it.
    if alternatives.allSatisfy({ $0 == .none }) { return true }
    switch self {
    case .opaque: return false
    case .none: return alternatives.contains(.none)
    case .dictionary(let pairs):
      var isSequence = false
      for alternative in alternatives {
        switch alternative {
        case .dictionary(let key, let value):
          return pairs.allSatisfy { $0.key.fits(key) && $0.value.fits(value) }
        case .list, .tuple, .string: isSequence = true
        default: break
        }
      }
      return !isSequence
    case .list, .tuple, .set, .frozenSet, .iterator:
      let elements = alternatives.compactMap(\.element)
      return elements.isEmpty || elements.contains { element in (items ?? []).allSatisfy { $0.fits(element) } }
    default: return true
    }
  }
}

extension Shape {
  fileprivate var element: Shape? {
    switch self {
    case .list(let element), .set(let element), .iterator(let element): element
    case .tuple(let parts): .union(parts + [.any])
    default: nil
    }
  }
}

extension Consultation {
  /// It asks what an operator gives for an unknown object. Nothing makes such answers fit together: `1 + n` is not `n + 1`.
  var isArithmetic: Bool {
    if path.hasPrefix("(") {
      return [" + ", " - ", " * ", " / ", " // ", " % ", " ** "].contains { path.firstRange(of: $0) != nil }
    }
    return path.hasPrefix("-") || path.hasPrefix("abs(") || path.hasPrefix("int(")
  }
}

extension Outcome {
  /// The code failed, on a value that an operation of its own does not take.
  var isImplicitFailure: Bool {
    switch self {
    case .raised(let raised), .yielded(_, end: .raised(let raised)):
      if case .exception(_, arguments: nil, _) = raised { true } else { false }
    default: false
    }
  }
}

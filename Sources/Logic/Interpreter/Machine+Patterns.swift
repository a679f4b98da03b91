/// Instructions of `match`.
extension Machine {
  func executePattern(
    _ i: Instruction, _ frame: Frame, _ code: Code, _ regs: UnsafeMutablePointer<Value>
  ) throws(Unwind) {
    let a = Int(i.a)
    let b = Int(i.b)
    let c = Int(i.c)
    let d = Int(i.d)
    switch i.operation {
    case .matchSequence:
      guard try isSequence(regs[b]) else {
        regs[a] = .bool(false)
        return
      }
      let count = try length(regs[b])
      regs[a] = .bool(i.x == 1 ? count >= c : count == c)
    case .matchStar:
      let count = try length(regs[b])
      var items: [Value] = []
      for index in stride(from: c, to: count - d, by: 1) { items.append(try getItem(regs[b], .int(index))) }
      regs[a] = try list(items)
    case .matchMapping: regs[a] = .bool(try isMatchMapping(regs[b]))
    case .matchKeys:
      regs[a] = .bool(true)
      for offset in 0..<d {
        guard let value = try lookup(regs[b], regs[c + offset]) else {
          regs[a] = .bool(false)
          return
        }
        regs[a + 1 + offset] = value
      }
    case .matchRest:
      let rest = DictObject()
      let value = try register(rest, bytes: 96)
      try merge(rest, with: regs[b])
      for offset in 0..<d {
        if let index = try find(rest, regs[c + offset]) { _ = rest.table.remove(at: index) }
      }
      regs[a] = value
    case .matchClass: regs[a] = .bool(try matchClass(code.sites[d], regs[b], regs[c], regs + a + 1))
    default: throw unsupported("an instruction")
    }
  }

  private func isSequence(_ value: Value) throws(Unwind) -> Bool {
    guard case .object(let object) = value else { return false }
    switch object {
    case is ListObject, is TupleObject, is RangeObject, is DequeObject: return true
    case let opaque as OpaqueObject: return try decide("isinstance(\(opaque.path), Sequence)", chance: 400)
    default: return false
    }
  }

  private func isMatchMapping(_ value: Value) throws(Unwind) -> Bool {
    guard case .object(let object) = value else { return false }
    if let opaque = object as? OpaqueObject {
      return try decide("isinstance(\(opaque.path), Mapping)", chance: 400)
    }
    return object is DictObject
  }

  /// `get` with a sentinel: a default dictionary makes nothing.
  private func lookup(_ value: Value, _ key: Value) throws(Unwind) -> Value? {
    if case .object(let object) = value {
      if let dictionary = object as? DictObject { return try get(dictionary, key) }
      if let opaque = object as? OpaqueObject {
        guard try unknownContains(opaque, key) else { return nil }
        return try unknownItem(opaque, key)
      }
    }
    return nil
  }

  private func matchClass(
    _ site: CallSite, _ value: Value, _ type: Value, _ parts: UnsafeMutablePointer<Value>
  ) throws(Unwind) -> Bool {
    guard case .object(let object) = type, object is TypeObject || object is OpaqueObject else {
      throw typeError("called match pattern must be a class")
    }
    guard try isInstance(value, type) else { return false }
    let positional = site.kinds.prefix { $0 == .positional }.count
    var names: [String] = []
    if positional > 0 {
      if let builtin = object as? TypeObject, case .builtin = builtin.kind {
        let selfMatching: Set<String> = [
          "bool", "bytes", "dict", "float", "frozenset", "int", "list", "set", "str", "tuple",
        ]
        guard positional == 1, selfMatching.contains(builtin.name) else {
          throw typeError("\(builtin.name)() accepts 0 positional sub-patterns")
        }
        parts[0] = value
      } else if let known = object as? TypeObject {
        guard let match = known.lookup("__match_args__") else {
          throw typeError("\(known.name)() accepts 0 positional sub-patterns (\(positional) given)")
        }
        for item in try items(of: match) { names.append(CodePoints(try text(item, "__match_args__")).string) }
        guard positional <= names.count else { throw typeError("too many positional sub-patterns") }
      } else if let opaque = object as? OpaqueObject {
        for index in 0..<positional { names.append("<\(opaque.path).__match_args__[\(index)]>") }
      }
    }
    for (offset, kind) in site.kinds.enumerated() {
      let name: String
      if case .keyword(let keyword) = kind {
        name = keyword
      } else if offset < names.count {
        name = names[offset]
      } else {
        continue
      }
      do throws(Unwind) {
        parts[offset] = try getAttribute(value, name)
      } catch {
        if error == .exception, pendingIs("AttributeError") { return false }
        throw error
      }
    }
    return true
  }
}

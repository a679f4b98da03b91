/// Instructions that need no attention to speed.
extension Machine {
  func constant(_ code: Code, _ index: Int) throws(Unwind) -> Value {
    switch code.constants[index] {
    case .none: return .none
    case .bool(let value): return .bool(value)
    case .int(let value):
      if let small = Int(exactly: value) { return .int(small) }
      return try integer(value)
    case .float(let bits): return .float(bits.value)
    case .string(let text): return try constantString(text)
    case .bytes(let values): return try bytes(values)
    case .ellipsis: return .ellipsis
    case .notImplemented: return .notImplemented
    case .imaginary: throw unsupported("complex numbers")
    }
  }

  /// One object for one text, as the compiler of the language makes it.
  private func constantString(_ text: CodePoints) throws(Unwind) -> Value {
    if let value = constantStrings[text] { return value }
    let value = try string(text.values)
    constantStrings[text] = value
    return value
  }

  private func unbound(_ frame: Frame, _ register: Int) -> Unwind {
    let name = register < frame.code.variables.count ? frame.code.variables[register] : "?"
    let isFree = frame.code.free.contains { $0.register == register }
    return raise(
      isFree ? "NameError" : "UnboundLocalError",
      "cannot access local variable '\(name)' where it is not associated with a value")
  }

  private func cell(_ regs: UnsafeMutablePointer<Value>, _ register: Int) throws(Unwind) -> CellObject {
    if case .object(let object) = regs[register], let cell = object as? CellObject { return cell }
    throw unsupported("a variable without a cell")
  }

  func executeRare(
    _ i: Instruction, _ frame: Frame, _ code: Code, _ regs: UnsafeMutablePointer<Value>
  ) throws(Unwind) {
    let a = Int(i.a)
    let b = Int(i.b)
    let c = Int(i.c)
    let d = Int(i.d)
    switch i.operation {
    case .checkBound: if case .unbound = regs[a] { throw unbound(frame, a) }
    case .unbind: regs[a] = .unbound
    case .deleteLocal:
      if case .unbound = regs[a] { throw unbound(frame, a) }
      regs[a] = .unbound
    case .newCell:
      let cell = CellObject()
      regs[a] = try register(cell, bytes: 32)
    case .loadCell:
      let value = try cell(regs, b).value
      if case .unbound = value { throw unbound(frame, b) }
      regs[a] = value
    case .storeCell: try cell(regs, a).value = regs[b]
    case .deleteCell:
      let cell = try cell(regs, a)
      if case .unbound = cell.value, i.x == 0 { throw unbound(frame, a) }
      cell.value = .unbound
    case .loadGlobal: regs[a] = try global(code.references[b])
    case .storeGlobal:
      let name = code.names[a]
      try noteReach([regs[b]])
      try record(.storeGlobal(name, try snapshot(regs[b])))
      globals[name] = StoredAnswer(value: regs[b], epoch: epochs.count)
    case .deleteGlobal:
      let name = code.names[a]
      if let known = globals[name], known.value.isUnbound {
        if i.x == 1 { return }
        throw raise("NameError", "name '\(name)' is not defined")
      }
      try record(.deleteGlobal(name))
      globals[name] = StoredAnswer(value: .unbound, epoch: epochs.count)
    case .loadNamespace:
      let name = code.names[b]
      if let value = frame.namespace?.values[name] { regs[a] = value } else { regs[a] = try outer(name) }
    case .storeNamespace:
      let name = code.names[a]
      if frame.isUnit { try record(.storeGlobal(name, try snapshot(regs[b]))) }
      frame.namespace?.set(name, regs[b])
    case .deleteNamespace:
      let name = code.names[a]
      if frame.namespace?.values[name] == nil {
        if i.x == 1 { return }
        throw raise("NameError", "name '\(name)' is not defined")
      }
      if frame.isUnit { try record(.deleteGlobal(name)) }
      frame.namespace?.remove(name)
    case .unary: regs[a] = try unary(Self.unaryOperators[Int(i.x)], regs[b])
    case .getAttribute: regs[a] = try getAttribute(regs[b], code.names[c])
    case .setAttribute: try setAttribute(regs[a], code.names[c], regs[b])
    case .deleteAttribute: try deleteAttribute(regs[a], code.names[c])
    case .loadMethod: regs[a] = try loadMethod(regs[b], code.names[c], code.methods[c])
    case .getItem: regs[a] = try getItem(regs[b], regs[c])
    case .setItem: try setItem(regs[a], regs[b], regs[c])
    case .deleteItem: try deleteItem(regs[a], regs[b])
    case .makeSlice: regs[a] = try register(SliceObject([regs[b], regs[b + 1], regs[b + 2]]), bytes: 64)
    case .makeList:
      if c < 0 {
        regs[a] = try list(try spread(regs[b]))
      } else {
        regs[a] = try list(Array(UnsafeBufferPointer(start: regs + b, count: c)))
      }
    case .makeTuple: regs[a] = try tuple(Array(UnsafeBufferPointer(start: regs + b, count: c)))
    case .makeSet:
      let set = try makeSet(Array(UnsafeBufferPointer(start: regs + b, count: c)))
      if i.x == 1, case .object(let object as SetObject) = set {
        regs[a] = .object(try copy(object, frozen: false))
      } else {
        regs[a] = set
      }
    case .makeDictionary: regs[a] = try register(DictObject(), bytes: 96)
    case .listAppend:
      guard case .object(let list as ListObject) = regs[a] else { throw unsupported("a broken display") }
      try allocate(16)
      list.items.append(regs[b])
    case .listExtend:
      guard case .object(let list as ListObject) = regs[a] else { throw unsupported("a broken display") }
      list.items += try spread(regs[b])
    case .setAdd:
      guard case .object(let set as SetObject) = regs[a] else { throw unsupported("a broken display") }
      try add(regs[b], to: set)
    case .setUpdate:
      guard case .object(let set as SetObject) = regs[a] else { throw unsupported("a broken display") }
      for item in try spread(regs[b]) { try add(item, to: set) }
    case .dictionarySet:
      guard case .object(let dictionary as DictObject) = regs[a] else { throw unsupported("a broken display") }
      try setItem(dictionary, regs[b], regs[c])
    case .dictionaryMerge:
      guard case .object(let dictionary as DictObject) = regs[a] else { throw unsupported("a broken display") }
      guard isMapping(regs[b]) else { throw typeError("'\(typeName(regs[b]))' object is not a mapping") }
      try merge(dictionary, with: regs[b])
    case .listToTuple:
      guard case .object(let list as ListObject) = regs[b] else { throw unsupported("a broken display") }
      regs[a] = try tuple(list.items)
    case .formatValue: regs[a] = try formatted(i, regs)
    case .joinStrings:
      if c == 1 {
        regs[a] = regs[b]
        return
      }
      var text: [UInt32] = []
      for index in 0..<c {
        if case .object(let part as StringObject) = regs[b + index] { text += part.values }
      }
      regs[a] = try string(text)
    case .getIterator:
      if i.x == 1, case .object(let object) = regs[b], object is GeneratorObject {
        // `yield from` takes generators, and coroutines of its own kind, as they are.
        regs[a] = regs[b]
        return
      }
      regs[a] = try iterator(regs[b])
    case .asyncIterator: regs[a] = try asyncIterator(regs[b])
    case .unpack: try unpack(regs[b], into: regs + a, count: c, starred: d)
    case .makeClosure: regs[a] = try makeClosure(frame, code: b, defaults: c)
    case .definition: regs[a] = try define(code.definitions[b], code.sites[c], regs)
    case .raise: throw try raise(regs[b], cause: c >= 0 ? regs[c] : nil)
    case .reraise:
      pending = regs[b]
      throw .exception
    case .reraiseCurrent: throw unsupported("a bare raise outside a handler")
    case .matchException: regs[a] = .bool(try matches(regs[b], regs[c]))
    case .exceptionTriple:
      regs[a] = typeOf(regs[b]).map { .object($0) } ?? .object(opaque("type(exception)"))
      regs[a + 1] = regs[b]
      regs[a + 2] = .object(opaque("traceback"))
    case .enterWith:
      let prefix = i.x == 1 ? "__a" : "__"
      regs[a] = try contextMethod(regs[b], prefix + "enter__")
      regs[c] = try contextMethod(regs[b], prefix + "exit__")
    case .importModule:
      let name = code.names[b]
      try record(.importModule(name))
      try failIfMissing(name)
      let top = i.x == 1 ? name : name.split(separator: ".").first.map(String.init) ?? name
      regs[a] = try library(top) ?? module(top)
    case .importName:
      let module = code.names[b]
      try record(.importModule(module))
      try failIfMissing(module)
      let name = "\(module).\(code.names[c])"
      regs[a] = try imported(name)
    case .assertFail:
      var arguments: [Value] = []
      if a == 1 { arguments = [regs[b]] }
      pending = try register(ExceptionObject(type("AssertionError"), arguments, implicit: false), bytes: 96)
      throw .exception
    case .unsupported: throw unsupported(code.names[a])
    default: try executePattern(i, frame, code, regs)
    }
  }

  private func spread(_ value: Value) throws(Unwind) -> [Value] { try items(of: value) }

  private func formatted(_ i: Instruction, _ regs: UnsafeMutablePointer<Value>) throws(Unwind) -> Value {
    var value = regs[Int(i.b)]
    switch i.x {
    case 1: value = try string(try represent(value))
    case 2: value = try string(try convert(value))
    case 3: value = try string(try represent(value, ascii: true))
    default: break
    }
    var specification: [UInt32] = []
    if i.c >= 0, case .object(let text as StringObject) = regs[Int(i.c)] { specification = text.values }
    return try string(try format(value, specification))
  }

  private func contextMethod(_ value: Value, _ name: String) throws(Unwind) -> Value {
    if case .object(let object) = value {
      if let opaque = object as? OpaqueObject {
        if world.profile.hasLocks { return lockMethod(of: opaque, name) }
        return .object(self.opaque("\(opaque.path).\(name)"))
      }
      if let instance = object as? InstanceObject, let member = instance.type.lookup(name) {
        return try bind(member, to: value, type: instance.type)
      }
    }
    versionDependent = true
    throw raise("AttributeError", name)
  }

  /// What `with` calls of a lock: `acquire()` and `release()` (threading and asyncio, Lock and Semaphore objects).
  private func lockMethod(of object: OpaqueObject, _ name: String) -> Value {
    if name.hasSuffix("enter__") { return .object(opaque(versioned("\(object.path).acquire"))) }
    let release = OpaqueObject(path: "\(object.path).release")
    arena.append(release)
    release.isRelease = true
    return .object(release)
  }

  private func asyncIterator(_ value: Value) throws(Unwind) -> Value {
    guard case .object(let object) = value else {
      throw typeError("'async for' requires an object with __aiter__ method, got \(typeName(value))")
    }
    if let opaque = object as? OpaqueObject { return try iterateUnknown(opaque) }
    if let generator = object as? GeneratorObject, generator.kind == .asyncGenerator { return value }
    throw typeError("'async for' requires an object with __aiter__ method, got \(typeName(value))")
  }

  /// A `def` or `class` statement of module code or a class body: its unit is compared by itself.
  private func define(
    _ definition: Definition, _ site: CallSite, _ regs: UnsafeMutablePointer<Value>
  ) throws(Unwind) -> Value {
    let arguments = try gather(site, regs)
    var parts: [String] = []
    for value in arguments.positional { parts.append(try text(of: value)) }
    for (name, value) in arguments.keywords { parts.append("\(name)=\(try text(of: value))") }
    let kind = definition.kind == .function ? "def" : "class"
    return .object(opaque("<\(kind) \(definition.name)(\(parts.joined(separator: ", ")))>"))
  }

  // MARK: Names

  func global(_ reference: Reference) throws(Unwind) -> Value {
    switch reference {
    case .builtin(let name): return try builtin(name)
    case .module(let name):
      if let known = globals[name], known.epoch >= epoch(of: "global \(name)") {
        if known.value.isUnbound { throw raise("NameError", "name '\(name)' is not defined") }
        return known.value
      }
      if let known = try fixed(reference) { return known }
      let isStored = globals[name] != nil
      return try unknownRoot(isStored ? versioned(name) : name)
    case .imported(let name):
      if let known = try fixed(reference) { return known }
      return try imported(name)
    case .unresolved(let name):
      // A star import may have bound it.
      if Builtin.named[name] != nil || BuiltinType.named[name] != nil,
        decideQuietly("\(name) is the builtin", chance: 970)
      {
        return try builtin(name)
      }
      return try unknownRoot(name)
    }
  }

  /// A module that the code is ready to miss is missing in some worlds, in all of a run.
  private func failIfMissing(_ module: String) throws(Unwind) {
    guard world.profile.fallibleImports.contains(module) else { return }
    let question = "import \(module)"
    if let known = raisedAnswers[question] {
      pending = known
      throw .exception
    }
    var random = decisions(question)
    switch world.profile.overrides[question] {
    case .raises(let name): throw try raiseAnswer(question, named: name)
    case .value: break
    case nil: if random.chance(400) { throw try raiseAnswer(question, named: "ModuleNotFoundError") }
    }
    consult(question, .value(.opaque(module)))
  }

  private func module(_ name: String) -> Value {
    let object = opaque(name)
    object.isModule = true
    return .object(object)
  }

  private func imported(_ name: String) throws(Unwind) -> Value {
    if let value = try library(name) { return value }
    if let function = pureFunction(name) { return function }
    // A module, or what stands for a type.
    if !name.utf8.contains(UInt8(ascii: ".")) || name.hasPrefix("typing.") || PureFunctions.modules.contains(name) {
      return module(name)
    }
    return try unknownRoot(name)
  }

  /// A name that a class body does not bind: the module's, else a builtin.
  private func outer(_ name: String) throws(Unwind) -> Value {
    if globals[name] == nil, Builtin.named[name] != nil || BuiltinType.named[name] != nil {
      return try builtin(name)
    }
    return try global(.module(name))
  }
}

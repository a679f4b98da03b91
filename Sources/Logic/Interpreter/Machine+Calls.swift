/// Calls: of functions of the program, which get a frame, and of everything else, which answers in place.
extension Machine {
  struct Arguments {
    var positional: [Value] = []
    var keywords: [(name: String, value: Value)] = []
    static var none: Arguments { Arguments() }
  }

  enum Called {
    case value(Value)
    case frame(Frame)
    case construct(Frame, Value)
  }

  /// The call of an instruction. Returns the frame to enter, or nil when the result is in the register already.
  func call(_ frame: Frame, _ i: Instruction, into target: Int) throws(Unwind) -> Frame? {
    let regs = frame.registers
    let site = frame.code.sites[Int(i.c)]
    let callee = regs[Int(i.b)]
    if site.isSimple {
      let count = site.kinds.count
      if case .object(let object) = callee, let function = object as? FunctionObject, function.code.isSimple,
        function.code.kind == .function, function.code.parameters.count == count
      {
        let entered = try makeFrame(function)
        for index in 0..<count { entered.registers[index] = regs[site.start + index] }
        entered.mode = .value(target)
        return entered
      }
      if case .unbound = callee, i.operation == .callMethod {
        // `loadMethod` found a method of a built-in type.
        guard let method = site.method else { throw unsupported(site.name) }
        var arguments = Arguments()
        if count > 0 {
          arguments.positional = Array(UnsafeBufferPointer(start: regs + site.start, count: count))
        }
        regs[target] = try callMethod(method, on: regs[Int(i.d)], arguments)
        return nil
      }
    }
    let arguments = try gather(site, regs)
    if case .unbound = callee, i.operation == .callMethod {
      guard let method = site.method else { throw unsupported(site.name) }
      regs[target] = try callMethod(method, on: regs[Int(i.d)], arguments)
      return nil
    }
    switch try prepare(callee, arguments) {
    case .value(let value):
      regs[target] = value
      return nil
    case .frame(let entered):
      entered.mode = .value(target)
      return entered
    case .construct(let entered, let instance):
      entered.mode = .construct(target, instance)
      return entered
    }
  }

  func gather(_ site: CallSite, _ regs: UnsafeMutablePointer<Value>) throws(Unwind) -> Arguments {
    var arguments = Arguments()
    for (offset, kind) in site.kinds.enumerated() {
      let value = regs[site.start + offset]
      switch kind {
      case .positional: arguments.positional.append(value)
      case .spread: if case .object(let list as ListObject) = value { arguments.positional += list.items }
      case .keyword(let name): try add(name, value, to: &arguments)
      case .spreadKeywords:
        guard case .object(let object) = value, let dictionary = object as? DictObject else {
          if case .object(let object) = value, object is OpaqueObject {
            // The names of the keywords are unknown: they pass as one argument of that name.
            try add("**", value, to: &arguments)
            continue
          }
          throw typeError("argument after ** must be a mapping, not \(typeName(value))")
        }
        for entry in dictionary.table.entries where !entry.key.isUnbound {
          guard case .object(let key as StringObject) = entry.key else {
            throw typeError("keywords must be strings")
          }
          try add(CodePoints(key.values).string, entry.value, to: &arguments)
        }
      }
    }
    return arguments
  }

  private func add(_ name: String, _ value: Value, to arguments: inout Arguments) throws(Unwind) {
    if arguments.keywords.contains(where: { $0.name == name }) {
      throw typeError("got multiple values for keyword argument '\(name)'")
    }
    arguments.keywords.append((name, value))
  }

  /// Calls from native code.
  func callValue(_ callee: Value, _ arguments: Arguments) throws(Unwind) -> Value {
    switch try prepare(callee, arguments) {
    case .value(let value): return value
    case .frame(let frame): return try run(frame)
    case .construct(let frame, let instance):
      _ = try run(frame)
      return instance
    }
  }

  func callValue(_ callee: Value, _ positional: Value...) throws(Unwind) -> Value {
    try callValue(callee, Arguments(positional: positional))
  }

  func prepare(_ callee: Value, _ arguments: Arguments) throws(Unwind) -> Called {
    guard case .object(let object) = callee else { throw typeError("'\(typeName(callee))' object is not callable") }
    switch object {
    case let function as FunctionObject:
      let frame = try bind(function, arguments)
      switch function.code.kind {
      case .function, .module, .classBody: return .frame(frame)
      case .generator, .coroutine, .asyncGenerator:
        let generator = GeneratorObject(frame, kind: function.code.kind)
        frame.generator = generator
        return .value(try register(generator, bytes: 96))
      }
    case let method as MethodObject:
      try descend()
      defer { ascend() }
      var arguments = arguments
      arguments.positional.insert(method.receiver, at: 0)
      return try prepare(method.function, arguments)
    case let builtin as BuiltinObject: return .value(try call(builtin, arguments))
    case let cache as CachedObject: return try prepare(cache, arguments)
    case let type as TypeObject: return try instantiate(type, arguments)
    case let opaque as OpaqueObject: return .value(try callUnknown(opaque, arguments))
    case let instance as InstanceObject:
      guard let function = instance.type.lookup("__call__") else {
        throw typeError("'\(instance.type.name)' object is not callable")
      }
      try descend()
      defer { ascend() }
      var arguments = arguments
      arguments.positional.insert(callee, at: 0)
      return try prepare(function, arguments)
    default: throw typeError("'\(typeName(callee))' object is not callable")
    }
  }

  func makeFrame(_ function: FunctionObject) throws(Unwind) -> Frame {
    let code = function.code
    try charge(4)
    bytesLeft -= 8
    if bytesLeft < 0 { throw stop(.memory) }
    let frame = Frame(code)
    for register in code.ownCells {
      let cell = CellObject()
      arena.append(cell)
      frame.registers[register] = .object(cell)
    }
    for (index, slot) in code.free.enumerated() where index < function.cells.count {
      frame.registers[slot.register] = .object(function.cells[index])
    }
    return frame
  }

  /// A frame with its parameters bound, as "Calls" in the Python language reference says.
  func bind(_ function: FunctionObject, _ arguments: Arguments) throws(Unwind) -> Frame {
    let code = function.code
    let frame = try makeFrame(function)
    let parameters = code.parameters
    var values = [Value](repeating: .unbound, count: parameters.count)
    var positional = arguments.positional[...]
    var rest: [(name: String, value: Value)] = []
    for (index, parameter) in parameters.enumerated() {
      switch parameter.kind {
      case .positional, .positionalOnly:
        if let value = positional.popFirst() { values[index] = value }
      case .variadic:
        values[index] = try tuple(Array(positional))
        positional = []
      case .keywordOnly, .variadicKeyword: break
      }
    }
    if !positional.isEmpty {
      throw typeError("\(code.name)() takes \(parameters.count) positional arguments but more were given")
    }
    for (name, value) in arguments.keywords {
      let index = parameters.firstIndex {
        $0.name == name && ($0.kind == .positional || $0.kind == .keywordOnly)
      }
      if let index {
        if !values[index].isUnbound { throw typeError("\(code.name)() got multiple values for argument '\(name)'") }
        values[index] = value
      } else {
        rest.append((name, value))
      }
    }
    if let index = parameters.firstIndex(where: { $0.kind == .variadicKeyword }) {
      let dictionary = DictObject()
      let value = try register(dictionary, bytes: 96)
      for (name, item) in rest { try setItem(dictionary, try string(name), item) }
      values[index] = value
    } else if let (name, _) = rest.first {
      if name == "**" { throw unsupported("unknown keyword arguments of a known function") }
      throw typeError("\(code.name)() got an unexpected keyword argument '\(name)'")
    }
    for index in parameters.indices where values[index].isUnbound {
      let fallback = index < function.defaults.count ? function.defaults[index] : .unbound
      if fallback.isUnbound {
        throw typeError("\(code.name)() missing required argument: '\(parameters[index].name)'")
      }
      values[index] = fallback
    }
    for (index, parameter) in parameters.enumerated() {
      if parameter.isCell {
        if case .object(let cell as CellObject) = frame.registers[index] { cell.value = values[index] }
      } else {
        frame.registers[index] = values[index]
      }
    }
    return frame
  }

  func makeClosure(_ frame: Frame, code index: Int, defaults: Int) throws(Unwind) -> Value {
    let code = frame.code.codes[index]
    var cells: [CellObject] = []
    for (position, register) in frame.code.closures[index].enumerated() {
      guard register >= 0, case .object(let object) = frame.registers[register], let cell = object as? CellObject else {
        throw unsupported("the unresolved variable \(code.free[position].name)")
      }
      cells.append(cell)
    }
    var values: [Value] = []
    if !code.isGeneratorExpression, code.kind != .classBody {
      for offset in code.parameters.indices { values.append(frame.registers[defaults + offset]) }
    }
    return try register(FunctionObject(code: code, cells: cells, defaults: values), bytes: 96)
  }
}

/// A suspended frame.
final class GeneratorObject: Object {
  let kind: Procedure.Kind
  private(set) var frame: Frame?
  var isRunning = false
  var hasYielded = false
  /// Where the sent value goes; negative while it delegates.
  var resumeRegister = -1
  var sent: Value = .none
  private var injected: Value = .unbound

  init(_ frame: Frame, kind: Procedure.Kind) {
    self.frame = frame
    self.kind = kind
  }

  func finish() {
    isRunning = false
    frame = nil
  }

  func inject(_ exception: Value) { injected = exception }
  func takeInjected() -> Value? {
    guard !injected.isUnbound else { return nil }
    defer { injected = .unbound }
    return injected
  }

  override func clear() {
    frame?.clear()
    frame = nil
    sent = .none
    injected = .unbound
  }
}

extension Machine {
  /// Makes a generator ready to go on. Nil when it is finished.
  func start(_ generator: GeneratorObject, sending value: Value) throws(Unwind) -> Frame? {
    guard let frame = generator.frame else { return nil }
    if generator.isRunning { throw raise("ValueError", "generator already executing") }
    if generator.hasYielded {
      if generator.resumeRegister >= 0 {
        frame.registers[generator.resumeRegister] = value
      } else {
        generator.sent = value
      }
    } else if !value.isNone {
      throw typeError("can't send non-None value to a just-started generator")
    }
    generator.isRunning = true
    return frame
  }

  /// `next`, `send` and `throw` from native code. Nil when it returned; the result is in `generatorResult`.
  func resume(_ generator: GeneratorObject, sending value: Value = .none) throws(Unwind) -> Value? {
    guard let frame = try start(generator, sending: value) else {
      generatorResult = .none
      return nil
    }
    frame.mode = .native
    let item = try run(frame)
    if generator.frame == nil {
      generatorResult = item
      return nil
    }
    return item
  }

  func convertStopIteration(_ generator: GeneratorObject) {
    guard pendingIs("StopIteration"), generator.kind == .generator else { return }
    let original = pending
    _ = raise("RuntimeError", "generator raised StopIteration")
    if case .object(let exception as ExceptionObject) = pending { exception.cause = original }
  }

  /// The frame of a generator that `yield from` or `await` resumes.
  func delegate(_ frame: Frame, _ target: Int, _ source: Int) throws(Unwind) -> Frame? {
    guard case .object(let object) = frame.registers[source], let generator = object as? GeneratorObject else {
      return nil
    }
    let sent = frame.generator?.sent ?? .none
    let isFirst = !generator.hasYielded
    frame.generator?.sent = .none
    if generator.frame == nil, generator.kind == .coroutine {
      throw raise("RuntimeError", "cannot reuse already awaited coroutine")
    }
    return try start(generator, sending: isFirst ? .none : sent)
  }

  func delegateNext(_ frame: Frame, _ target: Int, _ source: Int) throws(Unwind) -> Value? {
    if let sent = frame.generator?.sent, !sent.isNone {
      frame.generator?.sent = .none
      throw raise("AttributeError", "object has no attribute 'send'")
    }
    if let item = try next(frame.registers[source]) { return item }
    frame.registers[target] = .none
    return nil
  }

  /// `await` of something that is not a coroutine of the program. True when the answer is in the register.
  func awaitValue(_ frame: Frame, _ target: Int, _ source: Int, isOfWith: Bool = false) throws(Unwind) -> Bool {
    let value = frame.registers[source]
    // A lock is released at once.
    if isOfWith, value.isNone {
      frame.registers[target] = .none
      return true
    }
    guard case .object(let object) = value else { throw typeError("object can't be used in 'await' expression") }
    if object is GeneratorObject { return false }
    if let opaque = object as? OpaqueObject {
      frame.registers[target] = try callUnknown(
        named: "await \(opaque.path)", Arguments(), on: [value],
        hint: opaque.madeBy.map { "await \(lastName($0))()" })
      return true
    }
    throw typeError("object \(typeName(value)) can't be used in 'await' expression")
  }
}

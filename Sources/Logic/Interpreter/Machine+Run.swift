import BigInt

extension Machine {
  // MARK: Inputs

  func materialize(_ input: Input) throws(Unwind) -> Value { try materialize(input, depth: 0, arguments: []) }

  func materialize(_ input: Input, depth: Int, arguments: [Value]) throws(Unwind) -> Value {
    let value = try make(input, depth: depth, arguments: arguments)
    meetings?.noteMade(value, of: input)
    return value
  }

  private func make(_ input: Input, depth: Int, arguments: [Value]) throws(Unwind) -> Value {
    if depth > 60 { throw stop(.depth) }
    func all(_ items: [Input]) throws(Unwind) -> [Value] {
      var values: [Value] = []
      for item in items { values.append(try materialize(item, depth: depth + 1, arguments: arguments)) }
      return values
    }
    switch input {
    case .none: return .none
    case .bool(let value): return .bool(value)
    case .int(let value): return try integer(value)
    case .float(let bits):
      guard bits.value.isNaN else { return .float(bits.value) }
      // Each NaN is an object of its own: its payload tells it from others.
      nextNaN += 1
      return .float(Double(nan: Double.RawSignificand(nextNaN), signaling: false))
    case .string(let text): return try string(text.values)
    case .bytes(let values): return try bytes(values)
    case .list(let items): return try list(try all(items))
    case .tuple(let items): return try tuple(try all(items))
    case .set(let items): return try makeSet(try all(items))
    case .frozenSet(let items): return try makeSet(try all(items), frozen: true)
    case .dictionary(let pairs):
      let dictionary = DictObject()
      let value = try register(dictionary, bytes: 96)
      for pair in pairs {
        let key = try materialize(pair.key, depth: depth + 1, arguments: arguments)
        try setItem(dictionary, key, try materialize(pair.value, depth: depth + 1, arguments: arguments))
      }
      return value
    case .opaque(let path):
      let object = opaque(path)
      return .object(object)
    case .alias(let index): return arguments.indices.contains(index) ? arguments[index] : .none
    case .iterator(let items): return try register(ArrayIterator(try all(items)), bytes: 48)
    case .made(let kind, let content):
      let value = try materialize(content, depth: depth + 1, arguments: arguments)
      guard case .object(let object) = value else { return value }
      return try make(kind, of: object)
    case .omitted: return .unbound
    }
  }

  private func make(_ kind: Input.Made, of content: Object) throws(Unwind) -> Value {
    if kind == .deque { return try register(DequeObject((content as? ListObject)?.items ?? [], limit: nil), bytes: 64) }
    guard let dictionary = content as? DictObject else { return .object(content) }
    switch kind {
    case .deque: break
    case .orderedDict: dictionary.flavor = .ordered
    case .counter: dictionary.flavor = .counter
    case .defaultDictOfLists, .defaultDictOfNumbers, .defaultDictOfSets:
      dictionary.flavor = .defaultDict
      dictionary.factory = .object(
        type(kind == .defaultDictOfLists ? .list : kind == .defaultDictOfSets ? .set : .int))
    }
    return .object(dictionary)
  }

  // MARK: The whole run

  func execute(arguments: [Input], captured: [String: Input], followUps: [FollowUp]) -> Execution {
    var given: [Value] = []
    var shownArguments: [Snapshot] = []
    var results: [Outcome] = []
    var outcome: Outcome
    do throws(Unwind) {
      outcome = try runUnit(arguments, captured, followUps, &given, &results)
      try settle()
      try noteOuter()
      try noteConstants()
      try tellHeld()
      for value in given + heldAttributes() + firstHeld { shownArguments.append(try snapshot(value)) }
    } catch {
      outcome =
        error == .stop
        ? .stopped(stopReason) : .stopped(.unsupported("an exception outside the code: \(pendingName)"))
      results = []
      shownArguments = []
    }
    if program.program.procedure.kind == .module || program.program.procedure.kind == .classBody {
      trace = Self.bindingsInOrder(trace)
    }
    let sides = Array(UnsafeBufferPointer(start: coverage, count: program.decisions.count * 2))
    let times = Array(UnsafeBufferPointer(start: times, count: sides.count))
    let branches = Set(sides.indices.filter { sides[$0] != 0 })
    return Execution(
      observation: Observation(outcome: outcome, trace: trace, arguments: shownArguments, followUps: results),
      consulted: consulted, branches: branches, takenAfter: sides, times: times, way: way,
      steps: limits.steps - fuel.pointee,
      versionDependent: versionDependent, orderDependent: orderDependent, hashedLike: hashedLike,
      readsRemotely: readsRemotely, handedNames: handedNames, meetings: meetings?.all ?? [])
  }

  /// Between two other events nobody sees in which order names are bound; and importing a module again does nothing.
  private static func bindingsInOrder(_ trace: [Event]) -> [Event] {
    var result: [Event] = []
    var bound: [String: Event] = [:]
    var imported: Set<String> = []
    func flush() {
      for name in bound.keys.sorted() { if let event = bound[name] { result.append(event) } }
      bound = [:]
    }
    for event in trace {
      switch event {
      case .storeGlobal(let name, _): bound[name] = event
      case .importModule(let name) where !imported.insert(name).inserted: break
      default:
        flush()
        result.append(event)
      }
    }
    flush()
    return result
  }

  /// Variables of the functions around that hold something else than before: those see it.
  private func noteOuter() throws(Unwind) {
    var changed: [Snapshot] = []
    for (name, cell, before) in outer {
      let now = cell.value.isUnbound ? nil : try snapshot(cell.value)
      if now != before { changed.append(.tuple([.opaque(name), now ?? .unset])) }
    }
    if !changed.isEmpty { trace.append(.state(changed)) }
  }

  private var pendingName: String {
    if case .object(let exception as ExceptionObject) = pending { return exception.type.name }
    return "unknown"
  }

  private func runUnit(
    _ arguments: [Input], _ captured: [String: Input], _ followUps: [FollowUp], _ given: inout [Value],
    _ results: inout [Outcome]
  ) throws(Unwind) -> Outcome {
    let code = program.main
    for input in arguments {
      let value = try materialize(input, depth: 0, arguments: given)
      if case .object(let object as OpaqueObject) = value { roots.append(object) }
      given.append(value)
    }
    // Arguments are numbered first, in order, and are reachable from outside.
    for value in given where !value.isUnbound { _ = try snapshot(value) }
    for path in plainAttributes {
      guard isHeld(path) else {
        firstHeld.append(.unbound)
        continue
      }
      let value = try materialize(world.attributes[path] ?? .none, depth: 0, arguments: given)
      stored[path] = StoredAnswer(value: value, epoch: .max)
      firstHeld.append(value)
      _ = try snapshot(value)
    }
    lastState = try reachableState()
    var cells: [CellObject] = []
    for (name, _) in code.free {
      let cell = CellObject()
      arena.append(cell)
      if let input = captured[name] {
        cell.value = try materialize(input)
      } else {
        cell.value = try unknownRoot(name)
      }
      cells.append(cell)
      outer.append((name, cell, cell.value.isUnbound ? nil : try snapshot(cell.value)))
    }
    return try guarded { () throws(Unwind) in
      let function = FunctionObject(code: code, cells: cells, defaults: try self.program.defaults(of: code, self))
      _ = try self.register(function, bytes: 96)
      let result = try self.start(function, given)
      return try self.conclude(result, followUps, &results)
    }
  }

  /// Turns an exception of the code into an outcome.
  private func guarded(_ body: () throws(Unwind) -> Outcome) throws(Unwind) -> Outcome {
    do throws(Unwind) {
      return try body()
    } catch {
      guard error == .exception else { throw error }
      return .raised(try raised(pending, depth: 0))
    }
  }

  private func start(_ function: FunctionObject, _ given: [Value]) throws(Unwind) -> Value {
    let frame = try makeFrame(function)
    let parameters = function.code.parameters
    for (index, parameter) in parameters.enumerated() {
      var value = index < given.count ? given[index] : .unbound
      if value.isUnbound { value = index < function.defaults.count ? function.defaults[index] : .unbound }
      if value.isUnbound {
        switch parameter.kind {
        case .variadic: value = try tuple([])
        case .variadicKeyword: value = try register(DictObject(), bytes: 96)
        default: throw typeError("\(function.code.name)() missing required argument: '\(parameter.name)'")
        }
      }
      if parameter.kind == .variadicKeyword, case .object(let source as DictObject) = value {
        // A call makes a dictionary of its own.
        let copy = DictObject()
        copy.table = source.table
        value = try register(copy, bytes: 96 + 48 * source.table.count)
      }
      if parameter.isCell {
        if case .object(let cell as CellObject) = frame.registers[index] { cell.value = value }
      } else {
        frame.registers[index] = value
      }
    }
    switch function.code.kind {
    case .function, .coroutine: return try run(frame)
    case .classBody, .module:
      frame.isUnit = true
      frame.namespace = NamespaceObject()
      return try run(frame)
    case .generator, .asyncGenerator:
      let generator = GeneratorObject(frame, kind: .generator)
      frame.generator = generator
      return try register(generator, bytes: 96)
    }
  }

  /// Drains a returned iterator, calls a returned function.
  private func conclude(
    _ result: Value, _ followUps: [FollowUp], _ results: inout [Outcome]
  ) throws(Unwind) -> Outcome {
    guard case .object(let object) = result else { return .returned(try snapshot(result)) }
    switch object {
    case is OpaqueIterator: return .returned(try snapshot(result))
    case let generator as GeneratorObject where generator.kind == .coroutine: return .returned(try snapshot(result))
    case is GeneratorObject, is IteratorObject: return try drained(result, object)
    case is FunctionObject, is MethodObject, is CachedObject:
      let shown = try snapshot(result)
      noteNames(of: object, isReturned: true)
      for followUp in followUps {
        invoked.insert(ObjectIdentifier(object))
        var arguments = Arguments()
        for input in followUp.positional { arguments.positional.append(try materialize(input)) }
        for keyword in followUp.keywords {
          arguments.keywords.append((keyword.name, try materialize(keyword.value)))
        }
        let given = arguments
        results.append(
          try guarded { () throws(Unwind) in
            let value = try self.callValue(result, given)
            if case .object(let inner) = value, inner is GeneratorObject || inner is IteratorObject {
              return try self.drained(value, inner)
            }
            return .returned(try self.snapshot(value))
          })
      }
      return .returned(shown)
    default: return .returned(try snapshot(result))
    }
  }

  /// Whoever takes an item can look at the attributes.
  private func noteHeld() throws(Unwind) {
    try tellHeld()
    if plainAttributes.isEmpty { return }
    let state = try reachableState()
    let count = plainAttributes.count
    if state.prefix(count) != lastState.prefix(count) { trace.append(.state(state)) }
    lastState = state
  }

  private func drained(_ iterator: Value, _ object: Object) throws(Unwind) -> Outcome {
    invoked.insert(ObjectIdentifier(object))
    var items: [Snapshot] = []
    do throws(Unwind) {
      while let item = try drive(iterator, object, after: items.count) {
        items.append(try snapshot(item))
        try noteHeld()
        if items.count >= limits.drained { return .yielded(items, end: .more) }
      }
      let result = object is GeneratorObject ? generatorResult : .none
      return .yielded(items, end: .exhausted(try snapshot(result)))
    } catch {
      guard error == .exception else { throw error }
      return .yielded(items, end: .raised(try raised(pending, depth: 0)))
    }
  }

  /// The next item of a returned iterator, asked for as the world does it.
  private func drive(_ iterator: Value, _ object: Object, after count: Int) throws(Unwind) -> Value? {
    guard let generator = object as? GeneratorObject, generator.kind == .generator, generator.hasYielded else {
      return try next(iterator)
    }
    switch world.profile.drive {
    case .plain: return try next(iterator)
    case .sends: return try resume(generator, sending: .int(count))
    case .throwsAt(let place, let name):
      guard place == count, generator.frame != nil else { return try next(iterator) }
      let exception = try register(ExceptionObject(type(name), [], implicit: false), bytes: 96)
      do throws(Unwind) {
        return try inject(exception, into: generator)
      } catch {
        // It returned.
        if error == .exception, generator.frame == nil, pendingIs("StopIteration") { return nil }
        throw error
      }
    case .closesAt(let place):
      guard place == count else { return try next(iterator) }
      _ = try generatorMethod(.close, generator, .none)
      generatorResult = .none
      return nil
    }
  }

  /// Functions and iterators that were returned or given away are used by someone, later.
  private func settle() throws(Unwind) {
    var index = 0
    while index < escapedFunctions.count, index < 8 {
      let object = escapedFunctions[index]
      index += 1
      if invoked.contains(ObjectIdentifier(object)) { continue }
      // Twice: what it keeps between calls is observed.
      for round in 1...2 {
        do throws(Unwind) {
          try callBack(.object(object), "<function>#\(object.number).\(round)")
        } catch {
          guard error == .exception else { throw error }
        }
        if object is GeneratorObject || object is IteratorObject { break }
      }
    }
  }
}

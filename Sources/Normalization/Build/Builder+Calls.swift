import BigInt
import Logic

extension Builder {
  func call(_ callee: Expression, _ arguments: [Argument], _ frame: Frame, _ state: inout State) throws(Failure)
    -> NodeID
  {
    if case .global(.builtin(let name)) = callee {
      if let known = try builtin(name, arguments, frame, &state) { return known }
    }
    if let found = try ownedMethod(callee, arguments, frame, &state) { return found }
    if let text = try formatCall(callee, arguments, frame, &state) { return text }
    let function: NodeID
    if case .attribute(let object, let name) = callee {
      let owner = try evaluate(object, frame, &state)
      if let text = try textMethod(owner, name, arguments, frame, &state) { return text }
      function = getAttribute(owner, name, &state)
    } else {
      function = try evaluate(callee, frame, &state)
    }
    var operands = [function]
    let arguments = arguments.inOrderOfEvaluation
    beginPieces(arguments, frame, &state)
    for argument in arguments {
      if argument.kind == .keyword("key"), case .closure(let procedure) = argument.value, isOrdering(callee) {
        operands.append(try closure(procedure, namesMatter: false, frame, &state))
      } else {
        operands.append(try evaluate(argument.value, frame, &state))
      }
    }
    return effect(.call(arguments.map { ArgumentKey($0.kind) }), operands, &state)
  }

  /// `min`, `max`: they call their key with one positional argument.
  private func isOrdering(_ callee: Expression) -> Bool {
    guard case .global(.builtin(let name)) = callee else { return false }
    return name == "min" || name == "max"
  }

  // MARK: Builtins

  private func builtin(_ name: String, _ arguments: [Argument], _ frame: Frame, _ state: inout State)
    throws(Failure) -> NodeID?
  {
    guard arguments.allSatisfy({ $0.kind == .positional }) else { return nil }
    let expressions = arguments.map(\.value)
    switch (name, expressions.count) {
    // What `and` or `or` gives is asked again.
    case ("bool", 1): return truth(try evaluate(expressions[0], frame, &state), &state)
    case ("any", 1), ("all", 1):
      guard case .comprehension(let comprehension) = expressions[0] else { return nil }
      return try quantifier(name, comprehension, frame, &state)
    case ("sum", 1): return try sum(expressions[0], frame, &state)
    case ("len", 1):
      if case .local(let variable) = expressions[0], state.owned.contains(frame.slot(variable)) {
        return length(ofFresh: state.variables[frame.slot(variable)] ?? graph.none)
      }
      let value = try evaluate(expressions[0], frame, &state)
      if let length = knownLength(value, state) { return length }
      return question(.call([.positional]), [graph.node(.builtin("len")), value], &state, types: .int)
    case ("min", 2...), ("max", 2...):
      var values: [NodeID] = []
      for expression in expressions { values.append(try evaluate(expression, frame, &state)) }
      note(.extremumOfArguments)
      var best = values[0]
      for value in values.dropFirst() {
        let isBetter = truth(compare(name == "max" ? .greater : .less, value, best, &state), &state)
        best = graph.gamma(isBetter, value, best)
      }
      return best
    case ("divmod", 2):
      let (a, b) = (try evaluate(expressions[0], frame, &state), try evaluate(expressions[1], frame, &state))
      if graph.isInteger(a), graph.isInteger(b), let quotient = graph.integerArithmetic(.floorDivide, a, b),
        let remainder = graph.integerArithmetic(.modulo, a, b)
      {
        note(.quotientAndRemainder)
        return graph.node(.tuple, [quotient, remainder], types: .tuple)
      }
      return effect(.call([.positional, .positional]), [graph.node(.builtin(name)), a, b], &state)
    case ("type", 1):
      // Unknown code may assign `__class__`.
      let value = try evaluate(expressions[0], frame, &state)
      return graph.node(.pureCall("type"), [value, state.clobber], types: .other)
    case ("isinstance", 2):
      let value = try evaluate(expressions[0], frame, &state)
      let types = try evaluate(expressions[1], frame, &state)
      if let pure = isInstance(value, types, state) { return pure }
      return effect(
        .call([.positional, .positional]), [graph.node(.builtin("isinstance")), value, types], &state, types: .bool)
    case ("abs", 1), ("int", 1), ("str", 1), ("repr", 1), ("hash", 1), ("id", 1),
      ("callable", 1), ("ord", 1), ("hasattr", 2), ("issubclass", 2), ("chr", 1), ("any", _), ("all", _),
      ("input", 0), ("input", 1):
      var values: [NodeID] = []
      for expression in expressions { values.append(try evaluate(expression, frame, &state)) }
      if let pure = pureBuiltin(name, values) { return pure }
      if name == "id", values.contains(where: graph.isComputed) { graph.comparesComputedIdentities = true }
      // Of plain values it is what the language says.
      let plain: ValueTypes = [.none, .bool, .int, .float, .string, .bytes]
      let isForeign =
        name == "input" || name == "any" || name == "all" || !values.allSatisfy { graph.type($0).within(plain) }
      return effect(
        .call(values.map { _ in .positional }), [graph.node(.builtin(name))] + values, &state,
        types: resultType(name, values), foreign: isForeign)
    default: return nil
    }
  }

  /// Of a built-in class, or of one of a tuple of them: all that may run is a read of `__class__`.
  ///
  ///     isinstance(x, (A, B))   =   isinstance(x, A) or isinstance(x, B)
  private func isInstance(_ value: NodeID, _ type: NodeID, _ state: State) -> NodeID? {
    switch graph.op(type) {
    case .builtin(let name):
      guard Self.builtinClasses.contains(name), !scope.nonPlainAttributes.contains("__class__"),
        !scope.nonPlainAttributes.contains("*"), assume(.plainAttributes)
      else { return nil }
      return graph.node(.pureCall("isinstance"), [value, type, state.clobber], types: .bool)
    case .tuple:
      note(.instanceOfAny)
      var result = graph.no
      for one in graph.arguments(type) {
        guard let condition = isInstance(value, one, state) else { return nil }
        result = graph.disjunction(result, condition)
      }
      return result
    default: return nil
    }
  }

  private static let builtinClasses: Set<String> = [
    "object", "int", "bool", "float", "complex", "str", "bytes", "bytearray", "list", "tuple", "dict", "set",
    "frozenset", "range", "slice", "type", "Exception", "BaseException", "ValueError", "KeyError", "TypeError",
    "OSError", "IndexError", "AttributeError", "RuntimeError", "LookupError", "StopIteration", "NotImplementedError",
  ]

  private func resultType(_ name: String, _ values: [NodeID]) -> ValueTypes {
    // `__str__` and `__repr__` may give a subclass of str.
    if name == "str" || name == "repr" {
      return graph.type(values[0]).within([.none, .bool, .int, .float, .bytes]) ? .string : .unknown
    }
    return Builder.resultTypes[name] ?? .unknown
  }

  private static let resultTypes: [String: ValueTypes] = [
    "int": .int, "hash": .int, "id": .int, "callable": .bool, "ord": .int,
    "hasattr": .bool, "issubclass": .bool, "chr": .string, "any": .bool, "all": .bool,
    "input": .string,
  ]

  /// `abs` of an integer is a conditional: abs(a) = -a if a < 0 else a.
  private func pureBuiltin(_ name: String, _ values: [NodeID]) -> NodeID? {
    guard values.allSatisfy(graph.isInteger) else { return nil }
    switch name {
    case "int": return graph.asInteger(values[0])
    case "abs":
      let value = graph.asInteger(values[0])
      return graph.pureComparison(.less, value, graph.integer(0)).map {
        graph.gamma($0, graph.negated(value), value)
      }
    default: return nil
    }
  }

  func length(ofFresh value: NodeID) -> NodeID {
    if case .freshList = graph.op(value) { return graph.integer(BigInt(graph.arguments(value).count)) }
    return graph.node(.freshLength, [value], types: .int)
  }

  // MARK: Inlining

  /// A call of a function whose body is known, under `stable-names` (and `no-override` for a method).
  func inlineCall(_ callee: Expression, _ arguments: [Argument], _ frame: Frame, _ state: inout State)
    throws(Failure) -> (NodeID, fresh: Bool)?
  {
    // Module code may call a function before it is there.
    guard allowed.contains(.stableNames), inlining.count < 4, !isRunOnce else { return nil }
    var receiver: NodeID?
    let procedure: Procedure
    let key: String
    switch callee {
    case .global(let reference):
      guard let helper = scope.helper(reference), isAtHome(helper, under: reference) else { return nil }
      procedure = helper
      key = helper.name
    case .attribute(.local(let name), let method):
      guard let helper = scope.method(method), frame.isMethod, frame.procedure.parameters.first?.name == name,
        allowed.contains(.noOverride), frame.use.bindings[name] == nil,
        !frame.cells.contains(name)
      else { return nil }
      procedure = helper
      key = "self." + method
      receiver = read(name, frame, &state)
    default: return nil
    }
    // Each call has cells of its own; the frame of an inlined body would share them between the rounds of a loop.
    guard procedure.kind == .function, !inlining.contains(key), VariableUse.cells(of: procedure).isEmpty,
      let positions = bind(arguments, to: procedure, hasReceiver: receiver != nil)
    else { return nil }
    _ = assume(.stableNames)
    if receiver != nil { _ = assume(.noOverride) }

    var values: [NodeID] = []
    for argument in arguments { values.append(try evaluate(argument.value, frame, &state)) }
    let inner = makeFrame(procedure, parent: nil)
    inner.isMethod = receiver != nil
    inner.entered = (protections, loopNesting)
    if let receiver, let first = procedure.parameters.first {
      assign(first.name, receiver, fresh: false, inner, &state)
    }
    for (position, parameter) in procedure.parameters.enumerated() where !(receiver != nil && position == 0) {
      let value: NodeID
      if let source = positions[position] {
        value = values[source]
      } else if case .constant(let constant)? = parameter.defaultValue {
        value = graph.constant(constant)
      } else {
        return nil
      }
      assign(parameter.name, value, fresh: false, inner, &state)
    }
    note(.helperInlined)
    inlining.append(key)
    defer { inlining.removeLast() }
    let callLine = line
    let outer = (guarded, handling)
    guarded = []
    handling = []
    defer { (guarded, handling) = outer }
    let start = state
    let aborted = state.aborted
    var clean = state
    clean.aborted = nil
    let flow = try execute(procedure.body, clean, inner)
    line = callLine
    let (result, after) = try result(of: flow, start: start)
    state = after
    if let aborted { abort(aborted, &state) }
    if let made = unmarked(result) { return (made, true) }
    return (identified(result, &state), false)
  }

  // A helper hands a container that it made, and that nothing else refers to, to its caller. What it returns is marked
  // until all its ways out have met.

  func marked(_ container: NodeID) -> NodeID {
    graph.node(.handedOver, [container], types: graph.type(container))
  }

  /// The container, where every way out has made one.
  private func unmarked(_ result: NodeID) -> NodeID? {
    switch graph.op(result) {
    case .handedOver: return graph.arguments(result)[0]
    case .gamma:
      let parts = graph.arguments(result)
      guard let x = unmarked(parts[1]), let y = unmarked(parts[2]) else { return nil }
      return graph.gamma(parts[0], x, y)
    default: return nil
    }
  }

  /// Gives what only some ways out have made an identity.
  private func identified(_ result: NodeID, _ state: inout State) -> NodeID {
    switch graph.op(result) {
    case .handedOver: return allocate(graph.arguments(result)[0], &state)
    case .gamma:
      let parts = graph.arguments(result)
      return graph.gamma(parts[0], identified(parts[1], &state), identified(parts[2], &state))
    default: return result
    }
  }

  /// Whether the names of the module in a helper mean here what they mean where it is defined.
  private func isAtHome(_ helper: Procedure, under reference: Reference) -> Bool {
    if case .module = reference { return true }
    var isClosed = true
    var walk = Walk()
    walk.expression = { expression in
      switch expression {
      case .global(.module), .global(.unresolved), .closure: isClosed = false
      default: break
      }
    }
    walk.target = { if case .global = $0 { isClosed = false } }
    walk(helper.body)
    return isClosed
  }

  /// The value of an inlined call, and the state after it.
  private func result(of flow: Flow, start: State) throws(Failure) -> (NodeID, State) {
    var ended: Flow = flow
    var value = graph.none
    if let returned = flow.states[.returned] {
      value = flow.result ?? graph.none
      if let fallen = flow.states[.fall] {
        let here = predicate(flow.selector, is: .returned)
        value = graph.gamma(here, value, graph.none)
        ended.states[.fall] = merge(here, returned, fallen)
      } else {
        ended.states[.fall] = returned
      }
      ended.states[.returned] = nil
      ended.selector = replaceLeaves(flow.selector) { graph.exit($0 == .returned ? .fall : $0) }
    }
    return (value, try merged(ended, else: start))
  }

  /// For each parameter the argument that it takes; nil where the call would fail or is not plain.
  private func bind(_ arguments: [Argument], to procedure: Procedure, hasReceiver: Bool) -> [Int: Int]? {
    var result: [Int: Int] = [:]
    var next = hasReceiver ? 1 : 0
    let parameters = procedure.parameters
    for parameter in parameters {
      switch parameter.kind {
      case .variadic, .variadicKeyword: return nil
      default: break
      }
    }
    for (position, argument) in arguments.enumerated() {
      switch argument.kind {
      case .positional:
        guard next < parameters.count, parameters[next].kind != .keywordOnly else { return nil }
        result[next] = position
        next += 1
      case .keyword(let name):
        guard
          let index = parameters.firstIndex(where: { $0.name == name && $0.kind != .positionalOnly }),
          result[index] == nil, !(hasReceiver && index == 0)
        else { return nil }
        result[index] = position
      case .spread, .spreadKeywords: return nil
      }
    }
    for (position, parameter) in parameters.enumerated() where result[position] == nil {
      if hasReceiver, position == 0 { continue }
      guard case .constant? = parameter.defaultValue else { return nil }
    }
    return result
  }
}

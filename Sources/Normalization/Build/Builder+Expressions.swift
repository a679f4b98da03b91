import BigInt
import Logic

extension Builder {
  /// The value of an expression, as an object that may be referred to from elsewhere.
  func evaluate(_ expression: Expression, _ frame: Frame, _ state: inout State) throws(Failure) -> NodeID {
    let (value, fresh) = try evaluateFresh(expression, frame, &state)
    return fresh ? allocate(value, &state) : value
  }

  /// The value of an expression; `fresh` where it is a container whose identity nobody can know yet.
  func evaluateFresh(_ expression: Expression, _ frame: Frame, _ state: inout State) throws(Failure) -> (
    NodeID, fresh: Bool
  ) {
    if graph.isExhausted { throw .budget }
    switch expression {
    case .list(let elements): return try list(elements, frame, &state)
    case .dictionary(let items): return try dictionary(items, frame, &state)
    case .set(let elements): return try set(elements, frame, &state)
    case .comprehension(let comprehension) where comprehension.kind != .generator:
      return (try collect(comprehension, frame, &state), true)
    case .item(let object, .slice(let low, let high, let step)):
      return try slice(object, .slice(low, high, step), frame, &state)
    case .call(let callee, let arguments):
      if let fresh = try freshCall(callee, arguments, frame, &state) { return (fresh, true) }
      if let inlined = try inlineCall(callee, arguments, frame, &state) { return inlined }
      return (try call(callee, arguments, frame, &state), false)
    default: return (try value(expression, frame, &state), false)
    }
  }

  /// `xs[a:b:c]`: of a list a fresh one.
  private func slice(_ object: Expression, _ index: Expression, _ frame: Frame, _ state: inout State) throws(Failure)
    -> (NodeID, fresh: Bool)
  {
    if case .local(let name) = object, let slot = ownedSlot(name, frame, state), let list = state.variables[slot],
      graph.type(list) == .list
    {
      let bounds = try evaluate(index, frame, &state)
      guard state.owned.contains(slot), state.variables[slot] == list else {
        throw unsupported("a container that is changed while its own index is computed")
      }
      if let part = sliced(list, bounds, isOwned: true, state) { return (part, true) }
      return (effect(.getItem, [list, bounds], &state, types: .list), true)
    }
    let owner = try evaluate(object, frame, &state)
    let bounds = try evaluate(index, frame, &state)
    if let part = sliced(owner, bounds, state) { return (part, graph.type(part) == .list) }
    return (effect(.getItem, [owner, bounds], &state), false)
  }

  private func value(_ expression: Expression, _ frame: Frame, _ state: inout State) throws(Failure) -> NodeID {
    switch expression {
    case .constant(let constant): return graph.constant(constant)
    case .local(let name): return read(name, frame, &state)
    case .captured(let name): return readCaptured(name, frame, &state)
    case .global(let reference): return readName(reference, &state)
    case .namespace(let name): return effect(.readNamespace(name), [], &state, foreign: false)
    case .unary(let op, let operand):
      let value = try evaluate(operand, frame, &state)
      return unary(op, value, &state)
    case .binary(let op, let left, let right):
      if op == .modulo, isFilledInPieces(left, right) { effect(.fillTemplate, [], &state, foreign: false) }
      let a = try evaluate(left, frame, &state)
      let b = try evaluate(right, frame, &state)
      return binary(op, a, b, &state)
    case .compare(let op, let left, let right):
      if let found = try containment(op, left, right, frame, &state) { return found }
      let a = try evaluate(left, frame, &state)
      let b = try evaluate(right, frame, &state)
      return compare(op, a, b, &state)
    case .chain(let operands, let operators): return try chain(operands, operators, frame, &state)
    case .not(let operand): return graph.not(truth(try evaluate(operand, frame, &state), &state))
    case .and(let operands): return try shortCircuit(operands[...], stopsAt: false, frame, &state)
    case .or(let operands): return try shortCircuit(operands[...], stopsAt: true, frame, &state)
    case .conditional(let test, let then, let otherwise):
      let condition = try evaluateCondition(test, frame, &state)
      return try choose(
        condition, &state, { s throws(Failure) in try self.evaluate(then, frame, &s) },
        { s throws(Failure) in try self.evaluate(otherwise, frame, &s) })
    case .attribute(let object, let name):
      let owner = try evaluate(object, frame, &state)
      return getAttribute(owner, name, &state)
    case .item(let object, let index):
      if case .local(let name) = object, let slot = ownedSlot(name, frame, state),
        let item = try ownedItem(slot, index, frame, &state)
      {
        return item
      }
      let owner = try evaluate(object, frame, &state)
      let key = try evaluate(index, frame, &state)
      return itemInRange(owner, key, state) ?? itemOrError(owner, key, &state)
    case .slice(let low, let high, let step):
      var parts: [NodeID] = []
      for part in [low, high, step] {
        parts.append(try part.map { p throws(Failure) in try self.evaluate(p, frame, &state) } ?? graph.none)
      }
      return graph.node(.slice, parts, types: .other)
    case .tuple(let elements): return try tuple(elements, frame, &state)
    case .format(let parts): return try format(parts, frame, &state)
    case .comprehension(let comprehension): return try generator(comprehension, frame, &state)
    case .closure(let procedure): return try closure(procedure, frame, &state)
    case .definition(let definition):
      var arguments: [NodeID] = []
      for argument in definition.arguments { arguments.append(try evaluate(argument.value, frame, &state)) }
      let keys = definition.arguments.map { ArgumentKey($0.kind) }
      let types: ValueTypes = definition.kind == .function ? .function : .unknown
      return effect(.definition(definition.kind, definition.name, keys), arguments, &state, types: types)
    case .named(let target, let operand):
      let value = try evaluate(operand, frame, &state)
      try store(target, value, frame, &state)
      return value
    case .yield(let operand):
      let value = try operand.map { o throws(Failure) in try self.evaluate(o, frame, &state) } ?? graph.none
      return effect(.yield, [value], &state)
    case .yieldFrom(let operand): return effect(.yieldFrom, [try evaluate(operand, frame, &state)], &state)
    case .await(let operand): return effect(.await, [try evaluate(operand, frame, &state)], &state)
    case .importModule(let name, let leaf):
      return effect(.importModule(name, leaf: leaf), [], &state)
    case .importName(let module, let name):
      return effect(.importName(module: module, name: name), [], &state)
    case .list, .dictionary, .set, .call: return try evaluate(expression, frame, &state)
    }
  }

  // MARK: Names

  private func readCaptured(_ name: String, _ frame: Frame, _ state: inout State) -> NodeID {
    guard let owner = frame.owner(of: name) else {
      return effect(.readOuter(name), [], &state, foreign: false)
    }
    let slot = owner.slot(name)
    if owner.cells.contains(name) { return effect(.readCell(cellNumber(slot)), [], &state, foreign: false) }
    return bound(slot, &state)
  }

  func readName(_ reference: Reference, _ state: inout State) -> NodeID {
    switch reference {
    case .builtin(let name): return graph.node(.builtin(name))
    case .imported, .module:
      if isRunOnce { return effect(.readName(reference), [], &state, foreign: false) }
    case .unresolved: break
    }
    switch reference {
    case .imported: return stableRead(reference, state)
    case .module(let name):
      if scope.boundNames.contains(name) { return stableRead(reference, state) }
      return effect(.readName(reference), [], &state, foreign: false)
    default: return effect(.readName(reference), [], &state, foreign: false)
    }
  }

  private func stableRead(_ reference: Reference, _ state: State) -> NodeID {
    if assume(.stableNames) { return graph.node(.nameRead(reference)) }
    return graph.node(.nameRead(reference), [state.clobber])
  }

  func getAttribute(_ owner: NodeID, _ name: String, _ state: inout State) -> NodeID {
    let isPlain = !scope.nonPlainAttributes.contains(name) && !scope.nonPlainAttributes.contains("*")
    guard isPlain, assume(.plainAttributes) else { return effect(.getAttribute(name), [owner], &state) }
    let load = State.Load(object: owner, name: name)
    if let known = state.available[load] {
      note(.attributeReadOnce)
      return known
    }
    let value: NodeID
    if protections == 0 {
      value = graph.node(.effect(.getAttribute(name)), [state.anchor, owner])
      state.addRead(value)
    } else {
      // A handler may look at which read failed.
      value = effect(.getAttribute(name), [owner], &state, foreign: false)
    }
    state.available[load] = value
    return value
  }

  // MARK: Operators

  /// `"%s %s" % (a, b())`: from Python 3.11 on, the text of `a` is made before `b` is called, until then after it. So
  /// where the display begins is part of what happens.
  private func isFilledInPieces(_ template: Expression, _ values: Expression) -> Bool {
    guard case .constant(.string) = template, case .tuple(let elements) = values else { return false }
    return elements.dropFirst().contains { element in
      switch element {
      case .single(.constant), .single(.local): false
      default: true
      }
    }
  }

  func unary(_ op: UnaryOperator, _ value: NodeID, _ state: inout State) -> NodeID {
    if graph.isInteger(value) {
      switch op {
      case .negate: return graph.negated(value)
      case .plus: return graph.asInteger(value)
      case .invert: return graph.integerArithmetic(.subtract, graph.negated(value), graph.integer(1)) ?? value
      }
    }
    let isNumber = graph.type(value).within([.bool, .int, .float])
    return effect(
      .unary(op), [value], &state, types: isNumber ? [.int, .float] : .unknown, foreign: !isNumber)
  }

  func binary(_ op: BinaryOperator, _ a: NodeID, _ b: NodeID, _ state: inout State) -> NodeID {
    if graph.isInteger(a), graph.isInteger(b) {
      if let result = graph.integerArithmetic(op, a, b) { return result }
      let types: ValueTypes = op == .divide ? .float : op == .power ? [.int, .float] : .int
      return effect(.binary(op), [a, b], &state, types: types, foreign: false)
    }
    if op == .add, graph.type(a).within(.string), graph.type(b).within(.string) { return concatenate([a, b]) }
    let numbers: ValueTypes = [.bool, .int, .float]
    let isNumeric = graph.type(a).within(numbers) && graph.type(b).within(numbers) && op != .matrixMultiply
    return effect(
      .binary(op), [a, b], &state, types: isNumeric ? [.int, .float, .other] : .unknown, foreign: !isNumeric)
  }

  /// Text put together from strings; neighbouring constants become one.
  func concatenate(_ parts: [NodeID]) -> NodeID {
    var flat: [NodeID] = []
    for part in parts {
      let pieces = graph.op(part) == .pureCall("concatenate") ? graph.arguments(part) : [part]
      for piece in pieces {
        if case .string(let right)? = graph.constantValue(piece) {
          if right.values.isEmpty { continue }
          if let last = flat.last, case .string(let left)? = graph.constantValue(last) {
            flat[flat.count - 1] = graph.constant(.string(CodePoints(left.values + right.values)))
            continue
          }
        }
        flat.append(piece)
      }
    }
    if flat.isEmpty { return graph.constant(.string(CodePoints([]))) }
    if flat.count == 1 { return flat[0] }
    return graph.node(.pureCall("concatenate"), flat, types: .string)
  }

  func compare(_ op: ComparisonOperator, _ a: NodeID, _ b: NodeID, _ state: inout State) -> NodeID {
    if let pure = graph.pureComparison(op, a, b) { return pure }
    if op == .contains || op == .notContains, let found = isInText(a, b) {
      return op == .contains ? found : graph.not(found)
    }
    if let turned = op.turned, isPlainConstant(a), !isPlainConstant(b) {
      note(.constantOnTheRight)
      return compare(turned, b, a, &state)
    }
    switch op {
    case .contains: return effect(.compare(.contains), [a, b], &state, types: .bool)
    case .notContains: return graph.not(effect(.compare(.contains), [a, b], &state, types: .bool))
    case .equal, .notEqual:
      let numbers: ValueTypes = [.bool, .int, .float]
      if graph.type(a).within(numbers), graph.type(b).within(numbers) {
        let equal = graph.node(.pureCall("number=="), [a, b].sorted(), types: .bool)
        return op == .equal ? equal : graph.not(equal)
      }
      return protocolEffect(.compare(op), [a, b], &state)
    case .greater, .greaterOrEqual, .less, .lessOrEqual:
      let numbers: ValueTypes = [.bool, .int, .float]
      if graph.type(a).within(numbers), graph.type(b).within(numbers) {
        // A NaN makes all four false: a > b is b < a, but not (a < b) is not a >= b.
        let flipped = op == .greater || op == .greaterOrEqual
        let name = op == .less || op == .greater ? "number<" : "number<="
        return graph.node(.pureCall(name), flipped ? [b, a] : [a, b], types: .bool)
      }
      return effect(.compare(op), [a, b], &state)
    default: return effect(.compare(op), [a, b], &state)
    }
  }

  /// Its own comparison knows values of its type and no other, so the other operand is asked either way. Not so a float
  /// or a bool: each compares itself with an int, also with one of a subclass that has its own comparison.
  private func isPlainConstant(_ value: NodeID) -> Bool {
    switch graph.constantValue(value) {
    case .none?, .int?, .string?, .bytes?: true
    default: false
    }
  }

  private func chain(
    _ operands: [Expression], _ operators: [ComparisonOperator], _ frame: Frame, _ state: inout State
  ) throws(Failure) -> NodeID {
    note(.chainedComparison)
    let first = try evaluate(operands[0], frame, &state)
    return try link(first, operands[1...], operators[...], frame, &state)
  }

  private func link(
    _ left: NodeID, _ operands: ArraySlice<Expression>, _ operators: ArraySlice<ComparisonOperator>, _ frame: Frame,
    _ state: inout State
  ) throws(Failure) -> NodeID {
    guard let operand = operands.first, let op = operators.first else { return left }
    let right = try evaluate(operand, frame, &state)
    let result = compare(op, left, right, &state)
    if operators.count == 1 { return result }
    let condition = truth(result, &state)
    return try choose(
      condition, &state,
      { s throws(Failure) in try self.link(right, operands.dropFirst(), operators.dropFirst(), frame, &s) },
      { _ throws(Failure) in result })
  }

  /// `a and b`, `a or b`: the operand that decided.
  private func shortCircuit(
    _ operands: ArraySlice<Expression>, stopsAt: Bool, _ frame: Frame, _ state: inout State
  ) throws(Failure) -> NodeID {
    guard let first = operands.first else { return graph.none }
    let value = try evaluate(first, frame, &state)
    if operands.count == 1 { return value }
    let condition = truth(value, &state)
    let rest = operands.dropFirst()
    let goesOn = { (s: inout State) throws(Failure) -> NodeID in
      try self.shortCircuit(rest, stopsAt: stopsAt, frame, &s)
    }
    let stops = { (_: inout State) throws(Failure) -> NodeID in value }
    return try choose(condition, &state, stopsAt ? stops : goesOn, stopsAt ? goesOn : stops)
  }

  /// Evaluates one of two expressions, as the condition says, and merges what they did.
  func choose(
    _ condition: NodeID, _ state: inout State, _ then: (inout State) throws(Failure) -> NodeID,
    _ otherwise: (inout State) throws(Failure) -> NodeID
  ) throws(Failure) -> NodeID {
    if condition == graph.yes { return try then(&state) }
    if condition == graph.no { return try otherwise(&state) }
    let aborted = state.aborted
    var clean = state
    clean.aborted = nil
    var a = onPath(condition, clean)
    var b = onPath(graph.not(condition), clean)
    let x = try then(&a)
    let y = try otherwise(&b)
    state = merge(condition, a, b)
    if let aborted { abort(aborted, &state) }
    return graph.gamma(condition, x, y)
  }

  /// Adds paths that raised before those that the state has.
  func abort(_ earlier: State.Aborted, _ state: inout State) {
    guard let later = state.aborted else {
      state.aborted = earlier
      return
    }
    state.aborted = State.Aborted(
      condition: graph.disjunction(earlier.condition, later.condition),
      chain: graph.gamma(earlier.condition, earlier.chain, later.chain))
  }

  // MARK: Truth

  /// Whether the expression is true, by the decisions that it takes: `and`, `or`, `not` leave no value behind.
  func evaluateCondition(_ expression: Expression, _ frame: Frame, _ state: inout State) throws(Failure) -> NodeID {
    switch expression {
    case .not(let operand):
      note(.negatedCondition)
      return graph.not(try evaluateCondition(operand, frame, &state))
    case .and(let operands): return try connective(operands[...], isAnd: true, frame, &state)
    case .or(let operands): return try connective(operands[...], isAnd: false, frame, &state)
    case .conditional(let test, let then, let otherwise):
      let condition = try evaluateCondition(test, frame, &state)
      return try choose(
        condition, &state, { s throws(Failure) in try self.evaluateCondition(then, frame, &s) },
        { s throws(Failure) in try self.evaluateCondition(otherwise, frame, &s) })
    case .local(let name) where state.owned.contains(frame.slot(name)) && !frame.cells.contains(name):
      return freshIsNonEmpty(state.variables[frame.slot(name)] ?? graph.none)
    case .chain(let operands, let operators):
      note(.chainedComparison)
      let first = try evaluate(operands[0], frame, &state)
      return try linkCondition(first, operands[1...], operators[...], frame, &state)
    default: return truth(try evaluate(expression, frame, &state), &state)
    }
  }

  /// A chained comparison as a test: each link is asked for its truth once.
  private func linkCondition(
    _ left: NodeID, _ operands: ArraySlice<Expression>, _ operators: ArraySlice<ComparisonOperator>, _ frame: Frame,
    _ state: inout State
  ) throws(Failure) -> NodeID {
    guard let operand = operands.first, let op = operators.first else { return graph.yes }
    let right = try evaluate(operand, frame, &state)
    let condition = truth(compare(op, left, right, &state), &state)
    if operators.count == 1 { return condition }
    return try choose(
      condition, &state,
      { s throws(Failure) in
        try self.linkCondition(right, operands.dropFirst(), operators.dropFirst(), frame, &s)
      }, { _ throws(Failure) in self.graph.no })
  }

  private func connective(
    _ operands: ArraySlice<Expression>, isAnd: Bool, _ frame: Frame, _ state: inout State
  ) throws(Failure) -> NodeID {
    guard let first = operands.first else { return graph.bool(isAnd) }
    let condition = try evaluateCondition(first, frame, &state)
    if operands.count == 1 { return condition }
    let rest = operands.dropFirst()
    let goesOn = { (s: inout State) throws(Failure) -> NodeID in
      try self.connective(rest, isAnd: isAnd, frame, &s)
    }
    let stops = { (_: inout State) throws(Failure) -> NodeID in self.graph.bool(!isAnd) }
    return try choose(condition, &state, isAnd ? goesOn : stops, isAnd ? stops : goesOn)
  }

  /// Truth of a value: without effect where its type is known.
  func truth(_ value: NodeID, _ state: inout State) -> NodeID {
    // Nobody looks at the answer any more.
    if graph.isExhausted { return graph.no }
    if let pure = pureTruth(value, state) { return pure }
    if graph.op(value) == .gamma {
      let parts = graph.arguments(value)
      let whole = state
      var (a, b) = (onPath(parts[0], whole), onPath(graph.not(parts[0]), whole))
      let x = settled(parts[1], by: parts[0], is: true, a) ?? truth(parts[1], &a)
      let y = settled(parts[2], by: parts[0], is: false, b) ?? truth(parts[2], &b)
      state = merge(parts[0], a, b)
      return graph.gamma(parts[0], x, y)
    }
    return question(.truth, [value], &state, types: .bool)
  }

  /// `a and b` has just asked for the truth of `a` where it gives `a`.
  private func settled(_ value: NodeID, by condition: NodeID, is answer: Bool, _ state: State) -> NodeID? {
    guard case .outcome = graph.op(condition), let event = graph.arguments(condition).first,
      case .effect(.truth) = graph.op(event), graph.arguments(event)[1] == value, state.anchor == event,
      assume(.quietProtocols)
    else { return nil }
    note(.askedOnce)
    return graph.bool(answer)
  }

  private func pureTruth(_ value: NodeID, _ state: State) -> NodeID? {
    if graph.isExhausted { return nil }
    let types = graph.type(value)
    if types == .bool { return value }
    if types == .none { return graph.no }
    if types == .function { return graph.yes }
    if graph.isInteger(value) {
      return graph.pureComparison(.notEqual, graph.asInteger(value), graph.integer(0))
    }
    if case .string(let text)? = graph.constantValue(value) { return graph.bool(!text.values.isEmpty) }
    if let length = knownLength(value, state) { return graph.pureComparison(.notEqual, length, graph.integer(0)) }
    if graph.op(value) == .gamma {
      let parts = graph.arguments(value)
      if let x = pureTruth(parts[1], state), let y = pureTruth(parts[2], state) { return graph.gamma(parts[0], x, y) }
    }
    return nil
  }

  func freshIsNonEmpty(_ value: NodeID) -> NodeID {
    switch graph.op(value) {
    case .freshList: return graph.bool(!graph.arguments(value).isEmpty)
    case .appended: return graph.yes
    default:
      return graph.pureComparison(.notEqual, graph.node(.freshLength, [value], types: .int), graph.integer(0))
        ?? graph.no
    }
  }
}

extension ComparisonOperator {
  /// The operator that says the same of the operands in the other order.
  fileprivate var turned: ComparisonOperator? {
    switch self {
    case .equal, .notEqual: self
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    case .identical, .notIdentical, .contains, .notContains: nil
    }
  }
}

import Logic

extension Builder {
  func execute(_ statements: [Statement], _ state: State, _ frame: Frame) throws(Failure) -> Flow {
    var flow = fall(state)
    for statement in statements {
      flow = try then(flow) { state throws(Failure) in
        self.line = statement.line == 0 ? self.line : statement.line
        return try self.execute(statement, state, frame)
      }
      if flow.states[.fall] == nil { break }
    }
    return flow
  }

  private func execute(_ statement: Statement, _ initial: State, _ frame: Frame) throws(Failure) -> Flow {
    var state = initial
    switch statement.kind {
    case .expression(let value):
      if try !mutateOwned(value, frame, &state) { _ = try evaluateFresh(value, frame, &state) }
      return fall(state)
    case .assign(let targets, let value):
      try assign(targets, value, frame, &state)
      return fall(state)
    case .augment(let target, let op, let value):
      try augment(target, op, value, frame, &state)
      return fall(state)
    case .delete(let target):
      try delete(target, frame, &state)
      return fall(state)
    case .branch(let test, let then, let otherwise):
      return try decide(
        test, state, frame, then: { s throws(Failure) in try self.execute(then, s, frame) },
        otherwise: { s throws(Failure) in try self.execute(otherwise, s, frame) })
    case .whileLoop(let test, let body, let otherwise):
      return try whileLoop(test, body, otherwise, state, frame)
    case .forLoop(let target, let source, let body, let otherwise, let isAsync):
      return try forLoop(target, source, body, otherwise, isAsync: isAsync, state, frame)
    case .breakLoop: return exit(.broke, state)
    case .continueLoop: return exit(.continued, state)
    case .returnValue(let value):
      guard let value else { return exit(.returned, state, result: graph.none) }
      let result = try returned(value, frame, &state)
      return exit(.returned, state, result: result)
    case .raise(let value, let cause):
      try raise(value, cause, frame, &state)
      return exit(.raised, state)
    case .assert(let test, let message):
      return try assertion(test, message, state, frame)
    case .tryBlock(let body, let handlers, let otherwise, let finally):
      return try tryStatement(body, handlers, otherwise, finally, state, frame)
    case .with(let context, let target, let body, let isAsync):
      return try withStatement(context, target, body, isAsync: isAsync, state, frame)
    case .match(let subject, let cases):
      let value = try evaluate(subject, frame, &state)
      return try match(value, cases[...], state, frame)
    case .defineClass(let target, let definition):
      try store(target, try localClass(definition, frame, &state), frame, &state)
      return fall(state)
    }
  }

  /// A helper that is looked through hands over what it made itself.
  private func returned(_ value: Expression, _ frame: Frame, _ state: inout State) throws(Failure) -> NodeID {
    // What a `finally` of its own does to it comes after the return.
    guard let entered = frame.entered, entered.protections == protections, entered.loops == loopNesting else {
      return try evaluate(value, frame, &state)
    }
    if case .local(let name) = value, let slot = ownedSlot(name, frame, state), let container = state.variables[slot] {
      state.owned.remove(slot)
      return marked(container)
    }
    let (result, isFresh) = try evaluateFresh(value, frame, &state)
    return isFresh ? marked(result) : result
  }

  /// Runs both sides of a branch and merges them.
  func conditional(
    _ condition: NodeID, _ state: State, _ then: (State) throws(Failure) -> Flow,
    _ otherwise: (State) throws(Failure) -> Flow
  ) throws(Failure) -> Flow {
    if condition == graph.yes { return try then(state) }
    if condition == graph.no { return try otherwise(state) }
    // What the test itself raised is left behind once, before the branch.
    var clean = state
    clean.aborted = nil
    let both = branch(condition, try then(onPath(condition, clean)), try otherwise(onPath(graph.not(condition), clean)))
    guard let aborted = state.aborted else { return both }
    var raised = clean
    raised.chain = aborted.chain
    return branch(
      aborted.condition, Flow(selector: graph.exit(.raised), states: [.raised: raised], result: nil), both)
  }

  private func raise(_ value: Expression?, _ cause: Expression?, _ frame: Frame, _ state: inout State) throws(Failure) {
    guard let value else {
      if let current = handling.last {
        effect(.raise, [current], &state)
      } else {
        // Which exception is meant depends on who called.
        guard inlining.isEmpty else { throw unsupported("a bare raise in a helper") }
        effect(.reraise, [], &state)
      }
      return
    }
    let exception = try evaluate(value, frame, &state)
    guard let cause else {
      effect(.raise, [exception], &state)
      return
    }
    let reason = try evaluate(cause, frame, &state)
    effect(.raiseFrom, [exception, reason], &state)
  }

  private func assertion(_ test: Expression, _ message: Expression?, _ initial: State, _ frame: Frame) throws(Failure)
    -> Flow
  {
    let enabled = graph.node(.builtin("__debug__"), types: .bool)
    return try conditional(
      enabled, initial,
      { s throws(Failure) in
        var state = s
        let condition = try self.evaluateCondition(test, frame, &state)
        return try self.conditional(
          condition, state, { s throws(Failure) in self.fall(s) },
          { s throws(Failure) in
            var failed = s
            let text: [NodeID] = try message.map { m throws(Failure) in [try self.evaluate(m, frame, &failed)] } ?? []
            let type = self.graph.node(.builtin("AssertionError"))
            let keys = text.map { _ in ArgumentKey.positional }
            let exception = self.effect(.call(keys), [type] + text, &failed, foreign: false)
            self.effect(.raise, [exception], &failed)
            return self.exit(.raised, failed)
          })
      }, { s throws(Failure) in self.fall(s) })
  }

  // MARK: Stores

  private func assign(_ targets: [Target], _ value: Expression, _ frame: Frame, _ state: inout State) throws(Failure) {
    if targets.count == 1, case .local(let name) = targets[0] {
      if value == .local(TailRecursion.unset) {
        unbind(frame.slot(name), &state)
        return
      }
      if canOwn(name, frame), let made = try dictionaryWithFactory(value, frame, &state) {
        assign(name, made.content, fresh: true, frame, &state)
        state.factories[frame.slot(name)] = made.factory
        return
      }
      let (node, fresh) = try evaluateFresh(value, frame, &state)
      assign(name, node, fresh: fresh, frame, &state)
      return
    }
    // `a, b = x, y` makes no tuple that anyone could see.
    if targets.count == 1, case .unpack(let parts, nil) = targets[0], case .tuple(let elements) = value,
      parts.count == elements.count
    {
      var values: [(NodeID, fresh: Bool)] = []
      for (element, part) in zip(elements, parts) {
        guard case .single(let item) = element else { break }
        if case .local = part {
          values.append(try evaluateFresh(item, frame, &state))
        } else {
          values.append((try evaluate(item, frame, &state), false))
        }
      }
      if values.count == parts.count {
        note(.tupleAssignment)
        for (part, (node, fresh)) in zip(parts, values) {
          if case .local(let name) = part {
            assign(name, node, fresh: fresh, frame, &state)
          } else {
            try store(part, node, frame, &state)
          }
        }
        return
      }
      throw unsupported("a starred element in a tuple assignment")
    }
    let node = try evaluate(value, frame, &state)
    for target in targets { try store(target, node, frame, &state) }
  }

  func store(_ target: Target, _ value: NodeID, _ frame: Frame, _ state: inout State) throws(Failure) {
    switch target {
    case .local(let name): assign(name, value, fresh: false, frame, &state)
    case .captured(let name): storeCaptured(name, value, frame, &state)
    case .global(let name):
      effect(.storeName(name), [value], &state)
    case .namespace(let name):
      effect(.storeNamespace(name), [value], &state)
    case .attribute(let object, let name):
      let owner = try evaluate(object, frame, &state)
      effect(.setAttribute(name), [owner, value], &state)
    case .item(let object, let index):
      if case .local(let name) = object, let slot = ownedSlot(name, frame, state),
        try storeOwnedItem(slot, index, value, frame, &state)
      {
        return
      }
      let owner = try evaluate(object, frame, &state)
      let key = try evaluate(index, frame, &state)
      effect(.setItem, [owner, key, value], &state)
    case .unpack(let parts, nil) where graph.op(value) == .tuple && graph.arguments(value).count == parts.count:
      note(.tupleAssignment)
      for (part, node) in zip(parts, graph.arguments(value)) { try store(part, node, frame, &state) }
    case .unpack(let parts, let starred):
      let unpacked = effect(.unpack(count: parts.count, starred: starred), [value], &state)
      for (position, part) in parts.enumerated() {
        let types: ValueTypes = position == starred ? .list : .unknown
        try store(part, graph.node(.part(position), [unpacked], types: types), frame, &state)
      }
    }
  }

  private func storeCaptured(_ name: String, _ value: NodeID, _ frame: Frame, _ state: inout State) {
    guard let owner = frame.owner(of: name) else {
      effect(.storeOuter(name), [value], &state)
      return
    }
    effect(.storeCell(cellNumber(owner.slot(name))), [value], &state, foreign: false)
  }

  func delete(_ target: Target, _ frame: Frame, _ state: inout State) throws(Failure) {
    switch target {
    case .local(let name):
      let slot = frame.slot(name)
      if frame.cells.contains(name) {
        effect(.deleteCell(cellNumber(slot)), [], &state, foreign: false)
        return
      }
      if !state.owned.contains(slot) { _ = bound(slot, &state) }
      unbind(slot, &state)
    case .captured: throw unsupported("deleting a variable of an enclosing function")
    case .global(let name): effect(.deleteName(name), [], &state)
    case .namespace(let name): effect(.deleteNamespace(name), [], &state)
    case .attribute(let object, let name):
      effect(.deleteAttribute(name), [try evaluate(object, frame, &state)], &state)
    case .item(let object, let index):
      let owner = try evaluate(object, frame, &state)
      effect(.deleteItem, [owner, try evaluate(index, frame, &state)], &state)
    case .unpack(let parts, _): for part in parts { try delete(part, frame, &state) }
    }
  }

  func unbind(_ slot: Slot, _ state: inout State) {
    let none = graph.node(.unbound, types: .missing)
    state.variables[slot] = none
    state.owned.remove(slot)
    if guarded.contains(where: { $0.contains(slot) }) {
      effect(.guardedStore(guardNumber(slot)), [none], &state, foreign: false)
    }
  }

  private func augment(
    _ target: Target, _ op: BinaryOperator, _ value: Expression, _ frame: Frame, _ state: inout State
  ) throws(Failure) {
    switch target {
    case .attribute(let object, let name):
      let owner = try evaluate(object, frame, &state)
      let old = getAttribute(owner, name, &state)
      let operand = try evaluate(value, frame, &state)
      effect(.setAttribute(name), [owner, inPlace(op, old, operand, &state)], &state)
    case .item(.local(let name), let index)
    where try ownedSlot(name, frame, state).map { slot throws(Failure) in
      try augmentOwnedItem(slot, index, frame, &state) { old, state throws(Failure) in
        let operand = try self.evaluate(value, frame, &state)
        return self.inPlace(op, old, operand, &state)
      }
    } ?? false:
      break
    case .item(let object, let index):
      let owner = try evaluate(object, frame, &state)
      let key = try evaluate(index, frame, &state)
      let old = effect(.getItem, [owner, key], &state)
      let operand = try evaluate(value, frame, &state)
      effect(.setItem, [owner, key, inPlace(op, old, operand, &state)], &state)
    // An operand that binds the variable anew does so after its old value was read.
    case .local(let name)
    where op == .add && isOwnedList(name, frame, state) && !VariableUse.of(value).bound.contains(name):
      let operand = try evaluate(value, frame, &state)
      // `x += x` has made it an object.
      if let slot = ownedSlot(name, frame, state) {
        extend(slot, by: operand, &state)
      } else {
        try store(target, inPlace(op, read(name, frame, &state), operand, &state), frame, &state)
      }
    default:
      let old = try readTarget(target, frame, &state)
      let operand = try evaluate(value, frame, &state)
      try store(target, inPlace(op, old, operand, &state), frame, &state)
    }
  }

  private func isOwnedList(_ name: String, _ frame: Frame, _ state: State) -> Bool {
    guard let slot = ownedSlot(name, frame, state) else { return false }
    return graph.type(state.variables[slot] ?? graph.none) == .list
  }

  private func readTarget(_ target: Target, _ frame: Frame, _ state: inout State) throws(Failure) -> NodeID {
    switch target {
    case .local(let name): return read(name, frame, &state)
    case .captured(let name): return try evaluate(.captured(name), frame, &state)
    case .global(let name): return try evaluate(.global(.module(name)), frame, &state)
    case .namespace(let name): return try evaluate(.namespace(name), frame, &state)
    default: throw unsupported("this target of an augmented assignment")
    }
  }

  /// `x += y`: the same as `x = x + y` where the type of `x` has no in-place operator.
  private func inPlace(_ op: BinaryOperator, _ old: NodeID, _ value: NodeID, _ state: inout State) -> NodeID {
    let immutable: ValueTypes = [.none, .bool, .int, .float, .string, .bytes, .tuple]
    if graph.type(old).within(immutable) {
      note(.augmentedAssignment)
      return binary(op, old, value, &state)
    }
    return effect(.inPlace(op), [old, value], &state)
  }
}

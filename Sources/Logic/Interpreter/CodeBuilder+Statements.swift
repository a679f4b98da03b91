extension CodeBuilder {
  func compile(_ statements: [Statement]) {
    for statement in statements {
      if statement.line > 0 { line = statement.line }
      temporaries { compile(statement.kind) }
    }
  }

  private func compile(_ statement: Statement.Kind) {
    switch statement {
    case .expression(let value): compile(value, into: allocate())
    case .assign(let targets, let value): compileAssign(targets, value)
    case .augment(let target, let operation, let value): compileAugment(target, operation, value)
    case .delete(let target): delete(target)
    case .branch(let test, let then, let otherwise):
      let toElse = jump(unless: test, decision: decision(.branch))
      let before = bound
      compile(then)
      let afterThen = bound
      let end = otherwise.isEmpty || endsFlow(then) ? -1 : emit(.jump)
      for index in toElse { land(index) }
      bound = before
      compile(otherwise)
      if end >= 0 { land(end) }
      if endsFlow(then) { return }
      bound = endsFlow(otherwise) && !otherwise.isEmpty ? afterThen : bound.intersection(afterThen)
    case .whileLoop(let test, let body, let otherwise): compileWhile(test, body, otherwise)
    case .forLoop(let target, let iterable, let body, let otherwise, let isAsync):
      compileFor(target, iterable, body, otherwise, isAsync)
    case .breakLoop: leaveLoop(.breakLoop)
    case .continueLoop: leaveLoop(.continueLoop)
    case .returnValue(let value):
      let value = operand(value ?? .constant(.none))
      leave(.returnValue, from: context.count, value: value)
    case .raise(let value, let cause): compileRaise(value, cause)
    case .assert(let test, let message):
      let failed = jump(unless: test, decision: decision(.assertion))
      let end = emit(.jump)
      let before = bound
      for index in failed { land(index) }
      if let message {
        emit(.assertFail, a: 1, b: operand(message))
      } else {
        emit(.assertFail, a: 0)
      }
      bound = before
      land(end)
    case .tryBlock(let body, let handlers, let otherwise, let finally):
      compileTry(body, handlers, otherwise, finally)
    case .with(let manager, let target, let body, let isAsync): compileWith(manager, target, body, isAsync)
    case .match(let subject, let cases): compileMatch(subject, cases)
    case .defineClass(let target, let definition): compileClass(target, definition)
    }
  }

  /// The last statement never lets control pass.
  private func endsFlow(_ statements: [Statement]) -> Bool {
    switch statements.last?.kind {
    case .returnValue, .raise, .breakLoop, .continueLoop: true
    default: false
    }
  }

  // MARK: Stores

  private func compileAssign(_ targets: [Target], _ value: Expression) {
    if targets.count == 1, case .local(let name) = targets[0], !isCell(name), let register = register(of: name),
      writesLast(value)
    {
      compile(value, into: register)
      markBound(name)
      return
    }
    let value = operand(value)
    for target in targets { store(value, to: target) }
  }

  /// The expression writes its target register only once its operands have been read.
  private func writesLast(_ value: Expression) -> Bool {
    switch value {
    case .constant, .local, .captured, .global, .namespace, .unary, .binary, .compare, .not, .attribute, .item, .slice,
      .call, .list, .tuple, .set, .dictionary, .comprehension, .closure, .format:
      true
    default: false
    }
  }

  func store(_ value: Int, to target: Target) {
    switch target {
    case .local(let name), .captured(let name):
      guard let register = register(of: name) else {
        emit(.unsupported, a: self.name("the unresolved variable \(name)"))
        return
      }
      if isCell(name) {
        emit(.storeCell, a: register, b: value)
      } else {
        if register != value { emit(.move, a: register, b: value) }
        markBound(name)
      }
    case .global(let name): emit(.storeGlobal, a: self.name(name), b: value)
    case .namespace(let name): emit(.storeNamespace, a: self.name(name), b: value)
    case .attribute(let object, let name):
      temporaries {
        let object = operand(object)
        emit(.setAttribute, a: object, b: value, c: self.name(name))
      }
    case .item(let object, let key):
      temporaries {
        let object = operand(object)
        let key = operand(key)
        emit(.setItem, a: object, b: key, c: value)
      }
    case .unpack(let targets, let starred):
      if let starred, !targets.indices.contains(starred) {
        emit(.unsupported, a: name("a malformed target"))
        return
      }
      temporaries {
        let start = block(targets.count)
        emit(.unpack, a: start, b: value, c: targets.count, d: starred ?? -1)
        for (offset, target) in targets.enumerated() { store(start + offset, to: target) }
      }
    }
  }

  func delete(_ target: Target) {
    switch target {
    case .local(let name), .captured(let name):
      guard let register = register(of: name) else { return }
      emit(isCell(name) ? .deleteCell : .deleteLocal, a: register, b: register)
      bound.remove(name)
    case .global(let name): emit(.deleteGlobal, a: self.name(name))
    case .namespace(let name): emit(.deleteNamespace, a: self.name(name))
    case .attribute(let object, let name):
      temporaries {
        let object = operand(object)
        emit(.deleteAttribute, a: object, c: self.name(name))
      }
    case .item(let object, let key):
      temporaries {
        let object = operand(object)
        let key = operand(key)
        emit(.deleteItem, a: object, b: key)
      }
    case .unpack(let targets, _): for target in targets { delete(target) }
    }
  }

  /// Unbinds the name of a handler, bound or not.
  func unbind(_ target: Target) {
    switch target {
    case .local(let name), .captured(let name):
      guard let register = register(of: name) else { return }
      if isCell(name) {
        emit(.deleteCell, x: 1, a: register, b: register)
      } else {
        emit(.unbind, a: register)
      }
      bound.remove(name)
    case .global(let name): emit(.deleteGlobal, x: 1, a: self.name(name))
    case .namespace(let name): emit(.deleteNamespace, x: 1, a: self.name(name))
    default: break
    }
  }

  private func compileAugment(_ target: Target, _ operation: BinaryOperator, _ value: Expression) {
    switch target {
    case .local(let name) where !isCell(name) && !scope.hasNamed:
      guard let register = register(of: name) else { return }
      if !bound.contains(name) { emit(.checkBound, a: register) }
      let value = operand(value)
      emitInPlace(operation, register, register, value)
      markBound(name)
    case .local(let name), .captured(let name):
      let old = allocate()
      load(name, into: old)
      let value = operand(value)
      emitInPlace(operation, old, old, value)
      store(old, to: target)
    case .global(let name):
      let old = allocate()
      emit(.loadGlobal, a: old, b: reference(.module(name)))
      let value = operand(value)
      emitInPlace(operation, old, old, value)
      store(old, to: target)
    case .namespace(let name):
      let old = allocate()
      emit(.loadNamespace, a: old, b: self.name(name))
      let value = operand(value)
      emitInPlace(operation, old, old, value)
      store(old, to: target)
    case .attribute(let object, let name):
      let object = operand(object)
      let old = allocate()
      emit(.getAttribute, a: old, b: object, c: self.name(name))
      let value = operand(value)
      emitInPlace(operation, old, old, value)
      emit(.setAttribute, a: object, b: old, c: self.name(name))
    case .item(let object, let key):
      let object = operand(object)
      let key = operand(key)
      let old = allocate()
      emit(.getItem, a: old, b: object, c: key)
      let value = operand(value)
      emitInPlace(operation, old, old, value)
      emit(.setItem, a: object, b: key, c: old)
    case .unpack: emit(.unsupported, a: name("an augmented assignment to several targets"))
    }
  }

  private func emitInPlace(_ operation: BinaryOperator, _ target: Int, _ left: Int, _ right: Int) {
    emit(.inPlace, x: operation.code, a: target, b: left, c: right)
  }

  // MARK: Loops

  private func compileWhile(_ test: Expression, _ body: [Statement], _ otherwise: [Statement]) {
    let top = here
    let isEndless: Bool = if case .constant(.bool(true)) = test { true } else { false }
    let exits = isEndless ? [] : jump(unless: test, decision: decision(.loop))
    let before = bound
    let labels = LoopLabels(handledDepth: handled.count)
    context.append(.loop(labels))
    compile(body)
    context.removeLast()
    for index in labels.continues { land(index, at: top) }
    emit(.jump, a: top)
    for index in exits { land(index) }
    bound = before
    compile(otherwise)
    bound = before
    for index in labels.breaks { land(index) }
  }

  private func compileFor(
    _ target: Target, _ iterable: Expression, _ body: [Statement], _ otherwise: [Statement], _ isAsync: Bool
  ) {
    let iterator = allocate()
    compile(iterable, into: iterator)
    emit(isAsync ? .asyncIterator : .getIterator, a: iterator, b: iterator)
    let item: Int
    if case .local(let name) = target, !isCell(name), let register = register(of: name) {
      item = register
    } else {
      item = allocate()
    }
    let top = here
    let exit = emit(.forNext, b: iterator, c: item, d: decision(.loop))
    let before = bound
    store(item, to: target)
    let labels = LoopLabels(handledDepth: handled.count)
    context.append(.loop(labels))
    compile(body)
    context.removeLast()
    for index in labels.continues { land(index, at: top) }
    emit(.jump, a: top)
    land(exit)
    bound = before
    compile(otherwise)
    bound = before
    for index in labels.breaks { land(index) }
  }

  private func leaveLoop(_ exit: FinallyLabels.Exit) {
    leave(exit, from: context.count, value: -1)
  }

  /// Leaves through the contexts below `depth`, innermost first.
  func leave(_ exit: FinallyLabels.Exit, from depth: Int, value: Int) {
    var index = depth - 1
    while index >= 0 {
      switch context[index] {
      case .loop(let labels):
        switch exit {
        case .breakLoop:
          labels.breaks.append(emit(.jump))
          return
        case .continueLoop:
          labels.continues.append(emit(.jump))
          return
        case .returnValue: break
        }
      case .handlerName(let target): unbind(target)
      case .finally(let labels):
        let code = 2 + (labels.exits.firstIndex(of: exit) ?? labels.exits.count)
        if code - 2 == labels.exits.count { labels.exits.append(exit) }
        if value >= 0 { emit(.move, a: labels.value, b: value) }
        emit(.loadConstant, a: labels.kind, b: constant(.int(.init(code))))
        labels.entries.append(emit(.jump))
        return
      }
      index -= 1
    }
    if case .returnValue = exit {
      emit(.returnValue, b: value)
    } else {
      emit(.unsupported, a: name("a loop exit outside a loop"))
    }
  }
}

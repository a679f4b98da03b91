/// `raise`, `try` and `with`.
extension CodeBuilder {
  func compileRaise(_ value: Expression?, _ cause: Expression?) {
    guard let value else {
      if let current = handled.last {
        emit(.reraise, b: current)
      } else {
        emit(.reraiseCurrent)
      }
      return
    }
    let exception = operand(value)
    if let cause {
      let cause = operand(cause)
      emit(.raise, b: exception, c: cause)
    } else {
      emit(.raise, b: exception, c: -1)
    }
  }

  func compileTry(
    _ body: [Statement], _ handlers: [Handler], _ otherwise: [Statement], _ finally: [Statement]
  ) {
    if finally.isEmpty {
      compileHandlers(body, handlers, otherwise)
      return
    }
    let before = bound
    protected {
      self.compileHandlers(body, handlers, otherwise)
    } epilogue: { kind, value in
      self.bound = before
      self.handled.append(value)
      self.compile(finally)
      self.handled.removeLast()
      let pass = self.emit(.jumpTable, b: kind, c: 1)
      self.emit(.reraise, b: value)
      self.land(pass)
    }
  }

  /// Runs `epilogue` however `body` is left; it finds out how in `kind` (0 normally, 1 by the exception in `value`)
  /// and returns when control goes on.
  private func protected(body: () -> Void, epilogue: (_ kind: Int, _ value: Int) -> Void) {
    let kind = allocate()
    let value = allocate()
    let labels = FinallyLabels(kind: kind, value: value)
    let start = here
    emit(.loadConstant, a: value, b: constant(.none))
    context.append(.finally(labels))
    body()
    context.removeLast()
    emit(.loadConstant, a: kind, b: constant(.int(0)))
    let end = here
    let normal = emit(.jump)
    ranges.append(ExceptionRange(start: start, end: end, handler: here, register: value))
    emit(.loadConstant, a: kind, b: constant(.int(1)))
    land(normal)
    for entry in labels.entries { land(entry) }
    let after = bound
    epilogue(kind, value)
    bound.formUnion(after)
    for (index, exit) in labels.exits.enumerated() {
      let pass = emit(.jumpTable, b: kind, c: index + 2)
      leave(exit, from: context.count, value: exit == .returnValue ? value : -1)
      land(pass)
    }
  }

  private func compileHandlers(_ body: [Statement], _ handlers: [Handler], _ otherwise: [Statement]) {
    guard !handlers.isEmpty else {
      compile(body)
      compile(otherwise)
      return
    }
    let exception = allocate()
    let before = bound
    let start = here
    compile(body)
    let end = here
    let after: [Statement] = otherwise
    compile(after)
    let afterBody = bound
    var ends = [emit(.jump)]
    ranges.append(ExceptionRange(start: start, end: end, handler: here, register: exception))
    handled.append(exception)
    for handler in handlers {
      bound = before
      if handler.line > 0 { line = handler.line }
      var next: Int?
      if handler.isGroup {
        emit(.unsupported, a: name("except*"))
      }
      if let type = handler.type {
        next = temporaries {
          let matched = allocate()
          let type = operand(type)
          emit(.matchException, a: matched, b: exception, c: type)
          return emit(.jumpIfFalse, b: matched, d: decision(.handler))
        }
      } else {
        emit(.cover, d: decision(.handler))
      }
      if let name = handler.name {
        store(exception, to: name)
        let start = here
        context.append(.handlerName(name))
        compile(handler.body)
        context.removeLast()
        let end = here
        unbind(name)
        ends.append(emit(.jump))
        let escaping = allocate()
        ranges.append(ExceptionRange(start: start, end: end, handler: here, register: escaping))
        unbind(name)
        emit(.reraise, b: escaping)
      } else {
        compile(handler.body)
        ends.append(emit(.jump))
      }
      if let next { land(next) }
    }
    emit(.reraise, b: exception)
    handled.removeLast()
    for index in ends { land(index) }
    bound = before.intersection(afterBody)
  }

  func compileWith(_ manager: Expression, _ target: Target?, _ body: [Statement], _ isAsync: Bool) {
    if !isAsync, target == nil, let types = manager.suppressed {
      return compileTry(body, [Handler(type: .tuple(types.map(Element.single)), name: nil, body: [])], [], [])
    }
    let object = allocate()
    compile(manager, into: object)
    let enter = allocate()
    let exit = allocate()
    let value = allocate()
    emit(.enterWith, x: isAsync ? 1 : 0, a: enter, b: object, c: exit)
    call(enter, on: object, start: value, count: 0, into: value, isAsync: isAsync)
    protected {
      if let target { self.store(value, to: target) }
      self.compile(body)
    } epilogue: { kind, exception in
      let arguments = self.block(3)
      let result = self.allocate()
      let isException = self.emit(.jumpTable, b: kind, c: 1)
      self.emit(.exceptionTriple, a: arguments, b: exception)
      self.handled.append(exception)
      self.call(exit, on: object, start: arguments, count: 3, into: result, isAsync: isAsync)
      self.handled.removeLast()
      let swallowed = self.emit(.jumpIfTrue, b: result, d: self.decision(.handler))
      self.emit(.reraise, b: exception)
      self.land(isException)
      for offset in 0..<3 {
        self.emit(.loadConstant, a: arguments + offset, b: self.constant(.none))
      }
      self.call(exit, on: object, start: arguments, count: 3, into: result, isAsync: isAsync)
      self.land(swallowed)
    }
  }

  private func call(_ function: Int, on object: Int, start: Int, count: Int, into target: Int, isAsync: Bool) {
    sites.append(
      CallSite(
        start: start, kinds: Array(repeating: .positional, count: count), isSimple: true, method: nil, name: ""))
    emit(.callMethod, a: target, b: function, c: sites.count - 1, d: object)
    if isAsync { emit(.await, x: 1, a: target, b: target) }
  }
}

extension Expression {
  /// The exceptions that `contextlib.suppress(...)` lets pass; groups of exceptions are not modelled.
  fileprivate var suppressed: [Expression]? {
    guard case .call(let callee, let arguments) = self, arguments.allSatisfy({ $0.kind == .positional }) else {
      return nil
    }
    switch callee {
    case .global(.imported("contextlib.suppress")), .attribute(.global(.imported("contextlib")), "suppress"):
      return arguments.map(\.value)
    default: return nil
    }
  }
}

extension CodeBuilder {
  /// Compiles to any register: a plain local that is bound is used in place.
  func operand(_ expression: Expression) -> Int {
    if case .local(let name) = expression, !isCell(name), !scope.hasNamed, bound.contains(name),
      let register = register(of: name)
    {
      return register
    }
    let target = allocate()
    compile(expression, into: target)
    return target
  }

  func compile(_ expression: Expression, into target: Int) {
    switch expression {
    case .constant(let value):
      if case .imaginary = value {
        emit(.unsupported, a: name("complex numbers"))
      } else {
        emit(.loadConstant, a: target, b: constant(value))
      }
    case .local(let name), .captured(let name): load(name, into: target)
    case .global(let value): emit(.loadGlobal, a: target, b: reference(value))
    case .namespace(let name): emit(.loadNamespace, a: target, b: self.name(name))
    case .unary(let operation, let value):
      temporaries {
        let value = operand(value)
        emit(.unary, x: UInt8(UnaryOperator.allCases.firstIndex(of: operation) ?? 0), a: target, b: value)
      }
    case .binary(let operation, let left, let right):
      temporaries {
        let left = operand(left)
        let right = operand(right)
        emitBinary(operation, target, left, right)
      }
    case .compare(let operation, let left, let right):
      temporaries {
        let left = operand(left)
        let right = operand(right)
        emit(.compare, x: operation.code, a: target, b: left, c: right)
      }
    case .chain(let operands, let operators): compileChain(operands, operators, into: target)
    case .not(let value):
      temporaries {
        let value = operand(value)
        emit(.not, a: target, b: value)
      }
    case .and(let operands): compileShortCircuit(operands, stopWhen: false, into: target)
    case .or(let operands): compileShortCircuit(operands, stopWhen: true, into: target)
    case .conditional(let test, let then, let otherwise):
      let toElse = jump(unless: test, decision: decision(.conditional))
      let before = bound
      compile(then, into: target)
      let end = emit(.jump)
      for index in toElse { land(index) }
      bound = before
      compile(otherwise, into: target)
      bound = before
      land(end)
    case .attribute(let object, let name):
      temporaries {
        let object = operand(object)
        emit(.getAttribute, a: target, b: object, c: self.name(name))
      }
    case .item(let object, let key):
      temporaries {
        let object = operand(object)
        let key = operand(key)
        emit(.getItem, a: target, b: object, c: key)
      }
    case .slice(let start, let stop, let step):
      temporaries {
        let parts = block(3)
        for (offset, part) in [start, stop, step].enumerated() {
          compile(part ?? .constant(.none), into: parts + offset)
        }
        emit(.makeSlice, a: target, b: parts)
      }
    case .call(let callee, let arguments): compileCall(callee, arguments, into: target)
    case .list(let elements): compileSequence(elements, .makeList, into: target)
    case .tuple(let elements): compileSequence(elements, .makeTuple, into: target)
    case .set(let elements): compileSequence(elements, .makeSet, into: target)
    case .dictionary(let items): compileDictionary(items, into: target)
    case .format(let parts): compileFormat(parts, into: target)
    case .comprehension(let comprehension): compileComprehension(comprehension, into: target)
    case .closure(let procedure): compileClosure(procedure, into: target)
    case .definition(let definition):
      temporaries {
        let start = arguments(definition.arguments)
        definitions.append(definition)
        emit(.definition, a: target, b: definitions.count - 1, c: start)
      }
    case .named(let place, let value):
      temporaries {
        let value = operand(value)
        store(value, to: place)
        if value != target { emit(.move, a: target, b: value) }
      }
    case .yield(let value):
      temporaries {
        let value = operand(value ?? .constant(.none))
        emit(.yield, a: target, b: value)
      }
    case .yieldFrom(let value):
      temporaries {
        let iterator = allocate()
        compile(value, into: iterator)
        emit(.getIterator, x: 1, a: iterator, b: iterator)
        emit(.yieldFromStep, a: target, b: iterator)
      }
    case .await(let value):
      temporaries {
        let value = operand(value)
        emit(.await, a: target, b: value)
      }
    case .importModule(let module, let leaf):
      emit(.importModule, x: leaf ? 1 : 0, a: target, b: name(module))
    case .importName(let module, let imported):
      emit(.importName, a: target, b: name(module), c: name(imported))
    }
  }

  func load(_ name: String, into target: Int) {
    guard let register = register(of: name) else {
      emit(.unsupported, a: self.name("the unresolved variable \(name)"))
      return
    }
    if isCell(name) {
      emit(.loadCell, a: target, b: register)
    } else {
      if !bound.contains(name) {
        emit(.checkBound, a: register)
        markBound(name)
      }
      if register != target { emit(.move, a: target, b: register) }
    }
  }

  func emitBinary(_ operation: BinaryOperator, _ target: Int, _ left: Int, _ right: Int) {
    switch operation {
    case .add: emit(.add, a: target, b: left, c: right)
    case .subtract: emit(.subtract, a: target, b: left, c: right)
    case .multiply: emit(.multiply, a: target, b: left, c: right)
    default: emit(.binary, x: operation.code, a: target, b: left, c: right)
    }
  }

  private func compileChain(_ operands: [Expression], _ operators: [ComparisonOperator], into target: Int) {
    guard operands.count == operators.count + 1, !operators.isEmpty else {
      emit(.unsupported, a: name("a malformed comparison"))
      return
    }
    temporaries {
      var left = operand(operands[0])
      var exits: [Int] = []
      let before = bound
      for (index, operation) in operators.enumerated() {
        let right = operand(operands[index + 1])
        emit(.compare, x: operation.code, a: target, b: left, c: right)
        if index < operators.count - 1 {
          exits.append(emit(.jumpIfFalse, b: target, d: decision(.shortCircuit)))
        }
        left = right
      }
      for exit in exits { land(exit) }
      bound = before
    }
  }

  private func compileShortCircuit(_ operands: [Expression], stopWhen: Bool, into target: Int) {
    guard let first = operands.first else {
      emit(.unsupported, a: name("a malformed condition"))
      return
    }
    var exits: [Int] = []
    compile(first, into: target)
    let before = bound
    for operand in operands.dropFirst() {
      exits.append(emit(stopWhen ? .jumpIfTrue : .jumpIfFalse, b: target, d: decision(.shortCircuit)))
      compile(operand, into: target)
    }
    for exit in exits { land(exit) }
    bound = before
  }

  /// Jumps taken when the expression is false; falls through when it is true.
  func jump(unless test: Expression, decision: Int) -> [Int] {
    switch test {
    case .compare(let operation, let left, let right):
      return temporaries {
        let left = operand(left)
        let right = operand(right)
        return [emit(.jumpUnlessCompare, x: operation.code, b: left, c: right, d: decision)]
      }
    case .not(let inner):
      return temporaries {
        let value = operand(inner)
        return [emit(.jumpIfTrue, x: 1, b: value, d: decision)]
      }
    default:
      return temporaries {
        let value = operand(test)
        return [emit(.jumpIfFalse, b: value, d: decision)]
      }
    }
  }

  // MARK: Calls

  /// Compiles arguments to consecutive registers and returns the index of their call site.
  func arguments(_ arguments: [Argument], method: String? = nil, callee: String = "") -> Int {
    let start = block(arguments.count)
    var kinds: [CallSite.Kind] = []
    for (offset, argument) in arguments.enumerated() {
      compile(argument.value, into: start + offset)
      switch argument.kind {
      case .positional: kinds.append(.positional)
      case .keyword(let name): kinds.append(.keyword(name))
      case .spread:
        // The items are taken here, before later arguments are evaluated.
        emit(.makeList, a: start + offset, b: start + offset, c: -1)
        kinds.append(.spread)
      case .spreadKeywords: kinds.append(.spreadKeywords)
      }
    }
    sites.append(
      CallSite(
        start: start, kinds: kinds, isSimple: kinds.allSatisfy { $0 == .positional },
        method: method.flatMap(Method.init(rawValue:)), name: method ?? callee))
    return sites.count - 1
  }

  private func compileCall(_ callee: Expression, _ arguments: [Argument], into target: Int) {
    temporaries {
      if case .attribute(let object, let method) = callee {
        let object = operand(object)
        let function = allocate()
        emit(.loadMethod, a: function, b: object, c: name(method))
        let site = self.arguments(arguments, method: method)
        emit(.callMethod, a: target, b: function, c: site, d: object)
      } else {
        let function = operand(callee)
        let site = self.arguments(arguments)
        emit(.call, a: target, b: function, c: site)
      }
    }
  }

  private func compileClosure(_ procedure: Procedure, into target: Int) {
    temporaries {
      let defaults = block(procedure.parameters.count)
      for (offset, parameter) in procedure.parameters.enumerated() {
        if let value = parameter.defaultValue {
          compile(value, into: defaults + offset)
        } else {
          emit(.unbind, a: defaults + offset)
        }
      }
      let index = nested(CodeBuilder(procedure: procedure, shared: shared))
      emit(.makeClosure, a: target, b: index, c: defaults)
    }
  }

  /// Keeps nested code and finds the cells that it needs; returns its index.
  func nested(_ builder: CodeBuilder) -> Int {
    let code = Code(builder)
    codes.append(code)
    var registers: [Int] = []
    for (name, _) in code.free { registers.append(register(of: name) ?? -1) }
    closures.append(registers)
    return codes.count - 1
  }
}

extension ComparisonOperator {
  var code: UInt8 { UInt8(Self.allCases.firstIndex(of: self) ?? 0) }
}

extension BinaryOperator {
  var code: UInt8 { UInt8(Self.allCases.firstIndex(of: self) ?? 0) }
}

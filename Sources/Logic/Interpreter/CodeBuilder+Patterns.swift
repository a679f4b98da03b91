/// `match` and `class`.
extension CodeBuilder {
  func compileMatch(_ subject: Expression, _ cases: [MatchCase]) {
    let value = allocate()
    compile(subject, into: value)
    let before = bound
    var ends: [Int] = []
    for item in cases {
      bound = before
      temporaries {
        var fails: [Int] = []
        var captures: [(Int, Target)] = []
        let id = item.pattern.isIrrefutable ? -1 : decision(.matchCase)
        compile(item.pattern, value, &fails, &captures, id)
        emit(.cover, d: id)
        for (register, target) in captures { store(register, to: target) }
        if let test = item.guardTest { fails += jump(unless: test, decision: decision(.branch)) }
        compile(item.body)
        ends.append(emit(.jump))
        for fail in fails { land(fail) }
      }
    }
    for end in ends { land(end) }
    bound = before
  }

  /// Falls through on a match, the values to capture in registers; jumps to `fails` otherwise.
  private func compile(
    _ pattern: Pattern, _ value: Int, _ fails: inout [Int], _ captures: inout [(Int, Target)], _ id: Int
  ) {
    switch pattern {
    case .wildcard, .star: break
    case .value(let expected):
      let operation: ComparisonOperator =
        switch expected {
        case .constant(.none), .constant(.bool): .identical
        default: .equal
        }
      let expected = operand(expected)
      let result = allocate()
      emit(.compare, x: operation.code, a: result, b: value, c: expected)
      fails.append(emit(.jumpIfFalse, b: result, d: id))
    case .capture(let target): captures.append((value, target))
    case .alias(let inner, let target):
      compile(inner, value, &fails, &captures, id)
      captures.append((value, target))
    case .either(let choices): compileEither(choices, value, &fails, &captures, id)
    case .sequence(let items):
      let star = items.firstIndex { if case .star = $0 { true } else { false } }
      let result = allocate()
      emit(.matchSequence, x: star == nil ? 0 : 1, a: result, b: value, c: items.count - (star == nil ? 0 : 1))
      fails.append(emit(.jumpIfFalse, b: result, d: id))
      for (index, item) in items.enumerated() {
        if case .star(let target) = item {
          if let target {
            let rest = allocate()
            emit(.matchStar, a: rest, b: value, c: index, d: items.count - index - 1)
            captures.append((rest, target))
          }
          continue
        }
        if case .wildcard = item { continue }
        let key = allocate()
        let isAfter = star.map { index > $0 } ?? false
        emit(.loadConstant, a: key, b: constant(.int(.init(isAfter ? index - items.count : index))))
        let part = allocate()
        emit(.getItem, a: part, b: value, c: key)
        compile(item, part, &fails, &captures, id)
      }
    case .mapping(let items, let rest):
      let keys = block(items.count)
      let result = allocate()
      emit(.matchMapping, a: result, b: value)
      fails.append(emit(.jumpIfFalse, b: result, d: id))
      for (offset, item) in items.enumerated() { compile(item.key, into: keys + offset) }
      let parts = block(items.count)
      emit(.matchKeys, a: result, b: value, c: keys, d: items.count)
      fails.append(emit(.jumpIfFalse, b: result, d: id))
      _ = parts
      for (offset, item) in items.enumerated() {
        compile(item.pattern, parts + offset, &fails, &captures, id)
      }
      if let rest {
        let register = allocate()
        emit(.matchRest, a: register, b: value, c: keys, d: items.count)
        captures.append((register, rest))
      }
    case .classType(let type, let items, let keywords):
      let type = operand(type)
      let count = items.count + keywords.count
      sites.append(
        CallSite(
          start: 0,
          kinds: items.map { _ in .positional } + keywords.map { .keyword($0.name) }, isSimple: false,
          method: nil, name: ""))
      let result = allocate()
      let parts = block(count)
      emit(.matchClass, a: result, b: value, c: type, d: sites.count - 1)
      fails.append(emit(.jumpIfFalse, b: result, d: id))
      for (offset, item) in (items + keywords.map(\.pattern)).enumerated() {
        compile(item, parts + offset, &fails, &captures, id)
      }
    }
  }

  private func compileEither(
    _ choices: [Pattern], _ value: Int, _ fails: inout [Int], _ captures: inout [(Int, Target)], _ id: Int
  ) {
    // All choices bind the same names: each leaves its captures in the registers of the first.
    var shared: [(Int, Target)] = []
    var ends: [Int] = []
    for (index, choice) in choices.enumerated() {
      var inner: [Int] = []
      var found: [(Int, Target)] = []
      compile(choice, value, &inner, &found, id)
      if index == 0 {
        for (register, target) in found {
          let copy = allocate()
          emit(.move, a: copy, b: register)
          shared.append((copy, target))
        }
      } else {
        for (register, target) in found {
          if let (copy, _) = shared.first(where: { $0.1 == target }) { emit(.move, a: copy, b: register) }
        }
      }
      ends.append(emit(.jump))
      for fail in inner { land(fail) }
    }
    fails.append(emit(.jump))
    for end in ends { land(end) }
    captures += shared
  }

  func compileClass(_ target: Target, _ definition: ClassDefinition) {
    let decorators = block(definition.decorators.count)
    for (offset, decorator) in definition.decorators.enumerated() { compile(decorator, into: decorators + offset) }
    let site = arguments(definition.arguments, callee: definition.name)
    let index = nested(CodeBuilder(procedure: definition.body, shared: shared))
    let result = allocate()
    emit(.makeClass, a: result, b: index, c: site)
    for offset in definition.decorators.indices.reversed() {
      let argument = allocate()
      emit(.move, a: argument, b: result)
      sites.append(CallSite(start: argument, kinds: [.positional], isSimple: true, method: nil, name: ""))
      emit(.call, a: result, b: decorators + offset, c: sites.count - 1)
    }
    store(result, to: target)
  }
}

extension Pattern {
  /// Whatever comes matches.
  fileprivate var isIrrefutable: Bool {
    switch self {
    case .wildcard, .star, .capture: true
    case .alias(let inner, _): inner.isIrrefutable
    default: false
    }
  }
}

/// Displays, formatted strings and comprehensions.
extension CodeBuilder {
  func compileSequence(_ elements: [Element], _ operation: Operation, into target: Int) {
    let isPlain = elements.allSatisfy { if case .single = $0 { true } else { false } }
    if isPlain, elements.count <= 64 {
      temporaries {
        let start = block(elements.count)
        for (offset, element) in elements.enumerated() {
          if case .single(let value) = element { compile(value, into: start + offset) }
        }
        // A display of constants is made from a frozen one, which shows in the order of its items.
        let isFrozen =
          operation == .makeSet && elements.count > 2
          && elements.allSatisfy { if case .single(.constant) = $0 { true } else { false } }
        emit(operation, x: isFrozen ? 1 : 0, a: target, b: start, c: elements.count)
      }
      return
    }
    temporaries {
      let result = allocate()
      let isSet = operation == .makeSet
      emit(isSet ? .makeSet : .makeList, a: result, b: result, c: 0)
      for element in elements {
        temporaries {
          switch element {
          case .single(let value): emit(isSet ? .setAdd : .listAppend, a: result, b: operand(value))
          case .spread(let value): emit(isSet ? .setUpdate : .listExtend, a: result, b: operand(value))
          }
        }
      }
      if operation == .makeTuple {
        emit(.listToTuple, a: target, b: result)
      } else {
        emit(.move, a: target, b: result)
      }
    }
  }

  func compileDictionary(_ items: [DictionaryItem], into target: Int) {
    temporaries {
      let result = allocate()
      emit(.makeDictionary, a: result)
      for item in items {
        temporaries {
          switch item {
          case .pair(let key, let value):
            let key = operand(key)
            let value = operand(value)
            emit(.dictionarySet, a: result, b: key, c: value)
          case .spread(let value): emit(.dictionaryMerge, a: result, b: operand(value))
          }
        }
      }
      emit(.move, a: target, b: result)
    }
  }

  func compileFormat(_ parts: [FormatPart], into target: Int) {
    temporaries {
      let start = block(parts.count)
      for (offset, part) in parts.enumerated() {
        switch part {
        case .literal(let text): emit(.loadConstant, a: start + offset, b: constant(.string(text)))
        case .value(let value, let conversion, let specification):
          temporaries {
            let value = operand(value)
            var format = -1
            if let specification {
              let register = allocate()
              compileFormat(specification, into: register)
              format = register
            }
            let code: UInt8 =
              switch conversion {
              case "r": 1
              case "s": 2
              case "a": 3
              default: 0
              }
            emit(.formatValue, x: code, a: start + offset, b: value, c: format)
          }
        }
      }
      emit(.joinStrings, a: target, b: start, c: parts.count)
    }
  }

  // MARK: Comprehensions

  func compileComprehension(_ comprehension: Comprehension, into target: Int) {
    guard case .each(let place, let iterable, let isAsync)? = comprehension.clauses.first else {
      emit(.unsupported, a: name("a comprehension without a loop"))
      return
    }
    temporaries {
      if comprehension.kind == .generator {
        let iterator = allocate()
        compile(iterable, into: iterator)
        emit(isAsync ? .asyncIterator : .getIterator, a: iterator, b: iterator)
        let builder = CodeBuilder(
          generator: comprehension, named: "<genexpr>", line: line, shared: shared)
        let index = nested(builder)
        let closure = allocate()
        emit(.makeClosure, a: closure, b: index, c: 0)
        sites.append(CallSite(start: iterator, kinds: [.positional], isSimple: true, method: nil, name: ""))
        emit(.call, a: target, b: closure, c: sites.count - 1)
        return
      }
      let result = allocate()
      switch comprehension.kind {
      case .set: emit(.makeSet, a: result, b: result, c: 0)
      case .dictionary: emit(.makeDictionary, a: result)
      case .list, .generator: emit(.makeList, a: result, b: result, c: 0)
      }
      let iterator = allocate()
      compile(iterable, into: iterator)
      emit(isAsync ? .asyncIterator : .getIterator, a: iterator, b: iterator)
      let before = bound
      freshCells(comprehension)
      compileLoop(comprehension, clause: 0, place: place, iterator: iterator, result: result)
      bound = before
      emit(.move, a: target, b: result)
    }
  }

  /// Each evaluation has variables of its own: functions made in an earlier one keep theirs.
  private func freshCells(_ comprehension: Comprehension) {
    for clause in comprehension.clauses {
      if case .each(let target, _, _) = clause { freshCells(target) }
    }
  }

  private func freshCells(_ target: Target) {
    switch target {
    case .local(let name):
      if isCell(name), let register = register(of: name) { emit(.newCell, a: register) }
    case .unpack(let targets, _): for target in targets { freshCells(target) }
    default: break
    }
  }

  func compileGeneratorBody(_ comprehension: Comprehension, iterator: Int) {
    guard case .each(let place, _, _)? = comprehension.clauses.first else { return }
    compileLoop(comprehension, clause: 0, place: place, iterator: iterator, result: -1)
  }

  private func compileLoop(
    _ comprehension: Comprehension, clause: Int, place: Target, iterator: Int, result: Int
  ) {
    let top = here
    let item = allocate()
    let exit = emit(.forNext, b: iterator, c: item, d: decision(.loop))
    store(item, to: place)
    var skips: [Int] = []
    compileClauses(comprehension, from: clause + 1, result: result, skips: &skips)
    for skip in skips { land(skip, at: top) }
    emit(.jump, a: top)
    land(exit)
  }

  private func compileClauses(
    _ comprehension: Comprehension, from clause: Int, result: Int, skips: inout [Int]
  ) {
    guard clause < comprehension.clauses.count else {
      temporaries {
        switch comprehension.kind {
        case .generator:
          let value = operand(comprehension.element)
          emit(.yield, a: allocate(), b: value)
        case .list: emit(.listAppend, a: result, b: operand(comprehension.element))
        case .set: emit(.setAdd, a: result, b: operand(comprehension.element))
        case .dictionary:
          let key = operand(comprehension.key ?? .constant(.none))
          let value = operand(comprehension.element)
          emit(.dictionarySet, a: result, b: key, c: value)
        }
      }
      return
    }
    switch comprehension.clauses[clause] {
    case .filter(let test):
      skips += jump(unless: test, decision: decision(.filter))
      compileClauses(comprehension, from: clause + 1, result: result, skips: &skips)
    case .each(let place, let iterable, let isAsync):
      temporaries {
        let iterator = allocate()
        compile(iterable, into: iterator)
        emit(isAsync ? .asyncIterator : .getIterator, a: iterator, b: iterator)
        let before = bound
        compileLoop(comprehension, clause: clause, place: place, iterator: iterator, result: result)
        bound = before
      }
    }
  }
}

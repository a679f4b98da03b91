extension Machine {
  /// Runs `base` until it returns or yields. Frames below it are none of our business: an exception that leaves
  /// `base` is thrown.
  func run(_ base: Frame) throws(Unwind) -> Value {
    nesting += 1
    defer { nesting -= 1 }
    if nesting > Self.maximumNesting { throw stop(.depth) }
    let depthBefore = depth
    defer { depth = depthBefore }
    try enter()
    var frame = base
    var code = frame.code
    var regs = frame.registers
    var instructions = code.start
    var pc = frame.pc
    let fuel = fuel
    var injected = base.generator?.takeInjected()

    while true {
      do throws(Unwind) {
        if let exception = injected {
          injected = nil
          pending = exception
          throw .exception
        }
        while true {
          let i = instructions[pc]
          pc += 1
          fuel.pointee -= 1
          if fuel.pointee < 0 { throw stop(.fuel) }
          let a = Int(i.a)
          let b = Int(i.b)
          let c = Int(i.c)
          switch i.operation {
          case .move: regs[a] = regs[b]
          case .loadConstant: regs[a] = try constant(code, b)
          case .add:
            if case .int(let x) = regs[b], case .int(let y) = regs[c] {
              let (sum, overflow) = x.addingReportingOverflow(y)
              if !overflow {
                regs[a] = .int(sum)
                continue
              }
            }
            regs[a] = try binary(.add, regs[b], regs[c])
          case .subtract:
            if case .int(let x) = regs[b], case .int(let y) = regs[c] {
              let (difference, overflow) = x.subtractingReportingOverflow(y)
              if !overflow {
                regs[a] = .int(difference)
                continue
              }
            }
            regs[a] = try binary(.subtract, regs[b], regs[c])
          case .multiply:
            if case .int(let x) = regs[b], case .int(let y) = regs[c] {
              let (product, overflow) = x.multipliedReportingOverflow(by: y)
              if !overflow {
                regs[a] = .int(product)
                continue
              }
            }
            regs[a] = try binary(.multiply, regs[b], regs[c])
          case .binary:
            // Floor division and remainder by a positive integer (codes 5 and 6).
            if i.x == 5 || i.x == 6, case .int(let x) = regs[b], case .int(let y) = regs[c], y > 0 {
              let (quotient, remainder) = x.quotientAndRemainder(dividingBy: y)
              if i.x == 6 {
                regs[a] = .int(remainder < 0 ? remainder + y : remainder)
              } else {
                regs[a] = .int(remainder < 0 ? quotient - 1 : quotient)
              }
              continue
            }
            regs[a] = try binary(Self.binaryOperators[Int(i.x)], regs[b], regs[c])
          case .inPlace:
            if i.x == 0, case .int(let x) = regs[b], case .int(let y) = regs[c] {
              let (sum, overflow) = x.addingReportingOverflow(y)
              if !overflow {
                regs[a] = .int(sum)
                continue
              }
            }
            regs[a] = try inPlace(Self.binaryOperators[Int(i.x)], regs[b], regs[c])
          case .jumpUnlessCompare:
            let holds: Bool
            if case .int(let x) = regs[b], case .int(let y) = regs[c], i.x < 6 {
              holds =
                switch i.x {
                case 0: x == y
                case 1: x != y
                case 2: x < y
                case 3: x <= y
                case 4: x > y
                default: x >= y
                }
            } else {
              holds = try truth(try compare(Self.comparisons[Int(i.x)], regs[b], regs[c]))
            }
            if i.d >= 0 { cover(Int(i.d) * 2 + (holds ? 0 : 1)) }
            if !holds { pc = a }
          case .compare: regs[a] = try compare(Self.comparisons[Int(i.x)], regs[b], regs[c])
          case .not: regs[a] = .bool(!(try truth(regs[b])))
          case .getItem:
            if case .object(let object) = regs[b], case .int(let index) = regs[c], index >= 0,
              Swift.type(of: object) == ListObject.self
            {
              let list = unsafeDowncast(object, to: ListObject.self)
              if index < list.items.count {
                regs[a] = list.items[index]
                continue
              }
            }
            regs[a] = try getItem(regs[b], regs[c])
          case .loadCell:
            if case .object(let object) = regs[b], Swift.type(of: object) == CellObject.self {
              let value = unsafeDowncast(object, to: CellObject.self).value
              if !value.isUnbound {
                regs[a] = value
                continue
              }
            }
            try executeRare(i, frame, code, regs)
          case .jump: pc = a
          case .jumpIfFalse:
            let holds: Bool
            if case .bool(let value) = regs[b] { holds = value } else { holds = try truth(regs[b]) }
            if i.d >= 0 { cover(Int(i.d) * 2 + (holds ? 0 : 1)) }
            if !holds { pc = a }
          case .jumpIfTrue:
            let holds: Bool
            if case .bool(let value) = regs[b] { holds = value } else { holds = try truth(regs[b]) }
            // `x` marks a negated test, whose decision is the opposite of its operand.
            if i.d >= 0 { cover(Int(i.d) * 2 + (holds == (i.x == 0) ? 0 : 1)) }
            if holds { pc = a }
          case .jumpTable:
            if case .int(let value) = regs[b], value == c { continue }
            pc = a
          case .cover: if i.d >= 0 { cover(Int(i.d) * 2) }

          case .forNext:
            if case .object(let object) = regs[b] {
              if let range = object as? RangeIterator {
                if let value = range.step() {
                  regs[c] = .int(value)
                  if i.d >= 0 { cover(Int(i.d) * 2) }
                } else {
                  if i.d >= 0 { cover(Int(i.d) * 2 + 1) }
                  pc = a
                }
                continue
              }
              if let generator = object as? GeneratorObject, let inner = try start(generator, sending: .none) {
                try enter()
                frame.pc = pc
                inner.caller = frame
                inner.mode = .forNext(item: c, exit: a, decision: Int(i.d))
                frame = inner
                code = frame.code
                regs = frame.registers
                instructions = code.start
                pc = frame.pc
                continue
              }
            }
            if let value = try next(regs[b]) {
              regs[c] = value
              if i.d >= 0 { cover(Int(i.d) * 2) }
            } else {
              if i.d >= 0 { cover(Int(i.d) * 2 + 1) }
              pc = a
            }

          case .call, .callMethod, .makeClass:
            let entered: Frame?
            if i.operation == .makeClass {
              entered = try beginClass(frame, code: b, site: c, into: a)
            } else {
              entered = try call(frame, i, into: a)
            }
            if let entered {
              try enter()
              frame.pc = pc
              entered.caller = frame
              frame = entered
              code = frame.code
              regs = frame.registers
              instructions = code.start
              pc = frame.pc
            }

          case .yieldFromStep, .await:
            // The instruction runs again until what it waits for is exhausted.
            if i.operation == .await, try awaitValue(frame, a, b, isOfWith: i.x == 1) { continue }
            if let inner = try delegate(frame, a, b) {
              try enter()
              frame.pc = pc - 1
              inner.caller = frame
              inner.mode = .delegate(a)
              frame = inner
              code = frame.code
              regs = frame.registers
              instructions = code.start
              pc = frame.pc
              continue
            }
            guard let item = try delegateNext(frame, a, b) else { continue }
            // Yield the item, and come back to this instruction.
            frame.pc = pc - 1
            frame.generator?.resumeRegister = -1
            if let value = leaveByYield(&frame, base, item) { return value }
            code = frame.code
            regs = frame.registers
            instructions = code.start
            pc = frame.pc

          case .yield:
            frame.pc = pc
            frame.generator?.resumeRegister = a
            let item = regs[b]
            if let value = leaveByYield(&frame, base, item) { return value }
            code = frame.code
            regs = frame.registers
            instructions = code.start
            pc = frame.pc

          case .returnValue:
            let value = regs[b]
            let finished = frame
            finished.generator?.finish()
            if let memo = finished.memo { try keep(value, memo.key, in: memo.cache) }
            if finished === base { return value }
            depth -= 1
            guard let caller = finished.caller else { return value }
            finished.caller = nil
            frame = caller
            code = frame.code
            regs = frame.registers
            instructions = code.start
            pc = frame.pc
            switch finished.mode {
            case .native: return value
            case .value(let register): regs[register] = value
            case .construct(let register, let instance): regs[register] = instance
            case .forNext(_, let exit, let decision):
              if decision >= 0 { cover(decision * 2 + 1) }
              pc = exit
            case .delegate(let register):
              regs[register] = value
              pc += 1
            case .classBody(let register, let pendingClass):
              let made = try makeClass(pendingClass, finished.namespace)
              finished.setClassCell(made)
              regs[register] = made
            }

          default: try executeRare(i, frame, code, regs)
          }
        }
      } catch .stop {
        throw .stop
      } catch {
        // Find the innermost handler; frames without one are left.
        var position = pc - 1
        while true {
          if let range = frame.code.handler(at: position) {
            frame.registers[range.register] = pending
            pending = .none
            code = frame.code
            regs = frame.registers
            instructions = code.start
            pc = range.handler
            break
          }
          frame.generator?.finish()
          if let generator = frame.generator, generator.kind != .coroutine { convertStopIteration(generator) }
          if frame === base { throw .exception }
          depth -= 1
          guard let caller = frame.caller else { throw .exception }
          frame.caller = nil
          // A frame that waits in `yield from` stands on its instruction, others after it.
          position = if case .delegate = frame.mode { caller.pc } else { caller.pc - 1 }
          frame = caller
        }
      }
    }
  }

  func enter() throws(Unwind) {
    depth += 1
    if depth > limits.depth { throw stop(.depth) }
  }

  /// Leaves a generator's frame with an item. Returns the item when native code waits for it.
  private func leaveByYield(_ frame: inout Frame, _ base: Frame, _ item: Value) -> Value? {
    while true {
      let suspended = frame
      suspended.generator?.isRunning = false
      suspended.generator?.hasYielded = true
      if suspended === base { return item }
      depth -= 1
      guard let caller = suspended.caller else { return item }
      suspended.caller = nil
      frame = caller
      switch suspended.mode {
      case .forNext(let register, _, let decision):
        caller.registers[register] = item
        if decision >= 0 { cover(decision * 2) }
        return nil
      case .delegate:
        // The outer generator yields the item in turn and stands on its `yield from` again.
        caller.generator?.resumeRegister = -1
      case .value(let register):
        caller.registers[register] = item
        return nil
      case .native, .construct, .classBody: return nil
      }
    }
  }

  static let binaryOperators = BinaryOperator.allCases
  static let comparisons = ComparisonOperator.allCases
  static let unaryOperators = UnaryOperator.allCases
}

import BigInt
import Logic

extension BinaryOperator {
  var mutants: [BinaryOperator] {
    switch self {
    case .add: [.subtract]
    case .subtract: [.add]
    case .multiply: [.add]
    case .matrixMultiply: [.multiply]
    case .divide: [.multiply]
    case .floorDivide: [.divide, .multiply]
    case .modulo: [.floorDivide]
    case .power: [.multiply]
    case .shiftLeft: [.shiftRight]
    case .shiftRight: [.shiftLeft]
    case .bitAnd: [.bitOr]
    case .bitOr: [.bitAnd]
    case .bitXor: [.bitOr]
    }
  }
}

extension ComparisonOperator {
  /// The boundary and the opposite.
  var mutants: [ComparisonOperator] {
    switch self {
    case .equal: [.notEqual]
    case .notEqual: [.equal]
    case .less: [.lessOrEqual, .greaterOrEqual]
    case .lessOrEqual: [.less, .greater]
    case .greater: [.greaterOrEqual, .lessOrEqual]
    case .greaterOrEqual: [.greater, .less]
    case .identical: [.notIdentical]
    case .notIdentical: [.identical]
    case .contains: [.notContains]
    case .notContains: [.contains]
    }
  }
}

extension ComparisonOperator {
  /// The one that differs from it where both sides are equal, and only there.
  var boundary: ComparisonOperator? {
    switch self {
    case .less: .lessOrEqual
    case .lessOrEqual: .less
    case .greater: .greaterOrEqual
    case .greaterOrEqual: .greater
    default: nil
    }
  }

  /// At which distance of its left from its right side the outcome changes when the right side moves by a step.
  func turn(after step: Int) -> Int {
    switch self {
    case .lessOrEqual, .greater: step > 0 ? 1 : 0
    default: step > 0 ? 0 : -1
    }
  }
}

extension Expression {
  /// Calls that are easily taken for this one: a prefix for any part, text for what is left of it without its ends.
  var slips: [(text: String, expression: Expression, isEssential: Bool)] {
    guard case .call(let callee, let arguments) = self else { return [] }
    switch callee {
    case .attribute(let object, let name):
      let others = [
        "find": "rfind", "rfind": "find", "partition": "rpartition", "rpartition": "partition", "appendleft": "append",
      ]
      if let other = others[name] {
        return [("\(name) became \(other)", .call(.attribute(object, other), arguments), false)]
      }
      switch name {
      case "startswith" where arguments.count == 1, "endswith" where arguments.count == 1:
        return [("\(name) became in", .compare(.contains, arguments[0].value, object), true)]
      case "strip", "lstrip", "rstrip", "lower", "upper": return [("\(name) dropped", object, true)]
      default: return []
      }
    case .global(.builtin(let name)) where Self.conversions.contains(name) && arguments.count == 1:
      return [("\(name)() dropped", arguments[0].value, true)]
    case .global(.builtin(let name)):
      let others = ["min": "max", "max": "min", "any": "all", "all": "any"]
      return others[name].map { [("\(name) became \($0)", .call(.global(.builtin($0)), arguments), false)] } ?? []
    default: return []
    }
  }

  /// Of a number to a number: the other types of numbers are easily left out of account.
  private static let conversions: Set<String> = ["float", "int", "bool"]

  /// The same with the other end of a queue, or with another order.
  var orderSlips: [(text: String, expression: Expression)] {
    guard case .call(let callee, let arguments) = self else { return [] }
    switch callee {
    case .attribute(let object, "popleft"):
      return [("popleft became pop", .call(.attribute(object, "pop"), arguments))]
    case .attribute(let object, "pop") where arguments.isEmpty:
      // Of a list, or of a deque: the other fails at once.
      return [
        ("pop() became pop(0)", .call(callee, [Argument(.constant(.int(0)))])),
        ("pop() became popleft()", .call(.attribute(object, "popleft"), [])),
      ]
    case .attribute(_, "pop") where arguments == [Argument(.constant(.int(0)))]:
      return [("pop(0) became pop()", .call(callee, []))]
    case .global(.builtin("sorted")):
      if let index = arguments.firstIndex(where: { $0.kind == .keyword("reverse") }) {
        var fewer = arguments
        fewer.remove(at: index)
        return [("reverse dropped", .call(callee, fewer))]
      }
      if arguments.contains(where: { $0.kind == .spread || $0.kind == .spreadKeywords }) { return [] }
      return [
        (
          "order reversed",
          .call(callee, arguments + [Argument(.constant(.bool(true)), kind: .keyword("reverse"))])
        )
      ]
    default: return []
    }
  }
}

extension Statement.Kind {
  /// Two loops of which one is all that the other does, the other way round.
  static func swappedLoops(_ loop: Statement.Kind) -> Statement.Kind? {
    guard case .forLoop(let outer, let outerSource, let body, let outerElse, let isAsync) = loop, outerElse.isEmpty,
      body.count == 1, case .forLoop(let inner, let innerSource, let work, let innerElse, false) = body[0].kind,
      innerElse.isEmpty, !isAsync, case .local(let name) = outer, !innerSource.reads(name)
    else { return nil }
    return .forLoop(
      inner, innerSource,
      body: [Statement(.forLoop(outer, outerSource, body: work, otherwise: [], isAsync: false), line: body[0].line)],
      otherwise: [], isAsync: false)
  }
}

extension Expression {
  fileprivate func reads(_ name: String) -> Bool {
    var stack = [Node.expression(self)]
    while let node = stack.popLast() {
      if case .expression(.local(name)) = node { return true }
      stack += node.children
    }
    return false
  }
}

extension Constant {
  /// What variables are at first.
  var isInitial: Bool {
    switch self {
    case .none, .bool: true
    case .int(let value): value.magnitude <= 1
    case .string(let text): text.values.isEmpty
    default: false
    }
  }

  var mutants: [Constant] {
    switch self {
    case .none: [.int(0)]
    case .bool(let value): [.bool(!value)]
    case .int(let value): [.int(value + 1), .int(value - 1)]
    case .float(let bits): bits.value.isFinite ? [.float(FloatBits(bits.value + 1))] : []
    case .string(let text): text.values.isEmpty ? [.string(CodePoints("x"))] : [.string(CodePoints(""))]
    case .bytes(let bytes): bytes.isEmpty ? [.bytes([120])] : [.bytes([])]
    case .ellipsis, .notImplemented, .imaginary: []
    }
  }

  /// Short, for a list of survivors.
  var text: String {
    switch self {
    case .none: "None"
    case .ellipsis: "..."
    case .notImplemented: "NotImplemented"
    case .bool(let value): value ? "True" : "False"
    case .int(let value): value.description
    case .float(let bits): "\(bits.value)"
    case .imaginary(let bits): "\(bits.value)j"
    case .string(let text): "'\(text.string.prefix(20))'"
    case .bytes(let bytes): "b'\(String(decoding: bytes.prefix(20), as: UTF8.self))'"
    }
  }
}

extension Procedure {
  /// Variables of which fixed positions are read, that are taken apart into parts, or called, or that hold exceptions.
  var neverEmpty: Set<String> {
    var (names, made): (Set<String>, Set<String>) = ([], [])
    forEachNode { node in
      switch node {
      case .expression(.item(.local(let name), .constant(.int))), .expression(.call(.local(let name), _)):
        names.insert(name)
      case .statement(let statement):
        if case .tryBlock(_, let handlers, _, _) = statement.kind {
          for case .local(let name)? in handlers.map(\.name) {
            names.insert(name)
            made.insert(name)
          }
        }
        if case .assign(let targets, .local(let name)) = statement.kind,
          targets.contains(where: { if case .unpack = $0 { true } else { false } })
        {
          names.insert(name)
        }
        // What a class gives, and what is that.
        if case .assign(let targets, let value) = statement.kind, targets.count == 1, case .local(let name) = targets[0]
        {
          switch value {
          case .call(.global(.module(let callee)), _) where World.isOfObject("\(callee)()"): names.insert(name)
          case .local(let other) where made.contains(other): names.insert(name)
          default: break
          }
          if names.contains(name) { made.insert(name) }
        }
      default: break
      }
    }
    return names
  }
}

extension Expression {
  func isLocal(among names: Set<String>) -> Bool {
    if case .local(let name) = self { names.contains(name) } else { false }
  }

  var isWholeConstant: Bool { if case .constant(.int) = self { true } else { false } }

  /// A nested function has lines of its own.
  var holdsFunction: Bool {
    var stack = [Node.expression(self)]
    while let node = stack.popLast() {
      if case .expression(.closure) = node { return true }
      stack += node.children
    }
    return false
  }
}

extension Expression {
  /// Of what asks whether something is there by its truth: the question whether it is there.
  var presence: Expression? {
    switch self {
    case .not(let inner): inner.presence.map { .not($0) }
    case .call(.attribute(_, "get"), _): .compare(.notIdentical, self, .constant(.none))
    default: nil
    }
  }
}

import Logic

/// A product of sizes, such as n*m or n log n. The empty product is a constant.
struct Growth: Hashable, Sendable, Comparable {
  var powers: [String: Int] = [:]
  var logs: [String: Int] = [:]

  static let constant = Growth()
  static func of(_ symbol: String) -> Growth { Growth(powers: [symbol: 1]) }

  static func * (left: Growth, right: Growth) -> Growth {
    Growth(
      powers: left.powers.merging(right.powers, uniquingKeysWith: +),
      logs: left.logs.merging(right.logs, uniquingKeysWith: +))
  }

  var degree: Int { powers.values.reduce(0, +) }
  var sortKey: String {
    powers.sorted { $0.key < $1.key }.map { "\($0.key)^\($0.value)" }.joined(separator: "*")
      + logs.sorted { $0.key < $1.key }.map { "log \($0.key)^\($0.value)" }.joined()
  }

  static func < (left: Growth, right: Growth) -> Bool {
    left.degree != right.degree ? left.degree < right.degree : left.sortKey < right.sortKey
  }

  /// Grows no faster than the other in any size.
  func isCovered(by other: Growth) -> Bool {
    powers.allSatisfy { name, power in
      let theirs = other.powers[name] ?? 0
      return power < theirs || power == theirs && (logs[name] ?? 0) <= (other.logs[name] ?? 0)
    }
      && logs.keys.allSatisfy {
        powers[$0] != nil || (other.powers[$0] ?? 0) > 0 || (other.logs[$0] ?? 0) >= (logs[$0] ?? 0)
      }
  }
}

/// A bound on the work of a procedure by the nesting of its loops and the declared costs of built-in operations; what
/// it calls and does not know counts as one step. Nil where a loop has no bound that the text shows.
struct StaticCost {
  private let table: UseTable
  private let shapes: Shapes
  private let parameters: Set<String>
  /// Sizes of locals: of a list built in a loop, the loop's.
  private var sizes: [String: Growth] = [:]
  private var unbounded = false
  private let procedure: Procedure

  init(_ procedure: Procedure) {
    self.procedure = procedure
    table = UseTable([procedure])
    shapes = Shapes([procedure])
    parameters = Set(procedure.parameters.map(\.name))
  }

  /// Growths of which none covers another, largest first.
  static func bound(of procedure: Procedure) -> [Growth]? {
    var cost = StaticCost(procedure)
    var result: [Growth] = []
    // A second pass knows the sizes of locals that the first met.
    for _ in 0..<2 {
      cost.unbounded = false
      result = cost.cost(of: procedure.body, within: .constant, depth: 0)
    }
    return cost.unbounded ? nil : reduced(result)
  }

  private static func reduced(_ growths: [Growth]) -> [Growth] {
    let distinct = Array(Set(growths)).sorted(by: >)
    var kept: [Growth] = []
    for growth in distinct where !kept.contains(where: { growth.isCovered(by: $0) }) { kept.append(growth) }
    return kept.isEmpty ? [.constant] : kept
  }

  private mutating func cost(of statements: [Statement], within outer: Growth, depth: Int) -> [Growth] {
    guard depth < 60 else {
      unbounded = true
      return []
    }
    var result: [Growth] = []
    for statement in statements {
      switch statement.kind {
      case .forLoop(_, let iterable, let body, let otherwise, _):
        result += cost(of: iterable, within: outer)
        guard let count = size(of: iterable) else {
          unbounded = true
          return []
        }
        result.append(outer * count)
        result += cost(of: body, within: outer * count, depth: depth + 1)
        result += cost(of: otherwise, within: outer, depth: depth + 1)
      case .whileLoop:
        unbounded = true
        return []
      case .assign(let targets, let value):
        result += cost(of: value, within: outer)
        for case .local(let name) in targets {
          if let size = size(of: value), isCollection(value) { grow(name, to: size) }
        }
        for target in targets { result += cost(of: target, within: outer) }
      case .augment(let target, _, let value):
        result += cost(of: value, within: outer)
        if case .local(let name) = target, sizes[name] != nil { grow(name, to: outer * (size(of: value) ?? .constant)) }
        result += cost(of: target, within: outer)
      case .branch(let test, let then, let otherwise):
        result += cost(of: test, within: outer)
        result += cost(of: then, within: outer, depth: depth + 1)
        result += cost(of: otherwise, within: outer, depth: depth + 1)
      case .tryBlock(let body, let handlers, let otherwise, let finally):
        for part in [body, otherwise, finally] + handlers.map(\.body) {
          result += cost(of: part, within: outer, depth: depth + 1)
        }
      case .with(let context, _, let body, _):
        result += cost(of: context, within: outer) + cost(of: body, within: outer, depth: depth + 1)
      case .match(let subject, let cases):
        result += cost(of: subject, within: outer)
        for one in cases { result += cost(of: one.body, within: outer, depth: depth + 1) }
      case .defineClass: unbounded = true
      default:
        for case .expression(let part) in statement.kind.children { result += cost(of: part, within: outer) }
      }
    }
    return result
  }

  private mutating func cost(of target: Target, within outer: Growth) -> [Growth] {
    var result: [Growth] = []
    if case .item(.local(let name), _) = target, sizes[name] != nil { grow(name, to: outer) }
    for case .expression(let part) in target.children { result += cost(of: part, within: outer) }
    return result
  }

  private mutating func grow(_ name: String, to size: Growth) {
    if let known = sizes[name], size.isCovered(by: known) { return }
    sizes[name] = size
  }

  private mutating func cost(of root: Expression, within outer: Growth) -> [Growth] {
    var result: [Growth] = []
    var stack: [Expression] = [root]
    while let expression = stack.popLast() {
      switch expression {
      case .comprehension(let comprehension):
        var inner = outer
        for clause in comprehension.clauses {
          switch clause {
          case .each(_, let iterable, _):
            result += cost(of: iterable, within: inner)
            guard let count = size(of: iterable) else {
              unbounded = true
              return []
            }
            inner = inner * count
            result.append(inner)
          case .filter(let test): result += cost(of: test, within: inner)
          }
        }
        for part in [comprehension.key, comprehension.element] {
          if let part { result += cost(of: part, within: inner) }
        }
        continue
      case .call(let callee, let arguments):
        result += callCost(callee, arguments).map { outer * $0 }
        if case .attribute(.local(let name), let method) = callee, sizes[name] != nil,
          ["append", "add", "extend", "insert", "setdefault"].contains(method)
        {
          grow(name, to: outer)
        }
      case .compare(.contains, _, let container), .compare(.notContains, _, let container):
        if isLinear(container), let count = size(of: container) { result.append(outer * count) }
      case .item(let object, .slice(let lower, let upper, _)):
        let constant = [lower, upper].contains { if case .constant(.int)? = $0 { true } else { false } }
        if let count = size(of: object), !constant || upper == nil { result.append(outer * count) }
      case .closure, .yieldFrom, .await: unbounded = true
      default: break
      }
      for case .expression(let part) in expression.children { stack.append(part) }
    }
    return result
  }

  private mutating func callCost(_ callee: Expression, _ arguments: [Argument]) -> [Growth] {
    let first = arguments.first?.value
    switch callee {
    case .global(.builtin(let name)):
      guard let first, let count = size(of: first) else { return [] }
      switch name {
      case "sum", "min", "max", "any", "all", "list", "tuple", "set", "frozenset", "dict":
        return arguments.count == 1 || name == "sum" ? [count] : []
      case "sorted":
        return count.powers.isEmpty ? [] : [Growth(powers: count.powers, logs: count.powers.mapValues { _ in 1 })]
      default: return []
      }
    case .global(.module(procedure.name)):
      // Recursion has no bound that nesting shows.
      unbounded = true
      return []
    case .attribute(let object, let name):
      let count = size(of: object)
      switch name {
      case "append", "add":
        return []
      case "sort": return count.map { [Growth(powers: $0.powers, logs: $0.powers.mapValues { _ in 1 })] } ?? []
      case "index", "count", "remove", "insert", "reverse", "copy", "split", "replace", "strip", "lower", "upper",
        "find":
        return count.map { [$0] } ?? []
      case "join", "extend", "update", "union", "intersection", "difference":
        return first.flatMap { size(of: $0) }.map { [$0] } ?? []
      default: return []
      }
    default: return []
    }
  }

  /// A list, tuple or string, in which a search looks at each element.
  private func isLinear(_ expression: Expression) -> Bool {
    switch expression {
    case .local(let name):
      if case .list = shapes.parameters[name] { return true }
      return shapes.parameters[name] == .string
    default: return false
    }
  }

  private func isCollection(_ expression: Expression) -> Bool {
    switch expression {
    case .list, .set, .dictionary, .comprehension: true
    case .call(.global(.builtin(let name)), _):
      ["list", "tuple", "set", "frozenset", "dict", "sorted", "reversed", "enumerate", "zip", "range"].contains(name)
    case .item(_, .slice): true
    case .call(.attribute(_, let name), _): ["split", "copy", "items", "keys", "values", "splitlines"].contains(name)
    default: false
    }
  }

  /// How many elements an iterable has; nil when the text does not show.
  private func size(of expression: Expression) -> Growth? {
    switch expression {
    case .constant(.string), .constant(.bytes): return .constant
    case .list(let elements), .tuple(let elements), .set(let elements):
      return elements.contains { if case .spread = $0 { true } else { false } } ? nil : .constant
    case .dictionary: return .constant
    case .local(let name):
      if let known = sizes[name] { return known }
      if parameters.contains(name) { return .of(name) }
      let places = table.places(of: expression)
      return places.count == 1 ? places.first.map { .of($0.text) } : nil
    case .item(let object, .slice): return size(of: object)
    case .attribute:
      let places = table.places(of: expression)
      return places.count == 1 ? places.first.map { .of($0.text) } : nil
    case .comprehension(let comprehension):
      var result = Growth.constant
      for case .each(_, let iterable, _) in comprehension.clauses {
        guard let count = size(of: iterable) else { return nil }
        result = result * count
      }
      return result
    case .call(.global(.builtin(let name)), let arguments):
      switch name {
      case "range": return rangeSize(arguments.map(\.value))
      case "enumerate", "sorted", "reversed", "list", "tuple", "set", "frozenset", "iter", "dict", "zip":
        return arguments.first.map { size(of: $0.value) } ?? .constant
      case "map", "filter": return arguments.dropFirst().first.flatMap { size(of: $0.value) }
      default: return nil
      }
    case .call(.attribute(let object, let name), _)
    where ["items", "keys", "values", "copy", "split", "splitlines"].contains(name):
      return size(of: object)
    default: return nil
    }
  }

  private func rangeSize(_ arguments: [Expression]) -> Growth? {
    let symbols = arguments.prefix(2).compactMap { amount($0) }
    return symbols.max()
  }

  /// What an integer grows with.
  private func amount(_ expression: Expression) -> Growth? {
    switch expression {
    case .constant(.int), .unary(_, .constant(.int)): return .constant
    case .local(let name):
      if parameters.contains(name) { return .of(name) }
      // A loop variable is bounded by its loop, whose size bounds this one's as well.
      return nil
    case .call(.global(.builtin("len")), let arguments): return arguments.first.flatMap { size(of: $0.value) }
    case .call(.global(.builtin("min")), let arguments): return arguments.compactMap { amount($0.value) }.max()
    case .binary(.add, let left, let right), .binary(.subtract, let left, let right):
      return [amount(left), amount(right)].compactMap { $0 }.max()
    case .binary(.floorDivide, let left, .constant): return amount(left)
    case .binary(.multiply, let left, .constant), .binary(.multiply, .constant, let left): return amount(left)
    default: return nil
    }
  }
}

extension Place {
  /// As source: `self.items`.
  var text: String {
    steps.reduce(root) { text, step in
      switch step {
      case .attribute(let name): "\(text).\(name)"
      case .result: "\(text)()"
      case .item, .iterated, .part: "\(text)[...]"
      }
    }
  }
}

import Logic

/// Reads what a procedure asks of its values: one node for each variable, joined where one value becomes another.
/// Flow-insensitive; a variable that holds values of different sorts is one of which nothing is known.
struct DemandReader {
  private final class Node {
    var link: Node?
    var sorts: Set<Demand.Sort> = []
    var isInteger = false
    var mayBeNone = false
    var isCharacter = false
    var isSequence = false
    var isStored = false
    var isCollection = false
    var isTested = false
    var passes = 0
    var minimumCount = 0
    var counts: Set<Int> = []
    /// A whole number written in the source: no evidence that others are whole.
    var isLiteral = false
    var element: Node?
    var item: Node?
    var parts: [Int: Node] = [:]
    var fields: [CodePoints: Node] = [:]

    init(_ sort: Demand.Sort? = nil, isInteger: Bool = false) {
      if let sort { sorts = [sort] }
      self.isInteger = isInteger
    }

    var root: Node {
      var node = self
      while let next = node.link { node = next }
      return node
    }
  }

  private struct Scope {
    var names: [String: Node] = [:]
    /// The containers that a variable goes through.
    var walked: [String: [Node]] = [:]
  }

  private var scopes: [Scope] = [Scope()]
  private var receivers: Set<String> = []
  /// Values of one sort, if any of them has a known one.
  private var alike: [[Node]] = []
  private var subtractions: [(left: Node, right: Node, result: Node)] = []
  private var isFirstPass = true
  private var loops = 0

  /// What procedures that are given the same values ask of them: by parameter, and by `.x` for attributes of the
  /// parameters that are `receivers`.
  static func read(_ procedures: [Procedure], receivers: (Procedure) -> Set<String>) -> [String: Demand] {
    var reader = DemandReader()
    var shared: [String: Node] = [:]
    for procedure in procedures {
      reader.receivers = receivers(procedure)
      reader.scopes = [Scope(names: shared)]
      for parameter in procedure.parameters { _ = reader.variable(parameter.name) }
      for isFirst in [true, false] {
        reader.isFirstPass = isFirst
        reader.walk(procedure.body)
      }
      for (name, node) in reader.scopes[0].names
      where name.hasPrefix(".") || procedure.parameters.contains(where: { $0.name == name }) {
        shared[name] = node
      }
    }
    reader.settle()
    return shared.mapValues { reader.demand($0, depth: 0) }
  }

  // MARK: Nodes

  private mutating func variable(_ name: String) -> Node {
    for scope in scopes.reversed() { if let node = scope.names[name] { return node.root } }
    let node = Node()
    scopes[scopes.count - 1].names[name] = node
    return node
  }

  private func unify(_ left: Node, _ right: Node, depth: Int = 0) {
    let (kept, other) = (left.root, right.root)
    guard kept !== other, depth < 20 else { return }
    other.link = kept
    kept.sorts.formUnion(other.sorts)
    kept.isInteger = kept.isInteger || other.isInteger
    kept.mayBeNone = kept.mayBeNone || other.mayBeNone
    kept.isCharacter = kept.isCharacter || other.isCharacter
    kept.isSequence = kept.isSequence || other.isSequence
    kept.isStored = kept.isStored || other.isStored
    kept.isCollection = kept.isCollection || other.isCollection
    kept.isTested = kept.isTested || other.isTested
    kept.passes = max(kept.passes, other.passes)
    kept.minimumCount = max(kept.minimumCount, other.minimumCount)
    kept.counts.formUnion(other.counts)
    kept.isLiteral = kept.isLiteral && other.isLiteral
    func join(_ one: Node?, _ two: Node?) -> Node? {
      guard let one, let two else { return one ?? two }
      unify(one, two, depth: depth + 1)
      return one
    }
    kept.element = join(kept.element, other.element)
    kept.item = join(kept.item, other.item)
    for (index, part) in other.parts { kept.parts[index] = join(kept.parts[index], part) }
    for (key, field) in other.fields { kept.fields[key] = join(kept.fields[key], field) }
  }

  private func element(of node: Node) -> Node {
    let node = node.root
    if node.element == nil { node.element = Node() }
    return node.element!.root
  }

  private func item(of node: Node) -> Node {
    let node = node.root
    if node.sorts == [.list] || node.isSequence { return element(of: node) }
    if node.item == nil { node.item = Node() }
    return node.item!.root
  }

  private func part(_ index: Int, of node: Node) -> Node {
    let node = node.root
    if node.parts[index] == nil { node.parts[index] = Node() }
    return node.parts[index]!.root
  }

  private func field(_ key: CodePoints, of node: Node) -> Node {
    let node = node.root
    if node.fields[key] == nil { node.fields[key] = Node() }
    return node.fields[key]!.root
  }

  private func isA(_ sort: Demand.Sort, _ node: Node) { node.root.sorts.insert(sort) }

  private mutating func numbers(_ nodes: Node...) { for node in nodes { isA(.number, node) } }

  private mutating func areAlike(_ nodes: Node...) { if isFirstPass { alike.append(nodes) } }

  private func pass(over node: Node) {
    if isFirstPass { node.root.passes += loops > 0 ? 2 : 1 }
  }

  // MARK: Statements

  private mutating func walk(_ statements: [Statement]) { for statement in statements { walk(statement.kind) } }

  private mutating func walk(_ statement: Statement.Kind) {
    switch statement {
    case .expression(let value): _ = read(value)
    case .assign(let targets, let value):
      let node = read(value)
      for target in targets { bind(target, node) }
    case .augment(let target, let operation, let value):
      guard let place = target.place else { return }
      let result = binary(operation, place, value)
      if operation == .add { areAlike(read(place), result) } else { unify(read(place), result) }
      store(target)
    case .delete(let target): store(target)
    case .branch(let test, let then, let otherwise):
      truth(of: test)
      walk(then)
      walk(otherwise)
    case .whileLoop(let test, let body, let otherwise):
      loops += 1
      truth(of: test)
      walk(body)
      loops -= 1
      walk(otherwise)
    case .forLoop(let target, let iterable, let body, let otherwise, _):
      iterate(iterable, target)
      loops += 1
      walk(body)
      loops -= 1
      walk(otherwise)
    case .breakLoop, .continueLoop: break
    case .returnValue(let value): if let value { _ = read(value) }
    case .raise(let value, let cause): for one in [value, cause] { if let one { _ = read(one) } }
    case .assert(let test, let message):
      truth(of: test)
      if let message { _ = read(message) }
    case .tryBlock(let body, let handlers, let otherwise, let finally):
      walk(body)
      for handler in handlers { walk(handler.body) }
      walk(otherwise)
      walk(finally)
    case .with(let context, let target, let body, _):
      isA(.object, read(context))
      if let target { bind(target, Node()) }
      walk(body)
    case .match(let subject, let cases):
      isA(.object, read(subject))
      for one in cases {
        if let test = one.guardTest { truth(of: test) }
        walk(one.body)
      }
    case .defineClass: break
    }
  }

  private mutating func bind(_ target: Target, _ node: Node) {
    switch target {
    case .local(let name), .captured(let name): unify(variable(name), node)
    case .unpack(let targets, let starred):
      if starred == nil { node.root.counts.insert(targets.count) }
      for (index, target) in targets.enumerated() {
        bind(target, starred == nil || index < starred! ? part(index, of: node) : Node())
      }
    case .item, .attribute:
      if let place = target.place { unify(read(place), node) }
      store(target)
    case .global, .namespace: break
    }
  }

  private mutating func store(_ target: Target) {
    if case .item(let object, _) = target { read(object).isStored = true }
  }

  /// What a `for` or a comprehension goes through.
  private mutating func iterate(_ iterable: Expression, _ target: Target) {
    let source = read(iterable)
    pass(over: source)
    bind(target, element(of: source))
    if case .local(let name) = target { scopes[scopes.count - 1].walked[name, default: []].append(source) }
  }

  private mutating func truth(of test: Expression, depth: Int = 0) {
    switch test {
    case .not(let inner) where depth < 40: truth(of: inner, depth: depth + 1)
    case .and(let operands) where depth < 40, .or(let operands) where depth < 40:
      for operand in operands { truth(of: operand, depth: depth + 1) }
    case .compare, .chain, .constant, .call: _ = read(test)
    default:
      let node = read(test)
      node.mayBeNone = true
      node.isTested = true
    }
  }

  // MARK: Expressions

  private mutating func read(_ expression: Expression, depth: Int = 0) -> Node {
    guard depth < 60 else { return Node(.object) }
    func next(_ inner: Expression) -> Node { read(inner, depth: depth + 1).root }
    switch expression {
    case .constant(let constant): return Self.literal(constant)
    case .local(let name), .captured(let name): return variable(name)
    case .unary(let operation, let operand):
      let node = next(operand)
      numbers(node)
      if operation == .invert { node.isInteger = true }
      let result = Node(.number, isInteger: node.isInteger)
      result.isLiteral = node.isLiteral
      return result
    case .binary(let operation, let left, let right): return binary(operation, left, right)
    case .compare(let operation, let left, let right):
      compare(operation, left, right)
      return Node()
    case .chain(let operands, let operations):
      for (index, operation) in operations.enumerated() where index + 1 < operands.count {
        compare(operation, operands[index], operands[index + 1])
      }
      return Node()
    case .not(let operand):
      truth(of: operand)
      return Node()
    case .and(let operands):
      for operand in operands.dropLast() { truth(of: operand) }
      return operands.last.map { next($0) } ?? Node()
    case .or(let operands):
      for operand in operands.dropLast() { truth(of: operand) }
      let result = Node()
      for operand in operands { unify(next(operand), result) }
      return result.root
    case .conditional(let test, let then, let otherwise):
      truth(of: test)
      let result = next(then)
      unify(result, next(otherwise))
      return result.root
    case .attribute(.local(let name), let attribute) where receivers.contains(name):
      return variable(".\(attribute)")
    case .attribute(let object, _):
      isA(.object, next(object))
      return Node()
    case .item(let object, let index): return readItem(object, index)
    case .call(let callee, let arguments): return call(callee, arguments, depth: depth)
    case .list(let elements): return display(.list, elements)
    case .set(let elements): return display(.set, elements)
    case .tuple(let elements):
      let result = Node(.tuple)
      for (index, element) in elements.enumerated() {
        guard case .single(let value) = element else { return Node() }
        unify(part(index, of: result), next(value))
      }
      result.root.counts = [elements.count]
      return result
    case .dictionary(let items):
      let result = Node(.dictionary)
      for case .pair(let key, let value) in items {
        unify(element(of: result), next(key))
        unify(item(of: result), next(value))
      }
      for case .spread(let value) in items { isA(.dictionary, next(value)) }
      return result
    case .format(let pieces):
      for case .value(let value, _, _) in pieces { _ = next(value) }
      return Node(.string)
    case .comprehension(let comprehension):
      for clause in comprehension.clauses {
        switch clause {
        case .each(let target, let iterable, _):
          iterate(iterable, target)
          loops += 1
        case .filter(let test): truth(of: test)
        }
      }
      let result: Node
      switch comprehension.kind {
      case .list: result = Node(.list)
      case .set: result = Node(.set)
      case .dictionary: result = Node(.dictionary)
      case .generator: result = Node()
      }
      if let key = comprehension.key {
        unify(element(of: result), next(key))
        unify(item(of: result), next(comprehension.element))
      } else {
        unify(element(of: result), next(comprehension.element))
      }
      for case .each in comprehension.clauses { loops -= 1 }
      return result.root
    case .closure(let procedure):
      enter(procedure, arguments: [])
      return Node()
    case .named(let target, let value):
      let node = next(value)
      bind(target, node)
      return node.root
    case .yield(let value): return value.map { _ = next($0) }.map { Node() } ?? Node()
    case .yieldFrom(let value):
      pass(over: next(value))
      return Node()
    case .await(let value):
      isA(.object, next(value))
      return Node()
    case .slice(let lower, let upper, let step):
      for bound in [lower, upper, step] { if let bound { wholeNumber(bound) } }
      return Node()
    case .global, .namespace, .definition, .importModule, .importName: return Node()
    }
  }

  private static func literal(_ constant: Constant) -> Node {
    let node: Node
    switch constant {
    case .int:
      node = Node(.number)
      node.isLiteral = true
    case .float, .imaginary: node = Node(.number)
    case .string: node = Node(.string)
    case .none:
      node = Node()
      node.mayBeNone = true
    default: node = Node()
    }
    return node
  }

  private mutating func display(_ sort: Demand.Sort, _ elements: [Element]) -> Node {
    let result = Node(sort)
    for value in elements {
      switch value {
      case .single(let inner): unify(element(of: result), read(inner))
      case .spread(let inner): pass(over: read(inner))
      }
    }
    return result.root
  }

  private mutating func enter(_ procedure: Procedure, arguments: [Node]) {
    guard scopes.count < 8 else { return }
    var scope = Scope()
    let names = procedure.parameters.map(\.name)
    for name in names { scope.names[name] = Node() }
    for (name, node) in zip(names, arguments) { scope.names[name] = node }
    scopes.append(scope)
    loops += 1
    walk(procedure.body)
    loops -= 1
    scopes.removeLast()
  }

  /// Marks what an expression of whole numbers is made of.
  private mutating func wholeNumber(_ expression: Expression, depth: Int = 0) {
    switch expression {
    case .binary(let operation, let left, let right)
    where depth < 20 && [.add, .subtract, .multiply].contains(operation):
      wholeNumber(left, depth: depth + 1)
      wholeNumber(right, depth: depth + 1)
    case .constant(.none): break
    default:
      let node = read(expression)
      numbers(node)
      node.root.isInteger = true
    }
  }

  private mutating func binary(_ operation: BinaryOperator, _ left: Expression, _ right: Expression) -> Node {
    let (one, two) = (read(left), read(right))
    let isWhole = (one.isInteger || one.isLiteral) && (two.isInteger || two.isLiteral)
    let mentionsFloat = [left, right].contains { if case .constant(.float) = $0 { true } else { false } }
    switch operation {
    case .add:
      let result = Node(nil, isInteger: isWhole)
      result.isLiteral = one.isLiteral && two.isLiteral
      areAlike(one, two, result)
      for (node, other) in [(one, result), (two, result)] where node.element != nil && node.sorts != [.number] {
        unify(element(of: node), element(of: other))
      }
      return result.root
    case .subtract:
      let result = Node(nil, isInteger: isWhole)
      subtractions.append((one, two, result))
      return result
    case .multiply:
      let result = Node(nil, isInteger: isWhole)
      for (node, other, text) in [(one, two, right), (two, one, left)] {
        if !node.sorts.isDisjoint(with: [.list, .string, .tuple]) {
          wholeNumber(text)
          unify(result, node)
          _ = other
          return result.root
        }
      }
      subtractions.append((one, two, result))
      return result
    case .floorDivide, .modulo:
      if operation == .modulo, one.sorts.contains(.string) { return Node(.string) }
      numbers(one, two)
      if !mentionsFloat {
        wholeNumber(left)
        wholeNumber(right)
      }
      return Node(.number, isInteger: !mentionsFloat)
    case .divide, .power:
      numbers(one, two)
      return Node(.number)
    case .shiftLeft, .shiftRight:
      wholeNumber(left)
      wholeNumber(right)
      return Node(.number, isInteger: true)
    case .bitAnd, .bitOr, .bitXor:
      if one.isLiteral || two.isLiteral {
        wholeNumber(left)
        wholeNumber(right)
        return Node(.number, isInteger: true)
      }
      let result = Node()
      areAlike(one, two, result)
      return result
    case .matrixMultiply: return Node(.object)
    }
  }

  private mutating func compare(_ operation: ComparisonOperator, _ left: Expression, _ right: Expression) {
    let (one, two) = (read(left), read(right))
    switch operation {
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      areAlike(one, two)
      if one.isInteger, two.sorts != [.number] || !two.isInteger { two.isInteger = two.isInteger || right.isPlainRead }
      if two.isInteger { one.isInteger = one.isInteger || left.isPlainRead }
    case .equal, .notEqual:
      if left == .constant(.none) { two.mayBeNone = true }
      if right == .constant(.none) { one.mayBeNone = true }
      if left.isCharacter { two.isCharacter = true }
      if right.isCharacter { one.isCharacter = true }
      if left.isSlice || right.isSlice { areAlike(one, two) }
      if left.isStep || right.isStep {
        wholeNumber(left)
        wholeNumber(right)
      }
    case .identical, .notIdentical:
      one.mayBeNone = true
      two.mayBeNone = true
    case .contains, .notContains:
      two.isCollection = true
      if case .constant(.string) = right {
        isA(.string, one)
        one.isCharacter = true
      } else {
        areAlike(one, element(of: two))
      }
    }
  }

  private mutating func readItem(_ object: Expression, _ index: Expression) -> Node {
    let node = read(object)
    switch index {
    case .slice:
      _ = read(index)
      node.isSequence = true
      let result = Node()
      result.isSequence = true
      unify(element(of: result), element(of: node))
      areAlike(result, node)
      return result
    case .constant(.string(let key)):
      isA(.dictionary, node)
      return field(key, of: node)
    case .constant(.int(let value)):
      guard value >= 0, value < 16 else { return part(0, of: node) }
      node.minimumCount = max(node.minimumCount, Int(value) + 1)
      return part(Int(value), of: node)
    case .unary(.negate, .constant(.int)):
      node.isSequence = true
      return element(of: node)
    default:
      let key = read(index)
      if case .local(let name) = index,
        scopes.contains(where: { scope in
          (scope.walked[name] ?? []).contains { $0.root === node.root }
        })
      {
        isA(.dictionary, node)
        return item(of: node)
      }
      if key.isInteger, !node.sorts.contains(.dictionary) {
        node.isSequence = true
        return element(of: node)
      }
      return item(of: node)
    }
  }

  // MARK: Calls

  private mutating func call(_ callee: Expression, _ arguments: [Argument], depth: Int) -> Node {
    switch callee {
    case .global(.builtin(let name)): return builtin(name, arguments)
    case .attribute(let object, let name): return method(name, of: read(object, depth: depth + 1), arguments)
    default:
      for argument in arguments { _ = read(argument.value, depth: depth + 1) }
      if case .closure = callee { return Node() }
      if callee.isPlainRead { isA(.object, read(callee)) }
      return Node()
    }
  }

  private mutating func builtin(_ name: String, _ arguments: [Argument]) -> Node {
    let positional = arguments.filter { $0.kind == .positional }.map(\.value)
    func others(_ dropped: Int = 1) {
      for argument in arguments where !positional.prefix(dropped).contains(argument.value) { _ = read(argument.value) }
    }
    guard let first = positional.first else {
      others(0)
      return ["list": Node(.list), "dict": Node(.dictionary), "set": Node(.set)][name] ?? Node()
    }
    switch name {
    case "len":
      read(first).isCollection = true
      return Node(.number, isInteger: true)
    case "range":
      for value in positional { wholeNumber(value) }
      let result = Node()
      element(of: result).isInteger = true
      isA(.number, element(of: result))
      return result
    case "enumerate":
      let result = Node()
      pass(over: read(first))
      unify(part(1, of: element(of: result)), element(of: read(first)))
      let index = part(0, of: element(of: result))
      isA(.number, index)
      index.isInteger = true
      return result
    case "zip":
      let result = Node()
      for (index, value) in positional.enumerated() {
        pass(over: read(value))
        unify(part(index, of: element(of: result)), element(of: read(value)))
      }
      return result
    case "sorted", "list", "tuple", "set", "frozenset", "reversed", "iter":
      let source = read(first)
      pass(over: source)
      if name == "reversed" { source.isSequence = true }
      let sorts: [String: Demand.Sort] = ["sorted": .list, "list": .list, "set": .set, "frozenset": .set]
      let result = Node(sorts[name])
      unify(element(of: result), element(of: source))
      keyed(arguments, element(of: source))
      return result
    case "sum":
      pass(over: read(first))
      if positional.count == 1 { numbers(element(of: read(first))) }
      return positional.count == 1 ? Node(.number) : Node()
    case "min", "max":
      keyed(arguments, positional.count == 1 ? element(of: read(first)) : read(first))
      if positional.count == 1 {
        pass(over: read(first))
        let result = element(of: read(first))
        for case .keyword("default") in arguments.map(\.kind) { return Node() }
        return result
      }
      let result = Node()
      for value in positional { areAlike(read(value), result) }
      result.isInteger = positional.allSatisfy { read($0).isInteger || read($0).isLiteral }
      return result
    case "any", "all":
      pass(over: read(first))
      return Node()
    case "abs", "round":
      numbers(read(first))
      return Node(.number, isInteger: read(first).isInteger)
    case "divmod":
      for value in positional { wholeNumber(value) }
      let result = Node(.tuple)
      for index in 0..<2 {
        isA(.number, part(index, of: result))
        part(index, of: result).isInteger = true
      }
      return result
    case "chr":
      wholeNumber(first)
      return Node(.string)
    case "ord":
      isA(.string, read(first))
      return Node(.number, isInteger: true)
    case "int":
      _ = read(first)
      return Node(.number, isInteger: true)
    case "float":
      _ = read(first)
      return Node(.number)
    case "str", "repr":
      _ = read(first)
      return Node(.string)
    case "isinstance", "type", "callable", "hasattr", "getattr", "next", "issubclass":
      isA(.object, read(first))
      others()
      return Node()
    case "map", "filter":
      guard positional.count > 1 else { return Node() }
      let source = read(positional[1])
      pass(over: source)
      let result = Node()
      if case .closure(let procedure) = first { enter(procedure, arguments: [element(of: source)]) }
      if name == "filter" { unify(element(of: result), element(of: source)) }
      return result
    case "dict":
      let result = Node(.dictionary)
      unify(element(of: result), element(of: read(first)))
      return result
    default:
      for argument in arguments { _ = read(argument.value) }
      return Node()
    }
  }

  /// `key=lambda item: ...`.
  private mutating func keyed(_ arguments: [Argument], _ element: Node) {
    for argument in arguments where argument.kind == .keyword("key") {
      if case .closure(let procedure) = argument.value { enter(procedure, arguments: [element]) }
    }
  }

  private mutating func method(_ name: String, of object: Node, _ arguments: [Argument]) -> Node {
    let object = object.root
    let given = arguments.map { read($0.value) }
    if let result = stringMethod(name, of: object, given) { return result }
    switch name {
    case "append", "add", "appendleft", "discard":
      // Which of its likes this is does not matter to what it holds.
      isA(name == "add" || name == "discard" ? .set : .list, object)
      if let first = given.first { unify(element(of: object), first) }
      return Node()
    case "extend", "insert", "sort", "reverse":
      isA(.list, object)
      if name == "insert", given.count > 1 { unify(element(of: object), given[1]) }
      if name == "extend", let first = given.first {
        pass(over: first)
        unify(element(of: object), element(of: first))
      }
      keyed(arguments, element(of: object))
      return Node()
    case "items", "keys", "values", "get", "setdefault", "popitem", "update":
      if name != "update" { isA(.dictionary, object) }
      switch name {
      case "items":
        let result = Node()
        unify(part(0, of: element(of: result)), element(of: object))
        unify(part(1, of: element(of: result)), item(of: object))
        return result
      case "keys":
        let result = Node(.set)
        unify(element(of: result), element(of: object))
        return result
      case "values":
        let result = Node()
        unify(element(of: result), item(of: object))
        return result
      case "get", "setdefault":
        var result = item(of: object)
        if case .constant(.string(let key))? = arguments.first?.value { result = field(key, of: object) }
        if given.count > 1 { unify(result, given[1]) }
        return result.root
      default: return Node()
      }
    case "pop", "popleft":
      if let first = arguments.first?.value, case .constant(.string(let key)) = first { return field(key, of: object) }
      return object.sorts == [.dictionary] ? item(of: object) : element(of: object)
    case "union", "intersection", "difference", "issubset", "issuperset", "symmetric_difference":
      isA(.set, object)
      return Node(.set)
    case "remove", "clear", "copy", "index", "count": return name == "index" || name == "count" ? Node(.number) : Node()
    default:
      isA(.object, object)
      return Node()
    }
  }

  private mutating func stringMethod(_ name: String, of object: Node, _ given: [Node]) -> Node? {
    switch name {
    case "strip", "lstrip", "rstrip", "lower", "upper", "title", "capitalize", "replace", "zfill", "ljust", "rjust",
      "center", "format", "removeprefix", "removesuffix", "casefold", "swapcase", "expandtabs", "translate":
      isA(.string, object)
      if ["zfill", "ljust", "rjust", "center"].contains(name), let width = given.first {
        numbers(width)
        width.root.isInteger = true
      }
      if name == "replace" { for node in given.prefix(2) { isA(.string, node) } }
      return Node(.string)
    case "startswith", "endswith", "isdigit", "isalpha", "isalnum", "isspace", "isupper", "islower", "isnumeric",
      "isdecimal", "isidentifier":
      isA(.string, object)
      if name.hasSuffix("with"), let first = given.first, first.sorts.isEmpty { isA(.string, first) }
      return Node()
    case "find", "rfind", "rindex":
      isA(.string, object)
      if let first = given.first { isA(.string, first) }
      return Node(.number, isInteger: true)
    case "split", "rsplit", "splitlines", "partition", "rpartition":
      isA(.string, object)
      let result = Node(name.hasSuffix("partition") ? .tuple : .list)
      isA(.string, element(of: result))
      return result
    case "join":
      isA(.string, object)
      if let first = given.first {
        pass(over: first)
        isA(.string, element(of: first))
      }
      return Node(.string)
    default: return nil
    }
  }

  // MARK: The end

  private mutating func settle() {
    spread()
    for (left, right, result) in subtractions {
      let nodes = [left.root, right.root, result.root]
      let isOfSets = nodes.contains { $0.sorts.contains(.set) || $0.element != nil || $0.isCollection }
      for node in nodes where node.sorts.isEmpty { node.sorts = [isOfSets ? .set : .number] }
    }
    spread()
  }

  private func spread() {
    for _ in 0..<8 {
      var isChanged = false
      for group in alike {
        let roots = group.map(\.root)
        let known = roots.reduce(into: Set<Demand.Sort>()) { $0.formUnion($1.sorts) }.intersection([
          .number, .string, .list, .set,
        ])
        guard known.count == 1 else { continue }
        for node in roots where node.sorts.isEmpty {
          node.sorts = known
          isChanged = true
        }
      }
      if !isChanged { return }
    }
  }

  private func demand(_ node: Node, depth: Int) -> Demand {
    let node = node.root
    var result = Demand()
    guard depth < 5 else { return result }
    if node.element != nil || node.isSequence, node.counts.isEmpty {
      for part in node.parts.values { unify(element(of: node), part) }
      node.parts = [:]
    }
    result.sort = node.sorts.count == 1 ? node.sorts.first : node.sorts.isEmpty ? nil : .object
    result.isInteger = node.isInteger
    result.mayBeNone = node.mayBeNone
    result.isCharacter = node.isCharacter
    result.isSequence = node.isSequence
    result.isStored = node.isStored
    result.isIterated = node.passes > 0
    result.isCollection = node.isCollection || node.passes > 1
    result.isTested = node.isTested
    result.minimumCount = node.minimumCount
    result.exactCount = node.counts.count == 1 ? node.counts.first : nil
    if node.sorts == [.number] { return result }
    result.element = node.element.map { [demand($0, depth: depth + 1)] } ?? []
    result.item = node.item.map { [demand($0, depth: depth + 1)] } ?? []
    result.parts = node.parts.mapValues { demand($0, depth: depth + 1) }
    result.fields = node.fields.mapValues { demand($0, depth: depth + 1) }
    return result
  }
}

extension Expression {
  fileprivate var isPlainRead: Bool {
    switch self {
    case .local, .captured, .item, .attribute: true
    default: false
    }
  }

  fileprivate var isCharacter: Bool {
    if case .constant(.string(let text)) = self { text.values.count == 1 } else { false }
  }

  fileprivate var isSlice: Bool { if case .item(_, .slice) = self { true } else { false } }

  /// One more or less than something: `end + 1`.
  fileprivate var isStep: Bool {
    switch self {
    case .binary(.add, _, .constant(.int(1))), .binary(.subtract, _, .constant(.int(1))): true
    default: false
    }
  }
}

extension Target {
  /// The expression that reads what this stores.
  fileprivate var place: Expression? {
    switch self {
    case .local(let name): .local(name)
    case .captured(let name): .captured(name)
    case .attribute(let object, let name): .attribute(object, name)
    case .item(let object, let index): .item(object, index)
    default: nil
    }
  }
}

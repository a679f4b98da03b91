import Logic

/// Reads what a procedure asks of its values: one node for each variable, joined where one value becomes another.
/// Flow-insensitive; a variable that holds values of different sorts is one of which nothing is known.
struct DemandReader {
  struct Scope {
    var names: [String: Node] = [:]
    /// The containers that a variable goes through.
    var walked: [String: [Node]] = [:]
    /// What a method returns that is read where it is called.
    var result: Node?
  }

  var scopes: [Scope] = [Scope()]
  private var receivers: Set<String> = []
  /// The procedure that is read, and what its parameters are.
  private var own: (procedure: Procedure, parameters: [Node])?
  /// Parameters of nested functions, by the name that they are defined by.
  var nested: [String: [Node]] = [:]
  /// Functions whose bodies are known, and those that are being read.
  private var functions: [Reference: Procedure] = [:]
  var entered: [String] = []
  /// Classes whose methods are known, by the variable or name that holds them.
  var classes: [Expression: KnownClass] = [:]
  /// Values of one sort, if any of them has a known one.
  var alike: [[Node]] = []
  var subtractions: [(left: Node, right: Node, result: Node)] = []
  var sums: [(left: Node, right: Node, result: Node)] = []
  /// What the unknown gives, by what it is asked for: `name` for attributes of that name, `name()` for calls.
  private var answers: [String: Node] = [:]
  /// What is looked for in what.
  var membership: [(key: Expression, container: Node)] = []
  var isFirstPass = true
  private var loops = 0
  /// Code that says little by saying much is given up.
  private var readsLeft = 200_000
  var partsLeft = 20_000

  /// What procedures that are given the same values ask of them: by parameter, and by `.x` for attributes of the
  /// parameters that are `receivers`.
  static func read(
    _ procedures: [Procedure], functions: [Reference: Procedure] = [:], classes: [Reference: ClassDefinition] = [:],
    receivers: (Procedure) -> Set<String>
  ) -> [String: Demand] {
    var reader = DemandReader()
    reader.functions = functions
    for (name, definition) in classes { reader.classes[.global(name)] = KnownClass(definition) }
    return reader.demands(reader.readAll(procedures, receivers: receivers))
  }

  /// What procedures ask of what the unknown gives them, by the name of the question: `name` for attributes, `name()`
  /// for what calls return, `await name()` for what is waited for, each with `[]` for its items.
  static func answers(
    of procedures: [Procedure], classes: [Reference: ClassDefinition] = [:]
  ) -> [String: Demand] {
    var reader = DemandReader()
    for (name, definition) in classes { reader.classes[.global(name)] = KnownClass(definition) }
    _ = reader.readAll(procedures) { _ in [] }
    var result = reader.demands(reader.answers)
    for (name, demand) in result {
      if let inner = demand.item.first ?? demand.element.first { result[name + "[]"] = inner }
    }
    return result
  }

  /// In one order: demands join nodes.
  private mutating func demands(_ nodes: [String: Node]) -> [String: Demand] {
    var result: [String: Demand] = [:]
    partsLeft = 20_000
    for (name, node) in nodes.sorted(by: { $0.key < $1.key }) { result[name] = demand(node, depth: 0) }
    return result
  }

  private mutating func readAll(
    _ procedures: [Procedure], receivers: (Procedure) -> Set<String>
  ) -> [String: Node] {
    var shared: [String: Node] = [:]
    for procedure in procedures {
      self.receivers = receivers(procedure)
      scopes = [Scope(names: shared)]
      own = (procedure, procedure.parameters.map { variable($0.name) })
      nested = [:]
      membership = []
      for isFirst in [true, false] {
        isFirstPass = isFirst
        walk(procedure.body)
      }
      for (name, node) in scopes[0].names
      where name.hasPrefix(".") || procedure.parameters.contains(where: { $0.name == name }) {
        shared[name] = node
      }
    }
    settle()
    return shared
  }

  // MARK: Variables

  private mutating func variable(_ name: String) -> Node {
    for scope in scopes.reversed() { if let node = scope.names[name] { return node.root } }
    let node = Node(named: name)
    scopes[scopes.count - 1].names[name] = node
    return node
  }

  mutating func answer(_ name: String) -> Node {
    if let node = answers[name] { return node.root }
    let node = Node(named: name)
    answers[name] = node
    return node
  }

  /// What a call of the unknown returns.
  mutating func answer(ofCalling callee: Expression) -> Node {
    Self.questionName(of: callee).map { answer($0 + "()") } ?? Node()
  }

  private static func questionName(of callee: Expression) -> String? {
    switch callee {
    case .attribute(_, let name), .local(let name), .captured(let name): name
    case .global(.module(let path)), .global(.imported(let path)), .global(.unresolved(let path)):
      path.split(separator: ".").last.map(String.init)
    default: nil
    }
  }

  mutating func numbers(_ nodes: Node...) { for node in nodes { isA(.number, node) } }

  mutating func areAlike(_ nodes: Node...) { if isFirstPass { alike.append(nodes) } }

  func pass(over node: Node) {
    if isFirstPass { node.root.passes += loops > 0 ? 2 : 1 }
  }

  // MARK: Statements

  mutating func walk(_ statements: [Statement]) { for statement in statements { walk(statement.kind) } }

  private mutating func walk(_ statement: Statement.Kind) {
    switch statement {
    case .expression(let value): _ = read(value)
    case .assign(let targets, let value):
      let node = read(value)
      for target in targets { bind(target, node) }
    case .augment(let target, let operation, let value):
      guard let place = target.expression else { return }
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
    case .returnValue(let value):
      guard let value else { return }
      let node = read(value)
      if let result = scopes[scopes.count - 1].result { unify(result, node) }
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
    case .defineClass(let target, let definition):
      guard case .local(let name) = target else { return }
      let known = KnownClass(definition)
      (classes[.local(name)], classes[.captured(name)]) = (known, known)
    }
  }

  private mutating func bind(_ target: Target, _ node: Node) {
    switch target {
    // Whatever is thrown away.
    case .local("_"), .captured("_"): break
    case .local(let name), .captured(let name): unify(variable(name), node)
    case .unpack(let targets, let starred):
      if starred == nil { node.root.counts.insert(targets.count) }
      for (index, target) in targets.enumerated() {
        bind(target, starred == nil || index < starred! ? part(index, of: node) : Node())
      }
    case .item, .attribute:
      if let place = target.expression { unify(read(place), node) }
      store(target)
    case .global, .namespace: break
    }
  }

  private mutating func store(_ target: Target) {
    guard case .item(let object, let key) = target else { return }
    read(object).isStored = true
    if case .constant(.string(let key)) = key { read(object).askedKeys.insert(key) }
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

  mutating func read(_ expression: Expression, depth: Int = 0) -> Node {
    readsLeft -= 1
    guard depth < 60, readsLeft > 0 else { return Node(.object) }
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
    case .attribute(let object, let name):
      let node = next(object)
      if node.instanceOf != nil { return attribute(name, of: node) }
      isA(.object, node)
      if !isMethodOfBuiltin(name), !name.hasPrefix("__") { node.root.isObject = true }
      return answer(name)
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
        // A record has values of many sorts.
        if case .constant(.string(let name)) = key {
          unify(field(name, of: result), next(value))
        } else {
          unify(item(of: result), next(value))
        }
      }
      for case .spread(let value) in items { isA(.dictionary, next(value)) }
      return result
    case .format(let pieces):
      for case .value(let value, _, let spec) in pieces {
        _ = next(value)
        if case .literal(let text)? = spec?.first, spec?.count == 1, let kind = text.string.last, "bdoxX".contains(kind)
        {
          wholeNumber(value)
        }
      }
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
      let parameters = nested[procedure.name] ?? procedure.parameters.map { _ in Node() }
      nested[procedure.name] = parameters
      enter(procedure, arguments: parameters)
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
      guard case .call(let callee, _) = value, let name = Self.questionName(of: callee) else { return Node() }
      return answer("await \(name)()")
    case .slice(let lower, let upper, let step):
      for bound in [lower, upper, step] { if let bound { size(bound) } }
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
      // Several that are written out are as good as a tuple.
      case .single(let inner):
        if elements.count == 1 { unify(element(of: result), read(inner)) } else { _ = read(inner) }
      case .spread(let inner): pass(over: read(inner))
      }
    }
    return result.root
  }

  /// Parts of an argument that the code hands to itself in its place are what the argument is.
  mutating func recur(_ callee: Expression, _ arguments: [Argument]) {
    if case .global(let name) = callee, let helper = functions[name], !entered.contains(helper.name) {
      enter(helper, arguments: arguments.prefix { $0.kind == .positional }.map { read($0.value) })
    }
    guard let parameters = parameters(of: callee) else { return }
    // From outside it is given what it takes.
    if let name = callee.localName, nested[name] != nil, !entered.contains(name) {
      for (argument, parameter) in zip(arguments, parameters) where argument.kind == .positional {
        unify(parameter, read(argument.value))
      }
      return
    }
    for (argument, parameter) in zip(arguments, parameters) where argument.kind == .positional {
      let (part, whole) = (read(argument.value).root, parameter.root)
      // What is tested for its type is of several.
      guard part !== whole, part.sorts.union(whole.sorts).count <= 1, !part.sorts.contains(.object),
        whole.leads(to: part)
      else { continue }
      unify(whole, part)
    }
  }

  private func parameters(of callee: Expression) -> [Node]? {
    switch callee {
    case .local(let name), .captured(let name): return nested[name]
    case .global(.module(let name)): return own.flatMap { name == $0.procedure.name ? $0.parameters : nil }
    case .attribute(.local(let object), let name):
      guard let own, name == own.procedure.name, object == own.procedure.parameters.first?.name else { return nil }
      return Array(own.parameters.dropFirst())
    default: return nil
    }
  }

  mutating func enter(_ procedure: Procedure, arguments: [Node]) {
    guard scopes.count < 8 else { return }
    entered.append(procedure.name)
    defer { entered.removeLast() }
    var scope = Scope()
    let names = procedure.parameters.map(\.name)
    for name in names { scope.names[name] = Node(named: name) }
    for (name, node) in zip(names, arguments) { unify(scope.names[name] ?? Node(), node) }
    scopes.append(scope)
    loops += 1
    walk(procedure.body)
    loops -= 1
    scopes.removeLast()
  }

  /// Marks what a count of things is made of.
  mutating func size(_ expression: Expression, depth: Int = 0) {
    wholeNumber(expression)
    switch expression {
    case .binary(let operation, let left, let right)
    where depth < 20 && [.add, .subtract, .multiply].contains(operation):
      size(left, depth: depth + 1)
      size(right, depth: depth + 1)
    default: if expression.isPlainRead { read(expression).root.isSize = true }
    }
  }

  /// Marks what an expression of whole numbers is made of.
  mutating func wholeNumber(_ expression: Expression, depth: Int = 0) {
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
}

extension Expression {
  fileprivate var localName: String? {
    switch self {
    case .local(let name), .captured(let name): name
    default: nil
    }
  }
}

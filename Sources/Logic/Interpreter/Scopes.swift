/// Which variables a procedure binds and which of them nested functions share.
struct Scope {
  /// Locals in order of first appearance, parameters first.
  var locals: [String] = []
  private var known: Set<String> = []
  /// Names that nested code reads or binds through `captured`, or that lie in a generator expression.
  var shared: Set<String> = []
  /// Names used here or in nested code that no procedure up to here binds.
  var free: [String] = []
  private var knownFree: Set<String> = []
  /// Locals of the enclosing procedure that a generator expression uses.
  var outerLocals: [String] = []
  /// Names that something unbinds again: they are never known to be bound.
  var unbindable: Set<String> = []
  /// An assignment inside an expression: operands must be copied.
  var hasNamed = false
  var isTooDeep = false

  static let maximumDepth = 150

  mutating func bind(_ name: String) {
    if known.insert(name).inserted { locals.append(name) }
  }
  func binds(_ name: String) -> Bool { known.contains(name) }
  mutating func useFree(_ name: String) {
    if knownFree.insert(name).inserted { free.append(name) }
  }

  init() {}

  /// The scope of a procedure's own frame.
  init(_ procedure: Procedure, depth: Int = 0) {
    for parameter in procedure.parameters { bind(parameter.name) }
    visit(procedure.body, depth)
    // What `super()` asks for is a variable of the class body itself.
    if procedure.kind == .classBody, knownFree.contains("__class__") { bind("__class__") }
    // A captured name that this procedure binds itself is its own variable.
    settle()
  }

  /// The scope of a generator expression, whose first iterable is evaluated outside.
  init(generator: Comprehension, depth: Int) {
    for clause in generator.clauses {
      if case .each(let target, _, _) = clause { visit(target, depth) }
    }
    let inner = locals
    var body = Scope()
    for name in inner { body.bind(name) }
    body.visitClauses(generator, depth, skipFirst: true)
    // Any local that the body uses but the targets do not bind belongs to the enclosing procedure.
    for name in body.locals where !known.contains(name) {
      useFree(name)
      outerLocals.append(name)
    }
    for name in body.free { if known.contains(name) { shared.insert(name) } else { useFree(name) } }
    shared.formUnion(body.shared.intersection(known))
    hasNamed = body.hasNamed
    isTooDeep = isTooDeep || body.isTooDeep
  }

  private mutating func settle() {
    let unsettled = free
    free = []
    knownFree = []
    for name in unsettled { if known.contains(name) { shared.insert(name) } else { useFree(name) } }
  }

  private mutating func nest(_ inner: Scope) {
    for name in inner.free { useFree(name) }
    isTooDeep = isTooDeep || inner.isTooDeep
  }

  private mutating func visit(_ statements: [Statement], _ depth: Int) {
    if depth > Self.maximumDepth {
      isTooDeep = true
      return
    }
    for statement in statements { visit(statement.kind, depth + 1) }
  }

  private mutating func visit(_ statement: Statement.Kind, _ depth: Int) {
    switch statement {
    case .expression(let value): visit(value, depth)
    case .assign(let targets, let value):
      visit(value, depth)
      for target in targets { visit(target, depth) }
    case .augment(let target, _, let value):
      visit(target, depth)
      visit(value, depth)
    case .delete(let target):
      unbinds(target)
      visit(target, depth)
    case .branch(let test, let then, let otherwise):
      visit(test, depth)
      visit(then, depth)
      visit(otherwise, depth)
    case .whileLoop(let test, let body, let otherwise):
      visit(test, depth)
      visit(body, depth)
      visit(otherwise, depth)
    case .forLoop(let target, let iterable, let body, let otherwise, _):
      visit(iterable, depth)
      visit(target, depth)
      visit(body, depth)
      visit(otherwise, depth)
    case .breakLoop, .continueLoop: break
    case .returnValue(let value): visit(value, depth)
    case .raise(let value, let cause):
      visit(value, depth)
      visit(cause, depth)
    case .assert(let test, let message):
      visit(test, depth)
      visit(message, depth)
    case .tryBlock(let body, let handlers, let otherwise, let finally):
      visit(body, depth)
      for handler in handlers {
        visit(handler.type, depth)
        if let name = handler.name {
          unbinds(name)
          visit(name, depth)
        }
        visit(handler.body, depth)
      }
      visit(otherwise, depth)
      visit(finally, depth)
    case .with(let manager, let target, let body, _):
      visit(manager, depth)
      if let target { visit(target, depth) }
      visit(body, depth)
    case .match(let subject, let cases):
      visit(subject, depth)
      for item in cases {
        visit(item.pattern, depth)
        visit(item.guardTest, depth)
        visit(item.body, depth)
      }
    case .defineClass(let target, let definition):
      for decorator in definition.decorators { visit(decorator, depth) }
      for argument in definition.arguments { visit(argument.value, depth) }
      nest(Scope(definition.body, depth: depth + 1))
      visit(target, depth)
    }
  }

  private mutating func unbinds(_ target: Target) {
    switch target {
    case .local(let name): unbindable.insert(name)
    case .unpack(let targets, _):
      for target in targets { if case .local(let name) = target { unbindable.insert(name) } }
    default: break
    }
  }

  private mutating func visit(_ target: Target, _ depth: Int) {
    switch target {
    case .local(let name): bind(name)
    case .captured(let name): useFree(name)
    case .global, .namespace: break
    case .attribute(let object, _): visit(object, depth + 1)
    case .item(let object, let key):
      visit(object, depth + 1)
      visit(key, depth + 1)
    case .unpack(let targets, _):
      if depth > Self.maximumDepth {
        isTooDeep = true
        return
      }
      for target in targets { visit(target, depth + 1) }
    }
  }

  private mutating func visit(_ pattern: Pattern, _ depth: Int) {
    if depth > Self.maximumDepth {
      isTooDeep = true
      return
    }
    switch pattern {
    case .wildcard: break
    case .value(let value): visit(value, depth)
    case .capture(let target): visit(target, depth)
    case .sequence(let items), .either(let items): for item in items { visit(item, depth + 1) }
    case .star(let target): if let target { visit(target, depth) }
    case .mapping(let items, let rest):
      for item in items {
        visit(item.key, depth)
        visit(item.pattern, depth + 1)
      }
      if let rest { visit(rest, depth) }
    case .classType(let type, let items, let keywords):
      visit(type, depth)
      for item in items { visit(item, depth + 1) }
      for keyword in keywords { visit(keyword.pattern, depth + 1) }
    case .alias(let inner, let target):
      visit(inner, depth + 1)
      visit(target, depth)
    }
  }

  private mutating func visit(_ expression: Expression?, _ depth: Int) {
    if let expression { visit(expression, depth) }
  }

  private mutating func visitAll(_ expressions: [Expression], _ depth: Int) {
    for expression in expressions { visit(expression, depth) }
  }

  private mutating func visit(_ expression: Expression, _ outer: Int) {
    let depth = outer + 1
    if depth > Self.maximumDepth {
      isTooDeep = true
      return
    }
    switch expression {
    case .constant, .global, .namespace, .importModule, .importName: break
    case .local(let name): bind(name)
    case .captured(let name): useFree(name)
    case .unary(_, let value), .not(let value), .attribute(let value, _), .yieldFrom(let value), .await(let value):
      visit(value, depth)
    case .binary(_, let left, let right), .compare(_, let left, let right), .item(let left, let right):
      visit(left, depth)
      visit(right, depth)
    case .chain(let operands, _), .and(let operands), .or(let operands): visitAll(operands, depth)
    case .conditional(let test, let then, let otherwise): visitAll([test, then, otherwise], depth)
    case .slice(let start, let stop, let step):
      visit(start, depth)
      visit(stop, depth)
      visit(step, depth)
    case .call(let callee, let arguments):
      visit(callee, depth)
      for argument in arguments { visit(argument.value, depth) }
    case .list(let elements), .tuple(let elements), .set(let elements):
      for element in elements {
        switch element {
        case .single(let value), .spread(let value): visit(value, depth)
        }
      }
    case .dictionary(let items):
      for item in items {
        switch item {
        case .pair(let key, let value): visitAll([key, value], depth)
        case .spread(let value): visit(value, depth)
        }
      }
    case .format(let parts): visit(parts, depth)
    case .comprehension(let comprehension):
      if comprehension.kind == .generator {
        if case .each(_, let iterable, _)? = comprehension.clauses.first { visit(iterable, depth) }
        let inner = Scope(generator: comprehension, depth: depth)
        // The rest runs later, in a frame of its own: what it uses of ours is shared.
        for name in inner.outerLocals {
          bind(name)
          shared.insert(name)
        }
        for name in inner.free { useFree(name) }
        hasNamed = hasNamed || inner.hasNamed
        isTooDeep = isTooDeep || inner.isTooDeep
      } else {
        visitClauses(comprehension, depth, skipFirst: false)
      }
    case .closure(let procedure):
      for parameter in procedure.parameters { visit(parameter.defaultValue, depth) }
      nest(Scope(procedure, depth: depth))
    case .definition(let definition):
      for argument in definition.arguments { visit(argument.value, depth) }
    case .named(let target, let value):
      hasNamed = true
      visit(value, depth)
      visit(target, depth)
    case .yield(let value): visit(value, depth)
    }
  }

  private mutating func visit(_ parts: [FormatPart], _ depth: Int) {
    for case .value(let value, _, let specification) in parts {
      visit(value, depth)
      if let specification, depth < Self.maximumDepth { visit(specification, depth + 1) }
    }
  }

  private mutating func visitClauses(_ comprehension: Comprehension, _ depth: Int, skipFirst: Bool) {
    for (index, clause) in comprehension.clauses.enumerated() {
      switch clause {
      case .each(let target, let iterable, _):
        if index > 0 || !skipFirst { visit(iterable, depth) }
        visit(target, depth)
      case .filter(let test): visit(test, depth)
      }
    }
    visit(comprehension.key, depth)
    visit(comprehension.element, depth)
  }
}

import Logic

/// Which variables a piece of code binds, reads and hands to closures: found by a walk over the syntax, before the
/// graph is built.
struct VariableUse {
  var bound: Set<String> = []
  /// How often each local is read.
  var reads: [String: Int] = [:]
  /// How often each local is bound.
  var bindings: [String: Int] = [:]
  /// Locals bound inside a loop, a `try` or a comprehension.
  var boundRepeatedly: Set<String> = []
  /// Locals that a closure reads or binds.
  var captured: Set<String> = []
  /// Locals that a closure binds, or that are bound after a closure was made.
  var capturedAndChanged: Set<String> = []
  /// Locals that are read otherwise than by `x[i]`, `len(x)` or `y in x`, which change nothing.
  private(set) var touched: Set<String> = []
  /// There are calls of something else than builtin functions and methods of containers.
  private(set) var callsUnknown = false
  /// There is a `break` or `continue`.
  private(set) var jumps = false
  /// There are items or lengths.
  private(set) var readsItems = false
  private var nesting = 0
  /// Every local that is read or bound, in the order of the source.
  private(set) var mentions: [String] = []
  private var mentioned: Set<String> = []
  /// Locals that are read, by the code itself or by a closure made in it.
  var seen: Set<String> { captured.union(reads.keys) }

  static func bound(in procedure: Procedure) -> Set<String> {
    var use = VariableUse()
    for parameter in procedure.parameters { use.bound.insert(parameter.name) }
    use.visit(procedure.body)
    return use.bound
  }

  static func of(_ statements: [Statement]) -> VariableUse {
    var use = VariableUse()
    use.visit(statements)
    return use
  }

  static func of(_ expression: Expression) -> VariableUse {
    var use = VariableUse()
    use.visit(expression)
    return use
  }

  /// Locals that have to be cells: a closure sees them, and they can change while it lives.
  static func cells(of procedure: Procedure) -> Set<String> {
    var use = VariableUse()
    for parameter in procedure.parameters {
      use.bound.insert(parameter.name)
      use.bindings[parameter.name, default: 0] += 1
    }
    use.visit(procedure.body)
    return use.captured.filter {
      use.capturedAndChanged.contains($0) || use.bindings[$0, default: 0] > 1 || use.boundRepeatedly.contains($0)
    }
  }

  // MARK: Statements

  mutating func visit(_ statements: [Statement]) {
    for statement in statements { visit(statement) }
  }

  mutating func visit(_ statement: Statement) {
    switch statement.kind {
    case .expression(let value): visit(value)
    case .assign(let targets, let value):
      visit(value)
      for target in targets { bind(target) }
    case .augment(let target, _, let value):
      readTarget(target)
      visit(value)
      bind(target)
    case .delete(let target):
      // It raises where there is no value.
      readTarget(target)
      bind(target)
    case .branch(let test, let then, let otherwise):
      visit(test)
      visit(then)
      visit(otherwise)
    case .whileLoop(let test, let body, let otherwise):
      repeated {
        $0.visit(test)
        $0.visit(body)
      }
      visit(otherwise)
    case .forLoop(let target, let source, let body, let otherwise, _):
      visit(source)
      repeated {
        $0.bind(target)
        $0.visit(body)
      }
      visit(otherwise)
    case .breakLoop, .continueLoop: jumps = true
    case .returnValue(let value): if let value { visit(value) }
    case .raise(let value, let cause):
      if let value { visit(value) }
      if let cause { visit(cause) }
    case .assert(let test, let message):
      visit(test)
      if let message { visit(message) }
    case .tryBlock(let body, let handlers, let otherwise, let finally):
      repeated {
        $0.visit(body)
        for handler in handlers {
          if let type = handler.type { $0.visit(type) }
          if let name = handler.name { $0.bind(name) }
          $0.visit(handler.body)
        }
        $0.visit(otherwise)
        $0.visit(finally)
      }
    case .with(let context, let target, let body, _):
      visit(context)
      repeated {
        if let target { $0.bind(target) }
        $0.visit(body)
      }
    case .match(let subject, let cases):
      visit(subject)
      for item in cases {
        visit(item.pattern)
        if let test = item.guardTest { visit(test) }
        visit(item.body)
      }
    case .defineClass(let target, let definition):
      for argument in definition.arguments { visit(argument.value) }
      for decorator in definition.decorators { visit(decorator) }
      visitClosure(definition.body)
      bind(target)
    }
  }

  private mutating func mention(_ name: String) {
    if mentioned.insert(name).inserted { mentions.append(name) }
  }

  private mutating func read(_ name: String) {
    mention(name)
    reads[name, default: 0] += 1
  }

  private mutating func repeated(_ body: (inout VariableUse) -> Void) {
    nesting += 1
    body(&self)
    nesting -= 1
  }

  mutating func bind(_ target: Target) {
    switch target {
    case .local(let name):
      mention(name)
      bound.insert(name)
      bindings[name, default: 0] += 1
      if nesting > 0 { boundRepeatedly.insert(name) }
      if captured.contains(name) { capturedAndChanged.insert(name) }
    case .captured, .global, .namespace: break
    case .attribute(let object, _): visit(object)
    case .item(let object, let index):
      visit(object)
      visit(index)
    case .unpack(let targets, _): for target in targets { bind(target) }
    }
  }

  private mutating func readTarget(_ target: Target) {
    if case .local(let name) = target {
      read(name)
      touched.insert(name)
    }
  }

  private mutating func visit(_ pattern: Pattern) {
    switch pattern {
    case .wildcard: break
    case .value(let value): visit(value)
    case .capture(let target): bind(target)
    case .sequence(let items), .either(let items): for item in items { visit(item) }
    case .star(let target): if let target { bind(target) }
    case .mapping(let items, let rest):
      for item in items {
        visit(item.key)
        visit(item.pattern)
      }
      if let rest { bind(rest) }
    case .classType(let type, let items, let keywords):
      visit(type)
      for item in items { visit(item) }
      for keyword in keywords { visit(keyword.pattern) }
    case .alias(let inner, let target):
      visit(inner)
      bind(target)
    }
  }

  // MARK: Expressions

  mutating func visit(_ expression: Expression) {
    switch expression {
    case .constant, .captured, .global, .namespace, .importModule, .importName: break
    case .local(let name):
      read(name)
      touched.insert(name)
    case .item(.local(let name), let index):
      readsItems = true
      read(name)
      visit(index)
    case .compare(.contains, let element, .local(let name)), .compare(.notContains, let element, .local(let name)):
      visit(element)
      read(name)
    case .call(.global(.builtin("len")), let arguments) where arguments.count == 1 && arguments[0].isLocal:
      readsItems = true
      if case .local(let name) = arguments[0].value { read(name) }
    case .unary(_, let a), .not(let a), .attribute(let a, _), .yieldFrom(let a), .await(let a): visit(a)
    case .binary(_, let a, let b), .compare(_, let a, let b), .item(let a, let b):
      visit(a)
      visit(b)
    case .chain(let operands, _), .and(let operands), .or(let operands): for operand in operands { visit(operand) }
    case .conditional(let test, let then, let otherwise):
      visit(test)
      visit(then)
      visit(otherwise)
    case .slice(let a, let b, let c): for part in [a, b, c] { if let part { visit(part) } }
    case .call(let callee, let arguments):
      switch callee {
      case .global(.builtin): break
      case .attribute(.local, let method) where ["append", "add", "extend", "get"].contains(method): break
      default: callsUnknown = true
      }
      visit(callee)
      for argument in arguments { visit(argument.value) }
    case .list(let elements), .tuple(let elements), .set(let elements):
      for element in elements {
        switch element {
        case .single(let value), .spread(let value): visit(value)
        }
      }
    case .dictionary(let items):
      for item in items {
        switch item {
        case .pair(let key, let value):
          visit(key)
          visit(value)
        case .spread(let value): visit(value)
        }
      }
    case .format(let parts): visit(parts)
    case .comprehension(let comprehension): visit(comprehension)
    case .closure(let procedure):
      for parameter in procedure.parameters { if let value = parameter.defaultValue { visit(value) } }
      visitClosure(procedure)
    case .definition(let definition): for argument in definition.arguments { visit(argument.value) }
    case .named(let target, let value):
      visit(value)
      bind(target)
    case .yield(let value): if let value { visit(value) }
    }
  }

  private mutating func visit(_ parts: [FormatPart]) {
    for part in parts {
      guard case .value(let value, _, let specification) = part else { continue }
      visit(value)
      if let specification { visit(specification) }
    }
  }

  private mutating func visit(_ comprehension: Comprehension) {
    // A generator reads the variables around it when it is drained, as a closure does.
    let isLazy = comprehension.kind == .generator
    var inner = VariableUse()
    inner.nesting = nesting + 1
    for (position, clause) in comprehension.clauses.enumerated() {
      switch clause {
      case .each(let target, let source, _):
        if position == 0 { visit(source) } else { inner.visit(source) }
        inner.bind(target)
      case .filter(let test): inner.visit(test)
      }
    }
    if let key = comprehension.key { inner.visit(key) }
    inner.visit(comprehension.element)
    for name in inner.mentions { mention(name) }
    for (name, count) in inner.reads { reads[name, default: 0] += count }
    for (name, count) in inner.bindings { bindings[name, default: 0] += count }
    bound.formUnion(inner.bound)
    boundRepeatedly.formUnion(inner.boundRepeatedly)
    captured.formUnion(inner.captured)
    capturedAndChanged.formUnion(inner.capturedAndChanged)
    touched.formUnion(inner.touched)
    callsUnknown = callsUnknown || inner.callsUnknown
    readsItems = readsItems || inner.readsItems
    if isLazy { captured.formUnion(inner.reads.keys.filter { inner.bindings[$0] == nil }) }
  }

  private mutating func visitClosure(_ procedure: Procedure) {
    let free = CapturedNames(of: procedure)
    captured.formUnion(free.read)
    captured.formUnion(free.bound)
    capturedAndChanged.formUnion(free.bound)
    for name in free.mentions { mention(name) }
    for name in free.read { reads[name, default: 0] += 1 }
    touched.formUnion(free.read)
  }
}

/// The names that a closure takes from the procedures around it.
struct CapturedNames {
  var read: Set<String> = []
  var bound: Set<String> = []
  /// All of them, in the order of the source.
  var mentions: [String] = []

  init(of procedure: Procedure) {
    final class Found {
      var read: Set<String> = []
      var bound: Set<String> = []
      var mentions: [String] = []
      var inner: [Procedure] = []
    }
    let found = Found()
    var walk = Walk()
    walk.expression = {
      guard case .captured(let name) = $0 else { return }
      found.read.insert(name)
      found.mentions.append(name)
    }
    walk.target = {
      guard case .captured(let name) = $0 else { return }
      found.bound.insert(name)
      found.mentions.append(name)
    }
    walk.closure = { found.inner.append($0) }
    walk(procedure.body)
    read = found.read
    bound = found.bound
    mentions = found.mentions
    let own = VariableUse.bound(in: procedure)
    for inner in found.inner {
      let names = CapturedNames(of: inner)
      read.formUnion(names.read.subtracting(own))
      bound.formUnion(names.bound.subtracting(own))
      mentions += names.mentions.filter { !own.contains($0) }
    }
  }
}

extension Argument {
  fileprivate var isLocal: Bool { if case .local = value { kind == .positional } else { false } }
}

import Logic

/// Where a value comes from: a parameter or outer name, then what was taken from it.
struct Place: Hashable, Sendable {
  enum Step: Hashable, Sendable {
    case attribute(String)
    /// Of `x[k]`: an element of a sequence, a value of a mapping.
    case item
    /// Of `for e in x`: an element of a sequence, a key of a mapping.
    case iterated
    /// Of `a, b = x`.
    case part(Int)
    case result
  }
  var root: String
  var steps: [Step] = []

  func adding(_ step: Step) -> Place? {
    steps.count < 5 ? Place(root: root, steps: steps + [step]) : nil
  }
}

/// What a procedure does with the value at a place.
struct Uses: Sendable {
  var iterated = false
  var indexedByInteger = false
  var indexed = false
  var itemStored = false
  var measured = false
  var called = false
  var arithmetic = false
  var added = false
  var ordered = false
  var searched = false
  var awaited = false
  var unpacked: Int?
  var attributes: Set<String> = []
  var methods: Set<String> = []
  var constants: Set<Constant> = []
  /// Keys of constants that index it.
  var keys: Set<CodePoints> = []
  /// Built-in types that it is tested for.
  var types: Set<String> = []
}

/// Flow-insensitive: which places reach which names, then what is done with them. A guide for the search, so being
/// wrong costs time and nothing else.
struct UseTable {
  private(set) var uses: [Place: Uses] = [:]
  private var environment: [String: Set<Place>] = [:]
  private let parameters: Set<String>

  init(_ procedures: [Procedure]) {
    parameters = Set(procedures.flatMap { $0.parameters.map(\.name) })
    for procedure in procedures {
      environment = [:]
      var bindings: [(Target, Expression)] = []
      var loops: [(Target, Expression)] = []
      procedure.forEachNode { node in
        switch node {
        case .statement(let statement):
          switch statement.kind {
          case .assign(let targets, let value): for target in targets { bindings.append((target, value)) }
          case .forLoop(let target, let iterable, _, _, _): loops.append((target, iterable))
          case .with(let context, let target?, _, _): bindings.append((target, context))
          default: break
          }
        case .expression(.named(let target, let value)): bindings.append((target, value))
        case .expression(.comprehension(let comprehension)):
          for clause in comprehension.clauses {
            if case .each(let target, let iterable, _) = clause { loops.append((target, iterable)) }
          }
        default: break
        }
      }
      for _ in 0..<3 {
        for (target, value) in bindings { bind(target, to: places(of: value)) }
        for (target, iterable) in loops { bindElements(of: iterable, to: target) }
      }
      procedure.forEachNode { record($0) }
    }
  }

  private mutating func bind(_ target: Target, to places: Set<Place>) {
    guard !places.isEmpty else { return }
    switch target {
    case .local(let name), .captured(let name):
      if environment[name, default: []].count < 6 { environment[name, default: []].formUnion(places) }
    case .unpack(let targets, let starred):
      for place in places { uses[place, default: Uses()].unpacked = starred == nil ? targets.count : nil }
      for (index, part) in targets.enumerated() where starred == nil {
        bind(part, to: Set(places.compactMap { $0.adding(.part(index)) }))
      }
    default: break
    }
  }

  private mutating func bindElements(of iterable: Expression, to target: Target) {
    switch (iterable, target) {
    case (.call(.global(.builtin("enumerate")), let arguments), .unpack(let targets, nil))
    where targets.count == 2 && !arguments.isEmpty:
      bindElements(of: arguments[0].value, to: targets[1])
    case (.call(.global(.builtin("zip")), let arguments), .unpack(let targets, nil)):
      for (argument, part) in zip(arguments, targets) { bindElements(of: argument.value, to: part) }
    case (.call(.attribute(let object, "items"), let arguments), .unpack(let targets, nil))
    where targets.count == 2 && arguments.isEmpty:
      bind(targets[0], to: Set(places(of: object).compactMap { $0.adding(.iterated) }))
      bind(targets[1], to: Set(places(of: object).compactMap { $0.adding(.item) }))
    case (.call(.attribute(let object, "values"), let arguments), _) where arguments.isEmpty:
      bind(target, to: Set(places(of: object).compactMap { $0.adding(.item) }))
    case (.call(.attribute(let object, "keys"), let arguments), _) where arguments.isEmpty:
      bind(target, to: Set(places(of: object).compactMap { $0.adding(.iterated) }))
    default:
      bind(target, to: Set(places(of: iterable).compactMap { $0.adding(.iterated) }))
    }
  }

  /// Places whose value the expression may be.
  func places(of expression: Expression, depth: Int = 0) -> Set<Place> {
    guard depth < 12 else { return [] }
    func step(_ base: Expression, _ step: Place.Step) -> Set<Place> {
      Set(places(of: base, depth: depth + 1).compactMap { $0.adding(step) })
    }
    switch expression {
    case .local(let name), .captured(let name):
      var result = environment[name] ?? []
      if parameters.contains(name) { result.insert(Place(root: name)) }
      return result
    case .global(.module(let name)), .global(.imported(let name)), .global(.unresolved(let name)):
      return [Place(root: name)]
    case .attribute(let object, let name): return step(object, .attribute(name))
    case .item(_, .slice): return []
    case .item(let object, _): return step(object, .item)
    case .call(.global(.builtin(let name)), let arguments):
      let keeping: Set<String> = ["list", "tuple", "set", "frozenset", "sorted", "reversed", "iter", "dict"]
      if keeping.contains(name), let first = arguments.first { return places(of: first.value, depth: depth + 1) }
      if name == "next" || name == "min" || name == "max", let first = arguments.first, arguments.count == 1 {
        return step(first.value, .iterated)
      }
      if name == "getattr", arguments.count >= 2, case .constant(.string(let text)) = arguments[1].value {
        return step(arguments[0].value, .attribute(text.string))
      }
      return []
    case .call(.attribute(let object, "get"), _): return step(object, .item)
    case .call(.attribute(let object, "pop"), _): return step(object, .item)
    case .call(let callee, _): return step(callee, .result)
    case .conditional(_, let then, let otherwise):
      return places(of: then, depth: depth + 1).union(places(of: otherwise, depth: depth + 1))
    case .or(let operands), .and(let operands):
      return operands.reduce(into: []) { $0.formUnion(places(of: $1, depth: depth + 1)) }
    case .named(_, let value), .await(let value): return places(of: value, depth: depth + 1)
    default: return []
    }
  }

  private mutating func note(_ expression: Expression, _ change: (inout Uses) -> Void) {
    for place in places(of: expression) { change(&uses[place, default: Uses()]) }
  }

  private mutating func record(_ node: Node) {
    switch node {
    case .statement(let statement):
      switch statement.kind {
      case .forLoop(_, let iterable, _, _, _): noteIterated(iterable)
      case .augment(let target, let operation, let value):
        noteOperation(operation, target.expression, value)
      default: break
      }
    case .target(.item(let object, let index)):
      note(object) { $0.itemStored = true }
      noteIndex(object, index)
    case .expression(let expression): record(expression)
    default: break
    }
  }

  private mutating func noteIterated(_ iterable: Expression) {
    switch iterable {
    case .call(.global(.builtin(let name)), let arguments)
    where ["enumerate", "zip", "sorted", "reversed", "list", "tuple", "set", "iter"].contains(name):
      for argument in arguments where argument.kind == .positional { noteIterated(argument.value) }
    default: note(iterable) { $0.iterated = true }
    }
  }

  private mutating func noteIndex(_ object: Expression, _ index: Expression) {
    switch index {
    case .constant(.string(let text)):
      note(object) {
        $0.indexed = true
        $0.keys.insert(text)
      }
    case .constant(.int), .unary(.negate, _), .slice, .binary: note(object) { $0.indexedByInteger = true }
    default: note(object) { $0.indexed = true }
    }
  }

  private mutating func noteOperation(_ operation: BinaryOperator, _ left: Expression?, _ right: Expression) {
    for (operand, other) in [(left, Optional(right)), (Optional(right), left)] {
      guard let operand else { continue }
      let constants = other?.constants ?? []
      note(operand) { uses in
        if operation == .add || operation == .multiply || operation == .modulo {
          uses.added = true
          if operation != .add { uses.arithmetic = true }
          uses.constants.formUnion(constants)
        } else {
          uses.arithmetic = true
        }
      }
    }
  }

  private mutating func record(_ expression: Expression) {
    switch expression {
    case .unary(_, let operand): note(operand) { $0.arithmetic = true }
    case .binary(let operation, let left, let right): noteOperation(operation, left, right)
    case .compare(let operation, let left, let right): noteComparison(operation, left, right)
    case .chain(let operands, let operations):
      for (index, operation) in operations.enumerated() where index + 1 < operands.count {
        noteComparison(operation, operands[index], operands[index + 1])
      }
    case .attribute(let object, let name): note(object) { $0.attributes.insert(name) }
    case .item(let object, let index): noteIndex(object, index)
    case .comprehension(let comprehension):
      for clause in comprehension.clauses {
        if case .each(_, let iterable, _) = clause { noteIterated(iterable) }
      }
    case .await(let value): note(value) { $0.awaited = true }
    case .yieldFrom(let value): noteIterated(value)
    case .call(.attribute(let object, let name), let arguments):
      var key: CodePoints?
      if ["get", "pop", "setdefault"].contains(name), case .constant(.string(let text))? = arguments.first?.value {
        key = text
      }
      note(object) { uses in
        uses.methods.insert(name)
        if let key { uses.keys.insert(key) }
      }
    case .call(.global(.builtin(let name)), let arguments):
      guard let first = arguments.first?.value else { return }
      switch name {
      case "len": note(first) { $0.measured = true }
      case "isinstance":
        let types = arguments.dropFirst().flatMap { $0.value.builtinNames }
        note(first) { $0.types.formUnion(types) }
      case "sum", "any", "all", "sorted", "list", "tuple", "set", "frozenset", "enumerate", "zip", "reversed", "iter",
        "next":
        for argument in arguments where argument.kind == .positional { note(argument.value) { $0.iterated = true } }
      case "min", "max":
        if arguments.count == 1 || arguments[1].kind != .positional {
          note(first) { $0.iterated = true }
        } else {
          for argument in arguments { note(argument.value) { $0.ordered = true } }
        }
      case "range", "abs", "round", "divmod", "chr":
        for argument in arguments { note(argument.value) { $0.arithmetic = true } }
      case "map", "filter":
        note(first) { $0.called = true }
        for argument in arguments.dropFirst() { note(argument.value) { $0.iterated = true } }
      default: break
      }
    case .call(let callee, _): note(callee) { $0.called = true }
    case .list(let elements), .tuple(let elements), .set(let elements):
      for element in elements { if case .spread(let value) = element { note(value) { $0.iterated = true } } }
    default: break
    }
  }

  private mutating func noteComparison(_ operation: ComparisonOperator, _ left: Expression, _ right: Expression) {
    if operation == .contains || operation == .notContains {
      let constants = right.constants
      note(left) { $0.constants.formUnion(constants) }
      let wanted = left.constants
      note(right) { uses in
        uses.searched = true
        for case .string(let text) in wanted { uses.keys.insert(text) }
      }
      return
    }
    for (place, other) in [(left, right), (right, left)] {
      let constants = other.constants
      note(place) { uses in
        uses.constants.formUnion(constants)
        switch operation {
        case .less, .lessOrEqual, .greater, .greaterOrEqual: uses.ordered = true
        default: break
        }
      }
    }
  }
}

extension Expression {
  /// The names in `int` and `(int, str)`.
  fileprivate var builtinNames: [String] {
    switch self {
    case .global(.builtin(let name)): [name]
    case .tuple(let elements): elements.flatMap { $0.value.builtinNames }
    default: []
    }
  }
}

extension Target {
  /// The expression that reads what this stores.
  var expression: Expression? {
    switch self {
    case .local(let name): .local(name)
    case .captured(let name): .captured(name)
    case .attribute(let object, let name): .attribute(object, name)
    case .item(let object, let index): .item(object, index)
    default: nil
    }
  }
}

import Logic
import Lowering
import Syntax

/// Both versions of a class as those who use it see it: an object is made, its public methods are called in some order,
/// and what comes back is kept, with its public attributes. How it keeps what it knows is its own affair.
///
///     def Stack(limit, calls):
///         class Stack: ...
///         it = Stack(limit)
///         seen = []
///         for name, item in calls:
///             try:
///                 if name == "push":
///                     seen.append(it.push(item))
///                 elif name == "pop":
///                     seen.append(it.pop())
///             except Exception as error:
///                 seen.append(error)
///         return seen
struct WholeObject {
  let old: Procedure
  let new: Procedure
  private let used: Set<String>
  private let state: Set<String>

  /// Nil where the versions are made in different ways, where callers see another class, or where code outside of it
  /// knows how it keeps what it knows.
  init?(name: String, old: SideAnalysis, new: SideAnalysis) {
    guard let left = old.knownClasses[name], let right = new.knownClasses[name], left.arguments == right.arguments
    else { return nil }
    let (before, after) = (Outside(left), Outside(right))
    guard before.constants == after.constants, before.initializer?.parameters == after.initializer?.parameters,
      before.initializer?.isPlain ?? true,
      !before.isKnown(outside: name, of: old), !after.isKnown(outside: name, of: new)
    else { return nil }
    let uses = before.uses.compactMap { use in after.uses.first { $0.isUsed(like: use) }.map(use.joined) }
    guard !uses.isEmpty else { return nil }
    let play = Play(
      name: name, parameters: after.initializer.map { Array($0.parameters.dropFirst()) } ?? [],
      given: before.given.union(after.given).sorted(), stored: before.state.union(after.state),
      attributes: before.attributes.union(after.attributes).sorted(), uses: uses)
    (self.old, self.new) = (play.procedure(of: left), play.procedure(of: right))
    used = Set(uses.map(\.name))
    state = before.state.union(after.state)
  }

  /// Whether what a unit of the class does is seen this way.
  func shows(_ unit: Unit) -> Bool {
    if unit.role != .plain && unit.role != .getter { return false }
    return unit.kind == .classBody || unit.name == "__init__" || used.contains(unit.name) || Outside.isHidden(unit.name)
  }
}

extension WholeObject {
  /// Whether what tells two versions of a method apart rests on how the object keeps what it knows, rather than on what
  /// its callers, those that it calls and those that read its public attributes see.
  func isAboutState(_ found: Counterexample) -> Bool {
    if !mentioned(in: found.arguments + found.environment).isEmpty { return true }
    let (before, after) = (found.trace.old + [found.old], found.trace.new + [found.new])
    let (left, right) = (mentioned(in: before), mentioned(in: after))
    if left != right || left.contains(where: Outside.isHidden) { return true }
    // A dictionary of another kind.
    return Self.kinds.contains { kind in
      before.contains { $0.contains(kind) } != after.contains { $0.contains(kind) }
    }
  }

  private static let kinds = ["<defaultdict", "<OrderedDict", "<Counter", "<deque"]

  /// Attributes of the object that hold more than it was given.
  private func mentioned(in texts: [String]) -> Set<String> {
    let text = texts.joined(separator: "\n")
    return state.filter { name in
      text.ranges(of: "self.\(name)").contains { range in
        text[range.upperBound...].first.map { !$0.isLetter && !$0.isNumber && $0 != "_" } ?? true
      }
    }
  }
}

/// What a class shows.
private struct Outside {
  /// One way to use an object: a call of a method with or without what may be left out, or a read of a property.
  struct Use: Hashable {
    enum Kind: Hashable { case call, property, generator }
    var name: String
    var kind: Kind
    var parameters: [Parameter] = []
    /// As the play calls it.
    var label: String
    /// What it gives may be an object of the class.
    var mayGiveObject = false
  }

  private(set) var uses: [Use] = []
  private(set) var initializer: Procedure?
  /// Public names of the class that are no methods.
  private(set) var constants: [String: Expression] = [:]
  /// Public attributes that methods store.
  private(set) var attributes: Set<String> = []
  private let className: String
  private var hidden: Set<String> = []
  /// Attributes that hold more than what the initializer was given.
  private(set) var state: Set<String> = []
  private var read: Set<String> = []
  private var named: Set<String> = []

  /// What methods read from their object, and what neither the class nor, where it has an initializer, one of them
  /// stores: what is there then comes from somebody else.
  var given: Set<String> { read.subtracting(named).subtracting(initializer == nil ? [] : attributes.union(hidden)) }

  init(_ definition: ClassDefinition) {
    className = definition.name
    for case .assign(let targets, let value) in definition.body.body.map(\.kind) {
      guard targets.count == 1, case .namespace(let name) = targets[0] else { continue }
      if Self.isHidden(name) { hidden.insert(name) }
      named.insert(name)
      switch value {
      case .closure(let method):
        note(method)
        if name == "__init__" { initializer = method } else { add(method, name) }
      case .call(.global(.builtin("property")), let arguments):
        if case .closure(let getter)? = arguments.first?.value { note(getter) }
        if !Self.isHidden(name) { uses.append(Use(name: name, kind: .property, label: name)) }
      case .call(.global(.builtin), let arguments), .call(.attribute(.namespace, _), let arguments):
        if case .closure(let method)? = arguments.first?.value { note(method) }
      default: if !Self.isHidden(name), name != "__slots__" { constants[name] = value }
      }
    }
  }

  static func isHidden(_ name: String) -> Bool { name.hasPrefix("_") && !name.hasSuffix("__") }

  /// What a method stores in its object.
  private mutating func note(_ method: Procedure) {
    guard let receiver = method.parameters.first?.name else { return }
    var (found, read): (Set<String>, Set<String>) = ([], [])
    var pending = [method]
    var walk = Walk()
    walk.closure = { pending.append($0) }
    walk.target = { target in
      if case .attribute(let object, let name) = target, object == .local(receiver) || object == .captured(receiver) {
        found.insert(name)
      }
    }
    walk.expression = {
      if case .attribute(let object, let name) = $0, object == .local(receiver) || object == .captured(receiver),
        !name.hasPrefix("__")
      {
        read.insert(name)
      }
    }
    while let next = pending.popLast() { walk(next.body) }
    self.read.formUnion(read)
    state.formUnion(method.name == "__init__" ? found.subtracting(passedOn(method, receiver)) : found)
    for name in found { if Self.isHidden(name) { hidden.insert(name) } else { attributes.insert(name) } }
  }

  /// Attributes in which an initializer stores a parameter as it is, and nothing else.
  private func passedOn(_ method: Procedure, _ receiver: String) -> Set<String> {
    var (plain, other): (Set<String>, Set<String>) = ([], [])
    let parameters = Set(method.parameters.map(\.name))
    var walk = Walk()
    walk.statement = { statement in
      guard case .assign(let targets, let value) = statement.kind else { return }
      for case .attribute(.local(receiver), let name) in targets {
        if case .local(let given) = value, parameters.contains(given) { plain.insert(name) } else { other.insert(name) }
      }
    }
    walk(method.body)
    return plain.subtracting(other)
  }

  /// It names the class, or returns its own object.
  private func mayGiveObject(_ method: Procedure) -> Bool {
    var found = false
    var walk = Walk()
    walk.expression = {
      if $0 == .global(.module(className)) { found = true }
      if case .attribute(_, "__class__") = $0 { found = true }
    }
    walk.statement = { statement in
      if case .returnValue(.local(method.parameters.first?.name ?? ""))? = Optional(statement.kind) { found = true }
    }
    walk(method.body)
    return found
  }

  private mutating func add(_ method: Procedure, _ name: String) {
    var use = Use(name: name, kind: method.kind == .generator ? .generator : .call, label: name)
    use.mayGiveObject = mayGiveObject(method)
    if use.isOfTwo {
      uses.append(use)
      use.label += " with other"
      use.parameters = Array(method.parameters.dropFirst())
      uses.append(use)
      return
    }
    if Self.isHidden(name) || name.hasPrefix("__") && !Use.protocols.contains(name) { return }
    guard method.kind == .function || method.kind == .generator else { return }
    let parameters = method.parameters.dropFirst()
    let needed = parameters.filter {
      $0.defaultValue == nil && $0.kind != .variadic && $0.kind != .variadicKeyword
    }
    use.parameters = needed
    uses.append(use)
    if needed.count < parameters.count {
      (use.parameters, use.label) = (Array(parameters), "\(name) with all")
      uses.append(use)
    }
  }

  /// Whether other code of the file reads what the class hides, or derives from it.
  func isKnown(outside name: String, of side: SideAnalysis) -> Bool {
    let own = Set(side.units.indices.filter { side.units[$0].qualifiedName.hasPrefix("\(name).") })
    for (index, lowered) in side.lowered.enumerated() where !own.contains(index) {
      guard case .success(let unit) = lowered else { return true }
      if side.units[index].kind == .classBody, side.units[index].qualifiedName == name { continue }
      if unit.interface.bases.contains(name) { return true }
      // Another class has its own under such a name.
      let receiver = side.units[index].kind == .method ? unit.procedure.parameters.first?.name : nil
      func isOther(_ object: Expression) -> Bool {
        receiver.map { object != .local($0) && object != .captured($0) } ?? true
      }
      var isKnown = false
      var pending = [unit.procedure]
      var walk = Walk()
      walk.closure = { pending.append($0) }
      walk.expression = {
        if case .attribute(let object, let name) = $0, hidden.contains(name), isOther(object) { isKnown = true }
      }
      walk.target = {
        if case .attribute(let object, let name) = $0, hidden.contains(name), isOther(object) { isKnown = true }
      }
      while let next = pending.popLast() { walk(next.body) }
      if isKnown { return true }
    }
    return false
  }
}

extension Outside.Use {
  fileprivate func isUsed(like other: Outside.Use) -> Bool {
    label == other.label && parameters == other.parameters && (kind == .property) == (other.kind == .property)
  }

  /// What gives a generator in one version may give another iterator in the other.
  fileprivate func joined(_ other: Outside.Use) -> Outside.Use {
    var result = self
    if other.kind == .generator { result.kind = .generator }
    result.mayGiveObject = mayGiveObject || other.mayGiveObject
    return result
  }

  /// Operators of two objects; `__eq__` and its like are none of them where the other one may be anything.
  static let operators: [String: BinaryOperator] = [
    "__add__": .add, "__sub__": .subtract, "__mul__": .multiply, "__truediv__": .divide, "__floordiv__": .floorDivide,
    "__mod__": .modulo, "__and__": .bitAnd, "__or__": .bitOr, "__xor__": .bitXor,
  ]
  static let comparisons: [String: ComparisonOperator] = [
    "__eq__": .equal, "__ne__": .notEqual, "__lt__": .less, "__le__": .lessOrEqual, "__gt__": .greater,
    "__ge__": .greaterOrEqual,
  ]

  /// It takes another object of the class.
  var isOfTwo: Bool { Self.operators[name] != nil || Self.comparisons[name] != nil }

  static let protocols: Set<String> = [
    "__len__", "__iter__", "__next__", "__contains__", "__getitem__", "__setitem__", "__delitem__", "__call__",
    "__bool__", "__str__", "__repr__", "__enter__", "__exit__", "__neg__", "__abs__", "__hash__",
  ]
}

extension Parameter {
  /// Of what is given to a parameter for all further arguments.
  fileprivate var hintOfRest: TypeHint? {
    switch (kind, hint) {
    case (.variadic, .variadicTuple(let element)?): .list(element)
    case (.variadic, _): .list(.any)
    case (.variadicKeyword, .dictionary?): hint
    case (.variadicKeyword, _): .dictionary(.string, .any)
    default: nil
    }
  }
}

extension Procedure {
  /// Takes parameters that a play can take too, with defaults that say what they are.
  fileprivate var isPlain: Bool {
    parameters.allSatisfy { parameter in
      if parameter.kind == .variadic || parameter.kind == .variadicKeyword { return false }
      return parameter.defaultValue?.isPlainData ?? true
    }
  }
}

/// The procedure that plays with an object.
private struct Play {
  let name: String
  /// Of the initializer.
  let parameters: [Parameter]
  /// Attributes that the object has from elsewhere, and the variable that holds what each is at first.
  let given: [(attribute: String, variable: String)]
  /// What methods store: at first it may be missing.
  let stored: Set<String>
  let attributes: [String]
  let uses: [Outside.Use]
  /// What calls give, one for each name of a parameter.
  private let columns: [Parameter]
  /// The variable for each.
  private let variables: [String: String]
  /// Others of the play.
  private let (calls, use, it, second): (String, String, String, String)
  private let (result, seen, error): (String, String, String)
  /// What another object is made of, by the parameter of the initializer, where some use takes two.
  private var others: [String: String] = [:]

  init(
    name: String, parameters: [Parameter], given: [String], stored: Set<String>, attributes: [String],
    uses: [Outside.Use]
  ) {
    (self.name, self.parameters, self.attributes, self.uses) = (name, parameters, attributes, uses)
    self.stored = stored
    var columns: [Parameter] = []
    for parameter in uses.flatMap(\.parameters) {
      if let known = columns.firstIndex(where: { $0.name == parameter.name }) {
        if columns[known].hint != parameter.hint { columns[known].hint = nil }
      } else {
        columns.append(Parameter(parameter.name, hint: parameter.hintOfRest ?? parameter.hint))
      }
    }
    self.columns = columns
    var taken = Set(parameters.map(\.name) + [name])
    func fresh(_ wanted: String) -> String {
      var name = wanted
      while !taken.insert(name).inserted { name += "_" }
      return name
    }
    self.given = given.map { ($0, fresh($0)) }
    (calls, use, it, second) = (fresh("calls"), fresh("use"), fresh("it"), fresh("second"))
    (result, seen, error) = (fresh("result"), fresh("seen"), fresh("error"))
    if uses.contains(where: \.isOfTwo) {
      others = Dictionary(uniqueKeysWithValues: parameters.map { ($0.name, fresh("other_\($0.name)")) })
    }
    variables = Dictionary(uniqueKeysWithValues: columns.map { ($0.name, fresh($0.name)) })
  }

  func procedure(of definition: ClassDefinition) -> Procedure {
    let parts = [TypeHint.literal(uses.map { .string(CodePoints($0.label)) })] + columns.map { $0.hint ?? .any }
    let script = Parameter(calls, kind: .keywordOnly, hint: .list(.tuple(parts)))
    let objects = given.map { attribute, variable in
      Parameter(
        variable, kind: .keywordOnly, defaultValue: stored.contains(attribute) ? .constant(.none) : nil)
    }
    let another = parameters.compactMap { parameter in
      others[parameter.name].map { Parameter($0, defaultValue: parameter.defaultValue, hint: parameter.hint) }
    }
    return Procedure(
      name: name, parameters: (parameters + another).map(passed) + objects + [script], body: body(closed(definition)))
  }

  /// By position or by name alike; what may be left out stands behind what may not.
  private func passed(_ parameter: Parameter) -> Parameter {
    var result = parameter
    result.kind = .keywordOnly
    return result
  }

  /// The class with its own name a variable of the play, and with what its objects have from elsewhere.
  private func closed(_ definition: ClassDefinition) -> ClassDefinition {
    var result = definition
    result.body = Rewriter { value in
      if case .global(.module(definition.name)) = value { .captured(definition.name) } else { value }
    }.procedure(definition.body)
    result.body.body += given.map { Statement(.assign([.namespace($0.attribute)], .captured($0.variable))) }
    return result
  }

  private func body(_ definition: ClassDefinition) -> [Statement] {
    let object = Expression.local(it)
    func made(_ variable: (String) -> String) -> Expression {
      .call(
        .local(name),
        parameters.map { parameter in
          let kind: Argument.Kind = parameter.kind == .keywordOnly ? .keyword(parameter.name) : .positional
          return Argument(.local(variable(parameter.name)), kind: kind)
        })
    }
    let other = uses.contains(where: \.isOfTwo) ? [Statement(.assign([.local(second)], made { others[$0] ?? $0 }))] : []
    // Written so that nothing is said to be of one sort with all that is kept.
    func keep(_ value: Expression) -> Statement {
      Statement(.assign([.local(seen)], .list([.spread(.local(seen)), .single(value)])))
    }
    var choice: [Statement] = []
    for one in uses.reversed() {
      let test = Expression.compare(.equal, .local(use), .constant(.string(CodePoints(one.label))))
      choice = [Statement(.branch(test, then: steps(of: one, object, keep), otherwise: choice))]
    }
    // What is raised is what the call gives; where the code itself fails, the play is over.
    let failure = Expression.local(error)
    let handler = Handler(
      type: .global(.builtin("Exception")), name: .local(error),
      body: [
        Statement(
          .branch(
            .call(.global(.builtin("$fails")), [Argument(failure)]), then: [Statement(.raise(nil, cause: nil))],
            otherwise: [])),
        keep(.call(.global(.builtin("$kept")), [Argument(failure)])),
      ])
    let call = Statement(.tryBlock(choice, handlers: [handler], otherwise: [], finally: []))
    let targets = [Target.local(use)] + columns.map { .local(variables[$0.name] ?? $0.name) }
    let shown = attributes.map { name in
      keep(
        copied(
          .call(
            .global(.builtin("getattr")),
            [Argument(object), Argument(.constant(.string(CodePoints(name)))), Argument(.constant(.none))])))
    }
    return [
      Statement(.defineClass(.local(name), definition)),
      Statement(.assign([.local(it)], made { $0 })),
      Statement(.assign([.local(seen)], .list([]))),
    ] + other + [
      Statement(
        .forLoop(
          .unpack(targets, starred: nil), .call(.global(.builtin("list")), [Argument(.local(calls))]),
          body: [call] + shown, otherwise: [], isAsync: false)),
      Statement(.returnValue(.local(seen))),
    ]
  }

  private func steps(of use: Outside.Use, _ object: Expression, _ keep: (Expression) -> Statement) -> [Statement] {
    let value = value(of: use, object)
    guard use.mayGiveObject else { return [keep(value)] }
    // Another object of the class is what is played with from then on.
    let given = "\(result) of \(use.label)"
    let isAnother = Expression.call(
      .global(.builtin("isinstance")), [Argument(.local(given)), Argument(.local(name))])
    return [
      Statement(.assign([.local(given)], value)), keep(.local(given)),
      Statement(.branch(isAnother, then: [Statement(.assign([.local(it)], .local(given)))], otherwise: [])),
    ]
  }

  /// What a container holds now, whatever of its likes it is and whether it is a new one.
  private func copied(_ value: Expression) -> Expression {
    ["dict", "list", "set"].reduce(value) { otherwise, name in
      let type = Expression.global(.builtin(name))
      return .conditional(
        test: .call(.global(.builtin("isinstance")), [Argument(value), Argument(type)]),
        then: .call(type, [Argument(value)]), otherwise: otherwise)
    }
  }

  private func value(of use: Outside.Use, _ it: Expression) -> Expression {
    let given = use.parameters.map { parameter in
      let kind: Argument.Kind =
        switch parameter.kind {
        case .keywordOnly: .keyword(parameter.name)
        case .variadic: .spread
        case .variadicKeyword: .spreadKeywords
        default: .positional
        }
      return Argument(.local(variables[parameter.name] ?? parameter.name), kind: kind)
    }
    func builtin(_ name: String) -> Expression { .call(.global(.builtin(name)), [Argument(it)]) }
    func argument(_ index: Int) -> Expression { index < given.count ? given[index].value : .constant(.none) }
    if let operation = Outside.Use.operators[use.name] {
      return .binary(operation, it, given.first?.value ?? .local(second))
    }
    if let operation = Outside.Use.comparisons[use.name] {
      return .compare(operation, it, given.first?.value ?? .local(second))
    }
    switch use.name {
    case "__neg__": return .unary(.negate, it)
    case "__abs__": return builtin("abs")
    case "__hash__": return builtin("hash")
    case "__len__": return builtin("len")
    case "__iter__": return builtin("list")
    case "__next__": return .call(.global(.builtin("next")), [Argument(it), Argument(.constant(.none))])
    case "__bool__": return builtin("bool")
    case "__str__": return builtin("str")
    case "__repr__": return builtin("repr")
    case "__contains__": return .compare(.contains, argument(0), it)
    case "__getitem__": return .item(it, argument(0))
    case "__call__": return .call(it, given)
    default: break
    }
    switch use.kind {
    case .property: return .attribute(it, use.name)
    case .call: return .call(.attribute(it, use.name), given)
    case .generator: return .call(.global(.builtin("list")), [Argument(.call(.attribute(it, use.name), given))])
    }
  }
}

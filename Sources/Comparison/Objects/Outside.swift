import Logic
import Syntax

/// What a class shows.
struct Outside {
  /// One way to use an object: a call of a method with or without what may be left out, or a read of a property.
  struct Use: Hashable {
    enum Kind: Hashable {
      case call, property, generator
      /// An attribute is stored from outside.
      case store
    }
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
  /// Public attributes that hold what the initializer was given, as it is.
  private(set) var configuration: Set<String> = []
  /// It has containers that all its objects share.
  private(set) var sharesContainers = false
  /// Members that are no uses, such as class methods and coroutines, know how it keeps what it knows; or some member
  /// looks at its object as a whole.
  var isKnownElsewhere: Bool {
    let inner = hidden.union(state)
    return isReflective || unused.contains { !$0.attributesNamed.isDisjoint(with: inner) }
  }

  private var unused: [Procedure] = []
  private var isReflective = false
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
        if case .closure(let method)? = arguments.first?.value {
          note(method)
          if !Self.isHidden(name) { unused.append(method) }
        }
      default:
        if !value.isImmutable { sharesContainers = true }
        if !Self.isHidden(name), name != "__slots__" { constants[name] = value }
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
    if method.looksAtWhole(receiver) { isReflective = true }
    if method.name == "__init__" {
      let passed = passedOn(method, receiver)
      configuration.formUnion(passed.filter { !Self.isHidden($0) })
      state.formUnion(found.subtracting(passed))
    } else {
      state.formUnion(found)
    }
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
      if case .call(.global(.builtin("type")), _) = $0 { found = true }
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
    if Self.isHidden(name) { return }
    guard method.kind == .function || method.kind == .generator, !name.hasPrefix("__") || Use.protocols.contains(name)
    else {
      unused.append(method)
      return
    }
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
  func isUsed(like other: Outside.Use) -> Bool {
    label == other.label && parameters == other.parameters && (kind == .property) == (other.kind == .property)
  }

  /// What gives a generator in one version may give another iterator in the other.
  func joined(_ other: Outside.Use) -> Outside.Use {
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

extension Procedure {
  /// Attributes that it names, of whatever object.
  fileprivate var attributesNamed: Set<String> {
    var found: Set<String> = []
    var pending = [self]
    var walk = Walk()
    walk.closure = { pending.append($0) }
    walk.target = { if case .attribute(_, let name) = $0 { found.insert(name) } }
    walk.expression = { if case .attribute(_, let name) = $0 { found.insert(name) } }
    while let next = pending.popLast() { walk(next.body) }
    return found
  }

  /// It looks at all attributes of its object at once, or at one whose name it works out.
  fileprivate func looksAtWhole(_ receiver: String) -> Bool {
    var found = false
    func isReceiver(_ value: Expression?) -> Bool { value == .local(receiver) || value == .captured(receiver) }
    var pending = [self]
    var walk = Walk()
    walk.closure = { pending.append($0) }
    walk.expression = { value in
      switch value {
      case .attribute(let object, "__dict__"): if isReceiver(object) { found = true }
      case .call(.global(.builtin(let name)), let arguments) where isReceiver(arguments.first?.value):
        if name == "vars" || name == "dir" { found = true }
        if name.hasSuffix("attr"), arguments.count < 2 || !arguments[1].value.isImmutable { found = true }
      case .call(let callee, let arguments) where isReceiver(arguments.first?.value):
        if callee.copiesWhole { found = true }
      default: break
      }
    }
    while let next = pending.popLast() { walk(next.body) }
    return found
  }
}

extension Expression {
  /// A function of the library that takes an object apart.
  fileprivate var copiesWhole: Bool {
    let path: String
    switch self {
    case .global(.imported(let name)): path = name
    case .attribute(.global(.imported(let module)), let name): path = "\(module).\(name)"
    default: return false
    }
    return ["copy.", "pickle.", "dataclasses."].contains { path.hasPrefix($0) }
  }
}

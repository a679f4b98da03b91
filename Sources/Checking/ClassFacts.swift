import Logic

/// What instances of a class keep in their attributes, as far as the file of the class tells: the shapes of what its
/// methods store there, and of the annotations in its body. A guide for the search; no proof rests on it.
package struct ClassFacts: Sendable {
  /// Of attributes that every instance has. `any` is what a caller hands over: it is judged by its use.
  private(set) var attributes: [String: Shape] = [:]
  private(set) var constants: [String: Set<Constant>] = [:]
  /// Attributes that are something else than a value that somebody stored: methods, properties.
  fileprivate let notStored: Set<String>
  /// Attributes that code of the file stores.
  fileprivate let stored: Set<String>
  let methods: [Procedure]

  /// - Parameters:
  ///   - others: procedures of the file besides the methods.
  ///   - managed: attributes that are more than a stored value.
  package init(methods: [Procedure], body: Procedure?, others: [Procedure], managed: Set<String>) {
    self.methods = methods
    notStored = managed.union(methods.map { $0.name.split(separator: ".").last.map(String.init) ?? $0.name })
    var stores = Stores()
    for method in methods { stores.read(method, isMethod: true) }
    for other in others { stores.read(other, isMethod: false) }
    if let body { stores.readFields(body) }
    stored = stores.names
    for name in stores.initial where !managed.contains(name) {
      guard let shape = stores.shape(of: name) else { continue }
      attributes[name] = shape
      constants[name] = stores.constants[name]
    }
  }
}

/// Where attributes get their values.
private struct Stores {
  /// Attributes that a new instance has.
  var initial: Set<String> = []
  var constants: [String: Set<Constant>] = [:]
  private var constantStores: [String: Int] = [:]
  /// Nil among them for a value of which nothing is known.
  private var shapes: [String: [Shape?]] = [:]

  var names: Set<String> { Set(shapes.keys) }

  func shape(of name: String) -> Shape? {
    let all = shapes[name] ?? []
    let known = all.compactMap { $0 }
    guard known.count == all.count, !known.isEmpty else { return nil }
    if known.contains(.any) { return .any }
    if let states = states(of: name, stores: all.count) { return states }
    let joined = Shape.join(known)
    return joined == .none ? nil : joined
  }

  /// Where nothing but a few texts that are written out are ever stored, no other is meant.
  private func states(of name: String, stores: Int) -> Shape? {
    guard constantStores[name] == stores, let values = constants[name], (2...8).contains(values.count) else {
      return nil
    }
    let texts = values.compactMap { if case .string = $0 { Input($0) } else { nil } }
    return texts.count == values.count ? .literals(texts.sorted { $0.description < $1.description }) : nil
  }

  mutating func read(_ procedure: Procedure, isMethod: Bool) {
    let values = LocalValues(procedure, isMethod: isMethod)
    let isInitializer = isMethod && procedure.name.split(separator: ".").last == "__init__"
    procedure.forEachNode { node in
      guard case .statement(let statement) = node else { return }
      switch statement.kind {
      case .assign(let targets, let value): for target in targets { store(target, value) }
      case .forLoop(let target, _, _, _, _), .with(_, .some(let target), _, _): store(target, nil)
      case .delete(.attribute(_, let name)): shapes[name, default: []].append(nil)
      default: break
      }
    }

    func store(_ target: Target, _ value: Expression?) {
      switch target {
      case .attribute(let object, let name):
        if object == values.receiver.map(Expression.local), isInitializer { initial.insert(name) }
        if let value, value.mentions(attribute: name) { return }
        if case .constant(let constant)? = value {
          constants[name, default: []].insert(constant)
          constantStores[name, default: 0] += 1
        }
        shapes[name, default: []].append(value.flatMap { values.shape(of: $0) })
      case .unpack(let targets, let starred):
        var parts: [Expression?] = []
        if starred == nil, case .tuple(let elements)? = value, elements.count == targets.count {
          parts = elements.map { if case .single(let part) = $0 { part } else { nil } }
        }
        for (index, target) in targets.enumerated() { store(target, index < parts.count ? parts[index] : nil) }
      default: break
      }
    }
  }

  /// `width: int` and `limit = 10` in a class body.
  mutating func readFields(_ body: Procedure) {
    for statement in body.body {
      guard case .assign(let targets, let value) = statement.kind else { continue }
      for target in targets {
        switch target {
        case .item(.namespace("__annotations__"), .constant(.string(let name))):
          initial.insert(name.string)
          shapes[name.string, default: []].append(Shape(annotation: value))
        case .namespace(let name) where name != "__annotations__":
          guard let shape = Shape(ofField: value), shape != .none else { break }
          initial.insert(name)
          shapes[name, default: []].append(shape)
        default: break
        }
      }
    }
  }
}

extension Expression {
  fileprivate func mentions(attribute name: String) -> Bool {
    var stack = [Node.expression(self)]
    while let node = stack.popLast() {
      if case .expression(.attribute(_, name)) = node { return true }
      stack += node.children
    }
    return false
  }
}

/// Shapes of the expressions of one procedure, locals followed to what they are bound to.
private struct LocalValues {
  let receiver: String?
  private var hints: [String: Shape] = [:]
  private var bound: [String: [Expression]] = [:]

  init(_ procedure: Procedure, isMethod: Bool) {
    receiver = isMethod ? procedure.parameters.first?.name : nil
    for parameter in procedure.parameters where parameter.name != receiver {
      hints[parameter.name] =
        parameter.hint.flatMap { Shape($0) } ?? parameter.defaultValue.flatMap { Shape(of: $0) }.flatMap {
          $0 == .none ? nil : $0
        } ?? .any
    }
    var bound: [String: [Expression]] = [:]
    procedure.forEachNode { node in
      guard case .statement(let statement) = node, case .assign(let targets, let value) = statement.kind else { return }
      for case .local(let name) in targets { bound[name, default: []].append(value) }
    }
    self.bound = bound
  }

  func shape(of expression: Expression, depth: Int = 0) -> Shape? {
    guard depth < 8 else { return nil }
    func inner(_ value: Expression) -> Shape? { shape(of: value, depth: depth + 1) }
    func joined(_ values: [Expression]) -> Shape? {
      let shapes = values.compactMap(inner)
      guard shapes.count == values.count else { return nil }
      return Shape.join(shapes)
    }
    func element(_ elements: [Element]) -> Shape {
      let values = elements.compactMap { element in if case .single(let value) = element { value } else { nil } }
      return values.isEmpty ? .any : joined(values) ?? .any
    }
    switch expression {
    case .constant, .unary(_, .constant), .not, .compare, .chain: return Shape(of: expression) ?? .bool
    case .local(let name):
      if let hint = hints[name] { return bound[name] == nil ? hint : nil }
      return bound[name].flatMap { joined($0) }
    case .list(let elements): return .list(element(elements))
    case .set(let elements): return .set(element(elements))
    case .tuple(let elements):
      return .tuple(elements.map { if case .single(let value) = $0 { inner(value) ?? .any } else { .any } })
    case .dictionary: return .dictionary(.any, .any)
    case .comprehension(let comprehension):
      switch comprehension.kind {
      case .list: return .list(inner(comprehension.element) ?? .any)
      case .set: return .set(.any)
      case .dictionary: return .dictionary(.any, .any)
      case .generator: return nil
      }
    case .format: return .string
    case .conditional(_, let then, let otherwise): return joined([then, otherwise])
    case .or(let operands):
      let known = operands.compactMap(inner).filter { $0 != .any && $0 != .none }
      return known.isEmpty ? joined(operands) : Shape.join(known)
    case .binary(let operation, let left, let right):
      if operation == .divide { return .float }
      switch (inner(left), inner(right)) {
      case (.int?, .int?): return .int
      case (let left?, let right?) where left == .any || right == .any: return left == .any ? right : left
      case (let left?, let right?) where [.int, .float].contains(left) && [.int, .float].contains(right): return .float
      case (let left?, let right?): return left == right ? left : nil
      default: return nil
      }
    case .call(let callee, let arguments): return call(callee, arguments, inner)
    default: return nil
    }
  }

  private func call(_ callee: Expression, _ arguments: [Argument], _ inner: (Expression) -> Shape?) -> Shape? {
    switch callee {
    case .global(.builtin(let name)):
      let first = arguments.first.flatMap { inner($0.value) }
      switch name {
      case "list", "sorted":
        if case .call(.global(.builtin("range")), _)? = arguments.first?.value { return .list(.int) }
        return .list(first?.content ?? .any)
      case "dict":
        if case .dictionary? = first { return first }
        return .dictionary(.any, .any)
      case "set": return .set(first?.content ?? .any)
      case "int", "len": return .int
      case "float": return .float
      case "str": return .string
      case "bool": return .bool
      case "max", "min", "abs":
        let shapes = arguments.compactMap { inner($0.value) }.filter { $0 != .any }
        return shapes.isEmpty ? .any : Shape.join(shapes)
      default: return nil
      }
    case .global(.imported(let path)):
      switch path {
      case "collections.OrderedDict": return .made(.orderedDict, .dictionary(.any, .any))
      case "collections.Counter": return .made(.counter, .dictionary(.any, .int))
      case "collections.deque":
        return arguments.count < 2
          ? .made(.deque, .list(arguments.first.flatMap { inner($0.value) }?.content ?? .any)) : nil
      case "collections.defaultdict":
        switch arguments.first?.value {
        case .global(.builtin("list"))?: return .made(.defaultDictOfLists, .dictionary(.any, .list(.any)))
        case .global(.builtin("int"))?: return .made(.defaultDictOfNumbers, .dictionary(.any, .int))
        case .global(.builtin("set"))?: return .made(.defaultDictOfSets, .dictionary(.any, .set(.any)))
        default: return nil
        }
      default: return nil
      }
    case .attribute(let object, "copy") where arguments.isEmpty: return inner(object)
    case .attribute(_, "join"), .attribute(_, "strip"), .attribute(_, "lower"), .attribute(_, "upper"): return .string
    default: return nil
    }
  }
}

extension Shape {
  /// Of what a container of this shape holds.
  fileprivate var content: Shape? {
    switch self {
    case .list(let element), .set(let element), .iterator(let element): element
    case .any: .any
    default: nil
    }
  }

  /// Of a default in a class body, `field(default_factory=list)` too.
  fileprivate init?(ofField value: Expression) {
    guard case .call(.global(.imported("dataclasses.field")), let arguments) = value else {
      guard let shape = Shape(of: value) else { return nil }
      self = shape
      return
    }
    for argument in arguments {
      switch (argument.kind, argument.value) {
      case (.keyword("default_factory"), .global(.builtin(let name))):
        guard let shape = Shape(builtin: name) else { return nil }
        self = shape
        return
      case (.keyword("default"), let value):
        guard let shape = Shape(of: value) else { return nil }
        self = shape
        return
      default: break
      }
    }
    return nil
  }

  /// Of an annotation as it is evaluated; nil where it says nothing.
  fileprivate init?(annotation: Expression) {
    switch annotation {
    case .global(.builtin(let name)):
      guard let shape = Shape(builtin: name) else { return nil }
      self = shape
    case .constant(.none): self = .none
    case .constant(.string(let text)):
      // Postponed, or a name that is not there yet.
      let words = text.string.split { " []|,".contains($0) }.map(String.init)
      guard let first = words.first, !text.string.contains("|"), let shape = Shape(builtin: first) else { return nil }
      self = shape
    case .binary(.bitOr, let left, let right):
      guard let one = Shape(annotation: left), let two = Shape(annotation: right) else { return nil }
      self = Shape.join([one, two])
    case .item(let generic, let index):
      var parts = [index]
      if case .tuple(let elements) = index { parts = elements.map(\.value) }
      let shapes = parts.map { Shape(annotation: $0) ?? .any }
      switch generic {
      case .global(.builtin("list")), .global(.imported("typing.List")): self = .list(shapes[0])
      case .global(.builtin("set")), .global(.imported("typing.Set")): self = .set(shapes[0])
      case .global(.builtin("dict")), .global(.imported("typing.Dict")):
        guard shapes.count == 2 else { return nil }
        self = .dictionary(shapes[0], shapes[1])
      case .global(.builtin("tuple")), .global(.imported("typing.Tuple")): self = .tuple(shapes)
      case .global(.imported("typing.Optional")): self = Shape.join([shapes[0], .none])
      default: return nil
      }
    default: return nil
    }
  }
}

/// Parameters that stand for instances of a class of the file, and what both versions of it keep in them.
package struct Instances: Sendable {
  private let parameters: [String]
  private let old: ClassFacts
  private let new: ClassFacts

  /// - Parameter parameters: names that the parameters have in both versions.
  package init(parameters: [String], old: ClassFacts, new: ClassFacts) {
    self.parameters = parameters
    self.old = old
    self.new = new
  }

  /// All that a search takes from here: the methods, and in words what is known of attributes and parameters.
  package var grounds: (methods: [Procedure], words: [String]) {
    var words = parameters
    for facts in [old, new] {
      words += facts.attributes.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" } + [""]
      for (name, values) in facts.constants.sorted(by: { $0.key < $1.key }) {
        words += [name] + values.map(\.text).sorted()
      }
      words.append("")
    }
    return (old.methods + new.methods, words)
  }

  /// The shape of an attribute; `any` where others store it.
  private static func shape(of name: String, in facts: ClassFacts) -> Shape? {
    facts.attributes[name] ?? (facts.notStored.contains(name) ? nil : .any)
  }

  /// What both versions allow; nil where they do not go together.
  private static func both(_ one: Shape, _ two: Shape) -> Shape? {
    if case .literals(let old) = one, case .literals(let new) = two {
      return .literals(old + new.filter { !old.contains($0) })
    }
    if one == two || two == .any { return one }
    return one == .any ? two : nil
  }

  /// Attributes with their shapes, of those that the procedures mention.
  private func slots(of procedures: [Procedure]) -> [Slot] {
    var mentioned: Set<String> = []
    for procedure in procedures {
      procedure.forEachNode { node in
        switch node {
        case .expression(.attribute(_, let name)), .target(.attribute(_, let name)): mentioned.insert(name)
        default: break
        }
      }
    }
    let demands = DemandReader.read(old.methods + new.methods) { procedure in
      procedure.parameters.first.map { [$0.name] } ?? []
    }
    var slots: [Slot] = []
    for parameter in parameters {
      for name in mentioned.sorted() {
        guard let one = Self.shape(of: name, in: old), let two = Self.shape(of: name, in: new),
          let hint = Self.both(one, two)
        else { continue }
        let demand = demands[".\(name)"]
        let use = demand.map { Shape($0) } ?? .any
        // What a caller hands over is of the kind that it is used as.
        // Of what nothing is known but that it is stored, the order of stores is no matter.
        let isOnlyStored = hint == .any && use.isVague
        if isOnlyStored, !old.stored.contains(name), !new.stored.contains(name) { continue }
        var slot = Slot(name: "\(parameter).\(name)", kind: .keywordOnly)
        slot.attribute = name
        slot.promise = hint == .any ? nil : hint
        slot.shape = hint == .any ? use : hint.refined(by: use)
        slot.canOmit = true
        slot.mustOmit = isOnlyStored
        if let demand { slot.demands = [JudgedDemand(demand: demand, isStrict: false)] }
        slot.literals = (old.constants[name] ?? []).union(new.constants[name] ?? []).sorted { $0.text < $1.text }
        slots.append(slot)
      }
    }
    return slots
  }

  /// One slot for each attribute of each instance, in the order of their paths: so they are observed after the
  /// arguments.
  ///
  /// - Parameter storesArePlain: whether the order of stores into attributes of which nothing else is known is no matter.
  static func slots(
    _ all: [Instances], old: Procedure, new: Procedure, all procedures: [Procedure], storesArePlain: Bool
  ) -> [Slot] {
    let found = all.flatMap { $0.slots(of: procedures) }.sorted { $0.name < $1.name }
    let stored = storesArePlain ? found.filter(\.isOnlyStored).prefix(8) : []
    var slots = found.filter { !$0.isOnlyStored }.prefix(8) + stored
    slots.sort { $0.name < $1.name }
    for index in slots.indices {
      slots[index].oldIndex = old.parameters.count + index
      slots[index].newIndex = new.parameters.count + index
    }
    return Array(slots)
  }
}

extension Input {
  /// Whether an attribute of which the class promises this shape could hold it.
  func keeps(_ promise: Shape) -> Bool {
    switch (promise, self) {
    case (.any, _): return true
    case (.literals(let known), _): return known.contains(self)
    case (.union(let parts), _): return parts.contains { keeps($0) }
    case (.none, .none), (.bool, .bool), (.int, .int), (.float, .float), (.float, .int), (.string, .string),
      (.bytes, .bytes):
      return true
    case (.list(let element), .list(let items)), (.set(let element), .set(let items)):
      return items.allSatisfy { $0.keeps(element) }
    case (.tuple(let parts), .tuple(let items)):
      return parts.count == items.count && zip(parts, items).allSatisfy { $1.keeps($0) }
    case (.dictionary(let key, let value), .dictionary(let pairs)):
      return pairs.allSatisfy { $0.key.keeps(key) && $0.value.keeps(value) }
    case (.made(let kind, let shape), .made(let made, let content)): return kind == made && content.keeps(shape)
    case (.opaque, .opaque), (.callable, .opaque): return true
    default: return false
    }
  }
}

import Logic

/// A class whose methods can be read where they are called.
final class KnownClass {
  private(set) var methods: [String: Procedure] = [:]
  private(set) var properties: [String: Procedure] = [:]
  /// What its objects have in attributes before any method stores it.
  private(set) var constants: [String: Expression] = [:]
  /// Names of the items, where its objects are tuples.
  private(set) var fields: [String] = []

  init(_ definition: ClassDefinition) {
    for case .assign(let targets, let value) in definition.body.body.map(\.kind) {
      guard targets.count == 1, case .namespace(let name) = targets[0] else { continue }
      switch value {
      case .tuple(let elements) where name == "_fields":
        for case .single(.constant(.string(let field))) in elements { fields.append(field.string) }
      case .closure(let method): methods[name] = method
      case .call(.global(.builtin("property")), let arguments):
        if case .closure(let getter)? = arguments.first?.value { properties[name] = getter }
      default: constants[name] = value
      }
    }
  }
}

// What methods ask of what they are given, and of what their objects hold.
extension DemandReader {
  /// An object, made here.
  mutating func make(_ type: KnownClass, _ arguments: [Argument], depth: Int) -> Node {
    let node = Node()
    node.instanceOf = type
    if !type.fields.isEmpty {
      for (index, argument) in arguments.enumerated() {
        let given = read(argument.value, depth: depth + 1)
        switch argument.kind {
        case .positional: if index < type.fields.count { unify(part(index, of: node), given) }
        case .keyword(let name):
          if let index = type.fields.firstIndex(of: name) { unify(part(index, of: node), given) }
        case .spread:
          // All that is left of the fields, in their order.
          guard index == arguments.count - 1, index < type.fields.count else { break }
          given.root.counts.insert(type.fields.count - index)
          for rest in index..<type.fields.count { unify(part(rest, of: node), part(rest - index, of: given)) }
        case .spreadKeywords: break
        }
      }
      return node
    }
    for (name, value) in type.constants.sorted(by: { $0.key < $1.key }) {
      unify(attribute(name, of: node), read(value, depth: depth + 1))
    }
    if let initializer = type.methods["__init__"] {
      _ = run(initializer, on: node, arguments, depth: depth)
    } else {
      for argument in arguments { _ = read(argument.value, depth: depth + 1) }
    }
    return node
  }

  /// What is read from an object: what is stored there, or what a property gives.
  mutating func attribute(_ name: String, of node: Node) -> Node {
    if let getter = node.root.instanceOf?.properties[name] { return run(getter, on: node, [], depth: 0) }
    let node = node.root
    if let index = node.instanceOf?.fields.firstIndex(of: name) { return part(index, of: node) }
    if node.attributes[name] == nil { node.attributes[name] = Node(named: name) }
    return node.attributes[name]!.root
  }

  /// What a method gives that is read in the place of its call; of one that is being read, nothing is known.
  mutating func run(_ method: Procedure, on receiver: Node, _ arguments: [Argument], depth: Int) -> Node {
    let given = arguments.map { (kind: $0.kind, node: read($0.value, depth: depth + 1)) }
    guard entered.count < 8, !entered.contains(method.name) else { return Node() }
    entered.append(method.name)
    defer { entered.removeLast() }
    var scope = Scope()
    for parameter in method.parameters {
      let node = Node(named: parameter.name)
      if parameter.defaultValue == .constant(.none) { node.mayBeNone = true }
      scope.names[parameter.name] = node
    }
    if let own = method.parameters.first { unify(scope.names[own.name] ?? Node(), receiver) }
    var position = 1
    for (kind, node) in given {
      switch kind {
      case .positional:
        if position < method.parameters.count { unify(scope.names[method.parameters[position].name] ?? Node(), node) }
        position += 1
      case .keyword(let name): if let parameter = scope.names[name] { unify(parameter, node) }
      case .spread, .spreadKeywords: break
      }
    }
    let result = Node()
    scope.result = result
    // It sees none of the variables around its call.
    let around = scopes
    scopes = [scope]
    walk(method.body)
    scopes = around
    return method.kind == .function ? result.root : Node()
  }
}

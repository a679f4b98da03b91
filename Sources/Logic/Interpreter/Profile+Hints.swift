import BigInt

extension Profile {
  /// A profile whose hints and constants come from how these procedures use what they do not know. They steer which
  /// worlds are tried first; they assume nothing.
  package init(reading procedures: [Procedure]) {
    self.init()
    var reader = Reader()
    for procedure in procedures { reader.read(procedure) }
    hints = reader.hints
    constants = reader.constants
    exceptions = reader.exceptions
    sentinels = reader.sentinels
    unpackSizes = reader.unpackSizes
    compared = reader.comparedWith
    probed = reader.probed
    expectedFailures = reader.expectedFailures
    awaited = reader.awaited
    hasLocks = reader.methods.isSuperset(of: ["acquire", "release"])
    fallibleImports = reader.fallibleImports
  }
}

private struct Reader {
  var hints: [String: Profile.Kind] = [:]
  var constants: [Input] = []
  var exceptions: [String] = []
  var sentinels: [String] = []
  var unpackSizes: [Int] = []
  var comparedWith: [String: [Input]] = [:]
  var probed: Set<String> = []
  var expectedFailures: Set<String> = []
  var awaited: Set<String> = []
  /// Names of methods that are called.
  var methods: Set<String> = []
  var fallibleImports: Set<String> = []
  /// Locals that are bound to something with a name: `node = self.nodes[0]` is `nodes[]`.
  private var aliases: [String: String] = [:]
  private static let maximum = 40

  mutating func read(_ procedure: Procedure) {
    var pendingProcedures = [procedure]
    while let next = pendingProcedures.popLast() {
      if Scope(next).isTooDeep { continue }
      aliases = [:]
      for parameter in next.parameters { aliases[parameter.name] = parameter.name }
      // A walk calls closures that may not change `self`: collect first.
      var statements: [Statement] = []
      var expressions: [Expression] = []
      var targets: [Target] = []
      var closures: [Procedure] = []
      var walk = Walk()
      walk.statement = { statements.append($0) }
      walk.expression = { expressions.append($0) }
      walk.target = { targets.append($0) }
      walk.closure = { closures.append($0) }
      walk(next.body)
      for statement in statements { bind(statement.kind) }
      for statement in statements { read(statement.kind) }
      for expression in expressions { read(expression) }
      for target in targets { read(target) }
      pendingProcedures += closures
    }
  }

  private mutating func bind(_ statement: Statement.Kind) {
    switch statement {
    case .assign(let targets, let value):
      for case .local(let local) in targets { if let name = name(of: value) { aliases[local] = name } }
    case .forLoop(.local(let local), let source, _, _, _):
      if let name = name(of: source) { aliases[local] = name + "[]" }
    default: break
    }
  }

  private mutating func read(_ statement: Statement.Kind) {
    switch statement {
    case .forLoop(_, let source, _, _, _): note(source, .opaque)
    case .raise(let value?, _):
      if case .call(let callee, _) = value, let name = name(of: callee), !isBuiltin(callee) { hints[name] = .exception }
    case .tryBlock(let body, let handlers, _, _):
      for handler in handlers where !Self.isOfPlay(handler) {
        if let type = handler.type { catches(type) }
        expectedFailures.formUnion(failures(caughtBy: handler))
      }
      if handlers.contains(where: { catchesMissingModules($0) && !Self.isOfPlay($0) }) {
        fallibleImports.formUnion(Self.imports(in: body))
      }
    case .match(let subject, let cases):
      for item in cases {
        if case .value(.constant(let constant)) = item.pattern { compared(subject, constant) }
      }
    default: break
    }
  }

  private func types(in type: Expression) -> [Expression] {
    guard case .tuple(let elements) = type else { return [type] }
    return elements.compactMap { if case .single(let value) = $0 { value } else { nil } }
  }

  /// One that keeps what the code under test raises: no code that expects it.
  private static func isOfPlay(_ handler: Handler) -> Bool {
    guard case .branch(.call(.global(.builtin("$fails")), _), _, _)? = handler.body.first?.kind else { return false }
    return true
  }

  /// What reads may raise of what a handler catches.
  private func failures(caughtBy handler: Handler) -> Set<String> {
    guard let type = handler.type else { return Self.failures }
    var result: Set<String> = []
    for type in types(in: type) {
      guard case .global(.builtin(let name)) = type else { continue }
      if ["Exception", "BaseException"].contains(name) { return Self.failures }
      if Self.failures.contains(name) { result.insert(name) }
    }
    return result
  }

  private static let failures: Set = ["AttributeError", "TypeError"]

  private func catchesMissingModules(_ handler: Handler) -> Bool {
    guard let type = handler.type else { return true }
    return types(in: type).contains {
      guard case .global(.builtin(let name)) = $0 else { return false }
      return ["ImportError", "ModuleNotFoundError", "Exception", "BaseException"].contains(name)
    }
  }

  private static func imports(in body: [Statement]) -> Set<String> {
    var found: Set<String> = []
    var walk = Walk()
    walk.expression = { expression in
      switch expression {
      case .importModule(let name, _): found.insert(name)
      case .importName(let module, _): found.insert(module)
      default: break
      }
    }
    walk(body)
    return found
  }

  private mutating func catches(_ type: Expression) {
    for type in types(in: type) {
      guard let path = path(of: type), !exceptions.contains(path), exceptions.count < Self.maximum else { continue }
      exceptions.append(path)
    }
  }

  private mutating func read(_ expression: Expression) {
    switch expression {
    case .attribute(let object, _), .item(let object, _): note(object, .opaque)
    case .call(.global(.builtin(let name)), let arguments) where name == "hasattr" || name == "getattr":
      guard name == "hasattr" || arguments.count == 3, arguments.count > 1,
        case .constant(.string(let text)) = arguments[1].value
      else { break }
      probed.insert(text.string)
    case .await(.call(let callee, _)): if let name = name(of: callee) { awaited.insert(name) }
    case .call(let callee, _):
      note(callee, .callable)
      if case .attribute(_, let name) = callee { methods.insert(name) }
    case .compare(.identical, let left, let right), .compare(.notIdentical, let left, let right):
      // Compared with `None` is what may be missing, not what stands for something.
      let isTested = [left, right].contains { if case .constant = $0 { true } else { false } }
      for side in [left, right] where !isTested {
        if case .global = side, let path = path(of: side), !isBuiltin(side), !sentinels.contains(path),
          sentinels.count < Self.maximum
        {
          sentinels.append(path)
        }
      }
    case .compare(.contains, let left, let right), .compare(.notContains, let left, let right):
      note(right, .opaque)
      switch right {
      case .tuple(let elements), .list(let elements), .set(let elements):
        for case .single(.constant(let constant)) in elements { compared(left, constant) }
      default: break
      }
    case .compare(_, let left, let right):
      if case .constant(let constant) = right { compared(left, constant) }
      if case .constant(let constant) = left { compared(right, constant) }
    case .chain(let operands, _):
      for case .constant(let constant) in operands { for operand in operands { compared(operand, constant) } }
    case .binary(_, let left, let right) where left.isIntegerConstant || right.isIntegerConstant:
      if case .constant(.int) = right { note(left, .int) }
      if case .constant(.int) = left { note(right, .int) }
    case .binary(let operation, let left, let right)
    where [.subtract, .divide, .floorDivide].contains(operation):
      note(left, .int)
      note(right, .int)
    default: break
    }
  }

  private mutating func read(_ target: Target) {
    switch target {
    case .unpack(let targets, starred: nil):
      if !unpackSizes.contains(targets.count), unpackSizes.count < 4 { unpackSizes.append(targets.count) }
    case .attribute(let object, _), .item(let object, _): note(object, .opaque)
    default: break
    }
  }

  private mutating func compared(_ subject: Expression, _ constant: Constant) {
    func add(_ input: Input) {
      addConstant(input)
      guard let name = name(of: subject) else { return }
      if comparedWith[name]?.contains(input) != true { comparedWith[name, default: []].append(input) }
    }
    switch constant {
    case .int(let value):
      note(subject, .int)
      for near in [value, value + 1, value - 1] { add(.int(near)) }
    case .string(let text):
      note(subject, .string)
      if text.values.count <= 40 { add(.string(text)) }
    case .float(let bits):
      note(subject, .float)
      add(.float(bits))
    case .bool: note(subject, .bool)
    default: break
    }
  }

  private mutating func addConstant(_ input: Input) {
    if constants.count < Self.maximum, !constants.contains(input) { constants.append(input) }
  }

  /// What has attributes or items is an object whatever else is done with it.
  private mutating func note(_ expression: Expression, _ kind: Profile.Kind) {
    guard let name = name(of: expression) else { return }
    switch (hints[name], kind) {
    case (nil, _): hints[name] = kind
    case (.exception, _): break
    case (_, .callable): hints[name] = .callable
    case (.callable, _): break
    case (_, .opaque): hints[name] = .opaque
    default: break
    }
  }

  private func isBuiltin(_ expression: Expression) -> Bool {
    if case .global(.builtin) = expression { true } else { false }
  }

  /// The key of a hint: `name`, `name()`, `name[]`.
  private func name(of expression: Expression) -> String? {
    switch expression {
    case .attribute(_, let name): name
    case .global: path(of: expression)?.split(separator: ".").last.map(String.init)
    case .local(let local): aliases[local]
    case .captured(let name): name
    case .call(let callee, _): name(of: callee).map { $0 + "()" }
    case .item(let object, _): name(of: object).map { $0 + "[]" }
    default: nil
    }
  }

  private func path(of expression: Expression) -> String? {
    switch expression {
    case .global(.builtin(let name)), .global(.module(let name)), .global(.imported(let name)),
      .global(.unresolved(let name)):
      name
    case .attribute(let object, let name): path(of: object).map { "\($0).\(name)" }
    default: nil
    }
  }
}

extension Expression {
  fileprivate var isIntegerConstant: Bool { if case .constant(.int) = self { true } else { false } }
}

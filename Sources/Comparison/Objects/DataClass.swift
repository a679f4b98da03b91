import Logic

/// The methods that `dataclasses.dataclass` writes into a class (Library Reference, `dataclasses`), as far as one may
/// say them without running it.
struct DataClass {
  struct Options {
    var hasInitializer = true
    var hasRepresentation = true
    var hasEquality = true
    var isOrdered = false
    var isFrozen = false
    var isKeywordOnly = false

    /// Of the decorator as it is written; nil for another one.
    init?(_ decorator: Expression) {
      guard case .call(let callee, let arguments) = decorator else {
        if decorator.importedPath != "dataclasses.dataclass" { return nil }
        return
      }
      guard callee.importedPath == "dataclasses.dataclass" else { return nil }
      for argument in arguments {
        guard case .keyword(let name) = argument.kind, case .constant(.bool(let value)) = argument.value else {
          return nil
        }
        switch name {
        case "init": hasInitializer = value
        case "repr": hasRepresentation = value
        case "eq": hasEquality = value
        case "order": isOrdered = value
        case "frozen": isFrozen = value
        case "kw_only": isKeywordOnly = value
        case "slots": break
        default: return nil
        }
      }
    }
  }

  private struct Field {
    var name: String
    var value: Expression?
    var factory: Expression?
    var isInitialized = true
    var isShown = true
    var isCompared = true
  }

  private let options: Options
  private var fields: [Field] = []

  /// Nil where its fields are not all plain ones of its own body.
  init?(_ body: Procedure, _ options: Options, inherited isAlone: Bool) {
    guard isAlone else { return nil }
    self.options = options
    var values: [String: Expression] = [:]
    for case .assign(let targets, let value) in body.body.map(\.kind) {
      if case .namespace(let name)? = targets.first, targets.count == 1 { values[name] = value }
    }
    for case .assign(let targets, let annotation) in body.body.map(\.kind) {
      guard let name = Self.annotated(targets) else { continue }
      if annotation.names("ClassVar") { continue }
      if annotation.names("InitVar") || annotation.names("KW_ONLY") { return nil }
      guard let field = Self.field(name, values[name]) else { return nil }
      fields.append(field)
    }
  }

  /// The name that an annotation in a class body is about.
  static func annotated(_ targets: [Target]) -> String? {
    guard targets.count == 1, case .item(.namespace("__annotations__"), .constant(.string(let name))) = targets[0]
    else {
      return nil
    }
    return name.string
  }

  private static func field(_ name: String, _ value: Expression?) -> Field? {
    var field = Field(name: name)
    guard let arguments = value?.fieldArguments else {
      field.value = value
      return field
    }
    for argument in arguments {
      switch (argument.kind, argument.value) {
      case (.keyword("default"), let value): field.value = value
      case (.keyword("default_factory"), let value): field.factory = value
      case (.keyword("init"), .constant(.bool(let flag))): field.isInitialized = flag
      case (.keyword("repr"), .constant(.bool(let flag))): field.isShown = flag
      case (.keyword("compare"), .constant(.bool(let flag))): field.isCompared = flag
      default: return nil
      }
    }
    return field
  }

  /// The statements of the class body with those methods among them that it does not write itself.
  func body(around statements: [Statement], name: String) -> [Statement] {
    var result: [Statement] = []
    var own: Set<String> = []
    for statement in statements {
      guard case .assign(let targets, let value) = statement.kind, case .namespace(let name)? = targets.first else {
        result.append(statement)
        continue
      }
      own.insert(name)
      // A field without a default of its own leaves nothing in the class.
      if value.fieldArguments != nil {
        guard let plain = fields.first(where: { $0.name == name })?.value else { continue }
        result.append(Statement(.assign(targets, plain), line: statement.line))
      } else {
        result.append(statement)
      }
    }
    func add(_ method: Procedure) {
      if own.contains(method.name) { return }
      result.append(Statement(.assign([.namespace(method.name)], .closure(method))))
    }
    if options.hasInitializer { add(initializer(isFollowed: own.contains("__post_init__"))) }
    if options.hasRepresentation { add(representation(name)) }
    if options.hasEquality { add(comparison("__eq__", .equal)) }
    if options.hasEquality, options.isFrozen { add(hash) }
    if options.isOrdered {
      add(comparison("__lt__", .less))
      add(comparison("__le__", .lessOrEqual))
      add(comparison("__gt__", .greater))
      add(comparison("__ge__", .greaterOrEqual))
    }
    return result
  }

  private func initializer(isFollowed: Bool) -> Procedure {
    var parameters = [Parameter("self")]
    var body: [Statement] = []
    for field in fields {
      var value = Expression.local(field.name)
      if field.isInitialized {
        var parameter = Parameter(field.name, kind: options.isKeywordOnly ? .keywordOnly : .positional)
        parameter.defaultValue = field.factory == nil ? field.value : .constant(.ellipsis)
        parameters.append(parameter)
        if let factory = field.factory {
          value = .conditional(
            test: .compare(.identical, value, .constant(.ellipsis)), then: .call(factory, []), otherwise: value)
        }
      } else if let factory = field.factory {
        value = .call(factory, [])
      } else {
        continue
      }
      body.append(Statement(.assign([.attribute(.local("self"), field.name)], value)))
    }
    if isFollowed { body.append(Statement(.expression(.call(.attribute(.local("self"), "__post_init__"), [])))) }
    return Procedure(name: "__init__", parameters: parameters, body: body)
  }

  private func representation(_ name: String) -> Procedure {
    var parts: [FormatPart] = [.literal(CodePoints("\(name)("))]
    for (index, field) in fields.filter(\.isShown).enumerated() {
      parts.append(.literal(CodePoints("\(index == 0 ? "" : ", ")\(field.name)=")))
      parts.append(.value(.attribute(.local("self"), field.name), conversion: "r", specification: nil))
    }
    parts.append(.literal(CodePoints(")")))
    return Procedure(
      name: "__repr__", parameters: [Parameter("self")], body: [Statement(.returnValue(.format(parts)))])
  }

  private func comparison(_ name: String, _ operation: ComparisonOperator) -> Procedure {
    func type(_ value: String) -> Expression { .attribute(.local(value), "__class__") }
    return Procedure(
      name: name, parameters: [Parameter("self"), Parameter("other")],
      body: [
        Statement(
          .branch(
            .compare(.notIdentical, type("other"), type("self")),
            then: [Statement(.returnValue(.constant(.notImplemented)))], otherwise: [])),
        Statement(.returnValue(.compare(operation, values(of: "self"), values(of: "other")))),
      ])
  }

  private var hash: Procedure {
    Procedure(
      name: "__hash__", parameters: [Parameter("self")],
      body: [Statement(.returnValue(.call(.global(.builtin("hash")), [Argument(values(of: "self"))])))])
  }

  private func values(of object: String) -> Expression {
    .tuple(fields.filter(\.isCompared).map { .single(.attribute(.local(object), $0.name)) })
  }
}

extension Expression {
  /// Of `dataclasses.field(...)`.
  var fieldArguments: [Argument]? {
    guard case .call(let callee, let arguments) = self, callee.importedPath == "dataclasses.field" else { return nil }
    return arguments
  }

  /// `a.b.c`, imported as that or read from its module.
  var importedPath: String? {
    switch self {
    case .global(.imported(let path)): path
    case .attribute(let module, let name): module.importedPath.map { "\($0).\(name)" }
    default: nil
    }
  }

  /// Whether an annotation, evaluated or as text, is about that name of `typing` or `dataclasses`.
  fileprivate func names(_ name: String) -> Bool {
    switch self {
    case .constant(.string(let text)): text.string.contains(name)
    case .global, .attribute: importedPath?.hasSuffix(".\(name)") ?? false
    case .item(let generic, _): generic.names(name)
    default: false
    }
  }
}

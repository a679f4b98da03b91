import Logic

/// A class of tuples whose items have names (Library Reference, `collections.namedtuple` and `typing.NamedTuple`), as far
/// as one may say it without running it.
struct NamedTuple {
  private var fields: [(name: String, value: Expression?)] = []

  /// Of a class derived from `typing.NamedTuple`.
  init(_ body: Procedure) {
    var values: [String: Expression] = [:]
    for case .assign(let targets, let value) in body.body.map(\.kind) {
      if case .namespace(let name)? = targets.first, targets.count == 1 { values[name] = value }
    }
    for case .assign(let targets, _) in body.body.map(\.kind) {
      if let name = DataClass.annotated(targets) { fields.append((name, values[name])) }
    }
  }

  /// Of `namedtuple("Point", ["x", "y"])` or `namedtuple("Point", "x y")`; nil for anything else.
  init?(_ value: Expression) {
    guard case .call(let callee, let arguments) = value, callee.importedPath == "collections.namedtuple",
      arguments.count == 2, arguments.allSatisfy({ $0.kind == .positional })
    else { return nil }
    switch arguments[1].value {
    case .constant(.string(let text)):
      fields = text.string.split { $0 == " " || $0 == "," }.map { (String($0), nil) }
    case .list(let elements), .tuple(let elements):
      for element in elements {
        guard case .single(.constant(.string(let name))) = element else { return nil }
        fields.append((name.string, nil))
      }
    default: return nil
    }
    // Anything else is refused when the module runs.
    let names = fields.map(\.name)
    guard !names.isEmpty, Set(names).count == names.count, names.allSatisfy(Self.isFieldName) else { return nil }
  }

  private static func isFieldName(_ name: String) -> Bool {
    guard let first = name.first, first.isASCII, first.isLetter else { return false }
    return name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") } && !keywords.contains(name)
  }

  private static let keywords: Set<String> = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
    "elif",
    "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or",
    "pass", "raise", "return", "try", "while", "with", "yield",
  ]

  /// The class with the statements of its body, which say nothing of its fields.
  func definition(_ name: String, methods: [Statement]) -> ClassDefinition {
    let names = fields.map(\.name)
    let own = methods.filter { statement in
      guard case .assign(let targets, _) = statement.kind, case .namespace(let name)? = targets.first else {
        return true
      }
      return !names.contains(name)
    }
    func text(_ name: String) -> Expression { .constant(.string(CodePoints(name))) }
    let defaults = fields.compactMap { field in field.value.map { DictionaryItem.pair(text(field.name), $0) } }
    var body: [Statement] = [
      Statement(.assign([.namespace("_fields")], .tuple(names.map { .single(text($0)) }))),
      Statement(.assign([.namespace("_field_defaults")], .dictionary(defaults))),
    ]
    for method in [representation(name), dictionary, replaced] {
      body.append(Statement(.assign([.namespace(method.name)], .closure(method))))
    }
    return ClassDefinition(
      name: name, arguments: [Argument(.global(.builtin("tuple")))],
      body: Procedure(name: name, kind: .classBody, body: body + own), decorators: [])
  }

  private func value(_ name: String) -> Expression { .attribute(.local("self"), name) }

  private func method(_ name: String, _ result: Expression, taking parameters: [Parameter] = []) -> Procedure {
    Procedure(name: name, parameters: [Parameter("self")] + parameters, body: [Statement(.returnValue(result))])
  }

  private func representation(_ name: String) -> Procedure {
    var parts: [FormatPart] = [.literal(CodePoints("\(name)("))]
    for (index, field) in fields.enumerated() {
      parts.append(.literal(CodePoints("\(index == 0 ? "" : ", ")\(field.name)=")))
      parts.append(.value(value(field.name), conversion: "r", specification: nil))
    }
    return method("__repr__", .format(parts + [.literal(CodePoints(")"))]))
  }

  private var dictionary: Procedure {
    method("_asdict", .dictionary(fields.map { .pair(.constant(.string(CodePoints($0.name))), value($0.name)) }))
  }

  private var replaced: Procedure {
    let parameters = fields.map { Parameter($0.name, kind: .keywordOnly, defaultValue: .constant(.ellipsis)) }
    let arguments = fields.map { field in
      Argument(
        .conditional(
          test: .compare(.identical, .local(field.name), .constant(.ellipsis)), then: value(field.name),
          otherwise: .local(field.name)))
    }
    return method("_replace", .call(.attribute(.local("self"), "__class__"), arguments), taking: parameters)
  }
}

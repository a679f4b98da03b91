import BigInt

// Heads of procedures: kind, name, parameters, type hints, annotations.
extension TextParser {
  mutating func text() throws -> (Procedure, SummaryAnnotations) {
    guard isAtProcedure else { throw failure("`function`, `async function`, `class` or `def module`") }
    var annotations = SummaryAnnotations()
    let procedure = try procedure { parser in
      annotations = try parser.annotations()
      let body = try parser.block()
      if parser.token.kind != .end { throw parser.failure("a statement or the end of the text") }
      return body
    }
    return (procedure, annotations)
  }

  var isAtProcedure: Bool {
    switch token.kind {
    case .word("function"), .word("async"), .word("class"): true
    case .word("def"): next() == .word("module")
    default: false
    }
  }

  /// A head, then what `body` reads in the scope that the head opens.
  mutating func procedure(_ body: (inout TextParser) throws -> [Statement]) throws -> Procedure {
    let kind: Procedure.Kind
    if take(word: "class") {
      kind = .classBody
    } else if take(word: "def") {
      try expect(word: "module")
      kind = .module
    } else {
      let isAsync = take(word: "async")
      try expect(word: "function")
      let isGenerator = take("*")
      kind = isAsync ? (isGenerator ? .asyncGenerator : .coroutine) : isGenerator ? .generator : .function
    }
    let name = try path()
    let parameters = isAt("(") ? try self.parameters() : []
    let statements = try scoped(parameters, body)
    return Procedure(name: name, kind: kind, parameters: parameters, body: statements)
  }

  mutating func nestedProcedure() throws -> Procedure {
    try nested { parser in
      try parser.procedure { parser in
        let body = try parser.block()
        try parser.expect(word: "end")
        return body
      }
    }
  }

  // MARK: Parameters

  mutating func parameters() throws -> [Parameter] {
    try expect("(")
    var result: [Parameter] = []
    var plain = Parameter.Kind.positional
    while !isAt(")") {
      if take("/") {
        guard plain == .positional, !result.contains(where: { $0.kind == .positionalOnly }) else {
          throw failure("`/` once, before any `*`")
        }
        for index in result.indices { result[index].kind = .positionalOnly }
      } else if take("**") {
        result.append(try parameter(kind: .variadicKeyword))
      } else if take("*") {
        guard plain == .positional else { throw failure("`*` once") }
        plain = .keywordOnly
        if !isAt(","), !isAt(")") { result.append(try parameter(kind: .variadic)) }
      } else {
        result.append(try parameter(kind: plain))
      }
      if !take(",") { break }
    }
    try expect(")")
    return result
  }

  private mutating func parameter(kind: Parameter.Kind) throws -> Parameter {
    var parameter = Parameter(try name(), kind: kind)
    if take(":") { parameter.hint = try hint() }
    if take("=") { parameter.defaultValue = try expression() }
    return parameter
  }

  // MARK: Type hints

  private mutating func hint() throws -> TypeHint {
    try nested { parser in
      var members = [try parser.hintItem()]
      while parser.take("|") { members.append(try parser.hintItem()) }
      return members.count == 1 ? members[0] : .union(members)
    }
  }

  private mutating func hintItem() throws -> TypeHint {
    if take("(") {
      let inner = try hint()
      try expect(")")
      return inner
    }
    if take(word: "None") { return .none }
    if case .string = token.kind { return .named(try path()) }
    let word = try path()
    if word == "literal" { return .literal(try constants()) }
    var arguments: [TypeHint]?
    var isVariadic = false
    if take("[") {
      var list: [TypeHint] = []
      while !isAt("]") {
        if !list.isEmpty, take("...") {
          isVariadic = true
          break
        }
        list.append(try hint())
        if !take(",") { break }
      }
      try expect("]")
      arguments = list
    }
    guard let hint = Self.hint(named: word, arguments, isVariadic: isVariadic) else {
      throw failure("the arguments that `\(word)` takes before this")
    }
    return hint
  }

  private mutating func constants() throws -> [Constant] {
    try expect("[")
    var result: [Constant] = []
    while !isAt("]") {
      guard case .constant(let constant) = try expression() else { throw failure("a constant before this") }
      result.append(constant)
      if !take(",") { break }
    }
    try expect("]")
    return result
  }

  private static func hint(named name: String, _ arguments: [TypeHint]?, isVariadic: Bool) -> TypeHint? {
    if name == "tuple" {
      guard let arguments else { return .variadicTuple(.any) }
      return isVariadic ? (arguments.count == 1 ? .variadicTuple(arguments[0]) : nil) : .tuple(arguments)
    }
    if isVariadic { return nil }
    if let make = HintNames.containers[name] {
      guard let arguments else { return make(.any) }
      return arguments.count == 1 ? make(arguments[0]) : nil
    }
    switch name {
    case "dict":
      guard let arguments else { return .dictionary(.any, .any) }
      return arguments.count == 2 ? .dictionary(arguments[0], arguments[1]) : nil
    case "union": return arguments.map { .union($0) } ?? .named(name)
    default: return arguments == nil ? HintNames.plain[name] ?? .named(name) : nil
    }
  }

  // MARK: Annotations

  private mutating func annotations() throws -> SummaryAnnotations {
    var result = SummaryAnnotations()
    while true {
      if result.cost == nil, take(word: "cost") {
        result.cost = try cost()
      } else if take(word: "raises") {
        let exception = try postfix()
        try expect(word: "when")
        result.raises.append(.init(exception: exception, condition: try disjunction()))
      } else {
        return result
      }
    }
  }

  private mutating func cost() throws -> SummaryAnnotations.Cost {
    try expect(word: "O")
    try expect("(")
    var parts: [String] = []
    var open = 0
    while open > 0 || !isAt(")") {
      switch token.kind {
      case .word(let text): parts.append(text)
      case .integer(let value): parts.append(String(value))
      case .symbol(let symbol) where ["^", "+", "*", "(", ")"].contains(symbol):
        open += symbol == "(" ? 1 : symbol == ")" ? -1 : 0
        parts.append(symbol)
      default: throw failure("a bound such as `n log n` and `)`")
      }
      advance()
    }
    try expect(")")
    var cost = SummaryAnnotations.Cost(bound: parts.joined(separator: " "))
    if take(word: "where") {
      repeat {
        let name = try name()
        try expect("=")
        cost.sizes.append(.init(name: name, value: try disjunction()))
      } while take(",")
    }
    return cost
  }
}

/// The words of type hints; every other name is a class.
enum HintNames {
  static let plain: [String: TypeHint] = [
    "any": .any, "bool": .bool, "int": .int, "float": .float, "str": .string, "bytes": .bytes, "callable": .callable,
  ]
  static let containers: [String: @Sendable (TypeHint) -> TypeHint] = [
    "list": { .list($0) }, "set": { .set($0) }, "frozenset": { .frozenSet($0) }, "iterable": { .iterable($0) },
  ]
  static func isReserved(_ name: String) -> Bool {
    plain[name] != nil || containers[name] != nil || ["dict", "tuple", "union", "literal", "None"].contains(name)
  }
}

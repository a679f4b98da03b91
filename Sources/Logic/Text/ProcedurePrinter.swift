/// Writes the text form (`Grammar.swift`) of a procedure: one statement a line, two blanks a level.
package enum ProcedurePrinter {
  /// `renaming` gives locals other names for display (an entry that would make two variables one is left out);
  /// `canonicalNames` names them `a`, `b`, ... instead.
  package static func print(
    _ procedure: Procedure, annotations: SummaryAnnotations = SummaryAnnotations(),
    renaming: [String: String] = [:], canonicalNames: Bool = false
  ) -> String {
    var procedure = procedure
    var annotations = annotations
    if canonicalNames || !renaming.isEmpty {
      let names = canonicalNames ? LocalNames.canonical(procedure) : LocalNames.distinct(renaming, in: procedure)
      (procedure, annotations) = names.apply(to: procedure, annotations)
    }
    var printer = TextPrinter()
    printer.text(procedure, annotations)
    return printer.out
  }

  /// One expression, its bare names resolved as in `procedure`.
  package static func print(_ expression: Expression, in procedure: Procedure) -> String {
    var printer = TextPrinter()
    printer.bound = BoundNames.of(procedure)
    printer.write(expression)
    return printer.out
  }

  /// One statement with what is inside it, its bare names resolved as in `procedure`.
  package static func print(_ statement: Statement, in procedure: Procedure) -> String {
    var printer = TextPrinter()
    printer.bound = BoundNames.of(procedure)
    printer.write(statement)
    return printer.out
  }
}

struct TextPrinter {
  var out = ""
  var bound: Set<String> = []
  var indentation = 0

  mutating func text(_ procedure: Procedure, _ annotations: SummaryAnnotations) {
    bound = BoundNames.of(Procedure(name: "", body: [Statement(.expression(.closure(procedure)))]))
    head(procedure)
    bound = BoundNames.of(procedure)
    indentation += 1
    write(annotations)
    if let first = procedure.body.first {
      line()
      let start = out.endIndex
      write(first)
      let word = out[start...].prefix { $0 == "_" || $0.isLetter || $0.isNumber }
      // There these words would start an annotation.
      if word == "cost" || word == "raises" { out.insert(contentsOf: "do ", at: start) }
    }
    for statement in procedure.body.dropFirst() {
      line()
      write(statement)
    }
    out += "\n"
  }

  mutating func line() { out += "\n" + String(repeating: "  ", count: indentation) }

  // MARK: Heads

  private mutating func head(_ procedure: Procedure) {
    switch procedure.kind {
    case .function: out += "function "
    case .generator: out += "function* "
    case .coroutine: out += "async function "
    case .asyncGenerator: out += "async function* "
    case .classBody: out += "class "
    case .module: out += "def module "
    }
    path(procedure.name)
    let isPlain = procedure.kind == .classBody || procedure.kind == .module
    if !isPlain || !procedure.parameters.isEmpty { write(procedure.parameters) }
  }

  /// A procedure as an expression, or the body of a class.
  mutating func nested(_ procedure: Procedure) {
    head(procedure)
    let outer = bound
    bound = BoundNames.of(procedure)
    block(procedure.body)
    bound = outer
    line()
    out += "end"
  }

  mutating func write(_ parameters: [Parameter]) {
    out += "("
    let lastPositionalOnly = parameters.lastIndex { $0.kind == .positionalOnly }
    var isStarred = false
    for (index, parameter) in parameters.enumerated() {
      if index > 0 { out += ", " }
      switch parameter.kind {
      case .positionalOnly, .positional: break
      case .variadic:
        out += "*"
        isStarred = true
      case .keywordOnly:
        if !isStarred { out += "*, " }
        isStarred = true
      case .variadicKeyword: out += "**"
      }
      out += TextSpelling.name(parameter.name)
      if let hint = parameter.hint {
        out += ": "
        write(hint)
      }
      if let value = parameter.defaultValue {
        out += " = "
        write(value)
      }
      if index == lastPositionalOnly { out += ", /" }
    }
    out += ")"
  }

  private mutating func write(_ hint: TypeHint) {
    switch hint {
    case .any: out += "any"
    case .none: out += "None"
    case .bool: out += "bool"
    case .int: out += "int"
    case .float: out += "float"
    case .string: out += "str"
    case .bytes: out += "bytes"
    case .callable: out += "callable"
    case .list(let item): container("list", item)
    case .set(let item): container("set", item)
    case .frozenSet(let item): container("frozenset", item)
    case .iterable(let item): container("iterable", item)
    case .dictionary(.any, .any): out += "dict"
    case .dictionary(let key, let value): hints("dict", [key, value])
    case .variadicTuple(.any): out += "tuple"
    case .variadicTuple(let item): hints("tuple", [item], isVariadic: true)
    case .tuple(let items): hints("tuple", items)
    case .union(let members):
      if members.count < 2 { return hints("union", members) }
      for (index, member) in members.enumerated() {
        if index > 0 { out += " | " }
        if case .union(let inner) = member, inner.count > 1 {
          out += "("
          write(member)
          out += ")"
        } else {
          write(member)
        }
      }
    case .literal(let constants):
      out += "literal["
      for (index, constant) in constants.enumerated() {
        if index > 0 { out += ", " }
        write(.constant(constant))
      }
      out += "]"
    case .named(let name):
      if HintNames.isReserved(name) { out += TextSpelling.quoted(name, quote: "\"") } else { path(name) }
    }
  }

  private mutating func container(_ name: String, _ item: TypeHint) {
    if item == .any { out += name } else { hints(name, [item]) }
  }

  private mutating func hints(_ name: String, _ items: [TypeHint], isVariadic: Bool = false) {
    out += name + "["
    for (index, item) in items.enumerated() {
      if index > 0 { out += ", " }
      write(item)
    }
    out += isVariadic ? ", ...]" : "]"
  }

  // MARK: Annotations

  private mutating func write(_ annotations: SummaryAnnotations) {
    if let cost = annotations.cost {
      line()
      out += "cost O(" + TextSpelling.bound(cost.bound) + ")"
      for (index, size) in cost.sizes.enumerated() {
        out += (index == 0 ? " where " : ", ") + TextSpelling.name(size.name) + " = "
        write(size.value, .disjunction)
      }
    }
    for raise in annotations.raises {
      line()
      out += "raises "
      write(raise.exception, .primary)
      out += " when "
      write(raise.condition, .disjunction)
    }
  }

  /// A dotted name, or the same in quotes.
  mutating func path(_ name: String) {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    let isPlain = Grammar.isName(parts[0]) && parts.dropFirst().allSatisfy(Grammar.isWord)
    out += isPlain ? name : TextSpelling.quoted(name, quote: "\"")
  }
}

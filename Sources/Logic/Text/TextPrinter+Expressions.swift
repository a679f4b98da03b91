import BigInt

// Expressions: parentheses stand exactly where the grammar asks for a tighter one.
extension TextPrinter {
  mutating func write(_ expression: Expression, _ level: Grammar.Level = .expression) {
    if Self.level(of: expression) >= level { return bare(expression) }
    out += "("
    bare(expression)
    out += ")"
  }

  private static func level(of expression: Expression) -> Grammar.Level {
    switch expression {
    case .constant(let constant):
      TextSpelling.isNegative(constant) ? .unary : TextSpelling.isNumber(constant) ? .number : .primary
    case .unary, .await: .unary
    case .binary(let op, _, _): Grammar.level(of: op)
    case .compare, .chain: .comparison
    case .not: .negation
    case .and: .conjunction
    case .or: .disjunction
    case .conditional, .yield, .yieldFrom: .expression
    case .closure(let procedure): lambdaBody(procedure) == nil ? .primary : .expression
    case .call(let callee, let arguments): Sugar(callee, arguments)?.level ?? .primary
    default: .primary
    }
  }

  private static func lambdaBody(_ procedure: Procedure) -> Expression? {
    guard procedure.name == lambdaName, procedure.kind == .function, procedure.body.count == 1,
      case .returnValue(let value) = procedure.body[0].kind
    else { return nil }
    return value
  }

  private mutating func bare(_ expression: Expression) {
    switch expression {
    case .constant(let constant): out += TextSpelling.spelling(constant)
    case .local(let name): out += (bound.contains(name) ? "" : "local ") + TextSpelling.name(name)
    case .captured(let name): out += "^" + TextSpelling.word(name)
    case .global(let reference): write(reference)
    case .namespace(let name): out += "$" + TextSpelling.word(name)
    case .unary(let op, let operand):
      out += op.rawValue
      if op == .negate, case .constant(let constant) = operand, TextSpelling.isNumber(constant),
        !TextSpelling.isNegative(constant)
      {
        out += "(" + TextSpelling.spelling(constant) + ")"
      } else {
        write(operand, .unary)
      }
    case .binary(.power, let base, let exponent):
      write(base, .number)
      out += " ** "
      write(exponent, .unary)
    case .binary(let op, let left, let right):
      let level = Grammar.level(of: op)
      write(left, level)
      out += " \(Grammar.spelling(of: op)) "
      write(right, level.tighter)
    case .compare(let op, let left, let right):
      write(left, .bitOr)
      out += " \(op.rawValue) "
      write(right, .bitOr)
    case .chain(let operands, let operators):
      for (index, operand) in operands.enumerated() {
        if index > 0, index <= operators.count { out += " \(operators[index - 1].rawValue) " }
        write(operand, .bitOr)
      }
    case .not(let operand):
      out += "not "
      write(operand, .negation)
    case .and(let operands): joined(operands, " and ", .negation)
    case .or(let operands): joined(operands, " or ", .conjunction)
    case .conditional(let test, let then, let otherwise):
      out += "if "
      write(test)
      out += " then "
      write(then)
      out += " else "
      write(otherwise)
    case .yield(let value):
      out += "yield "
      maybe(value)
    case .yieldFrom(let value):
      out += "yield from "
      write(value)
    case .await(let operand):
      out += "await "
      write(operand, .primary)
    default: primary(expression)
    }
  }

  private mutating func joined(_ operands: [Expression], _ separator: String, _ level: Grammar.Level) {
    for (index, operand) in operands.enumerated() {
      if index > 0 { out += separator }
      write(operand, level)
    }
  }

  private mutating func write(_ reference: Reference) {
    switch reference {
    case .builtin(let name):
      out += Grammar.isName(name) && !bound.contains(name) ? name : "!" + TextSpelling.word(name)
    case .module(let name): out += "::" + TextSpelling.word(name)
    case .imported(let path): out += TextSpelling.imported(path)
    case .unresolved(let name): out += "?" + TextSpelling.word(name)
    }
  }

  private mutating func primary(_ expression: Expression) {
    switch expression {
    case .attribute(let base, let name):
      if case .global(.imported(let path)) = base {
        out += "(" + TextSpelling.imported(path) + ")"
      } else {
        write(base, .primary)
      }
      out += "." + TextSpelling.word(name)
    case .item(let base, let index):
      write(base, .primary)
      write(index: index)
    case .slice(let low, let high, let step):
      out += "["
      slice(low, high, step)
      out += "]"
    case .call(let callee, let arguments):
      if let sugar = Sugar(callee, arguments) { return write(sugar) }
      write(callee, .primary)
      write(arguments)
    case .list(let elements):
      out += "["
      write(elements)
      out += "]"
    case .tuple(let elements):
      out += "("
      write(elements)
      out += elements.count == 1 ? ",)" : ")"
    case .set(let elements):
      out += elements.isEmpty ? "{," : "{"
      write(elements)
      out += "}"
    case .dictionary(let items): write(items)
    case .format(let parts):
      out += "f\""
      write(parts)
      out += "\""
    case .comprehension(let comprehension): write(comprehension)
    case .closure(let procedure): closure(procedure)
    case .definition(let definition):
      out += definition.kind == .function ? "def function " : "def class "
      path(definition.name)
      write(definition.arguments)
    case .named(let target, let value):
      out += "("
      write(target)
      out += " := "
      write(value)
      out += ")"
    case .importModule(let module, let leaf):
      out += leaf ? "import(as " : "import("
      path(module)
      out += ")"
    case .importName(let module, let name):
      out += "import("
      path(name)
      out += " from "
      path(module)
      out += ")"
    default: break
    }
  }

  private mutating func closure(_ procedure: Procedure) {
    guard let body = Self.lambdaBody(procedure) else { return nested(procedure) }
    out += "lambda "
    write(procedure.parameters)
    out += ": "
    let outer = bound
    bound = BoundNames.of(procedure)
    write(body)
    bound = outer
  }

  // MARK: Lists

  private mutating func write(_ element: Element) {
    switch element {
    case .single(let value): write(value)
    case .spread(let value):
      out += "*"
      write(value)
    }
  }

  private mutating func write(_ elements: [Element]) {
    for (index, element) in elements.enumerated() {
      if index > 0 { out += ", " }
      write(element)
    }
  }

  mutating func write(_ arguments: [Argument]) {
    out += "("
    for (index, argument) in arguments.enumerated() {
      if index > 0 { out += ", " }
      switch argument.kind {
      case .positional: break
      case .keyword(let name): out += TextSpelling.name(name) + "="
      case .spread: out += "*"
      case .spreadKeywords: out += "**"
      }
      write(argument.value)
    }
    out += ")"
  }

  private mutating func write(_ items: [DictionaryItem]) {
    out += "{"
    for (index, item) in items.enumerated() {
      if index > 0 { out += ", " }
      switch item {
      case .pair(let key, let value):
        write(key)
        out += ": "
        write(value)
      case .spread(let value):
        out += "**"
        write(value)
      }
    }
    out += "}"
  }

  private mutating func write(index: Expression) {
    out += "["
    switch index {
    case .slice(let low, let high, let step): slice(low, high, step)
    case .tuple(let elements) where !elements.isEmpty:
      for (position, element) in elements.enumerated() {
        if position > 0 { out += ", " }
        if case .single(.slice(let low, let high, let step)) = element {
          slice(low, high, step)
        } else {
          write(element)
        }
      }
      if elements.count == 1 { out += "," }
    default: write(index)
    }
    out += "]"
  }

  /// `::` is a token of its own, so a blank keeps two colons apart.
  private mutating func slice(_ low: Expression?, _ high: Expression?, _ step: Expression?) {
    if let low { write(low) }
    part(high)
    if let step { part(step) }
  }

  private mutating func part(_ value: Expression?) {
    out += out.hasSuffix(":") ? " :" : ":"
    guard let value else { return }
    var inner = TextPrinter(bound: bound, indentation: indentation)
    inner.write(value)
    out += (inner.out.hasPrefix(":") ? " " : "") + inner.out
  }

  // MARK: Comprehensions

  private mutating func write(_ comprehension: Comprehension) {
    let (opening, closing) =
      switch comprehension.kind {
      case .list: ("[", "]")
      case .set, .dictionary: ("{", "}")
      case .generator: ("(", ")")
      }
    out += opening
    if let key = comprehension.key {
      write(key, .disjunction)
      out += ": "
    }
    write(comprehension.element, .disjunction)
    for clause in comprehension.clauses { write(clause) }
    out += closing
  }

  private mutating func write(_ clause: Comprehension.Clause) {
    switch clause {
    case .each(let target, let iterable, let isAsync):
      out += isAsync ? " async for " : " for "
      write(target, isFlat: true)
      out += " in "
      write(iterable, .disjunction)
    case .filter(let test):
      out += " where "
      write(test, .disjunction)
    }
  }

  private mutating func write(_ sugar: Sugar) {
    switch sugar {
    case .fold(let word, let generator):
      out += word + " of "
      write(generator.element, .disjunction)
      for clause in generator.clauses { write(clause) }
    case .count(let generator):
      out += "count of"
      var clauses = TextPrinter(bound: bound, indentation: indentation)
      for clause in generator.clauses { clauses.write(clause) }
      out += clauses.out.dropFirst(" for".count)
    case .first(let generator, let otherwise):
      out += "first of "
      write(generator.element, .disjunction)
      for clause in generator.clauses { write(clause) }
      out += " else "
      write(otherwise)
    case .measure(let word, let operand):
      out += word + " of "
      write(operand, .primary)
    }
  }

  // MARK: Format strings

  private mutating func write(_ parts: [FormatPart], inSpecification: Bool = false) {
    for (index, part) in parts.enumerated() {
      switch part {
      case .literal(let text):
        var text = text
        // After the colon these would make another token of it.
        if inSpecification, index == 0, let first = text.values.first, first == 0x3A || first == 0x3D {
          out += TextSpelling.numeric(first)
          text.values.removeFirst()
        }
        out += TextSpelling.escaped(text, quote: "\"", braces: true)
      case .value(let value, let conversion, let specification):
        out += "{"
        // A whole procedure holds colons of its own, which only brackets keep from starting the specification.
        var inner = TextPrinter(bound: bound, indentation: indentation)
        inner.write(value, .disjunction)
        out += inner.out.contains("\n") ? "(\(inner.out))" : inner.out
        if let conversion { out += "!\(conversion)" }
        if let specification {
          out += ":"
          write(specification, inSpecification: true)
        }
        out += "}"
      }
    }
  }
}

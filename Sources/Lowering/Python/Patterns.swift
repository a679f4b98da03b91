import BigInt
import Logic
import Syntax

/// `match` (Language Reference, 8.6; PEP 634).
extension Lowerer {
  func match(_ node: SyntaxNode) throws(LoweringError) -> Statement.Kind {
    let parts = try parts(node, "match", ",", ":")
    let subjects = parts.filter { $0.isNamed && $0.kind != "block" }
    guard let body = parts.last, body.kind == "block", !subjects.isEmpty else { throw unknown(node) }
    let subject: Expression
    if subjects.count == 1, !parts.has(","), leadingSplat(of: subjects[0]) == nil {
      subject = try expression(subjects[0])
    } else {
      var elements: [Element] = []
      for part in subjects { elements.append(try element(part)) }
      subject = .tuple(elements)
    }
    var cases: [MatchCase] = []
    for clause in try self.parts(body).named {
      guard clause.kind == "case_clause" else { throw unknown(clause) }
      cases.append(try matchCase(clause))
    }
    return .match(subject, cases)
  }

  private func matchCase(_ node: SyntaxNode) throws(LoweringError) -> MatchCase {
    let parts = try parts(node, "case", ",", ":")
    let patterns = parts.filter { $0.kind == "case_pattern" }
    guard let body = parts[field: "consequence"], !patterns.isEmpty else { throw unknown(node) }
    let lowered: Pattern
    if patterns.count == 1, !parts.has(",") {
      lowered = try pattern(patterns[0])
      if case .star = lowered { throw unknown(node) }
    } else {
      lowered = .sequence(try self.patterns(patterns))
    }
    let guardTest = try parts[field: "guard"].map { (clause) throws(LoweringError) in
      try self.expression(try self.only(clause, "if"))
    }
    return MatchCase(pattern: lowered, guardTest: guardTest, body: try block(body))
  }

  private func patterns(_ nodes: [SyntaxNode]) throws(LoweringError) -> [Pattern] {
    var result: [Pattern] = []
    for node in nodes { result.append(try pattern(node)) }
    return result
  }

  private func pattern(_ node: SyntaxNode) throws(LoweringError) -> Pattern {
    try nested(node) { () throws(LoweringError) in try self.anyPattern(node) }
  }

  private func anyPattern(_ node: SyntaxNode) throws(LoweringError) -> Pattern {
    switch node.kind {
    case "case_pattern":
      let parts = try parts(node, "_", "-")
      if parts.has("_") { return .wildcard }
      guard let inner = parts.last, inner.isNamed else { throw unknown(node) }
      return parts.has("-") ? .value(.unary(.negate, try number(inner))) : try pattern(inner)
    case "_":
      take(node)
      return .wildcard
    case "as_pattern":
      let parts = try parts(node, "as").named
      guard parts.count == 2 else { throw unknown(node) }
      return .alias(try pattern(parts[0]), store(try name(parts[1])))
    case "union_pattern":
      // The wildcard and the sign of a number are tokens here.
      return .either(try alternatives(try parts(node, "|", "_", "-")))
    case "list_pattern": return .sequence(try patterns(try parts(node, "[", "]", ",").named))
    case "tuple_pattern":
      let parts = try parts(node, "(", ")", ",")
      let inner = parts.named
      if inner.count == 1, !parts.has(",") {
        let single = try pattern(inner[0])
        if case .star = single { return .sequence([single]) }
        return single
      }
      return .sequence(try patterns(inner))
    case "dict_pattern": return try mapping(node)
    case "class_pattern": return try classPattern(node)
    case "splat_pattern": return .star(try splatTarget(node, "*"))
    case "dotted_name":
      let names = try parts(node, ".").named
      guard names.count == 1 else { return .value(try dotted(names, node)) }
      if names[0].text == "_" {
        skip(node)
        return .wildcard
      }
      return .capture(store(try name(names[0])))
    case "complex_pattern": return .value(try complexLiteral(node))
    case "integer", "float": return .value(try number(node))
    case "string", "concatenated_string":
      let value = try string(node)
      guard case .constant = value else { throw LoweringError(Messages.notPattern, line: node.startLine) }
      return .value(value)
    case "true", "false", "none": return .value(try expression(node))
    default: throw LoweringError(Messages.notPattern, line: node.startLine)
    }
  }

  private func alternatives(_ parts: [SyntaxNode]) throws(LoweringError) -> [Pattern] {
    var result: [Pattern] = []
    var isNegative = false
    for part in parts {
      switch part.kind {
      case "|": continue
      case "-": isNegative = true
      case "_": result.append(.wildcard)
      default:
        let inner = isNegative ? .value(.unary(.negate, try number(part))) : try pattern(part)
        isNegative = false
        result.append(inner)
      }
    }
    return result
  }

  private func splatTarget(_ node: SyntaxNode, _ stars: String) throws(LoweringError) -> Target? {
    let parts = try parts(node, stars, "_")
    guard let name = parts.named.first, name.text != "_" else {
      for part in parts { skip(part) }
      return nil
    }
    return store(try self.name(name))
  }

  private func dotted(_ names: [SyntaxNode], _ node: SyntaxNode) throws(LoweringError) -> Expression {
    guard let first = names.first else { throw unknown(node) }
    var result = read(try name(first))
    for part in names.dropFirst() { result = .attribute(result, try name(part)) }
    return result
  }

  private func complexLiteral(_ node: SyntaxNode) throws(LoweringError) -> Expression {
    let parts = try parts(node, "+", "-")
    let numbers = parts.named
    guard numbers.count == 2, let sign = parts.last(where: { !$0.isNamed }) else { throw unknown(node) }
    let real = try number(numbers[0])
    let isNegative = parts.first?.kind == "-"
    return .binary(
      sign.kind == "+" ? .add : .subtract, isNegative ? .unary(.negate, real) : real, try number(numbers[1]))
  }

  private func mapping(_ node: SyntaxNode) throws(LoweringError) -> Pattern {
    var items: [Pattern.MappingItem] = []
    var rest: Target?
    var key: Expression?
    var isNegative = false
    for part in try parts(node, "{", "}", ",", ":", "-") {
      switch part.kind {
      case "-": isNegative = true
      case "splat_pattern": rest = try splatTarget(part, "**")
      case _ where !part.isNamed: continue
      case _ where part.field == "value":
        guard let found = key else { throw unknown(part) }
        items.append(.init(key: found, pattern: try pattern(part)))
        key = nil
      default:
        guard case .value(let value) = try pattern(part) else {
          throw LoweringError(Messages.notPattern, line: part.startLine)
        }
        key = isNegative ? .unary(.negate, value) : value
        isNegative = false
      }
    }
    guard key == nil else { throw unknown(node) }
    return .mapping(items, rest: rest)
  }

  private func classPattern(_ node: SyntaxNode) throws(LoweringError) -> Pattern {
    let parts = try parts(node, "(", ")", ",").named
    guard let name = parts.first, name.kind == "dotted_name" else { throw unknown(node) }
    let type = try dotted(try self.parts(name, ".").named, name)
    var positional: [Pattern] = []
    var keywords: [Pattern.KeywordPattern] = []
    for part in parts.dropFirst() {
      let inner = part.kind == "case_pattern" ? part.namedChildren.first { !$0.isExtra } : part
      guard let inner, inner.kind == "keyword_pattern" else {
        guard keywords.isEmpty else { throw unknown(part) }
        positional.append(try pattern(part))
        continue
      }
      if inner != part { _ = try self.parts(part) }
      keywords.append(try keywordPattern(inner))
    }
    return .classType(type, positional, keywords: keywords)
  }

  private func keywordPattern(_ node: SyntaxNode) throws(LoweringError) -> Pattern.KeywordPattern {
    let parts = try parts(node, "=", "-", "_")
    guard let first = parts.first, first.kind == "identifier" else { throw unknown(node) }
    let key = try plainName(first)
    let rest = Array(parts.drop { $0.kind != "=" }.dropFirst())
    let values = try alternatives(rest)
    guard values.count == 1 else { throw unknown(node) }
    return .init(name: key, pattern: values[0])
  }
}

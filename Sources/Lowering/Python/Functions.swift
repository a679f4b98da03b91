import Logic
import Syntax

extension Lowerer {
  // MARK: Procedures

  /// The function at `node`, a `function_definition` or a `lambda`; called with the scope around it current.
  func procedure(_ node: SyntaxNode) throws(LoweringError) -> Procedure {
    try nested(node) { () throws(LoweringError) in
      node.kind == "lambda" ? try self.lambdaProcedure(node) : try self.functionProcedure(node)
    }
  }

  private func functionProcedure(_ node: SyntaxNode) throws(LoweringError) -> Procedure {
    let parts = try parts(node, "async", "def", "->", ":")
    guard let nameNode = parts[field: "name"], let list = parts[field: "parameters"], let body = parts[field: "body"],
      let index = context.scopeOfNode[node.index]
    else { throw unknown(node) }
    if parts[field: "type_parameters"] != nil { throw LoweringError(Messages.typeParameters, line: node.startLine) }
    let name = try plainName(nameNode)
    if let annotation = parts[field: "return_type"] { skip(annotation) }
    let (inner, parameters) = try signature(of: list, index)
    let statements = try within(inner) { () throws(LoweringError) in try self.block(body) }
    let facts = context.scopes[index]
    let kind: Procedure.Kind =
      switch (parts.has("async"), facts.containsYield) {
      case (false, false): .function
      case (false, true): .generator
      case (true, false): .coroutine
      case (true, true): .asyncGenerator
      }
    return Procedure(name: name, kind: kind, parameters: parameters, body: statements)
  }

  private func lambdaProcedure(_ node: SyntaxNode) throws(LoweringError) -> Procedure {
    let parts = try parts(node, "lambda", ":")
    guard let body = parts[field: "body"], let index = context.scopeOfNode[node.index] else { throw unknown(node) }
    let (inner, parameters) = try signature(of: parts[field: "parameters"], index)
    let value = try within(inner) { () throws(LoweringError) in try self.expression(body) }
    return Procedure(
      name: "<lambda>", kind: context.scopes[index].containsYield ? .generator : .function, parameters: parameters,
      body: [Statement(.returnValue(value), line: body.startLine)])
  }

  private func signature(of list: SyntaxNode?, _ index: Int) throws(LoweringError) -> (Scope, [Parameter]) {
    let facts = context.scopes[index]
    guard facts.depth <= ScopeFacts.depthLimit else {
      throw LoweringError(Messages.tooDeep(ScopeFacts.depthLimit), line: facts.node.startLine)
    }
    let inner = Scope(facts, parent: scope, frame: Scope.frame(for: facts))
    let parameters = try list.map { (list) throws(LoweringError) in try self.parameters(list) } ?? []
    if let first = parameters.first, first.kind == .positional || first.kind == .positionalOnly {
      inner.frame.firstParameter = first.name
    }
    return (inner, parameters)
  }

  func lambda(_ node: SyntaxNode) throws(LoweringError) -> Expression {
    // In module code and class bodies, the body of a lambda that is a unit belongs to that unit.
    guard !scope.isInsideFunctionUnit, let unit = context.definitionNames[node.index] else {
      return .closure(try procedure(node))
    }
    let defaults = try defaultArguments(node)
    skip(node)
    return .definition(.init(kind: .function, name: unit, arguments: defaults))
  }

  // MARK: Parameters

  /// Parameters with their defaults, which belong to the scope around the function.
  func parameters(_ list: SyntaxNode) throws(LoweringError) -> [Parameter] {
    var result: [Parameter] = []
    var kind = Parameter.Kind.positional
    for part in try parts(list, "(", ")", ",").named {
      switch part.kind {
      case "positional_separator":
        skip(part)
        for index in result.indices { result[index].kind = .positionalOnly }
      case "keyword_separator":
        skip(part)
        kind = .keywordOnly
      default:
        let parameter = try parameter(part, kind)
        if parameter.kind == .variadic { kind = .keywordOnly }
        result.append(parameter)
      }
    }
    return result
  }

  private func parameter(_ node: SyntaxNode, _ kind: Parameter.Kind) throws(LoweringError) -> Parameter {
    switch node.kind {
    case "identifier": return Parameter(try parameterName(node), kind: kind)
    case "list_splat_pattern": return Parameter(try parameterName(try only(node, "*")), kind: .variadic)
    case "dictionary_splat_pattern": return Parameter(try parameterName(try only(node, "**")), kind: .variadicKeyword)
    case "default_parameter", "typed_default_parameter", "typed_parameter":
      let parts = try parts(node, ":", "=").named
      guard let inner = parts.first(where: { $0.field != "value" && $0.field != "type" }) else { throw unknown(node) }
      var result = try parameter(inner, kind)
      if let value = parts[field: "value"] { result.defaultValue = try expression(value) }
      if let annotation = parts[field: "type"] { result.hint = parameterHint(annotation, result) }
      return result
    default: throw unknown(node)
    }
  }

  /// Private names are mangled as the function's own class says, which is the class around the definition.
  private func parameterName(_ node: SyntaxNode) throws(LoweringError) -> String {
    guard node.kind == "identifier" else { throw unknown(node) }
    return try name(node)
  }

  private func parameterHint(_ annotation: SyntaxNode, _ parameter: Parameter) -> TypeHint {
    skip(annotation)
    let hint = hint(annotation)
    switch parameter.kind {
    case .variadic: return .variadicTuple(hint)
    case .variadicKeyword: return .dictionary(.string, hint)
    default: break
    }
    // `x: int = None` says `int` and means `Optional[int]` (PEP 484 allowed it); a default of any other type is no less
    // what the function is called with.
    guard case .constant(let constant)? = parameter.defaultValue, hint != .any else { return hint }
    let own = Self.hint(of: constant)
    switch (hint, own) {
    case (.float, .int), (.float, .bool), (.int, .bool): return hint
    default: return Self.union([hint, own])
    }
  }

  private static func hint(of constant: Constant) -> TypeHint {
    switch constant {
    case .none: .none
    case .bool: .bool
    case .int: .int
    case .float: .float
    case .string: .string
    case .bytes: .bytes
    case .ellipsis, .notImplemented, .imaginary: .any
    }
  }

  // MARK: Definitions

  /// `def` as a statement: the function, in its decorators, stored under its name.
  func functionDefinition(_ node: SyntaxNode, decorators: [SyntaxNode]) throws(LoweringError) -> Statement {
    guard let nameNode = node.child(field: "name") else { throw unknown(node) }
    let callees = try decoratorValues(decorators)
    let value: Expression
    if !scope.isInsideFunctionUnit, let unit = context.definitionNames[node.index] {
      let defaults = try defaultArguments(node)
      skip(node)
      value = .definition(.init(kind: .function, name: unit, arguments: defaults))
    } else {
      var procedure = try procedure(node)
      let place = procedure.parameters.firstIndex { $0.kind == .variadicKeyword } ?? procedure.parameters.endIndex
      procedure.parameters.insert(contentsOf: try annotationDefaults(node), at: place)
      value = .closure(procedure)
    }
    let target = store(try name(nameNode))
    return Statement(.assign([target], Self.decorate(value, callees)), line: node.startLine)
  }

  /// Annotations of a nested function that read variables around it: they are evaluated with its defaults, and kept by
  /// it. So they are defaults of parameters that no source can name.
  private func annotationDefaults(_ node: SyntaxNode) throws(LoweringError) -> [Parameter] {
    if context.postponesAnnotations { return [] }
    let parameters = node.child(field: "parameters")?.namedChildren ?? []
    let annotations =
      parameters.compactMap { $0.child(field: "type") } + [node.child(field: "return_type")].compactMap { $0 }
    var result: [Parameter] = []
    for annotation in annotations where readsVariables(annotation) {
      result.append(
        Parameter(
          "%annotation\(result.count)", kind: .keywordOnly, defaultValue: try annotationValue(annotation)))
    }
    return result
  }

  private func readsVariables(_ annotation: SyntaxNode) -> Bool {
    annotation.descendants.contains { part in
      // Calls and most operators are no way to write a type: they do what they do.
      if part.kind == "call" || part.kind == "unary_operator" || part.kind == "comparison_operator" { return true }
      if part.kind == "binary_operator", part.child(field: "operator")?.kind != "|" { return true }
      guard part.kind == "identifier", part.field != "attribute" else { return false }
      if case .outside = scope.resolve(PrivateNames.mangle(part.text, in: scope.privateClass)) { return false }
      return true
    }
  }

  func decoratorValues(_ decorators: [SyntaxNode]) throws(LoweringError) -> [Expression] {
    var result: [Expression] = []
    for decorator in decorators { result.append(try expression(try only(decorator, "@"))) }
    return result
  }

  static func decorate(_ value: Expression, _ decorators: [Expression]) -> Expression {
    decorators.reversed().reduce(value) { .call($1, [Argument($0)]) }
  }

  /// Defaults in the order of evaluation; those of keyword-only parameters by name, since they have no position.
  private func defaultArguments(_ node: SyntaxNode) throws(LoweringError) -> [Argument] {
    guard let list = node.child(field: "parameters") else { return [] }
    var result: [Argument] = []
    for parameter in try parameters(list) {
      guard let value = parameter.defaultValue else { continue }
      let kind: Argument.Kind = parameter.kind == .keywordOnly ? .keyword(parameter.name) : .positional
      result.append(Argument(value, kind: kind))
    }
    return result
  }

  // MARK: Classes

  func classDefinition(_ node: SyntaxNode, decorators: [SyntaxNode]) throws(LoweringError) -> Statement {
    guard let nameNode = node.child(field: "name") else { throw unknown(node) }
    if let list = node.child(field: "type_parameters") {
      throw LoweringError(Messages.typeParameters, line: list.startLine)
    }
    let callees = try decoratorValues(decorators)
    let list = node.child(field: "superclasses")
    let arguments = try list.map { (list) throws(LoweringError) in try self.arguments(list) } ?? []
    if !scope.isInsideFunctionUnit, let unit = context.definitionNames[node.index] {
      skip(node)
      let definition = Expression.definition(
        .init(kind: .classType, name: unit, arguments: arguments))
      let target = store(try name(nameNode))
      return Statement(.assign([target], Self.decorate(definition, callees)), line: node.startLine)
    }
    let body = try classProcedure(node)
    let target = store(try name(nameNode))
    let definition = ClassDefinition(name: body.name, arguments: arguments, body: body, decorators: callees)
    return Statement(.defineClass(target, definition), line: node.startLine)
  }

  /// The body of a class; called with the scope around it current. Bases are not part of it.
  func classProcedure(_ node: SyntaxNode) throws(LoweringError) -> Procedure {
    try nested(node) { () throws(LoweringError) in
      let parts = try self.parts(node, "class", ":")
      guard let nameNode = parts[field: "name"], let body = parts[field: "body"],
        let index = self.context.scopeOfNode[node.index]
      else { throw self.unknown(node) }
      if parts[field: "type_parameters"] != nil {
        throw LoweringError(Messages.typeParameters, line: node.startLine)
      }
      let name = try self.plainName(nameNode)
      let facts = self.context.scopes[index]
      let inner = Scope(facts, parent: self.scope, frame: Scope.frame(for: facts))
      inner.isInsideFunctionUnit = self.scope.isInsideFunctionUnit
      let statements = try self.within(inner) { () throws(LoweringError) in try self.block(body) }
      return Procedure(name: name, kind: .classBody, body: statements)
    }
  }
}

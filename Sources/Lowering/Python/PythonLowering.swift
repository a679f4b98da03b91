import Logic
import Syntax

/// Python 3.9 and later to the common language.
package enum PythonLowering: LanguageLowering {
  package static func context(of tree: SyntaxTree, units: [Unit], package: [String]?) -> ModuleContext {
    ModuleContext(tree: tree, units: units, package: package)
  }

  package static func refusal(of tree: SyntaxTree) -> LoweringError? { CompilerRules.refusal(of: tree) }

  package static func lower(unit: Unit, in context: ModuleContext) throws(LoweringError) -> LoweredUnit {
    if let problem = unit.problem { throw LoweringError(problem.message, line: problem.line) }
    guard startsItsLine(unit) else { throw LoweringError(Messages.unreadable, line: unit.wholeNode.startLine) }
    if let line = context.foreignEncodingLine { throw LoweringError(Messages.otherEncoding, line: line) }
    if let scope = context.scopeOfNode[unit.node.index], context.scopes[scope].depth >= ScopeFacts.depthLimit {
      throw LoweringError(Messages.tooDeep(ScopeFacts.depthLimit), line: unit.node.startLine)
    }
    try CompilerRules.check(unit.node, in: context)
    let lowerer = Lowerer(context: context, unitNode: unit.node)
    let interface = lowerer.interface(of: unit)
    let procedure: Procedure
    switch unit.node.kind {
    case "function_definition", "lambda":
      procedure = try lowerer.procedure(unit.node)
    case "class_definition":
      // What a class body defines are units of their own, even where the class stands in a function.
      lowerer.scope.isInsideFunctionUnit = false
      procedure = try lowerer.classProcedure(unit.node)
      for part in [unit.node.child(field: "superclasses")] { part.map(lowerer.skip) }
    case "module":
      procedure = Procedure(name: unit.qualifiedName, kind: .module, body: try lowerer.block(unit.node))
    default:
      throw LoweringError(Messages.notDefinition, line: unit.node.startLine)
    }
    try lowerer.checkAllTaken(in: unit.node)
    let readsItsOwn =
      lowerer.readsDocumentation && hasInnerDocumentation(unit.node)
      || lowerer.readsQualifiedName && (unit.isNested || hasInnerDefinition(unit.node))
    return LoweredUnit(
      procedure: procedure, interface: interface, references: lowerer.references,
      looksAtItself: lowerer.looksAtItself || readsItsOwn)
  }

  /// Whether a function or a class is defined inside a unit.
  private static func hasInnerDefinition(_ unit: SyntaxNode) -> Bool {
    unit.descendants.contains { node in
      node.index != unit.index && ["function_definition", "class_definition", "lambda"].contains(node.kind)
    }
  }

  /// Whether a definition inside a unit begins with a string: its docstring is no part of the procedure.
  private static func hasInnerDocumentation(_ unit: SyntaxNode) -> Bool {
    unit.descendants.contains { node in
      guard node.index != unit.index, node.kind == "function_definition" || node.kind == "class_definition",
        let body = node.child(field: "body")
      else { return false }
      let first = body.namedChildren.first { !$0.isExtra }
      return first?.kind == "expression_statement"
        && ["string", "concatenated_string"].contains(first?.namedChildren.first?.kind)
    }
  }

  /// Nothing but a compound statement's head can stand before a definition on its line; what does was lost by a parser
  /// that recovered from an error further up, such as the `async` of an `async def`.
  private static func startsItsLine(_ unit: Unit) -> Bool {
    guard unit.node.kind == "function_definition" || unit.node.kind == "class_definition" else { return true }
    let before = unit.tree.source[..<unit.wholeNode.byteRange.lowerBound].reversed()
      .prefix { $0 != 0x0A && $0 != 0x0D }
    let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
    return before.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0C || byteOrderMark.contains($0) }
  }
}

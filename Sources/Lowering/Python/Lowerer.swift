import Logic
import Syntax

/// The work of lowering one unit: where it is, what it has met, and which tokens it has understood.
///
/// Token accountability: every node of the unit is marked when a step takes it, each step names the tokens that it
/// knows, and at the end an unmarked node is an error. So a token that means something cannot be dropped unseen.
final class Lowerer {
  let context: ModuleContext
  /// Code that is being lowered.
  var scope: Scope
  var references: Set<Reference> = []
  var looksAtItself = false
  /// How many `closing` have been written out.
  var closings = 0
  /// The docstring of a local value is read: one of the unit's own where a definition inside it has one.
  var readsDocumentation = false
  /// It asks for a name that may hold those of functions around a definition.
  var readsQualifiedName = false
  /// Splats that the grammar put deeper than the language does, as in `*f(x), y`; each is seen through once.
  var hoistedSplats: Set<Int> = []

  /// Nodes in whose place another one is lowered, where the grammar groups otherwise than the language.
  var replaced: [Int: SyntaxNode] = [:]
  /// The `type` of `type(x).y = z`, which the grammar takes for a type alias: its arguments are all that it left.
  var typeArguments: Int?

  private var depth = 0
  private let first: Int
  private var taken: [Bool]

  /// Levels of nesting in the result. Later stages recurse over what is built here, with a few frames a level.
  static let depthLimit = 200

  /// Starts in the scope that encloses `unitNode`, or in the module when that is the unit.
  init(context: ModuleContext, unitNode: SyntaxNode) {
    self.context = context
    let subtree = unitNode.subtree
    first = subtree.lowerBound
    taken = [Bool](repeating: false, count: subtree.count)
    let inner = context.scopeOfNode[unitNode.index] ?? 0
    scope = Scope.chain(to: context.scopes[inner].parent ?? 0, in: context)
  }

  // MARK: Depth

  /// Runs `body` one level deeper, or `levels` deeper for a chain that nests in the result.
  func nested<T>(
    _ node: SyntaxNode, levels: Int = 1, _ body: () throws(LoweringError) -> T
  ) throws(LoweringError) -> T {
    depth += levels
    defer { depth -= levels }
    guard depth <= Self.depthLimit else { throw LoweringError(Messages.tooDeep(Self.depthLimit), line: node.startLine) }
    return try body()
  }

  func within<T>(_ inner: Scope, _ body: () throws(LoweringError) -> T) throws(LoweringError) -> T {
    let outer = scope
    scope = inner
    defer { scope = outer }
    return try body()
  }

  // MARK: Accounting

  func take(_ node: SyntaxNode) {
    let position = node.index - first
    if taken.indices.contains(position) { taken[position] = true }
  }

  /// Marks a whole subtree: text that is known to mean nothing here, or that another unit answers for.
  func skip(_ node: SyntaxNode) {
    let range = node.subtree
    let low = max(range.lowerBound - first, 0)
    let high = min(range.upperBound - first, taken.count)
    if low < high { for position in low..<high { taken[position] = true } }
  }

  /// Takes a node and its tokens, and gives its children without comments. A token that is not in `tokens`, an error
  /// and a missing node are refused.
  func parts(_ node: SyntaxNode, _ tokens: String...) throws(LoweringError) -> [SyntaxNode] {
    take(node)
    var result: [SyntaxNode] = []
    result.reserveCapacity(node.childCount)
    for child in node.children {
      if child.isError || child.isMissing { throw LoweringError(Messages.unreadable, line: child.startLine) }
      if child.isExtra {
        skip(child)
        continue
      }
      if !child.isNamed {
        guard tokens.contains(child.kind) else {
          throw LoweringError(Messages.unknownToken(child.text, in: node.kind), line: child.startLine)
        }
        skip(child)
      }
      result.append(child)
    }
    return result
  }

  func unknown(_ node: SyntaxNode) -> LoweringError {
    LoweringError(node.isError ? Messages.unreadable : Messages.unknownNode(node.kind), line: node.startLine)
  }

  /// Called last: refuses the unit when any part of `node` was not taken.
  func checkAllTaken(in node: SyntaxNode) throws(LoweringError) {
    guard node.subtree.contains(where: { !taken[$0 - first] }) else { return }
    var pending = [node]
    while let current = pending.popLast() {
      guard taken[current.index - first] else {
        throw LoweringError(Messages.notAccounted(current.text), line: current.startLine)
      }
      pending.append(contentsOf: current.children.reversed())
    }
  }
}

extension [SyntaxNode] {
  var named: [SyntaxNode] { filter(\.isNamed) }
  func has(_ token: String) -> Bool { contains { !$0.isNamed && $0.kind == token } }
  subscript(field name: String) -> SyntaxNode? { first { $0.field == name } }
}

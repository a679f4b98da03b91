/// What has to be known of a language to find its units. Each language's folder has one.
package protocol UnitRules: Sendable {
  /// What a kind of node may be; asked once for each kind.
  func role(ofKind kind: String) -> NodeRole
  /// The unit that starts at a node whose role is `.definition`, if one does.
  func definition(at node: SyntaxNode) -> Definition?
  /// Whether a node whose role is `.block` lacks what the language demands, though the grammar lets it pass.
  func isIncomplete(_ node: SyntaxNode) -> Bool
  /// Whether a node whose role is `.statement` is a docstring.
  func isDocumentation(_ node: SyntaxNode) -> Bool
  /// Whether the text can see its own docstrings, so that they are meaning.
  func readsDocumentation(_ source: [UInt8]) -> Bool
  /// The qualified name of `name` inside `parent`.
  func qualifiedName(of name: String, in parent: Unit) -> String
}

package enum NodeRole: Sendable {
  case plain
  /// A literal: every byte of it counts, and no unit is looked for inside.
  case verbatim
  /// A unit may start here.
  case definition
  /// A statement that may be a docstring.
  case statement
  /// A block, which the grammar may let be empty where the language does not.
  case block
}

/// A unit as its language's rules see it.
package struct Definition: Sendable {
  package var kind: Unit.Kind
  package var role: Unit.Role
  package var simpleName: String
  /// The definition without decorators.
  package var node: SyntaxNode
  /// The definition with its decorators.
  package var whole: SyntaxNode
  /// The node of the name, where it is part of the definition.
  package var name: SyntaxNode?
  package var body: SyntaxNode?
  package var decorators: [SyntaxNode] = []
}

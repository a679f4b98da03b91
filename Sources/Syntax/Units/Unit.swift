/// A part of a file that gets a verdict of its own: a function, a method, a lambda bound to a name, a class body, or
/// the module's own top-level code.
package struct Unit: Sendable {
  package enum Kind: String, Sendable, Hashable {
    case function, method, lambda, classBody, module
  }

  /// What a definition is besides its name: definitions that share a name are told apart by it.
  package enum Role: String, Sendable, Hashable {
    case plain, getter, setter, deleter, overload
    /// Registered with a dispatcher, as `@render.register(int)` does: its own name means little.
    case registration
  }

  /// What the parser could not read.
  package struct Problem: Sendable, Hashable {
    package let line: Int
    package let message: String
  }

  /// The name by which the language itself would say where the unit is: `Finder.circuit`,
  /// `outer.<locals>.inner`, `<module>`.
  package let qualifiedName: String
  /// The qualified name, and which of several definitions under that name it is.
  package var definitionName: String {
    (kind == .lambda ? "\(qualifiedName)@lambda" : qualifiedName) + (ordinal == 0 ? "" : "#\(ordinal)")
  }
  /// Inside a function.
  package var isNested: Bool { qualifiedName.contains("<locals>") }
  /// The last part of the qualified name.
  package let name: String
  package let kind: Kind
  package let role: Role
  /// Position among the units of the file with the same qualified name and role, from 0.
  package let ordinal: Int
  /// Index of the enclosing unit in the file's list; only the module has none.
  package let parent: Int?
  /// The definition itself, without decorators; for the module, the root.
  package let node: SyntaxNode
  /// The definition with its decorators.
  package let wholeNode: SyntaxNode
  /// The decorators, first to last in the source.
  package let decorators: [SyntaxNode]
  /// Lines from the first decorator to the last line of the body.
  package let lines: ClosedRange<Int>
  /// Tokens outside the body: decorators, parameters, bases, annotations. The unit's own name is left out.
  package let header: TokenText
  /// Tokens of the body, with each nested unit reduced to one token that says its kind, name and role.
  package let body: TokenText
  /// Set when the unit's own text, nested units left out, could not be parsed.
  package let problem: Problem?

  package var tree: SyntaxTree { node.tree }

  /// Whether the two have the same tokens of their own. Nested units are compared by name only: they have verdicts of
  /// their own.
  package func hasSameOwnTokens(as other: Unit) -> Bool {
    kind == other.kind && tree.language == other.tree.language && body == other.body && header == other.header
  }

  /// The tokens of the whole unit, nested units included. Costs a pass over its text.
  package func allTokens() -> TokenText {
    Tokenizer(tree: tree, rules: tree.language.rules).allTokens(of: self)
  }
}

/// `Unit` for files that import Foundation, which has a `Unit` of its own.
package typealias SourceUnit = Unit

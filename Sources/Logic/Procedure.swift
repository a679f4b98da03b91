/// One executable piece of code in the common language.
///
/// A `Procedure` is structured (no jumps but `break`, `continue`, `return`, `raise`), its names are resolved, and its
/// evaluation order is fixed: operands left to right, the right-hand side of an assignment before its target, the key
/// of a dictionary item before its value. Each operator carries the semantics of `language`.
package struct Procedure: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case function, generator, coroutine, asyncGenerator
    /// The statements of a class body; its names live in the class namespace (`Expression.namespace`).
    case classBody
    /// The top-level statements of a module; its names are `Reference.module`.
    case module
  }

  package enum Language: String, Hashable, Sendable {
    /// Python 3.9 and later.
    case python
  }

  package var name: String
  package var kind: Kind
  package var language: Language
  package var parameters: [Parameter]
  package var body: [Statement]

  package init(
    name: String, kind: Kind = .function, language: Language = .python, parameters: [Parameter] = [],
    body: [Statement]
  ) {
    self.name = name
    self.kind = kind
    self.language = language
    self.parameters = parameters
    self.body = body
  }
}

/// A parameter as a caller sees it.
package struct Parameter: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case positionalOnly, positional, variadic, keywordOnly, variadicKeyword
  }

  package var name: String
  package var kind: Kind
  /// Evaluated once, where the function is defined, in the enclosing scope.
  package var defaultValue: Expression?
  package var hint: TypeHint?

  package init(_ name: String, kind: Kind = .positional, defaultValue: Expression? = nil, hint: TypeHint? = nil) {
    self.name = name
    self.kind = kind
    self.defaultValue = defaultValue
    self.hint = hint
  }
}

/// What an annotation says of a value. It guides the search for inputs; a proof may use it only under `annotations`.
package indirect enum TypeHint: Hashable, Sendable {
  case any, none, bool, int, float, string, bytes
  case list(TypeHint)
  case set(TypeHint)
  case frozenSet(TypeHint)
  case dictionary(TypeHint, TypeHint)
  case tuple([TypeHint])
  case variadicTuple(TypeHint)
  case iterable(TypeHint)
  case callable
  case union([TypeHint])
  /// One of these.
  case literal([Constant])
  case named(String)
}

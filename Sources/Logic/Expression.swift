import BigInt

/// An expression of the common language. Operands are evaluated left to right, once, unless a case says otherwise.
package indirect enum Expression: Hashable, Sendable {
  case constant(Constant)
  /// A variable of this procedure; raises when it is read before it is bound.
  case local(String)
  /// A variable of the nearest enclosing procedure that binds this name, shared with it (a cell).
  case captured(String)
  /// A name from outside every function.
  case global(Reference)
  /// A name read in a class body: the class namespace first, then the module, then the builtins.
  case namespace(String)

  case unary(UnaryOperator, Expression)
  case binary(BinaryOperator, Expression, Expression)
  case compare(ComparisonOperator, Expression, Expression)
  /// `a < b <= c`: each operand once; stops at the first false link and returns that link's result.
  /// There is one more operand than operators, and at least two operators.
  case chain([Expression], [ComparisonOperator])
  /// Truth of the operand, negated: always a bool.
  case not(Expression)
  /// Short-circuit, returning the operand that decided. At least two operands.
  case and([Expression])
  case or([Expression])
  case conditional(test: Expression, then: Expression, otherwise: Expression)

  case attribute(Expression, String)
  case item(Expression, Expression)
  /// A slice object; absent parts are None.
  case slice(Expression?, Expression?, Expression?)
  case call(Expression, [Argument])

  case list([Element])
  case tuple([Element])
  case set([Element])
  case dictionary([DictionaryItem])
  case format([FormatPart])
  case comprehension(Comprehension)

  /// A function made here: nested `def` or `lambda`. Its defaults are evaluated here, in order.
  case closure(Procedure)
  /// A function or class whose body is a unit of its own, defined in module code or a class body: only what is
  /// evaluated in place is kept here. Decorators are calls around it.
  case definition(Definition)
  /// `x := e`.
  case named(Target, Expression)

  case yield(Expression?)
  case yieldFrom(Expression)
  case await(Expression)
  /// `import a.b` (the top package is returned unless `leaf`), as the effect that it is.
  case importModule(String, leaf: Bool)
  /// `from a import b`.
  case importName(module: String, name: String)
}

package enum Constant: Hashable, Sendable {
  case none, ellipsis, notImplemented
  case bool(Bool)
  case int(BigInt)
  /// Equal and hashed by bit pattern: 0.0 and -0.0 differ, a NaN equals itself.
  case float(FloatBits)
  case imaginary(FloatBits)
  case string(CodePoints)
  case bytes([UInt8])
}

/// A double compared by its bits.
package struct FloatBits: Hashable, Sendable {
  package var bitPattern: UInt64
  package var value: Double { Double(bitPattern: bitPattern) }
  package init(_ value: Double) { bitPattern = value.bitPattern }
}

/// Text as a sequence of code points, lone surrogates included: what a Python `str` is.
package struct CodePoints: Hashable, Sendable {
  package var values: [UInt32]
  package init(_ values: [UInt32]) { self.values = values }
  package init(_ text: String) { values = text.unicodeScalars.map(\.value) }
  /// The text, a lone surrogate shown as U+FFFD.
  package var string: String {
    var result = String.UnicodeScalarView()
    for value in values { result.append(Unicode.Scalar(value) ?? "\u{FFFD}") }
    return String(result)
  }
}

/// Where a free name leads.
package enum Reference: Hashable, Sendable {
  /// A builtin that nothing in the file can rebind.
  case builtin(String)
  /// A name of the module that holds the code.
  case module(String)
  /// The dotted origin of an imported name: `os.path.join`.
  case imported(String)
  /// A name that a star import may or may not bind.
  case unresolved(String)
}

package enum UnaryOperator: String, Hashable, Sendable, CaseIterable {
  case negate = "-"
  case plus = "+"
  case invert = "~"
}

package enum BinaryOperator: String, Hashable, Sendable, CaseIterable {
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case matrixMultiply = "@"
  case divide = "/"
  case floorDivide = "//"
  case modulo = "%"
  case power = "**"
  case shiftLeft = "<<"
  case shiftRight = ">>"
  case bitAnd = "&"
  case bitOr = "|"
  case bitXor = "^"
}

package enum ComparisonOperator: String, Hashable, Sendable, CaseIterable {
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case identical = "is"
  case notIdentical = "is not"
  case contains = "in"
  case notContains = "not in"
}

package struct Argument: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    case positional
    case keyword(String)
    case spread
    case spreadKeywords
  }
  package var kind: Kind
  package var value: Expression
  package init(_ value: Expression, kind: Kind = .positional) {
    self.kind = kind
    self.value = value
  }
}

package enum Element: Hashable, Sendable {
  case single(Expression)
  case spread(Expression)
}

package enum DictionaryItem: Hashable, Sendable {
  case pair(Expression, Expression)
  case spread(Expression)
}

package enum FormatPart: Hashable, Sendable {
  case literal(CodePoints)
  /// `{value!conversion:specification}`; conversion is `r`, `s`, `a` or absent.
  case value(Expression, conversion: Character?, specification: [FormatPart]?)
}

/// `element for target in iterable if condition ...`. The variables that it binds are locals of the procedure with
/// names that nothing else there uses; they are unbound afterwards.
package struct Comprehension: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case list, set, dictionary
    /// Lazy: the first iterable is evaluated and asked for its iterator here, the rest as it is drained.
    case generator
  }
  package enum Clause: Hashable, Sendable {
    case each(Target, Expression, isAsync: Bool)
    case filter(Expression)
  }
  package var kind: Kind
  /// Only of a dictionary; evaluated before `element`.
  package var key: Expression?
  package var element: Expression
  /// The first is `each`.
  package var clauses: [Clause]
  package init(kind: Kind, key: Expression? = nil, element: Expression, clauses: [Clause]) {
    self.kind = kind
    self.key = key
    self.element = element
    self.clauses = clauses
  }
}

package struct Definition: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable { case function, classType }
  package var kind: Kind
  /// Qualified name of the unit, and its number where several have that name.
  package var name: String
  /// Defaults of a function in the order of evaluation; bases and keywords of a class.
  package var arguments: [Argument]
  package init(kind: Kind, name: String, arguments: [Argument]) {
    self.kind = kind
    self.name = name
    self.arguments = arguments
  }
}

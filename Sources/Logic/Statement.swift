/// A statement and the source line that it came from; the line is no part of equality.
package struct Statement: Sendable {
  package var kind: Kind
  /// 1-based line in the source file, or 0 when there is none.
  package var line: Int

  package init(_ kind: Kind, line: Int = 0) {
    self.kind = kind
    self.line = line
  }

  package indirect enum Kind: Hashable, Sendable {
    case expression(Expression)
    /// The value first, then the targets, left to right.
    case assign([Target], Expression)
    /// `target op= value`: object and index of the target once, then its old value, then `value`, then the in-place
    /// operator, then the store.
    case augment(Target, BinaryOperator, Expression)
    case delete(Target)
    case branch(Expression, then: [Statement], otherwise: [Statement])
    /// `otherwise` runs when the test fails, not after `break`.
    case whileLoop(Expression, body: [Statement], otherwise: [Statement])
    case forLoop(Target, Expression, body: [Statement], otherwise: [Statement], isAsync: Bool)
    case breakLoop
    case continueLoop
    case returnValue(Expression?)
    case raise(Expression?, cause: Expression?)
    /// Does nothing when Python runs with `-O`.
    case assert(Expression, message: Expression?)
    case tryBlock([Statement], handlers: [Handler], otherwise: [Statement], finally: [Statement])
    case with(Expression, Target?, body: [Statement], isAsync: Bool)
    case match(Expression, [MatchCase])
    /// `class` inside a function: the body runs here in a namespace of its own.
    case defineClass(Target, ClassDefinition)
  }
}

extension Statement: Hashable {
  package static func == (left: Statement, right: Statement) -> Bool { left.kind == right.kind }
  package func hash(into hasher: inout Hasher) { hasher.combine(kind) }
}

/// Where a value can be stored.
package indirect enum Target: Hashable, Sendable {
  case local(String)
  case captured(String)
  /// A name of the module.
  case global(String)
  /// A name of the class body that is running.
  case namespace(String)
  case attribute(Expression, String)
  case item(Expression, Expression)
  /// Unpacks an iterable; `starred` is the index of the target that takes the rest.
  case unpack([Target], starred: Int?)
}

package struct Handler: Hashable, Sendable {
  /// Absent: catches everything.
  package var type: Expression?
  /// Bound to the exception for the handler's body and unbound after it.
  package var name: Target?
  package var body: [Statement]
  package var isGroup: Bool
  package var line: Int
  package init(type: Expression?, name: Target?, body: [Statement], isGroup: Bool = false, line: Int = 0) {
    self.type = type
    self.name = name
    self.body = body
    self.isGroup = isGroup
    self.line = line
  }
  package static func == (left: Handler, right: Handler) -> Bool {
    left.type == right.type && left.name == right.name && left.body == right.body && left.isGroup == right.isGroup
  }
  package func hash(into hasher: inout Hasher) {
    hasher.combine(type)
    hasher.combine(name)
    hasher.combine(body)
  }
}

package struct MatchCase: Hashable, Sendable {
  package var pattern: Pattern
  package var guardTest: Expression?
  package var body: [Statement]
  package init(pattern: Pattern, guardTest: Expression?, body: [Statement]) {
    self.pattern = pattern
    self.guardTest = guardTest
    self.body = body
  }
}

package indirect enum Pattern: Hashable, Sendable {
  case wildcard
  /// Compared with `==`; `None`, `True`, `False` with `is`.
  case value(Expression)
  case capture(Target)
  case sequence([Pattern])
  /// Inside a sequence only.
  case star(Target?)
  case mapping([MappingItem], rest: Target?)
  case classType(Expression, [Pattern], keywords: [KeywordPattern])
  case either([Pattern])
  case alias(Pattern, Target)

  package struct MappingItem: Hashable, Sendable {
    package var key: Expression
    package var pattern: Pattern
    package init(key: Expression, pattern: Pattern) {
      self.key = key
      self.pattern = pattern
    }
  }
  package struct KeywordPattern: Hashable, Sendable {
    package var name: String
    package var pattern: Pattern
    package init(name: String, pattern: Pattern) {
      self.name = name
      self.pattern = pattern
    }
  }
}

package struct ClassDefinition: Hashable, Sendable {
  package var name: String
  /// Bases and keywords, evaluated before the body runs.
  package var arguments: [Argument]
  /// Kind `.classBody`.
  package var body: Procedure
  /// Applied last to first after the class is made; evaluated first, in order.
  package var decorators: [Expression]
  package init(name: String, arguments: [Argument], body: Procedure, decorators: [Expression]) {
    self.name = name
    self.arguments = arguments
    self.body = body
    self.decorators = decorators
  }

  /// Defines the class and returns it.
  package var maker: Procedure {
    Procedure(
      name: "",
      body: [Statement(.defineClass(.local(name), self)), Statement(.returnValue(.local(name)))])
  }
}

extension Statement {
  /// Whether what stands after it is never reached from it.
  package var leaves: Bool {
    switch kind {
    case .returnValue, .raise, .breakLoop, .continueLoop: true
    case .branch(_, let then, let otherwise): then.last?.leaves == true && otherwise.last?.leaves == true
    default: false
    }
  }
}

import BigInt
import Logic

/// A node of the value graph, by its index. Two values of one graph are the same node exactly when their operator and
/// operands are the same.
package struct NodeID: Hashable, Sendable, Comparable {
  package let index: Int32
  package static func < (left: NodeID, right: NodeID) -> Bool { left.index < right.index }
}

/// What a node computes. Operands are listed as `[...]`; `e` stands for the effect that came before.
///
/// An *effect* node is a point in time and, where it has one, the value made at that point. Its first operand is the
/// effect before it, so a chain of effects says what happened and in which order, and each of them may raise.
enum Operator: Hashable, Sendable {
  // Leaves.
  case constant(Constant)
  /// A parameter of the function, by position.
  case parameter(Int)
  /// A variable of an enclosing function that is not part of the analysis.
  case outer(String)
  /// A variable that closures share, itself.
  case cell(Int)
  /// A value carried around the loop, or a parameter of the closure, at this nesting depth.
  case placeholder(depth: Int, rank: Int, types: ValueTypes)
  /// A placeholder whose rank is not known yet.
  case provisional(Int)
  /// The effects before a function, loop body or closure body begins.
  case entry(depth: Int)
  case builtin(String)
  /// No value has been stored in the variable.
  case unbound
  /// How a statement ended, as a leaf of a selector.
  case exit(ExitKind)

  // Pure and total.
  /// `[condition, then, otherwise]`.
  case gamma
  case tuple
  /// A fresh list that nothing else refers to, by its elements.
  case freshList
  /// `[list, element]`: the list with one element more.
  case appended
  case freshDictionary
  /// `[map, key, value, moment]`: the dictionary or set with this entry.
  case stored
  /// `[map, key, moment]`: is there such a key?
  case has
  /// `[map, key, moment]`: its value, where there is one.
  case storedEntry
  case freshSet
  /// `[value, region]`: object number `k` that was made of this value in this run of the region.
  case object(Int)
  /// `[container]`: made by a helper that nothing else refers to it from.
  case handedOver
  /// One round of the loop at this depth.
  case round(depth: Int)
  /// `[a, b]` with `a` before `b`.
  case identical
  /// Of integers, strings or bytes: `[a, b]`.
  case less
  case equal
  /// Sum of products over integers; the operands are the atoms of the monomials, one after the other.
  case polynomial([Monomial])
  case integerOperation(BinaryOperator)
  case pureCall(String)
  /// Length of a fresh list.
  case freshLength
  /// `[effect]`: the bool that it gave.
  case outcome
  /// `[element]`: was there none, the iterator being at its end?
  case exhausted
  /// `[unpacked value]`: its value number `index`.
  case part(Int)
  /// A name of the module or an import, read after the effect `[e]` that may have rebound it.
  case nameRead(Reference)
  /// `[slice parts]`.
  case slice

  // Effects: `[e, ...]`.
  /// `[e, reads...]`: plain attribute reads, in no particular order.
  case reads
  case effect(Effect)
  /// `[e, selector, next effect, exit effect, (initial, next)...]`.
  case loop(depth: Int, carried: Int)
  /// `[loop, value at exit, (initial, next)...]`: of variables beyond those of the loop itself.
  case loopValue(depth: Int, carried: Int)
  /// `[start, effects to its end, does it leave by raising?, effects until then]`: all that a `try` body does.
  case protect
  /// Did the body raise? What, and what was done until then?
  case raised
  case exception
  case caught
  /// The body came to an end without raising.
  case completed
  /// `[protect]`: what variable `k` held when the body raised.
  case cellAtRaise(Int)
  /// `[result, last effect]`: of a whole procedure.
  case root
}

enum ExitKind: Int, Hashable, Sendable, Comparable {
  case fall, returned, broke, continued, raised
  /// A loop came to its end.
  case finished
  static func < (left: ExitKind, right: ExitKind) -> Bool { left.rawValue < right.rawValue }
}

/// `coefficient * product of count atoms`; the atoms are operands of the node.
struct Monomial: Hashable, Sendable {
  var coefficient: BigInt
  var count: Int
}

/// Something that happens at a point in time: it may run unknown code, and it may raise.
enum Effect: Hashable, Sendable {
  case truth
  /// `__index__`: an int, or it raises.
  case index
  case unary(UnaryOperator)
  case binary(BinaryOperator)
  case inPlace(BinaryOperator)
  case compare(ComparisonOperator)
  case getAttribute(String)
  case setAttribute(String)
  case deleteAttribute(String)
  case getItem
  case setItem
  case deleteItem
  /// Operands: callee, then the arguments, whose kinds are listed.
  case call([ArgumentKey])
  case iterate
  case iterateAsync
  /// Its value is the element; the operator `exhausted` tells whether there was none.
  case next
  case nextAsync
  /// Exactly `count` values, or, with `starred`, at least `count - 1`.
  case unpack(count: Int, starred: Int?)
  case readName(Reference)
  case storeName(String)
  case deleteName(String)
  case readNamespace(String)
  case storeNamespace(String)
  case deleteNamespace(String)
  case readCell(Int)
  case storeCell(Int)
  case deleteCell(Int)
  case readOuter(String)
  case storeOuter(String)
  /// Stores to a variable that a handler may see.
  case guardedStore(Int)
  /// What was stored last is the name of a handler: an exception that leaves the handler takes it away.
  case handlerName
  /// An exception is no longer being handled: what is called from here on does not see it (`sys.exc_info`, a bare `raise`).
  case handled
  /// A read of a variable that may have no value.
  case checkBound
  case buildList([Bool])
  case buildTuple([Bool])
  case buildSet([Bool])
  case buildDictionary([Bool])
  case addToSet
  /// `[e, map, key]`: hashes the key and compares it with others.
  case lookUp
  case extendList
  case storeInList
  /// `[e, list, key, reverse]`: the list in order.
  case sortList
  case getOrDefault
  case storeInDictionary
  case fillTemplate
  /// A display or call with spread parts begins, or a pattern with values.
  case beginPieces
  case format(conversion: Character?, hasSpecification: Bool)
  case yield
  case yieldFrom
  case await
  case importModule(String, leaf: Bool)
  case importName(module: String, name: String)
  case closure(ClosureKey)
  case definition(Definition.Kind, String, [ArgumentKey])
  case opaqueStatement(OpaqueStatement)
  case raise
  case raiseFrom
  case reraise
  case assertionsEnabled
  case tryEnter
  case matches
  case enter(isAsync: Bool)
  case exitNormally(isAsync: Bool)
  case exitRaised(isAsync: Bool)
}

enum ArgumentKey: Hashable, Sendable {
  case positional
  case keyword(String)
  case spread
  case spreadKeywords

  init(_ kind: Argument.Kind) {
    switch kind {
    case .positional: self = .positional
    case .keyword(let name): self = .keyword(name)
    case .spread: self = .spread
    case .spreadKeywords: self = .spreadKeywords
    }
  }
}

/// What a caller of a closure can see of it.
struct ClosureKey: Hashable, Sendable {
  var kind: Procedure.Kind
  var name: String
  var parameters: [ParameterKey]

  struct ParameterKey: Hashable, Sendable {
    var name: String
    var kind: Parameter.Kind
    var hasDefault: Bool
  }
}

/// A statement compared as it is written, its variables as operands.
enum OpaqueStatement: Hashable, Sendable {
  case pattern(Pattern)
  case classDefinition(ClassDefinition)
}

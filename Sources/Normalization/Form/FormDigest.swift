import Logic

/// A name for the normal form of one procedure, made without its partner: equal names are equal behaviour.
///
/// The form is the one that rules reach without any assumption. Each node's digest is a hash of its operator and of the
/// digests of its operands (Merkle 1987), so two roots have one digest exactly when they are the same graph, up to
/// collisions of the hash. Node numbers depend on the order in which a graph grew; wherever they decide an order inside
/// the graph, the digests decide here: operands of commutative operators, and the order of conditions in gammas.
package enum FormDigest {
  package enum Outcome: Hashable, Sendable {
    case digest([UInt8])
    /// Rules cannot bring it into a form; the reason, and the line where there is one.
    case none(reason: String, line: Int)
  }

  /// `hash` has to be free of collisions for whoever writes the code; the same bytes give the same hash for ever.
  ///
  /// Recurses with the nesting of the source: for a thread with a stack that fits (`Workers` of Comparison).
  package static func of(
    _ procedure: Procedure, boundNames: Set<String>, nonPlainAttributes: Set<String>, budget: Int = 200_000,
    hash: @escaping ([UInt8]) -> [UInt8]
  ) -> Outcome {
    let graph = ValueGraph(budget: budget)
    var scope = Builder.Scope()
    scope.boundNames = boundNames
    scope.nonPlainAttributes = nonPlainAttributes
    let builder = Builder(
      graph: graph, allowed: [], scope: scope,
      parameterTypes: Array(repeating: .unknown, count: procedure.parameters.count),
      elementTypes: Array(repeating: .unknown, count: procedure.parameters.count))
    let root: NodeID
    do throws(Builder.Failure) {
      root = try builder.root(of: procedure, roles: procedure.parameters.indices.map { .shared($0) })
    } catch {
      switch error {
      case .budget: return .none(reason: Messages.budget(budget), line: 0)
      case .unsupported(let reason, let line): return .none(reason: reason, line: line)
      }
    }
    if graph.isExhausted { return .none(reason: Messages.budget(budget), line: 0) }
    guard !graph.comparesComputedIdentities else { return .none(reason: Messages.identities, line: 0) }
    do throws(StructuralEncoding.Opaque) {
      // One parameter for all positions is a leaf like any other; what callers see tells them apart.
      let kind = try StructuralEncoding.bytes(of: (procedure.kind, procedure.parameters.map(\.kind)))
      var digests = NodeDigests(graph: graph, hash: hash)
      return .digest(hash(kind + (try digests.digest(of: root))))
    } catch {
      return .none(reason: Messages.noDigest(error.type), line: 0)
    }
  }
}

/// Digests of the nodes of one graph.
private struct NodeDigests {
  typealias Digest = [UInt8]

  let graph: ValueGraph
  let hash: ([UInt8]) -> [UInt8]
  private var known: [NodeID: Digest] = [:]
  private var operators: [Operator: [UInt8]] = [:]
  private var diagrams: DecisionDiagrams

  init(graph: ValueGraph, hash: @escaping ([UInt8]) -> [UInt8]) {
    self.graph = graph
    self.hash = hash
    diagrams = DecisionDiagrams(
      hash: hash, yes: hash(Self.booleanTag + [1]), no: hash(Self.booleanTag + [0]))
  }

  private static let booleanTag = Array("bool".utf8)

  /// Operands are older than what uses them, so one pass in the order of age meets each node after its operands.
  mutating func digest(of root: NodeID) throws(StructuralEncoding.Opaque) -> Digest {
    var reachable: Set<NodeID> = [root]
    var pending = [root]
    while let id = pending.popLast() {
      for operand in graph.arguments(id) where reachable.insert(operand).inserted { pending.append(operand) }
    }
    for id in reachable.sorted() {
      let operands = graph.arguments(id)
      // A loop that was closed leaves no leaf without a meaning of its own behind.
      if case .provisional = graph.op(id) { throw StructuralEncoding.Opaque(type: "an open loop") }
      if operands.contains(where: { known[$0] == nil }) { throw StructuralEncoding.Opaque(type: "an open loop") }
      known[id] = try make(id, operands)
    }
    return known[root] ?? []
  }

  private mutating func make(_ id: NodeID, _ operands: [NodeID]) throws(StructuralEncoding.Opaque) -> Digest {
    let op = graph.op(id)
    switch op {
    case .constant(.bool(let value)): return value ? diagrams.yes : diagrams.no
    case .gamma:
      let parts = operands.map { known[$0] ?? [] }
      return diagrams.gamma(id, condition: parts[0], then: operands[1], otherwise: operands[2]) { known[$0] ?? [] }
    default: break
    }
    var children = operands.map { known[$0] ?? [] }
    var head: [UInt8]
    switch op {
    case .polynomial(let monomials):
      (head, children) = (try bytes(of: .polynomial([])), [])
      var rest = operands[...]
      var terms: [[UInt8]] = []
      for monomial in monomials {
        let atoms = rest.prefix(monomial.count).map { known[$0] ?? [] }.sorted(by: precedes)
        rest = rest.dropFirst(monomial.count)
        terms.append(framed([try StructuralEncoding.bytes(of: monomial)] + atoms))
      }
      children = terms.sorted(by: precedes)
    case .identical, .equal, .pureCall("number=="), .integerOperation(.bitAnd), .integerOperation(.bitOr),
      .integerOperation(.bitXor), .integerOperation(.multiply):
      head = try bytes(of: op)
      children.sort(by: precedes)
    case .reads:
      head = try bytes(of: op)
      children[1...].sort(by: precedes)
    default: head = try bytes(of: op)
    }
    let digest = hash(framed([head] + children))
    if graph.type(id) == .bool { diagrams.noteCondition(digest, id) }
    return digest
  }

  private mutating func bytes(of op: Operator) throws(StructuralEncoding.Opaque) -> [UInt8] {
    if let made = operators[op] { return made }
    let made = try StructuralEncoding.bytes(of: op)
    operators[op] = made
    return made
  }
}

private func precedes(_ left: [UInt8], _ right: [UInt8]) -> Bool { left.lexicographicallyPrecedes(right) }

/// Parts with their lengths before them, so that no two lists give the same bytes.
package func framed(_ parts: [[UInt8]]) -> [UInt8] {
  var result: [UInt8] = []
  for part in parts {
    result += "\(part.count):".utf8
    result += part
  }
  return result
}

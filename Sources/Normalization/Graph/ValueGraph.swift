import BigInt
import Logic

// Why a value graph. Two versions of a function are built into one graph whose nodes are shared by structure
// (hash-consing). What a function does is then one node, its root: the value returned and the last effect. If both
// versions reach the same root they are equal, and the proof is the graph itself. There is no search for a sequence of
// rewrites that could run away: each constructor below brings its node into a canonical form as it is made, which is
// what value numbering does in a compiler (Click 1995; gated SSA: Ottenstein, Ballance, MacCabe 1990; the idea of
// proving translations that way: Tristan, Govereau, Morrisett, "Evaluating value-graph translation validation", 2011).
//
// What makes it sound on code full of unknown calls is the effect chain. Everything that can run foreign code or raise
// takes the effect before it as an operand, so the chain of a path lists what happened, in order. A node without an
// effect operand is pure and total: it can be computed early, late, twice or never, and nobody can tell.
//
// Rejected: an e-graph. It would find more, but the rules needed here are nearly all directed, extraction from cyclic
// effect chains is awkward, and the time of one pair has no useful bound.

/// The hash-consed nodes of both versions of a function. Confined to one thread.
final class ValueGraph {
  struct BudgetExceeded: Error {}

  private(set) var operators: [Operator] = []
  private(set) var operands: [[NodeID]] = []
  private(set) var types: [ValueTypes] = []
  private var table = NodeTable()
  private var nextProvisional = 0
  var gammaMemo: [GammaKey: NodeID] = [:]
  /// `is` or `id` of a value that has no identity here: nothing can be said of the function.
  var comparesComputedIdentities = false
  /// What the containers that parameters hold at the start have for elements, under `annotations`.
  var elementTypes: [NodeID: ValueTypes] = [:]
  /// What containers hold whose node does not tell it.
  var knownContents: [NodeID: Contents] = [:]
  let budget: Int
  private(set) var isExhausted = false
  /// How often a node was asked for, one that was there already included: walks over shared branches make few nodes.
  private var work = 0

  struct GammaKey: Hashable {
    var condition: NodeID
    var then: NodeID
    var otherwise: NodeID
  }

  /// `budget`: how many nodes may be made before everything becomes unprovable.
  init(budget: Int) {
    self.budget = budget
    operators.reserveCapacity(1024)
    operands.reserveCapacity(1024)
    types.reserveCapacity(1024)
  }

  /// The node with this operator and these operands, made if it is new. No simplification.
  func node(_ op: Operator, _ arguments: [NodeID] = [], types nodeTypes: ValueTypes = .unknown) -> NodeID {
    work += 1
    if work > 40 * budget { isExhausted = true }
    let hash = NodeTable.hash(op, arguments)
    if let known = table.find(hash, where: { operands[$0] == arguments && operators[$0] == op }) {
      // A type that was proved for the same value before stays proved. That it may be missing is no type: nobody who
      // says nothing of its type has proved that it is there.
      let before = types[Int(known.index)]
      let narrowed = before.intersection(nodeTypes == .unknown ? [.unknown, .missing] : nodeTypes)
      if narrowed.isEmpty { return known }
      if case .effect = op, narrowed == .bool { return known }
      types[Int(known.index)] = narrowed
      return known
    }
    let id = NodeID(index: Int32(operators.count))
    if operators.count >= budget { isExhausted = true }
    operators.append(op)
    operands.append(arguments)
    types.append(nodeTypes)
    table.append(hash)
    return id
  }

  func op(_ id: NodeID) -> Operator { operators[Int(id.index)] }
  func arguments(_ id: NodeID) -> [NodeID] { operands[Int(id.index)] }
  func type(_ id: NodeID) -> ValueTypes { types[Int(id.index)] }
  var count: Int { operators.count }

  /// Stops the construction of a graph that outgrew its budget.
  func checkBudget() throws(BudgetExceeded) {
    if isExhausted { throw BudgetExceeded() }
  }

  func provisional(types: ValueTypes) -> NodeID {
    nextProvisional += 1
    return node(.provisional(nextProvisional), types: types)
  }

  // MARK: Constants

  func constant(_ value: Constant) -> NodeID { node(.constant(value), types: ValueTypes(value)) }
  func integer(_ value: BigInt) -> NodeID { constant(.int(value)) }
  var none: NodeID { constant(.none) }
  var yes: NodeID { constant(.bool(true)) }
  var no: NodeID { constant(.bool(false)) }
  func bool(_ value: Bool) -> NodeID { value ? yes : no }
  func exit(_ kind: ExitKind) -> NodeID { node(.exit(kind)) }

  func constantValue(_ id: NodeID) -> Constant? {
    if case .constant(let value) = op(id) { return value }
    return nil
  }

  func integerValue(_ id: NodeID) -> BigInt? {
    switch constantValue(id) {
    case .int(let value): return value
    case .bool(let value): return value ? 1 : 0
    default: return nil
    }
  }
}

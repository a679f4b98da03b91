import Logic

/// A variable of one activation of a procedure.
typealias Slot = Int

/// What is known at a point of the program: the last effect, and a node for each variable.
struct State {
  private let graph: ValueGraph
  /// The last effect that is no plain attribute read.
  private(set) var anchor: NodeID
  /// Plain attribute reads since then. Nothing tells their order: none has an effect, and each that fails raises an
  /// AttributeError.
  private var reads: Set<NodeID> = []
  /// The last effect that may have run foreign code, and so rebound names or changed attributes.
  var clobber: NodeID
  var variables: [Slot: NodeID] = [:]
  /// What is run once here: the procedure, one round of a loop, one call of a closure.
  var region: NodeID
  /// How many objects of each value this region has made.
  var objects: [NodeID: Int] = [:]
  /// Variables that hold a fresh container to which nothing else refers; their node is its value, not its identity.
  var owned: Set<Slot> = []
  /// Of fresh dictionaries that make what is missing: what they make.
  var factories: [Slot: Builder.Factory] = [:]
  /// Attributes read since `clobber`, under `plain-attributes`.
  var available: [Load: NodeID] = [:]
  /// What objects made here hold, as long as nothing may have changed them.
  var contents: [NodeID: NodeID] = [:]
  /// Questions asked since `clobber`, under `quiet-protocols`.
  var answers: [Question: NodeID] = [:]
  /// Comparisons of integers that hold here.
  var facts: Set<NodeID> = []
  /// Paths that an expression left by raising, not yet part of a flow.
  var aborted: Aborted?

  init(graph: ValueGraph, chain: NodeID) {
    self.graph = graph
    (anchor, reads) = graph.readsApart(chain)
    clobber = chain
    region = chain
  }

  /// All effects so far.
  var chain: NodeID {
    get {
      if reads.isEmpty { return anchor }
      return graph.reads(reads, after: anchor)
    }
    set { (anchor, reads) = graph.readsApart(newValue) }
  }

  mutating func addRead(_ read: NodeID) { reads.insert(read) }

  struct Load: Hashable {
    var object: NodeID
    var name: String
  }

  struct Question: Hashable {
    var kind: Effect
    var operands: [NodeID]
  }

  /// Unknown code has run: what was read may be something else now.
  mutating func forget() {
    available.removeAll()
    answers.removeAll()
    contents.removeAll()
  }

  struct Aborted {
    var condition: NodeID
    var chain: NodeID
  }
}

/// How a block ends: `selector` decides, by the conditions met, which of the ways out is taken; there is one merged
/// state for each way.
struct Flow {
  var selector: NodeID
  var states: [ExitKind: State]
  var result: NodeID?

  var kinds: [ExitKind] { states.keys.sorted() }
}

/// One activation of a procedure while its graph is built: of the unit, of a closure, or of an inlined helper.
final class Frame {
  let procedure: Procedure
  let parent: Frame?
  /// Locals that closures share and that change after the closure is made: kept as cells, read and stored by effects.
  let cells: Set<String>
  /// Whether the first parameter is an instance of the enclosing class.
  var isMethod = false
  /// Of the body of a helper that is looked through: how many `try` bodies and loops are around the call.
  var entered: (protections: Int, loops: Int)?
  private var slots: [String: Slot] = [:]
  private let makeSlot: () -> Slot

  init(procedure: Procedure, parent: Frame?, cells: Set<String>, makeSlot: @escaping () -> Slot) {
    self.procedure = procedure
    self.parent = parent
    self.cells = cells
    self.makeSlot = makeSlot
    // In the order of the source, so that neither names nor the hashes of sets decide which variable comes first.
    for parameter in procedure.parameters { _ = slot(parameter.name) }
    for name in use.mentions { _ = slot(name) }
  }

  func slot(_ name: String) -> Slot {
    if let known = slots[name] { return known }
    let slot = makeSlot()
    slots[name] = slot
    return slot
  }

  /// Variables in the order of the source, whatever they are called.
  func inOrder(_ names: Set<String>) -> [String] { names.sorted { (slot($0), $0) < (slot($1), $1) } }

  /// The enclosing frame that binds `name`, for a captured variable.
  func owner(of name: String) -> Frame? {
    var frame = parent
    while let candidate = frame {
      if candidate.bindings.contains(name) { return candidate }
      frame = candidate.parent
    }
    return nil
  }

  private(set) lazy var bindings: Set<String> = VariableUse.bound(in: procedure)
  /// Locals that closures read or bind.
  var captured: Set<String> { use.captured }
  /// Of the whole body.
  private(set) lazy var use = VariableUse.of(procedure.body)
}

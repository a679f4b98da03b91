import BigInt
import Logic

/// A loop whose body has been executed once on placeholders.
struct Loop {
  var depth: Int
  /// The placeholder of the effects before a round; the oldest node that belongs to the loop.
  var chain: NodeID
  /// Stands for the round in what is made in it.
  var region: NodeID
  var placeholders: [Slot: NodeID]
  var before: State
  /// The state in which the next round starts; nil when there is never a second one.
  var next: State?
  var flow: Flow
  /// It surely comes to an end.
  var isTotal: Bool

  func leaves(_ graph: ValueGraph) -> [NodeID: NodeID] {
    [
      chain: graph.node(.entry(depth: depth), types: .other),
      region: graph.node(.round(depth: depth), types: .other),
    ]
  }

  /// The ways to leave the loop, the last one to be asked for first.
  var leaving: [ExitKind] {
    flow.kinds.filter { $0 != .fall && $0 != .continued }
  }
}

/// The equations of a loop in canonical form, and the values that they determine.
final class LoopClosing {
  /// The loop as one node: its effects, and when it ends.
  let core: NodeID
  private let graph: ValueGraph
  private let loop: Loop
  private let slotOf: [NodeID: Slot]
  private let initial: [Slot: NodeID]
  private let next: [Slot: NodeID]
  private let order: [Slot]
  private let leave: NodeID
  private let isPure: Bool
  /// The loop as far as another run of it would be the same, where it makes objects and has no place in the chain.
  private let objectMaker: NodeID?
  private var coreMap: Substitution
  private var invariants: Substitution
  private var rotated: [Substitution]
  private let placeholders: [Slot: NodeID]
  private var values: [NodeID: NodeID] = [:]
  private var dependence: [NodeID: Bool] = [:]

  init(_ loop: Loop, _ builder: Builder) {
    let graph = builder.graph
    self.graph = graph
    self.loop = loop
    let unbound = graph.node(.unbound, types: .missing)

    let variables = loop.placeholders.sorted { $0.key < $1.key }
    // x' = x: the variable keeps its first value.
    var fixed: [NodeID: NodeID] = [:]
    for (slot, placeholder) in variables {
      let after = loop.next?.variables[slot] ?? placeholder
      let start = loop.before.variables[slot] ?? unbound
      if after == placeholder || after == start { fixed[placeholder] = start }
    }
    // Nothing happens in it: names have the values that they had before it.
    let isQuiet =
      (loop.next?.chain ?? loop.chain) == loop.chain
      && loop.leaving.allSatisfy { loop.flow.states[$0]?.chain == loop.chain }
    if isQuiet { fixed[loop.chain] = loop.before.clobber }
    // What goes in equal steps is told by the number of the round:  p = start + step * round
    var round: NodeID?
    for (slot, placeholder) in variables where fixed[placeholder] == nil {
      let start = loop.before.variables[slot] ?? unbound
      guard graph.type(placeholder) == .int, graph.type(start) == .int, let after = loop.next?.variables[slot],
        let step = graph.integerArithmetic(.subtract, after, placeholder), graph.integerValue(step) != nil
      else { continue }
      let number = round ?? graph.provisional(types: .int)
      round = number
      fixed[placeholder] = graph.integerArithmetic(.multiply, step, number).flatMap {
        graph.integerArithmetic(.add, start, $0)
      }
    }
    var invariants = Substitution(graph: graph, leaves: fixed, oldest: loop.chain)
    var slotOf: [NodeID: Slot] = [:]
    var initial: [Slot: NodeID] = [:]
    var next: [Slot: NodeID] = [:]
    for (slot, placeholder) in variables where fixed[placeholder] == nil {
      slotOf[placeholder] = slot
      initial[slot] = loop.before.variables[slot] ?? unbound
      next[slot] = invariants(loop.next?.variables[slot] ?? placeholder)
    }
    if let round {
      let slot = -1
      slotOf[round] = slot
      initial[slot] = graph.integer(0)
      next[slot] = graph.integerArithmetic(.add, round, graph.integer(1))
    }

    var leave = invariants(
      builder.replaceLeaves(loop.flow.selector) { graph.bool($0 != .fall && $0 != .continued) })
    // A next value matters where there is a next round, a last one where there is none.
    let stay = graph.not(leave)
    for (slot, value) in next.sorted(by: { $0.key < $1.key }) { next[slot] = graph.constrain(value, to: stay) }
    var nextChain = loop.next?.chain ?? graph.none
    var initialChain = loop.before.chain
    var exitChain: NodeID?
    for kind in loop.leaving {
      guard let state = loop.flow.states[kind] else { continue }
      let here = builder.predicate(loop.flow.selector, is: kind)
      exitChain = exitChain.map { graph.gamma(here, state.chain, $0) } ?? state.chain
    }
    var leaveChain = exitChain ?? graph.none
    if !isQuiet {
      nextChain = graph.constrain(invariants(nextChain), to: stay)
      leaveChain = graph.constrain(invariants(leaveChain), to: leave)
    }
    var rotated: [Substitution] = []
    while !isQuiet, rotated.count < 8 {
      let carried = slotOf.sorted { $0.key < $1.key }.map { placeholder, slot in
        (placeholder: placeholder, initial: initial[slot] ?? unbound, next: next[slot] ?? unbound)
      }
      guard
        let rotation = LoopRotation(
          chain: loop.chain, initialChain: initialChain, nextChain: nextChain, carried: carried, graph: graph)
      else { break }
      builder.note(.rotatedLoop)
      var atStart = Substitution(graph: graph, leaves: rotation.starts, oldest: loop.chain)
      leave = atStart(leave)
      leaveChain = atStart(leaveChain)
      initialChain = rotation.initialChain
      let stay = graph.not(leave)
      nextChain = graph.constrain(atStart(rotation.nextChain), to: stay)
      slotOf = [:]
      for (index, variable) in rotation.carried.enumerated() {
        // The loop's own slots mean nothing any more.
        slotOf[variable.placeholder] = index
        initial[index] = variable.initial
        next[index] = graph.constrain(atStart(variable.next), to: stay)
      }
      rotated.append(atStart)
    }

    let placeholders = Dictionary(slotOf.map { ($0.value, $0.key) }, uniquingKeysWith: { first, _ in first })
    let order = LoopClosing.needed(
      [leave, nextChain, leaveChain], after: [], graph: graph, oldest: loop.chain, slotOf: slotOf, next: next)
    var names = loop.leaves(graph)
    for (rank, slot) in order.enumerated() {
      guard let placeholder = placeholders[slot] else { continue }
      names[placeholder] = graph.node(
        .placeholder(depth: loop.depth, rank: rank, types: graph.type(placeholder)), types: graph.type(placeholder))
    }
    var coreMap = Substitution(graph: graph, leaves: names, oldest: loop.chain)
    let isTotal =
      loop.isTotal
      || LoopClosing.terminates(leave, graph: graph, oldest: loop.chain, slotOf: slotOf, next: next)
    isPure = isTotal && isQuiet
    // What is left of a value on the paths that matter depends on the order of the conditions, and so is asked for again
    // now that the variables have their numbers.
    let isLast = coreMap(leave)
    let goesOn = graph.not(isLast)
    var parts = [
      isPure ? graph.none : initialChain, isLast, graph.constrain(coreMap(nextChain), to: goesOn),
      graph.constrain(coreMap(leaveChain), to: isLast),
    ]
    for slot in order {
      parts.append(initial[slot] ?? unbound)
      parts.append(graph.constrain(coreMap(next[slot] ?? unbound), to: goesOn))
    }
    // Nothing tells two runs of a pure loop apart but the objects that they make.
    let makesObjects = isPure && loop.flow.states.values.contains { !$0.objects.isEmpty }
    if makesObjects {
      let shape = graph.node(.loop(depth: loop.depth, carried: order.count), parts, types: .other)
      parts[0] = graph.node(.object(loop.before.objects[shape, default: 0]), [shape, loop.before.region])
      objectMaker = shape
    } else {
      objectMaker = nil
    }
    core = graph.node(.loop(depth: loop.depth, carried: order.count), parts, types: .other)
    self.invariants = invariants
    self.rotated = rotated
    self.placeholders = placeholders
    self.coreMap = coreMap
    self.slotOf = slotOf
    self.initial = initial
    self.next = next
    self.order = order
    self.leave = leave
  }

  /// Whether an integer expression goes by a constant step towards a bound, and the loop ends there:
  ///
  ///     p' = p + c, c > 0, and k < p implies leave     (or c < 0, and not (k < p) does)
  private static func terminates(
    _ leave: NodeID, graph: ValueGraph, oldest: NodeID, slotOf: [NodeID: Slot], next: [Slot: NodeID]
  ) -> Bool {
    var conditions: Set<NodeID> = []
    var stack = [leave]
    while let id = stack.popLast() {
      if case .less = graph.op(id) { conditions.insert(id) }
      if case .gamma = graph.op(id) { stack.append(contentsOf: graph.arguments(id)) }
    }
    for condition in conditions {
      let value = graph.arguments(condition)[1]
      guard graph.isInteger(value), let step = step(of: value, graph: graph, oldest: oldest, slotOf, next) else {
        continue
      }
      let end = step > 0 ? condition : graph.not(condition)
      if graph.constrain(leave, to: end) == graph.yes { return true }
    }
    return false
  }

  /// By how much a polynomial changes in each round, if that is a constant other than zero.
  private static func step(
    of value: NodeID, graph: ValueGraph, oldest: NodeID, _ slotOf: [NodeID: Slot], _ next: [Slot: NodeID]
  ) -> BigInt? {
    var total: BigInt = 0
    for atom in graph.atoms(of: value) where atom >= oldest {
      guard let slot = slotOf[atom], let after = next[slot], let factor = graph.linearFactor(of: atom, in: value),
        let step = graph.integerArithmetic(.subtract, after, atom).flatMap(graph.integerValue)
      else { return nil }
      total += factor * step
    }
    return total == 0 ? nil : total
  }

  /// The variables that `roots` and, through them, other variables need, in the order in which they are met.
  private static func needed(
    _ roots: [NodeID], after known: [Slot], graph: ValueGraph, oldest: NodeID, slotOf: [NodeID: Slot],
    next: [Slot: NodeID]
  ) -> [Slot] {
    var order: [Slot] = []
    var seen = Set(known)
    var visited: Set<NodeID> = []
    var pending = roots
    var position = 0
    while position < pending.count {
      var stack = [pending[position]]
      position += 1
      while let id = stack.popLast() {
        if id < oldest || !visited.insert(id).inserted { continue }
        if let slot = slotOf[id] {
          if seen.insert(slot).inserted {
            order.append(slot)
            if let equation = next[slot] { pending.append(equation) }
          }
          continue
        }
        stack.append(contentsOf: graph.arguments(id).reversed())
      }
    }
    return order
  }

  /// The value that `expression`, evaluated as the loop was left, has after the loop.
  func value(_ expression: NodeID) -> NodeID {
    var expression = invariants(expression)
    for index in rotated.indices { expression = rotated[index](expression) }
    return close(graph.constrain(expression, to: leave))
  }

  private func close(_ expression: NodeID) -> NodeID {
    if expression < loop.chain { return expression }
    if let known = values[expression] { return known }
    let result: NodeID
    if expression == loop.chain {
      result = isPure ? loop.before.chain : core
    } else if !dependsOnLoop(expression) {
      result = expression
    } else if graph.op(expression) == .gamma {
      let parts = graph.arguments(expression)
      result = graph.gamma(close(parts[0]), close(parts[1]), close(parts[2]))
    } else {
      result = closedValue(expression)
    }
    values[expression] = result
    return result
  }

  private func closedValue(_ expression: NodeID) -> NodeID {
    let extra = LoopClosing.needed(
      [expression], after: order, graph: graph, oldest: loop.chain, slotOf: slotOf, next: next)
    var map = coreMap
    if !extra.isEmpty {
      var leaves = loop.leaves(graph)
      for (rank, slot) in (order + extra).enumerated() {
        guard let placeholder = placeholders[slot] else { continue }
        leaves[placeholder] = graph.node(
          .placeholder(depth: loop.depth, rank: rank, types: graph.type(placeholder)),
          types: graph.type(placeholder))
      }
      map = Substitution(graph: graph, leaves: leaves, oldest: loop.chain)
    }
    let isLast = map(leave)
    let goesOn = graph.not(isLast)
    var parts = [core, graph.constrain(map(expression), to: isLast)]
    for slot in extra {
      parts.append(initial[slot] ?? graph.none)
      parts.append(graph.constrain(map(next[slot] ?? graph.none), to: goesOn))
    }
    let value = graph.node(
      .loopValue(depth: loop.depth, carried: extra.count), parts, types: graph.type(expression))
    if graph.type(expression).within([.list, .dictionary, .set]) {
      graph.knownContents[value] = graph.contents(of: expression)
    }
    return value
  }

  private func dependsOnLoop(_ id: NodeID) -> Bool {
    graph.depends(id, oldest: loop.chain, memo: &dependence) {
      $0 == loop.chain || $0 == loop.region || slotOf[$0] != nil
    }
  }

  /// The state after the loop was left in `inner`.
  func stateAfter(_ inner: State) -> State {
    var state = loop.before
    if let objectMaker { state.objects[objectMaker, default: 0] += 1 }
    if !isPure {
      state.chain = core
      state.clobber = core
      state.forget()
    }
    for slot in loop.placeholders.keys.sorted() {
      if let value = inner.variables[slot] { state.variables[slot] = self.value(value) }
      if inner.owned.contains(slot) { state.owned.insert(slot) } else { state.owned.remove(slot) }
    }
    // Checks for a missing value refine variables that the loop does not carry.
    return state
  }
}

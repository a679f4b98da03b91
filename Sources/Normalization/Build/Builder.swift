import Logic

/// Builds the value graph of one version of a procedure by executing it symbolically, once through, with every branch
/// merged and every loop closed.
///
/// The two versions of a pair are built by two builders into one `ValueGraph`.
final class Builder {
  enum Failure: Error {
    case budget
    case unsupported(String, line: Int)
  }

  /// What one version may look through.
  struct Scope {
    /// Functions of this version and of the other, by the name that leads to them.
    var helpers: [Reference: Procedure] = [:]
    var otherHelpers: [Reference: Procedure] = [:]
    /// Methods of the enclosing class, by name.
    var methods: [String: Procedure] = [:]
    var otherMethods: [String: Procedure] = [:]

    /// The function to look through. One that the other version has too must be the same there: a callee of both is
    /// one symbol, whatever became of its body.
    func helper(_ reference: Reference) -> Procedure? {
      guard let helper = helpers[reference] else { return nil }
      return otherHelpers[reference].map { $0 == helper } ?? true ? helper : nil
    }

    func method(_ name: String) -> Procedure? {
      guard let method = methods[name] else { return nil }
      return otherMethods[name].map { $0 == method } ?? true ? method : nil
    }

    /// Names of the module that surely have a value when the function runs.
    var boundNames: Set<String> = []
    /// Names that are not plain attributes; "*" where none is.
    var nonPlainAttributes: Set<String> = []
  }

  let graph: ValueGraph
  let allowed: Set<Assumption>
  let scope: Scope
  /// Types of the parameters that both versions annotate alike; used under `annotations` only.
  let parameterTypes: [ValueTypes]
  /// The same of the elements of parameters that are containers.
  let elementTypes: [ValueTypes]
  private(set) var used: Set<Assumption> = []
  /// An assumption was asked for that is not allowed: with it, the form might be another.
  private(set) var isRefused = false
  private(set) var fired: Set<Firing> = []
  var line = 0
  /// How many loops and closures are around this point.
  var depth = 0
  var loopNesting = 0
  /// The exceptions of the handlers around this point.
  var handling: [NodeID] = []
  private var slotCount = 0
  private var cellNumbers: [Slot: Int] = [:]
  private var guardNumbers: [Slot: Int] = [:]
  /// Variables whose stores a handler may see, innermost `try` last.
  var guarded: [Set<Slot>] = []
  var inlining: [String] = []
  /// How many `try` bodies, `with` bodies and closures are around this point, callers of an inlined body included.
  var protections = 0
  /// Module code and class bodies run while the names of the module are being bound.
  private(set) var isRunOnce = false

  struct Firing: Hashable {
    var rule: String
    var line: Int
  }

  init(
    graph: ValueGraph, allowed: Set<Assumption>, scope: Scope, parameterTypes: [ValueTypes],
    elementTypes: [ValueTypes]
  ) {
    self.graph = graph
    self.allowed = allowed
    self.scope = scope
    self.parameterTypes = parameterTypes
    self.elementTypes = elementTypes
  }

  // MARK: The procedure

  /// The root of `procedure`: `[result, last effect]`. `roles` says what each parameter stands for.
  func root(of procedure: Procedure, roles: [ParameterAlignment.Role]) throws(Failure) -> NodeID {
    let entry = graph.node(.entry(depth: 0))
    var state = State(graph: graph, chain: entry)
    let frame = makeFrame(procedure, parent: nil)
    frame.isMethod = [.positional, .positionalOnly].contains(procedure.parameters.first?.kind)
    isRunOnce = procedure.kind == .module || procedure.kind == .classBody
    for (parameter, role) in zip(procedure.parameters, roles) {
      let value: NodeID
      switch role {
      case .constant(let constant): value = graph.constant(constant)
      case .shared(let number):
        var types = ValueTypes.unknown
        switch parameter.kind {
        case .variadic: types = .tuple
        case .variadicKeyword: types = .dictionary
        default: if allowed.contains(.annotations) { types = parameterTypes[number] }
        }
        value = graph.node(.parameter(number), types: types)
        if allowed.contains(.annotations), elementTypes[number] != .unknown {
          graph.elementTypes[value] = elementTypes[number]
        }
      }
      assign(parameter.name, value, fresh: false, frame, &state)
    }
    let flow = try execute(procedure.body, state, frame)
    return try finish(flow)
  }

  /// The root that a finished flow comes to: falling off the end returns None.
  func finish(_ flow: Flow) throws(Failure) -> NodeID {
    if graph.isExhausted { throw .budget }
    var result = graph.none
    var chain: NodeID?
    for kind in flow.kinds {
      guard let state = flow.states[kind] else { continue }
      guard let before = chain else {
        chain = state.chain
        continue
      }
      chain = graph.gamma(predicate(flow.selector, is: kind), state.chain, before)
    }
    if let value = flow.result, flow.states[.returned] != nil {
      let returns = predicate(flow.selector, is: .returned)
      // Falling off the end returns None; what a path that raised returns is nobody's business.
      result = flow.states[.fall] == nil ? value : graph.gamma(predicate(flow.selector, is: .fall), graph.none, value)
      let ends = graph.disjunction(returns, predicate(flow.selector, is: .fall))
      result = graph.constrain(result, to: ends)
    }
    return graph.node(.root, [result, chain ?? graph.none])
  }

  func makeFrame(_ procedure: Procedure, parent: Frame?) -> Frame {
    Frame(procedure: procedure, parent: parent, cells: VariableUse.cells(of: procedure)) { [unowned self] in
      newSlot()
    }
  }

  func newSlot() -> Slot {
    slotCount += 1
    return slotCount
  }

  func note(_ rule: Rule) { fired.insert(Firing(rule: rule.name, line: line)) }

  func assume(_ assumption: Assumption) -> Bool {
    guard allowed.contains(assumption) else {
      isRefused = true
      return false
    }
    used.insert(assumption)
    return true
  }

  /// What was noted on the way to a value that is not used is forgotten.
  func trial<Value>(_ body: () throws(Failure) -> Value?) throws(Failure) -> Value? {
    let before = (used, fired)
    if let value = try body() { return value }
    (used, fired) = before
    return nil
  }

  func unsupported(_ what: String) -> Failure { .unsupported(what, line: line) }

  // MARK: Effects

  /// How many effects may have raised a StopIteration so far, other than asking an iterator for its next element.
  private(set) var raisers = 0

  /// Adds an effect to the chain. `foreign`: it may run code that we do not see.
  @discardableResult
  func effect(
    _ effect: Effect, _ operands: [NodeID], _ state: inout State, types: ValueTypes = .unknown, foreign: Bool = true
  ) -> NodeID {
    // A point in time is no condition: what a bool tells on one path must not take the place of what happened there.
    let isCondition = types == .bool
    let node = graph.node(.effect(effect), [state.chain] + operands, types: isCondition ? .other : types)
    state.chain = node
    switch effect {
    // A protocol of an object may read a variable that closures share.
    case .storeCell, .deleteCell: state.answers.removeAll()
    default: break
    }
    if foreign, effect != .next { raisers += 1 }
    if foreign {
      state.clobber = node
      state.forget()
    }
    return isCondition ? graph.node(.outcome, [node], types: .bool) : node
  }

  /// `__eq__`, `__len__`, `__bool__`, `__hash__`, `__iter__` of an unknown object.
  func protocolEffect(_ kind: Effect, _ operands: [NodeID], _ state: inout State, types: ValueTypes = .unknown)
    -> NodeID
  {
    raisers += 1
    return effect(kind, operands, &state, types: types, foreign: !assume(.quietProtocols))
  }

  /// A question to an unknown object that is answered alike until something may have changed it.
  func question(_ kind: Effect, _ operands: [NodeID], _ state: inout State, types: ValueTypes) -> NodeID {
    let asked = State.Question(kind: kind, operands: operands)
    if allowed.contains(.quietProtocols), let known = state.answers[asked] {
      note(.askedOnce)
      return known
    }
    let answer = protocolEffect(kind, operands, &state, types: types)
    if allowed.contains(.quietProtocols) { state.answers[asked] = answer }
    return answer
  }

  func cellNumber(_ slot: Slot) -> Int {
    if let known = cellNumbers[slot] { return known }
    cellNumbers[slot] = cellNumbers.count
    return cellNumbers.count - 1
  }

  func guardNumber(_ slot: Slot) -> Int {
    if let known = guardNumbers[slot] { return known }
    guardNumbers[slot] = guardNumbers.count
    return guardNumbers.count - 1
  }

  func knownGuardNumber(_ slot: Slot) -> Int? { guardNumbers[slot] }

  // MARK: Variables

  /// The value of a local, as an object that may be referred to from elsewhere.
  func read(_ name: String, _ frame: Frame, _ state: inout State) -> NodeID {
    let slot = frame.slot(name)
    if frame.cells.contains(name) {
      return effect(.readCell(cellNumber(slot)), [], &state, foreign: false)
    }
    if state.owned.contains(slot) { return materialize(slot, &state) }
    return bound(slot, &state)
  }

  /// The node of a variable, after a check where it may have no value.
  func bound(_ slot: Slot, _ state: inout State) -> NodeID {
    let value = state.variables[slot] ?? graph.node(.unbound, types: .missing)
    let types = graph.type(value)
    guard types.contains(.missing) else { return value }
    let checked = effect(.checkBound, [value], &state, types: types.subtracting(.missing), foreign: false)
    state.variables[slot] = checked
    return checked
  }

  /// Gives a fresh container its identity: from here on others may refer to it.
  func materialize(_ slot: Slot, _ state: inout State) -> NodeID {
    var content = state.variables[slot] ?? graph.none
    if let factory = state.factories.removeValue(forKey: slot) {
      content = graph.node(.pureCall(factory.name), [content], types: .dictionary)
    }
    let object = allocate(content, &state)
    state.variables[slot] = object
    state.owned.remove(slot)
    return object
  }

  /// When it was made nobody can tell, only which other objects are not it.
  func allocate(_ value: NodeID, _ state: inout State) -> NodeID {
    let number = state.objects[value, default: 0]
    state.objects[value] = number + 1
    let object = graph.node(.object(number), [value, state.region], types: graph.type(value))
    state.contents[object] = value
    return object
  }

  /// Whether a fresh container in this local is known by its content: no handler and no closure sees the variable.
  func canOwn(_ name: String, _ frame: Frame) -> Bool {
    let slot = frame.slot(name)
    return !frame.cells.contains(name) && !frame.captured.contains(name) && !guarded.contains { $0.contains(slot) }
  }

  /// Stores into a local. `fresh`: the value is a container that nothing else refers to.
  func assign(_ name: String, _ value: NodeID, fresh: Bool, _ frame: Frame, _ state: inout State) {
    let slot = frame.slot(name)
    var value = value
    state.factories[slot] = nil
    let isGuarded = guarded.contains { $0.contains(slot) }
    let isCell = frame.cells.contains(name)
    if fresh, isGuarded || isCell || frame.captured.contains(name) {
      value = allocate(value, &state)
      state.owned.remove(slot)
    } else if fresh {
      state.owned.insert(slot)
    } else {
      state.owned.remove(slot)
    }
    if isCell {
      effect(.storeCell(cellNumber(slot)), [value], &state, foreign: false)
    } else {
      state.variables[slot] = value
    }
    if isGuarded { effect(.guardedStore(guardNumber(slot)), [value], &state, foreign: false) }
  }
}

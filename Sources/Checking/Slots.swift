import Logic

/// One input of both versions: a parameter of each, paired as a caller would reach them, or a captured variable.
struct Slot: Sendable {
  var name: String
  var kind: Parameter.Kind
  var oldIndex: Int?
  var newIndex: Int?
  var isCaptured = false
  /// Both versions may be called without it and mean the same by that.
  var canOmit = false
  /// In how many places each version goes through it.
  var passes = (old: 0, new: 0)
  /// One version has no such parameter, so in the other it stands at its default.
  var mustOmit = false
  /// The annotation that both versions carry: values that break it witness nothing.
  var hint: TypeHint?
  /// What standard input holds: lines that the author of the generator writes.
  var isConsole = false
  /// Its annotation says what a play consists of, and nothing of the values in it.
  var isScript = false
  var shape: Shape = .any
  /// What a value of another sort does not fit.
  var fitting: Shape = .any
  /// What the versions ask of its values, for what no annotation says.
  var demands: [JudgedDemand] = []
  /// What each version by itself asks of them, annotated or not.
  var structure: (old: Demand, new: Demand)?
  /// The attribute of an argument whose value this is.
  var attribute: String?
  /// The shape that the class of that argument gives it.
  var promise: Shape?
  /// Values that are stored there.
  var literals: [Constant] = []
  /// Names of parameters, which no caller can put among further keywords.
  var taken: Set<String> = []

  /// The object whose method runs.
  var isReceiver: Bool { attribute == nil && (name == "self" || name == "cls") && shape == .opaque }

  /// An attribute of which nothing is known but that code stores it.
  var isOnlyStored: Bool { mustOmit && attribute != nil }

  var isAnnotated: Bool { hint != nil && !isScript }

  /// As code reads it last.
  var lastName: String { attribute ?? name }

  /// Pairs by position, keyword-only parameters by name.
  static func pair(old oldProgram: Program, new newProgram: Program, shapes: Shapes) -> [Slot] {
    let (old, new) = (oldProgram.procedure, newProgram.procedure)
    func positional(_ procedure: Procedure) -> [Int] {
      procedure.parameters.indices.filter {
        procedure.parameters[$0].kind == .positionalOnly || procedure.parameters[$0].kind == .positional
      }
    }
    func index(_ kind: Parameter.Kind, _ name: String?, in procedure: Procedure) -> Int? {
      procedure.parameters.firstIndex { $0.kind == kind && (name == nil || $0.name == name) }
    }
    var pairs: [(Int?, Int?)] = []
    let oldPositional = positional(old)
    let newPositional = positional(new)
    for position in 0..<max(oldPositional.count, newPositional.count) {
      pairs.append(
        (
          position < oldPositional.count ? oldPositional[position] : nil,
          position < newPositional.count ? newPositional[position] : nil
        ))
    }
    for kind in [Parameter.Kind.variadic, .variadicKeyword] {
      let both = (index(kind, nil, in: old), index(kind, nil, in: new))
      if both.0 != nil || both.1 != nil { pairs.append(both) }
    }
    for (position, parameter) in new.parameters.enumerated() where parameter.kind == .keywordOnly {
      pairs.append((index(.keywordOnly, parameter.name, in: old), position))
    }
    for (position, parameter) in old.parameters.enumerated()
    where parameter.kind == .keywordOnly && index(.keywordOnly, parameter.name, in: new) == nil {
      pairs.append((position, nil))
    }

    let functions = oldProgram.functions.merging(newProgram.functions) { _, new in new }
    let classes = oldProgram.classes.merging(newProgram.classes) { _, new in new }
    let both = DemandReader.read([old, new], functions: functions, classes: classes) { _ in [] }
    let oldOnly = DemandReader.read([old], functions: oldProgram.functions, classes: oldProgram.classes) { _ in [] }
    let newOnly = DemandReader.read([new], functions: newProgram.functions, classes: newProgram.classes) { _ in [] }
    var slots: [Slot] = []
    for (oldIndex, newIndex) in pairs {
      let oldParameter = oldIndex.map { old.parameters[$0] }
      let newParameter = newIndex.map { new.parameters[$0] }
      guard let parameter = newParameter ?? oldParameter else { continue }
      var slot = Slot(name: parameter.name, kind: parameter.kind, oldIndex: oldIndex, newIndex: newIndex)
      if let oldParameter, let newParameter {
        slot.canOmit = oldParameter.defaultValue != nil && oldParameter.defaultValue == newParameter.defaultValue
        slot.hint = oldParameter.hint == newParameter.hint ? newParameter.hint : nil
        slot.shape = Shape.choice(
          [shapes.parameters[newParameter.name], shapes.parameters[oldParameter.name]].compactMap { $0 })
      } else {
        slot.mustOmit =
          parameter.defaultValue != nil || parameter.kind == .variadic || parameter.kind == .variadicKeyword
        slot.shape = shapes.parameters[parameter.name] ?? .any
      }
      if let oldParameter, newIndex != nil {
        slot.demands = [
          both[parameter.name].map { JudgedDemand(demand: $0, isStrict: false) },
          oldOnly[oldParameter.name].map { JudgedDemand(demand: $0, isStrict: true) },
        ].compactMap { $0 }
      }
      if let oldParameter, let newParameter, let one = oldOnly[oldParameter.name], let two = newOnly[newParameter.name]
      {
        slot.structure = (one, two)
      }
      slot.isScript = newProgram.wholeClass != nil && newIndex == new.parameters.indices.last
      slot.isConsole = newProgram.readsConsole
      if slot.kind == .variadicKeyword { slot.taken = Set((old.parameters + new.parameters).map(\.name)) }
      slot.passes = (
        oldParameter.map { old.passes(over: $0.name) } ?? 0, newParameter.map { new.passes(over: $0.name) } ?? 0
      )
      slot.fitting = slot.shape
      if let use = both[parameter.name].map({ Shape($0) }), !use.isVague, use != slot.shape {
        // Mostly as it is used, now and then as a glance at the code would have it.
        slot.shape = slot.hint == nil ? .union([use, use, use, slot.shape]) : slot.shape.refined(by: use)
      }
      if slot.name == "self" || slot.name == "cls" { slot.shape = .opaque }
      slots.append(slot)
    }
    for name in old.outerVariables.union(new.outerVariables).sorted() {
      var slot = Slot(name: name, kind: .keywordOnly, isCaptured: true)
      // What `super()` asks for is always a class.
      if name == "__class__" { slot.shape = .opaque }
      slots.append(slot)
    }
    return slots
  }
}

extension Procedure {
  /// In how many places it goes through what a variable holds.
  fileprivate func passes(over name: String) -> Int {
    let variable = Expression.local(name)
    var count = 0
    forEachNode { node in
      switch node {
      case .statement(let statement):
        if case .forLoop(_, variable, _, _, _) = statement.kind { count += 1 }
      case .expression(.comprehension(let comprehension)):
        for case .each(_, variable, _) in comprehension.clauses { count += 1 }
      case .expression(.call(.global(.builtin), let arguments)):
        count += arguments.count { $0.value == variable && $0.kind == .positional }
      case .expression(.compare(.contains, _, variable)), .expression(.compare(.notContains, _, variable)): count += 1
      default: break
      }
    }
    return count
  }

  /// Variables of enclosing functions that this one reads or stores.
  var outerVariables: Set<String> {
    var used: Set<String> = []
    var own = Set(parameters.map(\.name))
    forEachNode { node in
      switch node {
      case .expression(.captured(let name)), .target(.captured(let name)): used.insert(name)
      case .expression(.local(let name)), .target(.local(let name)): own.insert(name)
      case .expression(.closure(let inner)): own.formUnion(inner.parameters.map(\.name))
      default: break
      }
    }
    return used.subtracting(own)
  }
}

extension Input {
  /// Whether a caller that honours the annotation could pass this.
  func conforms(to hint: TypeHint) -> Bool {
    switch (hint, self) {
    case (_, .omitted), (_, .alias), (.any, _): return true
    case (.none, .none), (.bool, .bool), (.string, .string), (.bytes, .bytes): return true
    // A bool is an int too; where only a bool tells two versions apart, that is said with the annotation.
    case (.int, .int): return true
    case (.float, .float), (.float, .int): return true
    case (.list(let element), .list(let items)), (.variadicTuple(let element), .tuple(let items)),
      (.set(let element), .set(let items)), (.frozenSet(let element), .frozenSet(let items)),
      (.iterable(let element), .list(let items)), (.iterable(let element), .tuple(let items)),
      (.iterable(let element), .set(let items)), (.iterable(let element), .iterator(let items)):
      return items.allSatisfy { $0.conforms(to: element) }
    case (.dictionary(let key, let value), .dictionary(let pairs)):
      return pairs.allSatisfy { $0.key.conforms(to: key) && $0.value.conforms(to: value) }
    case (.tuple(let parts), .tuple(let items)):
      return parts.count == items.count && zip(parts, items).allSatisfy { $1.conforms(to: $0) }
    case (.callable, .opaque), (.named, .opaque): return true
    case (.literal(let constants), _): return constants.contains { Input($0) == self }
    case (.union(let parts), _): return parts.contains { conforms(to: $0) }
    default: return false
    }
  }
}

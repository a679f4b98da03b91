import Logic

/// A name and what it stands for, as printed.
package struct NamedText: Hashable, Sendable {
  package var name: String
  package var text: String
}

/// An input, with the answers of the unknown that it needs, on which two procedures differ.
package struct Counterexample: Sendable {
  /// Arguments in the new version's names; unknown objects that may be anything are left out.
  package var arguments: [NamedText]
  /// Answers of the world that matter: `self.limit = 3`.
  package var environment: [String]
  /// `returns None, after self.blocked.add(0)`.
  package var old: String
  package var new: String
  package var oldTrace: [String]
  package var newTrace: [String]
  package var oldObservation: Observation
  package var newObservation: Observation
  /// One side only fails on a type: a difference, though seldom the one meant.
  package var isWeak: Bool
  /// Assumptions that the arguments break: empty for one that counts.
  package var brokenAssumptions: [Assumption] = []
  /// The difference shows when the same function is called a second time with these arguments.
  package var isCalledTwice = false

  package var oldArguments: [Input]
  package var newArguments: [Input]
  package var captured: [String: Input]
  package var world: World
  package var followUps: [[Input]]
  package var limits: Limits
  let slots: [Slot]

  /// `node = 0, self.graph[0] = []`; `any call` when nothing in particular is needed.
  package var condition: String {
    let parts = arguments.map { "\($0.name) = \($0.text)" } + environment + (isCalledTwice ? ["called twice"] : [])
    return parts.isEmpty ? "any call" : parts.joined(separator: ", ")
  }

  /// Runs a procedure with one side's arguments in the same world.
  package func replay(
    _ procedure: Procedure, functions: [Reference: Procedure] = [:], as side: Side = .new
  ) -> Execution {
    Interpreter.run(
      Interpreter.compile(
        Program(isCalledTwice ? procedure.calledTwice ?? procedure : procedure, functions: functions)),
      arguments: side == .old ? oldArguments : newArguments, captured: captured, world: world, limits: limits,
      followUps: followUps)
  }

  /// Whether a procedure, such as a summary, behaves here as that side's code does.
  package func isReproduced(
    by procedure: Procedure, functions: [Reference: Procedure] = [:], as side: Side = .new
  ) -> Bool {
    let execution = replay(procedure, functions: functions, as: side)
    guard !execution.outcome.isStopped else { return false }
    return observationsAgree(execution.observation, side == .old ? oldObservation : newObservation)
  }
}

extension PairRunner {
  /// The counterexample that a case is, nil when it is none.
  func counterexample(_ input: Case, limits: Limits) -> Counterexample? {
    let (old, new) = runBoth(input)
    let comparison = compare(old, new)
    guard comparison.isDifference else { return nil }
    let oldCount = self.old.program.procedure.parameters.count
    let newCount = self.new.program.procedure.parameters.count
    var result = Counterexample(
      arguments: argumentTexts(input), environment: environment(input, old, new),
      old: describe(old, against: new, .old), new: describe(new, against: old, .new),
      oldTrace: old.trace.map(\.description), newTrace: new.trace.map(\.description),
      oldObservation: old.observation, newObservation: new.observation, isWeak: comparison == .weaklyDifferent,
      oldArguments: input.arguments(.old, slots: slots, count: oldCount),
      newArguments: input.arguments(.new, slots: slots, count: newCount), captured: input.captured(slots: slots),
      world: input.world, followUps: followUps, limits: limits, slots: slots)
    result.brokenAssumptions = input.brokenAssumptions(slots)
    return result
  }

  private func argumentTexts(_ input: Case) -> [NamedText] {
    zip(slots, input.values).compactMap { slot, value in
      switch value {
      case .opaque(slot.name), .omitted: return nil
      case _ where slot.mustOmit: return nil
      case .tuple([]) where slot.kind == .variadic: return nil
      case .dictionary([]) where slot.kind == .variadicKeyword: return nil
      case .alias(let other): return NamedText(name: slot.name, text: slots[other].name)
      default: return NamedText(name: slot.name, text: value.description)
      }
    }
  }

  /// Answers fixed by hand that were asked for, and others without which the difference is gone or reads otherwise.
  private func environment(_ input: Case, _ old: Execution, _ new: Execution) -> [String] {
    var seen: Set<String> = []
    var needed: [String] = []
    var seenInText: [String] = []
    var probes = 0
    for question in old.consulted + new.consulted where seen.insert(question.path).inserted {
      if input.world.profile.overrides[question.path] != nil {
        needed.append(question.text)
        continue
      }
      if case .value(.opaque) = question.answer { continue }
      guard probes < 40, !question.path.hasSuffix(" changes") else { continue }
      probes += 1
      switch role(of: question, input, old, new) {
      case .needed: needed.append(question.text)
      case .visible: seenInText.append(question.text)
      case .none: break
      }
    }
    return needed + seenInText.filter { $0.count <= 60 }.prefix(max(0, 3 - needed.count))
  }

  private enum Role { case needed, visible, none }

  private func role(of question: Consultation, _ input: Case, _ old: Execution, _ new: Execution) -> Role {
    var result = Role.none
    for answer in question.otherAnswers {
      var other = input
      other.world.profile.overrides[question.path] = answer
      let (changedOld, changedNew) = runBoth(other)
      if !compare(changedOld, changedNew).isDifference { return .needed }
      if changedOld.outcome != old.outcome || changedNew.outcome != new.outcome { result = .visible }
    }
    return result
  }

  private func describe(_ own: Execution, against other: Execution, _ side: Side) -> String {
    var text = own.outcome.description
    if text == other.outcome.description, own.outcome != other.outcome { text += own.identityText(slots, side) }
    if own.trace != other.trace {
      let common = zip(own.trace, other.trace).prefix { $0 == $1 }.count
      let all = own.trace[common...]
      // States stand between effects; alone they are all there is to tell.
      let effects = all.filter { if case .state = $0 { false } else { true } }
      let rest = effects.isEmpty ? Array(all) : effects
      if !rest.isEmpty {
        text += ", after " + rest.prefix(2).map(\.description).joined(separator: ", then ")
        if rest.count > 2 { text += ", ..." }
      }
    }
    for slot in slots {
      guard let oldIndex = slot.oldIndex, let newIndex = slot.newIndex else { continue }
      let ownIndex = side == .old ? oldIndex : newIndex
      let otherIndex = side == .old ? newIndex : oldIndex
      let ownArguments = own.observation.arguments
      let otherArguments = other.observation.arguments
      guard ownIndex < ownArguments.count, otherIndex < otherArguments.count else { continue }
      if ownArguments[ownIndex] != otherArguments[otherIndex] {
        text += ", leaving \(slot.name) = \(ownArguments[ownIndex])"
      }
    }
    let ownCalls = own.observation.followUps
    let otherCalls = other.observation.followUps
    if ownCalls != otherCalls,
      let index = ownCalls.indices.first(where: { $0 >= otherCalls.count || ownCalls[$0] != otherCalls[$0] })
    {
      let arguments = index < followUps.count ? followUps[index].map(\.description).joined(separator: ", ") : ""
      text += ", which called with (\(arguments)) \(ownCalls[index])"
    }
    return text
  }
}

extension Execution {
  /// Where the result's identity is what differs: whose object it is.
  fileprivate func identityText(_ slots: [Slot], _ side: Side) -> String {
    guard case .returned(let value) = outcome, let number = value.number else { return "" }
    for slot in slots {
      guard let index = side == .old ? slot.oldIndex : slot.newIndex, index < observation.arguments.count else {
        continue
      }
      if observation.arguments[index].number == number { return ", \(slot.name) itself" }
    }
    return ", an object of its own"
  }
}

extension Snapshot {
  /// Of a mutable object.
  fileprivate var number: Int? {
    switch self {
    case .list(let number, _), .set(let number, _), .dictionary(let number, _), .instance(let number, _, _),
      .iterator(let number), .function(let number), .again(let number):
      number
    default: nil
    }
  }
}

extension Consultation {
  /// As a condition: `a < b`, `not a.closed`, `self.limit = 3`.
  fileprivate var text: String {
    guard case .value(.bool(let flag)) = answer, isProtocol else { return description }
    var question = path
    if question.hasPrefix("bool("), question.hasSuffix(")") {
      question = String(question.dropFirst(5).dropLast())
      return flag ? "\(question) is true" : "\(question) is false"
    }
    return flag ? question : "not \(question)"
  }

  /// Answers of the same sort that the world could as well have given.
  var otherAnswers: [Answer] {
    switch answer {
    case .raises: [.value(.none), .value(.opaque(path))]
    case .value(let value):
      switch value {
      case .bool(let flag): [.value(.bool(!flag))]
      case .int(let number):
        isProtocol ? [.value(.int(number == 0 ? 1 : 0))] : [.value(.int(number + 7)), .value(.opaque(path))]
      case .none: [.value(.opaque(path)), .value(.int(1))]
      case .opaque: [.value(.none)]
      case .string: [.value(.string("other")), .value(.opaque(path))]
      default: isProtocol ? [] : [.value(.opaque(path)), .value(.none)]
      }
    }
  }
}

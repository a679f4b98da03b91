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
  /// What to say where nothing in particular is needed.
  package var unconditional = "any call"
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
  package var followUps: [FollowUp]
  package var limits: Limits
  let slots: [Slot]

  /// `node = 0, self.graph[0] = []`; `any call` when nothing in particular is needed.
  package var condition: String {
    let parts = arguments.map { "\($0.name) = \($0.text)" } + environment + (isCalledTwice ? ["called twice"] : [])
    return parts.isEmpty ? unconditional : parts.joined(separator: ", ")
  }

  /// Whether it comes to a call of a function or method of this name.
  package func rests(onCallsOf name: String) -> Bool {
    [environment, oldTrace, newTrace].contains { $0.contains { $0.contains("\(name)(") } }
  }

  /// Runs a procedure with one side's arguments in the same world.
  package func replay(
    _ procedure: Procedure, functions: [Reference: Procedure] = [:], as side: Side = .new
  ) -> Execution {
    replay(Program(procedure, functions: functions), as: side)
  }

  private func replay(_ program: Program, as side: Side) -> Execution {
    Interpreter.run(
      Interpreter.compile(isCalledTwice ? program.calledTwice ?? program : program),
      arguments: side == .old ? oldArguments : newArguments, captured: captured, world: world, limits: limits,
      followUps: followUps)
  }

  /// Whether these two behave differently here.
  func tellsApart(_ old: Program, _ new: Program) -> Bool {
    let (left, right) = (replay(old, as: .old), replay(new, as: .new))
    if left.outcome.isStopped || right.outcome.isStopped { return false }
    if [left, right].contains(where: { $0.versionDependent || $0.orderDependent }) { return false }
    return !observationsAgree(left.observation, right.observation)
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
      world: input.world(slots: slots), followUps: followUps, limits: limits, slots: slots)
    result.brokenAssumptions = input.brokenAssumptions(slots)
    switch self.new.program.procedure.kind {
    case .module: result.unconditional = "it is imported"
    case .classBody: result.unconditional = "the class is made"
    default: break
    }
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
      case .list(let lines) where slot.isConsole:
        let text = lines.reduce(into: CodePoints("")) { text, line in
          if case .string(let line) = line { text.values += line.values + [10] }
        }
        return NamedText(name: "standard input", text: Input.string(text).description)
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
      if question.isUsual { continue }
      if input.world.profile.overrides[question.path] != nil {
        needed.append(question.text)
        continue
      }
      if case .value(.opaque) = question.answer { continue }
      guard probes < 24, !question.path.hasSuffix(" changes") else { continue }
      probes += 1
      switch role(of: question, input, old, new) {
      case .needed: needed.append(question.text)
      case .visible: seenInText.append(question.text)
      case .none: break
      }
    }
    if let drive = input.world.profile.drive.text { needed.append(drive) }
    return needed + seenInText.filter { $0.count <= 60 }.prefix(max(0, 3 - needed.count))
  }

  private enum Role { case needed, visible, none }

  private func role(of question: Consultation, _ input: Case, _ old: Execution, _ new: Execution) -> Role {
    var result = Role.none
    for answer in question.otherAnswers {
      var other = input
      other.world.profile.overrides[question.path] = answer
      let (changedOld, changedNew) = runBoth(other)
      if !compare(changedOld, changedNew).isDifference {
        // That both would fail on the shape of a value goes without saying.
        return changedOld.outcome.isImplicitFailure && changedNew.outcome.isImplicitFailure ? .none : .needed
      }
      let fails = changedOld.outcome.isImplicitFailure && changedNew.outcome.isImplicitFailure
      if !fails, changedOld.outcome != old.outcome || changedNew.outcome != new.outcome { result = .visible }
    }
    return result
  }

  /// Effects of one run that the other does not have at their place.
  private func ownEffects(of own: Execution, against other: Execution) -> [String] {
    if own.trace == other.trace { return [] }
    let common = zip(own.trace, other.trace).prefix { $0 == $1 }.count
    let rest = own.trace[common...].prefix(200)
    let indices = Events.unmatched(Array(rest), Array(other.trace[common...].prefix(200)))
    let all = indices.map { rest[rest.startIndex + $0] }
    // States stand between effects; alone they are all there is to tell.
    let effects = all.filter { if case .state = $0 { false } else { true } }
    return (effects.isEmpty ? all : effects).map(\.description)
  }

  private func describe(_ own: Execution, against other: Execution, _ side: Side) -> String {
    var text = own.outcome.description
    if text == other.outcome.description, own.outcome != other.outcome { text += own.identityText(slots, side) }
    var effects = ownEffects(of: own, against: other)
    // A call whose result is returned is told with it.
    if own.outcome != other.outcome { effects.removeAll { text.contains($0) } }
    // Code that is run for its names returns nothing.
    let returnsNothing = isRunOnce && text == "returns None"
    if !effects.isEmpty {
      let shown = effects.prefix(2).joined(separator: ", then ") + (effects.count > 2 ? ", ..." : "")
      text = returnsNothing ? "does \(shown)" : text + ", after \(shown)"
    } else if returnsNothing {
      text = "does nothing else"
    }
    for slot in slots {
      guard let oldIndex = slot.oldIndex, let newIndex = slot.newIndex else { continue }
      let ownIndex = side == .old ? oldIndex : newIndex
      let otherIndex = side == .old ? newIndex : oldIndex
      let ownArguments = own.observation.arguments
      let otherArguments = other.observation.arguments
      guard ownIndex < ownArguments.count, otherIndex < otherArguments.count else { continue }
      if ownArguments[ownIndex] != otherArguments[otherIndex] {
        let left = ownArguments[ownIndex]
        text += ", leaving \(slot.name) " + (left == .unset ? "as it was" : "= \(left)")
      }
    }
    let ownCalls = own.observation.followUps
    let otherCalls = other.observation.followUps
    if ownCalls != otherCalls,
      let index = ownCalls.indices.first(where: { $0 >= otherCalls.count || ownCalls[$0] != otherCalls[$0] })
    {
      let arguments = index < followUps.count ? followUps[index].description : ""
      text += ", which called with (\(arguments)) \(ownCalls[index])"
    }
    return text
  }
}

enum Events {
  /// Indices of the left events that a longest common subsequence leaves out.
  static func unmatched(_ left: [Event], _ right: [Event]) -> [Int] {
    guard !left.isEmpty else { return [] }
    let width = right.count + 1
    // lengths[i * width + j]: of the sequences from i and from j on.
    var lengths = [Int](repeating: 0, count: (left.count + 1) * width)
    for i in left.indices.reversed() {
      for j in right.indices.reversed() {
        lengths[i * width + j] =
          left[i] == right[j]
          ? lengths[(i + 1) * width + j + 1] + 1 : max(lengths[(i + 1) * width + j], lengths[i * width + j + 1])
      }
    }
    var result: [Int] = []
    var (i, j) = (0, 0)
    while i < left.count {
      if j < right.count, left[i] == right[j] {
        (i, j) = (i + 1, j + 1)
      } else if j < right.count, lengths[i * width + j + 1] >= lengths[(i + 1) * width + j] {
        j += 1
      } else {
        result.append(i)
        i += 1
      }
    }
    return result
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

extension Profile.Drive {
  /// How the generator is used, where that is more than asking for items.
  fileprivate var text: String? {
    switch self {
    case .plain: nil
    case .sends: "each item is answered with send(number)"
    case .throwsAt(let place, let name): "\(name) is thrown in at item \(place)"
    case .closesAt(let place): "closed at item \(place)"
    }
  }
}

extension Consultation {
  /// What a reader takes for granted: `len` is `len`, the module is imported and there, a built-in exception is none of
  /// a class from elsewhere.
  fileprivate var isUsual: Bool {
    if isImport { if case .value = answer { return true } }
    if path.hasSuffix(" is the builtin") { return answer == .value(.bool(true)) }
    if path.hasPrefix("issubclass(") || path == "__name__ == '__main__'" { return answer == .value(.bool(false)) }
    return false
  }

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

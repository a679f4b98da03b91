import Logic
import OrderedCollections

/// Which of the two versions.
package enum Side: String, Hashable, Sendable {
  case old, new
}

/// One input of the pair: a value for each slot, and the world that answers the rest.
struct Case: Hashable, Sendable {
  var values: [Input]
  var world: World

  /// Profiles are large and mostly shared; they are compared, not hashed.
  func hash(into hasher: inout Hasher) {
    hasher.combine(values)
    hasher.combine(world.seed)
    hasher.combine(world.profile.overrides.count)
  }

  /// The argument list of one side. An alias names the slot; it becomes the index of that slot's argument, or a value
  /// of its own where the other has not been made yet.
  func arguments(_ side: Side, slots: [Slot], count: Int) -> [Input] {
    var result = [Input](repeating: .omitted, count: count)
    for (slot, value) in zip(slots, values) where !slot.isCaptured && !slot.mustOmit && slot.attribute == nil {
      guard let index = side == .old ? slot.oldIndex : slot.newIndex, index < count else { continue }
      if case .alias(let other) = value {
        let target = side == .old ? slots[other].oldIndex : slots[other].newIndex
        if let target, target < index { result[index] = .alias(of: target) } else { result[index] = values[other] }
      } else {
        result[index] = value
      }
    }
    return result
  }

  /// The world with what attributes of arguments hold.
  func world(slots: [Slot]) -> World {
    var result = world
    for (slot, value) in zip(slots, values) where slot.attribute != nil {
      result.attributes[slot.name] = slot.isOnlyStored ? .omitted : value
    }
    return result
  }

  func captured(slots: [Slot]) -> [String: Input] {
    var result: [String: Input] = [:]
    for (slot, value) in zip(slots, values) where slot.isCaptured {
      if case .alias(let other) = value { result[slot.name] = values[other] } else { result[slot.name] = value }
    }
    return result
  }

  /// What about annotations that both versions carry these values break: the types, or that containers do not share.
  func brokenAssumptions(_ slots: [Slot]) -> [Assumption] {
    var result: Set<Assumption> = []
    for (slot, value) in zip(slots, values) {
      if case .alias(let other) = value {
        if slot.isAnnotated, let hint = slot.hint, !values[other].conforms(to: hint) { result.insert(.annotations) }
        if slot.hint != nil || slots[other].hint != nil { result.insert(.noAlias) }
      } else if let hint = slot.hint, !value.conforms(to: hint) {
        result.insert(.annotations)
      }
    }
    return result.sorted()
  }
}

/// Both versions, compiled, with what pairs their parameters; counts the steps that it spends.
final class PairRunner {
  let old: CompiledProgram
  let new: CompiledProgram
  let slots: [Slot]
  let followUps: [FollowUp]
  /// Parameter lists line up, so argument snapshots can be compared as they are.
  let sameLayout: Bool
  let hasLoops: Bool
  let hasDecisions: Bool
  /// NaN and its like are asked for by name.
  let mentionsStrangeNumbers: Bool
  /// A version asks for the type of a value, or catches that it is another.
  let asksForTypes: Bool
  /// A version knows of `True` and `False`.
  let mentionsTruths: Bool
  /// A version tells spans that are upside down from others.
  let comparesSpanEnds: Bool
  let learned: Learned
  let callsApart: CallsApart
  /// What the versions ask of answers of the world, by the name of the question.
  let answers: [String: Demand]
  var limits: Limits
  /// Of standard input, where whole programs are run.
  var author: ConsoleAuthor?
  private var ownSteps = 0
  var steps: Int { ownSteps + (author?.steps ?? 0) }

  init(old: CompiledProgram, new: CompiledProgram, slots: [Slot], answers: [String: Demand] = [:], limits: Limits) {
    self.old = old
    self.new = new
    self.slots = slots
    self.answers = answers
    self.limits = limits
    sameLayout =
      old.program.procedure.parameters.count == new.program.procedure.parameters.count
      && slots.allSatisfy { $0.oldIndex == $0.newIndex }
    hasLoops = [old, new].contains { $0.decisions.contains { $0.kind == .loop } }
    hasDecisions = [old, new].contains { !$0.decisions.isEmpty }
    mentionsStrangeNumbers = [old, new].contains { $0.program.procedure.mentionsStrangeNumbers }
    asksForTypes = [old, new].contains { $0.program.procedure.asksForTypes }
    mentionsTruths = [old, new].contains { $0.program.procedure.mentionsTruths }
    learned = Learned(old: old.program, new: new.program)
    comparesSpanEnds = [old, new].contains { $0.program.comparesSpanEnds }
    callsApart = CallsApart(old: old.program, new: new.program)
    followUps = Self.followUps([old.program.procedure, new.program.procedure])
  }

  func run(_ side: Side, _ input: Case) -> Execution {
    let program = side == .old ? old : new
    return run(program, as: side, input)
  }

  /// Runs another program in the place of one side: a mutant, a summary.
  func run(_ program: CompiledProgram, as side: Side, _ input: Case) -> Execution {
    let count = program.program.procedure.parameters.count
    let execution = Interpreter.run(
      program, arguments: input.arguments(side, slots: slots, count: count), captured: input.captured(slots: slots),
      world: input.world(slots: slots), limits: limits, followUps: followUps)
    // Making values and the observation costs too, and must not be free for the budget.
    ownSteps += execution.steps + 30
    return execution
  }

  /// What a run holds against each other, in order.
  func meetings(_ side: Side, _ input: Case) -> [Meeting] {
    let wasNoting = limits.notesMeetings
    limits.notesMeetings = true
    defer { limits.notesMeetings = wasNoting }
    return run(side, input).meetings
  }

  func runBoth(_ input: Case) -> (old: Execution, new: Execution) { (run(.old, input), run(.new, input)) }

  /// Argument lists for a function that was returned: small numbers and unknown objects, for each arity in sight.
  /// With what must be given by name, and in the last call of each with another name where any is taken.
  private static func followUps(_ procedures: [Procedure]) -> [FollowUp] {
    var counts: Set<Int> = []
    var names: OrderedSet<String> = []
    var takesAnyName = false
    for procedure in procedures {
      procedure.forEachNode { node in
        guard case .expression(.closure(let inner)) = node else { return }
        let positional = inner.parameters.filter { $0.kind != .keywordOnly && $0.kind != .variadicKeyword }
        let needed = positional.count { $0.defaultValue == nil && $0.kind != .variadic }
        counts.formUnion([min(positional.count, 4), min(needed, 4)])
        if positional.contains(where: { $0.kind == .variadic }) { counts.insert(min(positional.count + 1, 4)) }
        names.formUnion(inner.parameters.filter { $0.kind == .keywordOnly && $0.defaultValue == nil }.map(\.name))
        if inner.parameters.contains(where: { $0.kind == .variadicKeyword }) { takesAnyName = true }
      }
    }
    let keywords = names.map { FollowUp.Keyword($0, .opaque($0)) }
    return counts.sorted().flatMap { count -> [FollowUp] in
      let lists: [[Input]] =
        count == 0
        ? [[], []]
        : [
          (0..<count).map { .int($0 + 1) }, (0..<count).map { .opaque("value\($0 + 1)") },
          (0..<count).map { .int(count - $0) },
        ]
      let calls = lists.map { FollowUp($0, keywords: keywords) }
      guard takesAnyName, let last = lists.last else { return calls }
      return calls + [FollowUp(last, keywords: keywords + [FollowUp.Keyword("option", .opaque("option"))])]
    }
  }
}

import Logic

/// Which variables of a procedure are read later, after each of its statements.
///
/// Worked out backwards over the structured code. Where an exception may lead from is not followed: whatever is read in
/// a `try` statement or after it counts as read later everywhere inside it. What closures capture is left to the caller.
struct Liveness {
  /// By the place of a statement.
  private(set) var after: [Place: Set<String>] = [:]
  private(set) var captured: Set<String> = []

  private struct Exits {
    /// Where `break` and `continue` lead.
    var afterLoop: Set<String> = []
    var nextRound: Set<String> = []
    /// Where exceptions lead.
    var handled: Set<String> = []
  }

  /// Variables that may be read before anything is stored in them.
  private(set) var first: Set<String> = []

  init(_ procedure: Procedure) {
    first = before(procedure.body, [], Exits(), Place(steps: [], index: 0))
    captured = Self.captures(procedure.body)
  }

  private mutating func before(
    _ block: [Statement], _ later: Set<String>, _ exits: Exits, _ place: Place
  ) -> Set<String> {
    var live = later
    for index in block.indices.reversed() {
      var here = place
      here.index = index
      after[here] = live
      live = before(block[index], live, exits, here).union(exits.handled)
    }
    return live
  }

  private mutating func before(
    _ statement: Statement, _ later: Set<String>, _ exits: Exits, _ place: Place
  ) -> Set<String> {
    func inner(_ block: Int) -> Place {
      Place(steps: place.steps + [.init(index: place.index, block: block)], index: 0)
    }
    switch statement.kind {
    case .assign(let targets, let value):
      return later.subtracting(targets.compactMap(\.local)).union(Self.reads(targets)).union(Self.reads(value))
    case .branch(let test, let then, let otherwise):
      return before(then, later, exits, inner(0)).union(before(otherwise, later, exits, inner(1)))
        .union(Self.reads(test))
    case .whileLoop(let test, let body, let otherwise):
      return loop(body, otherwise, reads: Self.reads(test), binds: [], later, exits, inner(0), inner(1))
    case .forLoop(let target, let source, let body, let otherwise, _):
      return loop(
        body, otherwise, reads: Self.reads([target]), binds: Set(target.locals), later, exits, inner(0), inner(1)
      ).union(Self.reads(source))
    case .breakLoop: return exits.afterLoop
    case .continueLoop: return exits.nextRound
    case .returnValue(let value): return value.map(Self.reads) ?? []
    case .raise(let value, let cause): return [value, cause].compactMap { $0 }.reduce([]) { $0.union(Self.reads($1)) }
    default:
      // no kills: all that is read inside or later
      let reads = later.union(Self.reads(statement))
      var inside = exits
      inside.handled.formUnion(reads)
      for (index, block) in statement.blocks.enumerated() { _ = before(block, reads, inside, inner(index)) }
      return reads
    }
  }

  private mutating func loop(
    _ body: [Statement], _ otherwise: [Statement], reads: Set<String>, binds: Set<String>, _ later: Set<String>,
    _ exits: Exits, _ bodyPlace: Place, _ otherwisePlace: Place
  ) -> Set<String> {
    let end = before(otherwise, later, exits, otherwisePlace).union(reads)
    var head = end
    // the second round sees what the first one reads at its start
    for _ in 0..<2 {
      var inside = exits
      inside.afterLoop = later
      inside.nextRound = head
      head = end.union(before(body, head, inside, bodyPlace).subtracting(binds))
    }
    return head
  }

  // MARK: Reads

  private static func reads(_ value: Expression) -> Set<String> { reads { $0.visit(value) } }
  private static func reads(_ targets: [Target]) -> Set<String> {
    reads { for target in targets { $0.visit(target) } }
  }
  private static func reads(_ statement: Statement) -> Set<String> {
    if case .augment(.local(let name), _, _) = statement.kind { return reads { $0.visit(statement) }.union([name]) }
    if case .delete(.local(let name)) = statement.kind { return [name] }
    return reads { $0.visit(statement) }
  }

  private static func reads(_ walk: (Walk) -> Void) -> Set<String> {
    let names = NameSet()
    var visitor = Walk()
    visitor.expression = { if case .local(let name) = $0 { names.found.insert(name) } }
    visitor.statement = { if case .augment(.local(let name), _, _) = $0.kind { names.found.insert(name) } }
    walk(visitor)
    return names.found
  }

  /// Variables of a procedure that closures in `statements` share.
  static func captures(_ statements: [Statement]) -> Set<String> {
    let names = NameSet()
    func visitor() -> Walk {
      var walk = Walk()
      walk.expression = { if case .captured(let name) = $0 { names.found.insert(name) } }
      walk.target = { if case .captured(let name) = $0 { names.found.insert(name) } }
      walk.closure = { visitor()($0.body) }
      return walk
    }
    visitor()(statements)
    return names.found
  }
}

final class NameSet {
  var found: Set<String> = []
}

/// Where a statement stands in a procedure.
struct Place: Hashable {
  struct Step: Hashable {
    /// Of the statement in its block, and of the inner block in the statement.
    var index: Int
    var block: Int
  }
  var steps: [Step]
  var index: Int
}

extension Target {
  var local: String? { if case .local(let name) = self { name } else { nil } }

  /// The variables that a store to it binds.
  var locals: [String] {
    switch self {
    case .local(let name): [name]
    case .unpack(let targets, _): targets.flatMap(\.locals)
    default: []
    }
  }
}

extension Statement {
  /// The blocks inside it, in order; `withBlocks` puts others in their place.
  var blocks: [[Statement]] {
    switch kind {
    case .branch(_, let then, let otherwise): [then, otherwise]
    case .whileLoop(_, let body, let otherwise), .forLoop(_, _, let body, let otherwise, _): [body, otherwise]
    case .tryBlock(let body, let handlers, let otherwise, let finally):
      [body] + handlers.map(\.body) + [otherwise, finally]
    case .with(_, _, let body, _): [body]
    case .match(_, let cases): cases.map(\.body)
    default: []
    }
  }

  func withBlocks(_ new: [[Statement]]) -> Statement {
    var result = self
    switch kind {
    case .branch(let test, _, _): result.kind = .branch(test, then: new[0], otherwise: new[1])
    case .whileLoop(let test, _, _): result.kind = .whileLoop(test, body: new[0], otherwise: new[1])
    case .forLoop(let target, let source, _, _, let isAsync):
      result.kind = .forLoop(target, source, body: new[0], otherwise: new[1], isAsync: isAsync)
    case .tryBlock(_, var handlers, _, _):
      for index in handlers.indices { handlers[index].body = new[index + 1] }
      result.kind = .tryBlock(
        new[0], handlers: handlers, otherwise: new[handlers.count + 1], finally: new[handlers.count + 2])
    case .with(let context, let target, _, let isAsync):
      result.kind = .with(context, target, body: new[0], isAsync: isAsync)
    case .match(let subject, var cases):
      for index in cases.indices { cases[index].body = new[index] }
      result.kind = .match(subject, cases)
    default: break
    }
    return result
  }
}

import Logic
import OrderedCollections

/// What the tests of a procedure ask about, line by line: where a search flips an answer to go the other way.
struct Guards: Sendable {
  struct Guard: Sendable {
    /// Last names of what is read, locals followed to what they were bound to.
    var names: Set<String> = []
    /// Literals that stand in the test.
    var literals: OrderedSet<Input> = []
  }

  private var byLine: [Int: Guard] = [:]

  init(_ procedure: Procedure) {
    var bindings: [String: Set<String>] = [:]
    procedure.forEachNode { node in
      guard case .statement(let statement) = node else { return }
      switch statement.kind {
      case .assign(let targets, let value):
        for target in targets { Self.bind(target, Self.names(in: value), &bindings) }
      case .forLoop(let target, let source, _, _, _): Self.bind(target, Self.names(in: source), &bindings)
      case .with(let manager, let target?, _, _): Self.bind(target, Self.names(in: manager), &bindings)
      default: break
      }
    }
    procedure.forEachNode { node in
      guard case .statement(let statement) = node else { return }
      var found = byLine[statement.line] ?? Guard()
      for expression in statement.kind.ownExpressions {
        found.names.formUnion(Self.names(in: expression))
        Self.literals(in: expression) { found.literals.append($0) }
      }
      for _ in 0..<2 {
        for name in found.names { found.names.formUnion(bindings[name] ?? []) }
      }
      byLine[statement.line] = found
    }
  }

  subscript(line: Int) -> Guard { byLine[line] ?? Guard() }

  private static func bind(_ target: Target, _ names: Set<String>, _ bindings: inout [String: Set<String>]) {
    switch target {
    case .local(let name), .captured(let name): bindings[name, default: []].formUnion(names)
    case .unpack(let targets, _): for target in targets { bind(target, names, &bindings) }
    default: break
    }
  }

  private static func walk(_ expression: Expression, _ body: (Expression) -> Void) {
    var stack = [Node.expression(expression)]
    while let node = stack.popLast() {
      if case .expression(let inner) = node {
        body(inner)
        if case .closure = inner { continue }
      }
      stack += node.children
    }
  }

  private static func names(in expression: Expression) -> Set<String> {
    var found: Set<String> = []
    walk(expression) { if let name = $0.placeName { found.insert(name) } }
    return found
  }

  private static func literals(in expression: Expression, _ add: (Input) -> Void) {
    walk(expression) { if let literal = $0.literal { add(literal) } }
  }
}

extension Statement.Kind {
  /// Expressions of the statement itself, not of statements inside it.
  fileprivate var ownExpressions: [Expression] {
    children.compactMap { if case .expression(let expression) = $0 { expression } else { nil } }
  }
}

/// Sides of decisions that no run has taken while some run took the other: where a search may go on.
struct Frontier {
  /// A run that came to a decision and went the other way.
  struct Place: Sendable {
    var input: Case
    /// Answers that it had asked for by then, the latest last.
    var asked: [Consultation]
    var tries = 0
    /// What the run held against each other just before.
    var meetings: [Meeting]?
  }

  private(set) var places: OrderedDictionary<Int, Place> = [:]
  let decisions: [Decision]
  let guards: Guards

  init(_ program: CompiledProgram) {
    decisions = program.decisions
    guards = Guards(program.program.procedure)
  }

  /// Keeps the first run that came to a side's decision, and a later one where that led nowhere.
  mutating func note(_ input: Case, _ execution: Execution, covered: Coverage) {
    for side in execution.takenAfter.indices where execution.takes(side) {
      places[side] = nil
      let other = side ^ 1
      guard !covered.contains(other), !execution.takes(other) else { continue }
      if let known = places[other], known.tries < 12 || known.tries > 200 { continue }
      let count = min(Int(execution.takenAfter[side]) - 1, execution.consulted.count)
      let tries = places[other].map { $0.tries + 1 } ?? 0
      places[other] = Place(input: input, asked: Array(execution.consulted.prefix(max(0, count))), tries: tries)
    }
  }

  mutating func keep(_ meetings: [Meeting], at side: Int) { places[side]?.meetings = meetings }

  mutating func tried(_ side: Int) { places[side]?.tries += 1 }

  func test(of side: Int) -> Guards.Guard { guards[decisions[side / 2].line] }
}

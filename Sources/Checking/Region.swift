import Logic

/// The statements that the change touched, and which decisions lead to them: whether a run went through them.
struct Region: Sendable {
  /// Ways in, for each side: decisions that must have gone a given way. An empty list is always reached.
  private var ways: [Side: [[Set<Int>]]] = [:]
  /// Lines at which the changed statements of each side begin; nil is the whole body.
  private(set) var lines: [Side: Set<Int>?] = [:]

  init(old: CompiledProgram, new: CompiledProgram, oldLines: Set<Int>?, newLines: Set<Int>?) {
    for (side, program, given) in [(Side.old, old, oldLines), (Side.new, new, newLines)] {
      let owners = given.map { program.program.procedure.owners(of: $0) }
      lines[side] = owners
      guard let owners, !owners.isEmpty else {
        ways[side] = [[]]
        continue
      }
      var finder = WayFinder(lines: owners, decisions: program.decisions)
      finder.walk(program.program.procedure.body, [], depth: 0)
      ways[side] = finder.ways.isEmpty ? [[]] : finder.ways
    }
  }

  /// Whether a side of a decision stands on a way to the change.
  func leads(through side: Int, _ version: Side) -> Bool {
    (ways[version] ?? []).contains { way in way.contains { $0.contains(side) } }
  }

  /// The run went through a changed statement and did not fail implicitly there or elsewhere.
  func isComplete(_ execution: Execution, _ side: Side) -> Bool {
    if execution.outcome.isStopped { return false }
    if case .raised(.exception(_, arguments: nil, _)) = execution.outcome { return false }
    return (ways[side] ?? [[]]).contains { way in
      way.allSatisfy { sides in sides.contains { execution.takes($0) } }
    }
  }
}

private struct WayFinder {
  let lines: Set<Int>
  let byLine: [Int: [(kind: Decision.Kind, index: Int)]]
  var ways: [[Set<Int>]] = []

  init(lines: Set<Int>, decisions: [Decision]) {
    self.lines = lines
    var table: [Int: [(kind: Decision.Kind, index: Int)]] = [:]
    for (index, decision) in decisions.enumerated() { table[decision.line, default: []].append((decision.kind, index)) }
    byLine = table
  }

  /// Ids of the decisions of a kind at a line, gone one way; nil when nothing is known of it.
  private func ids(_ kind: Decision.Kind, _ line: Int, taken: Bool) -> [Set<Int>] {
    let found = (byLine[line] ?? []).filter { $0.kind == kind }.map { 2 * $0.index + (taken ? 0 : 1) }
    return found.isEmpty ? [] : [Set(found)]
  }

  mutating func walk(_ statements: [Statement], _ way: [Set<Int>], depth: Int) {
    guard depth < 100, ways.count < 64 else { return }
    var way = way
    for statement in statements {
      if lines.contains(statement.line) {
        ways.append(way)
        continue
      }
      let line = statement.line
      switch statement.kind {
      case .branch(_, let then, let otherwise):
        walk(then, way + ids(.branch, line, taken: true), depth: depth + 1)
        walk(otherwise, way + ids(.branch, line, taken: false), depth: depth + 1)
        // What comes after a guard is only come to by passing it.
        if then.last?.leaves == true { way += ids(.branch, line, taken: false) }
        if otherwise.last?.leaves == true { way += ids(.branch, line, taken: true) }
      case .whileLoop(_, let body, let otherwise), .forLoop(_, _, let body, let otherwise, _):
        walk(body, way + ids(.loop, line, taken: true), depth: depth + 1)
        walk(otherwise, way + ids(.loop, line, taken: false), depth: depth + 1)
      case .tryBlock(let body, let handlers, let otherwise, let finally):
        walk(body, way, depth: depth + 1)
        for handler in handlers {
          if lines.contains(handler.line), handler.line != 0 {
            ways.append(way + ids(.handler, handler.line, taken: true))
          }
          walk(handler.body, way + ids(.handler, handler.line, taken: true), depth: depth + 1)
        }
        walk(otherwise, way, depth: depth + 1)
        walk(finally, way, depth: depth + 1)
      case .with(_, _, let body, _): walk(body, way, depth: depth + 1)
      case .match(_, let cases): for one in cases { walk(one.body, way, depth: depth + 1) }
      case .defineClass(_, let definition): walk(definition.body.body, way, depth: depth + 1)
      default: break
      }
    }
  }
}

import Logic

/// A stretch of a procedure's statements as a procedure of its own: its parameters are the variables that it reads, and
/// it returns those that are read after it.
///
/// That is how a long function gets a summary: a loop that only collects, or a branch that only chooses, is asked about
/// alone, and the program that is proposed for it stands in its place.
struct Region {
  let procedure: Procedure
  /// Of its first statement.
  let place: Place
  let count: Int
  /// What it returns; empty also where it leaves the function.
  let results: [String]
  /// It never goes on to what stands after it, so what it returns the function returns.
  let leaves: Bool
  /// Nothing stands after it, so that going on and returning nothing are one.
  let isLast: Bool
  /// Variables that are met outside of it.
  let outside: Set<String>

  /// The procedure with `summary`, of this region, in the region's place; nil where the summary returns in a way that
  /// cannot be written there.
  func replaced(in whole: Procedure, by summary: Procedure) -> Procedure? {
    guard let statements = statements(for: summary.body) else { return nil }
    var result = whole
    result.body = Self.replacing(whole.body, place.steps[...], place.index..<place.index + count, by: statements)
    return result
  }

  private static func replacing(
    _ block: [Statement], _ steps: ArraySlice<Place.Step>, _ range: Range<Int>, by new: [Statement]
  ) -> [Statement] {
    var block = block
    guard let step = steps.first else {
      block.replaceSubrange(range, with: new)
      return block
    }
    var inner = block[step.index].blocks
    inner[step.block] = replacing(inner[step.block], steps.dropFirst(), range, by: new)
    block[step.index] = block[step.index].withBlocks(inner)
    return block
  }

  private func statements(for body: [Statement]) -> [Statement]? {
    if leaves { return isLast || body.last?.leaves == true ? body : nil }
    let returns = Self.returns(in: body)
    if results.isEmpty { return returns == 0 ? body : nil }
    guard returns == 1, let last = body.last, case .returnValue(let value?) = last.kind else { return nil }
    var values = [value]
    if results.count > 1 {
      guard case .tuple(let elements) = value else { return nil }
      values = elements.compactMap { if case .single(let value) = $0 { value } else { nil } }
      guard values.count == results.count else { return nil }
    }
    var stores: [Statement] = []
    var stored: Set<String> = []
    for (name, value) in zip(results, values) where value != .local(name) {
      // one after the other is at once only where none reads what one before it stored
      if !stored.isDisjoint(with: Self.names(of: [Statement(.expression(value))])) { return nil }
      stored.insert(name)
      stores.append(Statement(.assign([.local(name)], value), line: last.line))
    }
    return body.dropLast() + stores
  }

  static func returns(in statements: [Statement]) -> Int {
    var count = 0
    for statement in statements {
      if case .returnValue = statement.kind { count += 1 }
      count += statement.blocks.reduce(0) { $0 + returns(in: $1) }
    }
    return count
  }

  /// The variables that statements read or store, closures left out.
  static func names(of statements: [Statement]) -> Set<String> {
    let names = NameSet()
    var walk = Walk()
    walk.expression = { if case .local(let name) = $0 { names.found.insert(name) } }
    walk.target = { if case .local(let name) = $0 { names.found.insert(name) } }
    walk(statements)
    return names.found
  }

  /// The variables of statements in the order in which they are met first, in a store before its value as in the text.
  static func order(of statements: [Statement]) -> [String] {
    let names = NameList()
    var walk = Walk()
    walk.expression = { if case .local(let name) = $0 { names.add(name) } }
    walk.target = { if case .local(let name) = $0 { names.add(name) } }
    func visit(_ block: [Statement]) {
      for statement in block {
        if case .assign(let targets, _) = statement.kind { for target in targets { walk.visit(target) } }
        let inner = statement.blocks
        // what stands before the blocks, then those
        walk.visit(inner.isEmpty ? statement : statement.withBlocks(inner.map { _ in [] }))
        for block in inner { visit(block) }
      }
    }
    visit(statements)
    return names.found
  }

  /// The variables that live in comprehensions only: nothing else has their names.
  static func namesOfComprehensions(in statements: [Statement]) -> Set<String> {
    let names = NameSet()
    var walk = Walk()
    walk.expression = {
      guard case .comprehension(let comprehension) = $0 else { return }
      for case .each(let target, _, _) in comprehension.clauses { names.found.formUnion(target.locals) }
    }
    walk(statements)
    return names.found
  }
}

extension Region {
  /// The regions of `whole` that a summary may say better, none inside another, the last one first: so what is put in
  /// the place of one moves no other.
  static func candidates(in whole: Procedure) -> [Region] {
    var finder = RegionFinder(whole: whole, liveness: Liveness(whole))
    finder.visit(whole.body, Place(steps: [], index: 0))
    return finder.found.reversed()
  }
}

/// Looks for stretches of the shapes that the style of summaries has other words for.
private struct RegionFinder {
  let whole: Procedure
  let liveness: Liveness
  var found: [Region] = []

  /// Statements inside a loop, at most: a longer one does more than collect.
  private static let longestLoop = 8

  mutating func visit(_ block: [Statement], _ place: Place) {
    var index = 0
    while index < block.count {
      var next = place
      next.index = index + 1
      if let range = stretch(in: block, from: index, next), let region = region(block, range, place) {
        found.append(region)
        index = range.upperBound
        continue
      }
      for (inner, statements) in block[index].blocks.enumerated() {
        visit(statements, Place(steps: place.steps + [.init(index: index, block: inner)], index: 0))
      }
      index += 1
    }
  }

  /// The stretch that starts at `index`; nil where the code there is of no such shape.
  private func stretch(in block: [Statement], from index: Int, _ place: Place) -> Range<Int>? {
    // fresh values, then the loop that fills them
    var loop = index
    while loop < block.count, loop - index < 3, Self.isFresh(block[loop]) { loop += 1 }
    if loop < block.count, Self.collects(block[loop]) {
      let end = loop + 1
      return index..<(end < block.count && Self.isReturn(block[end]) ? end + 1 : end)
    }
    guard index + 1 < block.count || Self.isChoice(block[index]) else { return nil }
    if Self.isChoice(block[index]) { return index..<index + 1 }
    let next = block[index + 1]
    switch (block[index].kind, next.kind) {
    case (.assign(let targets, _), .returnValue(.local(let name)?)) where targets == [.local(name)]:
      return index..<index + 2
    case (.assign(let targets, _), .branch(_, let then, let otherwise))
    where otherwise.isEmpty && then.count == 1 && targets.count == 1 && targets[0].local != nil:
      if case .assign(targets, _) = then[0].kind { return index..<index + 2 }
    case (.branch(_, let then, let otherwise), .returnValue)
    where otherwise.isEmpty && then.count == 1 && Self.isReturn(then[0]): return index..<index + 2
    default: break
    }
    return isUsedAtOnce(block[index], in: next, place) ? index..<index + 2 : nil
  }

  /// A short value with a name that the next statement alone uses.
  private func isUsedAtOnce(_ statement: Statement, in next: Statement, _ place: Place) -> Bool {
    guard case .assign(let targets, let value) = statement.kind, targets.count == 1, let name = targets[0].local,
      next.blocks.isEmpty, liveness.after[place]?.contains(name) == false
    else { return false }
    var size = 0
    var uses = 0
    var walk = Walk()
    walk.expression = { _ in size += 1 }
    walk.visit(value)
    walk.expression = { if $0 == .local(name) { uses += 1 } }
    walk.visit(next)
    return (2...5).contains(size) && uses == 1
  }

  private static func isReturn(_ statement: Statement) -> Bool {
    if case .returnValue = statement.kind { true } else { false }
  }

  /// A store of a new empty container or a constant to a variable.
  private static func isFresh(_ statement: Statement) -> Bool {
    guard case .assign(let targets, let value) = statement.kind, targets.count == 1, targets[0].local != nil else {
      return false
    }
    switch value {
    case .constant, .list([]), .dictionary([]): return true
    case .call(.global(.builtin(let name)), []): return ["list", "dict", "set"].contains(name)
    default: return false
    }
  }

  /// A branch that only chooses: what is stored in one place, what is returned, or whether both of two tests hold.
  private static func isChoice(_ statement: Statement) -> Bool {
    guard case .branch(_, let then, let otherwise) = statement.kind, then.count == 1 else { return false }
    switch (then[0].kind, otherwise.first?.kind, otherwise.count) {
    case (.assign(let left, _), .assign(let right, _), 1): return left == right
    case (.returnValue, .returnValue, 1): return true
    case (.branch(_, _, let inner), nil, 0): return inner.isEmpty
    default: return false
    }
  }

  /// A loop that gathers into variables or looks for something.
  private static func collects(_ statement: Statement) -> Bool {
    let body: [Statement]
    switch statement.kind {
    case .forLoop(_, _, let inner, let otherwise, let isAsync):
      if isAsync || !otherwise.isEmpty { return false }
      body = inner
    case .whileLoop(_, let inner, let otherwise):
      if !otherwise.isEmpty { return false }
      body = inner
    default: return false
    }
    var size = 0
    var gathers = false
    func visit(_ block: [Statement]) -> Bool {
      size += block.count
      return block.allSatisfy { statement in
        switch statement.kind {
        case .expression(.call(.attribute(.local, let name), _)):
          gathers = gathers || ["append", "add"].contains(name)
        case .assign(let targets, let value):
          if targets.contains(where: { if case .item(.local, _) = $0 { true } else { false } }) { gathers = true }
          if case .constant = value { gathers = true }
        case .augment(.local, _, _), .augment(.item(.local, _), _, _), .returnValue, .breakLoop: gathers = true
        case .augment, .expression, .continueLoop: break
        case .branch, .forLoop: return statement.blocks.allSatisfy(visit)
        default: return false
        }
        return true
      }
    }
    return visit(body) && gathers && size <= longestLoop
  }

  private func region(_ block: [Statement], _ range: Range<Int>, _ place: Place) -> Region? {
    let statements = Array(block[range])
    guard let last = statements.last, Self.isPlain(statements) else { return nil }
    let leaves = last.leaves
    if leaves, Self.breaksOut(of: statements) { return nil }
    let isLast = place.steps.isEmpty && range.upperBound == block.count
    if !leaves, Region.returns(in: statements) > 0 || Self.breaksOut(of: statements) { return nil }

    let inside = Region.names(of: statements)
    if !inside.isDisjoint(with: liveness.captured) { return nil }
    var here = place
    here.index = range.upperBound - 1
    let later = leaves ? [] : liveness.after[here] ?? []
    let own = Region.namesOfComprehensions(in: whole.body)
    let live = Self.stored(in: statements).intersection(later).subtracting(own)
    here.index = range.lowerBound
    // all that may be read before it is stored in the region
    var alone = Procedure(name: "f", body: statements)
    if !live.isEmpty {
      alone.body.append(Statement(.returnValue(.tuple(live.sorted().map { .single(.local($0)) }))))
    }
    let read = Liveness(alone).first.subtracting(own)
    let order = Region.order(of: statements)
    func inOrder(_ names: Set<String>) -> [String] { order.filter(names.contains) }
    let results = inOrder(live)
    alone.parameters = inOrder(read).map { Parameter($0) }
    if !live.isEmpty {
      let values = results.map { Expression.local($0) }
      alone.body[alone.body.count - 1] = Statement(
        .returnValue(values.count == 1 ? values[0] : .tuple(values.map { .single($0) })))
    }
    var rest = whole
    rest.body = Self.removing(whole.body, place.steps[...], range)
    let outside = Region.names(of: rest.body).union(whole.parameters.map(\.name))
    return Region(
      procedure: alone, place: Place(steps: place.steps, index: range.lowerBound), count: range.count,
      results: results, leaves: leaves, isLast: isLast, outside: outside)
  }

  private static func removing(
    _ block: [Statement], _ steps: ArraySlice<Place.Step>, _ range: Range<Int>
  ) -> [Statement] {
    var block = block
    guard let step = steps.first else {
      block.removeSubrange(range)
      return block
    }
    var inner = block[step.index].blocks
    inner[step.block] = removing(inner[step.block], steps.dropFirst(), range)
    block[step.index] = block[step.index].withBlocks(inner)
    return block
  }

  private static func stored(in statements: [Statement]) -> Set<String> {
    let names = NameSet()
    var walk = Walk()
    walk.target = { if case .local(let name) = $0 { names.found.insert(name) } }
    walk(statements)
    return names.found
  }

  /// No statement or expression that means another thing outside of its function.
  private static func isPlain(_ statements: [Statement]) -> Bool {
    let odd = NameSet()
    var walk = Walk()
    walk.expression = {
      switch $0 {
      case .yield, .yieldFrom, .await, .captured: odd.found.insert("odd")
      default: break
      }
    }
    walk.target = { if case .captured = $0 { odd.found.insert("odd") } }
    walk.statement = {
      switch $0.kind {
      case .delete, .defineClass, .match, .tryBlock, .with: odd.found.insert("odd")
      default: break
      }
    }
    walk(statements)
    return odd.found.isEmpty
  }

  /// A `break` or `continue` that leads out of the statements.
  private static func breaksOut(of statements: [Statement]) -> Bool {
    statements.contains { statement in
      switch statement.kind {
      case .breakLoop, .continueLoop: true
      case .whileLoop(_, _, let otherwise), .forLoop(_, _, _, let otherwise, _): breaksOut(of: otherwise)
      default: statement.blocks.contains(where: breaksOut)
      }
    }
  }
}

/// Names in the order in which they were added first.
private final class NameList {
  private(set) var found: [String] = []
  private var known: Set<String> = []

  func add(_ name: String) {
    if known.insert(name).inserted { found.append(name) }
  }
}

/// Turns nodes into instructions.
struct Compiler {
  private let groupWidths: [Width?]
  private(set) var program: Program
  /// How many greedy and lazy loops surround the node being compiled.
  private var loopDepth = 0

  /// Throws for lookbehinds whose width varies.
  init(_ nodes: [Node], groups: GroupTable, flags: PatternFlags) throws(PatternError) {
    groupWidths = groups.widths
    let least = nodes.width(groups: groups.widths).least
    program = Program(groupCount: groups.count - 1, leastWidth: least)
    try compile(nodes, flags)
    emit(.end)
    emit(.fail)
    program.firstTest = firstTest()
  }

  private var here: Int { program.instructions.count }

  private mutating func emit(_ instruction: Instruction) {
    program.instructions.append(instruction)
    program.savesMarks.append(loopDepth > 0)
  }

  private mutating func patch(_ index: Int, _ instruction: Instruction) { program.instructions[index] = instruction }

  /// The first of `count` fresh registers.
  private mutating func registers(_ count: Int) -> Int {
    defer { program.registerCount += count }
    return program.registerCount
  }

  private func firstTest() -> CharacterTest? {
    let first = program.instructions.first { if case .mark = $0 { false } else { true } }
    switch first {
    case .one(let test): return test
    case .run(let test, let bounds), .lazyRun(let test, let bounds): return bounds.minimum > 0 ? test : nil
    default: return nil
    }
  }

  private mutating func compile(_ nodes: [Node], _ flags: PatternFlags) throws(PatternError) {
    for node in nodes { try compile(node, flags) }
  }

  private mutating func compile(_ node: Node, _ flags: PatternFlags) throws(PatternError) {
    switch node {
    case .literal, .notLiteral, .any, .set: emit(.one(test(of: node, flags)))
    case .position(let position): emit(.position(position.adjusted(to: flags), ascii: flags.contains(.ascii)))
    case .repetition(let body, let bounds): try compileRepetition(body, bounds, flags)
    case .group(let body, let index, let added, let removed):
      if let index { emit(.mark(slot: 2 * index - 2)) }
      try compile(body, flags.scoped(adding: added, removing: removed))
      if let index { emit(.mark(slot: 2 * index - 1)) }
    case .atomic(let body):
      let register = registers(1)
      emit(.hold(register))
      try compile(body, flags)
      emit(.commit(register))
    case .look(let body, let behind, let negated): try compileLook(body, behind, negated, flags)
    case .branch(let items): try compileBranch(items, flags)
    case .reference(let group): emit(.reference(group: group, CaseFolding(flags)))
    case .conditional(let group, let yes, let no): try compileConditional(group, yes, no ?? [], flags)
    }
  }

  // MARK: - Single characters

  private mutating func test(of node: Node, _ flags: PatternFlags) -> CharacterTest {
    switch node {
    case .literal(let point):
      return CaseFolding(flags).isCased(point) ? caselessTest(point, negated: false, flags) : .literal(point)
    case .notLiteral(let point):
      return CaseFolding(flags).isCased(point) ? caselessTest(point, negated: true, flags) : .notLiteral(point)
    case .set(let items, let negated): return setTest(items, negated, flags)
    case .group(let body, _, let added, let removed) where body.count == 1:
      return test(of: body[0], flags.scoped(adding: added, removing: removed))
    default: return flags.contains(.dotAll) ? .any : .notLineFeed
    }
  }

  /// The test of a letter in either case, also beyond the basic plane, where sets compare as written.
  private mutating func caselessTest(_ point: UInt32, negated: Bool, _ flags: PatternFlags) -> CharacterTest {
    setTest([.literal(CaseFolding(flags).lower(point))], negated, flags)
  }

  private mutating func setTest(_ items: [SetItem], _ negated: Bool, _ flags: PatternFlags) -> CharacterTest {
    program.sets.append(CharacterSet(items, negated: negated, flags: flags))
    return .set(program.sets.count - 1)
  }

  // MARK: - Repetitions

  private mutating func compileRepetition(
    _ body: [Node], _ bounds: Bounds, _ flags: PatternFlags
  ) throws(PatternError) {
    guard body.isSingleCharacter else { return try compileLoop(body, bounds, flags) }
    let test = test(of: body[0], flags)
    guard bounds.kind == .lazy else { return emit(.run(test, bounds)) }
    emit(.lazyRun(test, bounds))
    emit(.extend(test))
  }

  /// `enter`, the body, `loop`, and what follows; the `again` of a lazy loop stands before what follows.
  private mutating func compileLoop(_ body: [Node], _ bounds: Bounds, _ flags: PatternFlags) throws(PatternError) {
    let isPossessive = bounds.kind == .possessive
    if isPossessive { program.showsStaleMarks = true }
    var loop = Loop(bounds: bounds, count: registers(3))
    let start = here
    loop.body = start + 1
    emit(.end)
    loopDepth += isPossessive ? 0 : 1
    try compile(body, flags)
    loopDepth -= isPossessive ? 0 : 1
    if isPossessive { emit(.commit(loop.height)) }
    patch(start, .enter(loop, at: here))
    emit(.loop(loop))
    if bounds.kind != .lazy { program.savesMarks[here - 1] = true }
    if bounds.kind == .lazy { emit(.again(loop)) }
  }

  // MARK: - Branches

  private mutating func compileBranch(_ items: [[Node]], _ flags: PatternFlags) throws(PatternError) {
    var exits: [Int] = []
    for item in items.dropLast() {
      let fork = here
      emit(.end)
      try compile(item, flags)
      exits.append(here)
      emit(.end)
      patch(fork, .fork(other: here))
    }
    try compile(items[items.count - 1], flags)
    for exit in exits { patch(exit, .jump(here)) }
  }

  private mutating func compileConditional(
    _ group: Int, _ yes: [Node], _ no: [Node], _ flags: PatternFlags
  ) throws(PatternError) {
    program.showsStaleMarks = true
    let test = here
    emit(.end)
    try compile(yes, flags)
    let exit = here
    emit(.end)
    patch(test, .branchUnless(group: group, to: here))
    try compile(no, flags)
    patch(exit, .jump(here))
  }

  // MARK: - Lookaround

  private mutating func compileLook(
    _ body: [Node], _ behind: Bool, _ negated: Bool, _ flags: PatternFlags
  ) throws(PatternError) {
    let back = behind ? try fixedWidth(of: body) : 0
    let register = registers(2)
    let start = here
    emit(.look(register: register, back: back))
    try compile(body, flags)
    emit(negated ? .endLookNot(register) : .endLook(register))
    if negated { patch(start, .lookNot(register: register, back: back, onward: here)) }
  }

  private func fixedWidth(of body: [Node]) throws(PatternError) -> Int {
    let width = body.width(groups: groupWidths)
    if width.least >= Bounds.unbounded + 1 { throw PatternError("looks too much behind") }
    if width.least != width.greatest { throw PatternError("look-behind requires fixed-width pattern") }
    return width.least
  }
}

extension Position {
  /// What `^` and `$` mean under the flags.
  fileprivate func adjusted(to flags: PatternFlags) -> Position {
    if self == .lineStart, !flags.contains(.multiline) { return .textStart }
    if self == .lineEnd, !flags.contains(.multiline) { return .lastLineEnd }
    return self
  }
}

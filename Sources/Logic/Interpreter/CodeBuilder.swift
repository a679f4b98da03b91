/// Compiles one procedure, or one generator expression, to register code.
///
/// Recursion follows the nesting of the source and stops at `Scope.maximumDepth`; what lies deeper becomes an
/// instruction that stops the run.
final class CodeBuilder {
  let procedure: Procedure
  let kind: Procedure.Kind
  let isGeneratorExpression: Bool
  let scope: Scope
  let shared: DecisionList

  var parameters: [CodeParameter] = []
  var instructions: [Instruction] = []
  var lines: [Int32] = []
  var constants: [Constant] = []
  private var constantIndex: [Constant: Int] = [:]
  var names: [String] = []
  private var nameIndex: [String: Int] = [:]
  var references: [Reference] = []
  private var referenceIndex: [Reference: Int] = [:]
  var sites: [CallSite] = []
  var codes: [Code] = []
  var definitions: [Definition] = []
  var ranges: [ExceptionRange] = []
  var ownCells: [Int] = []
  var free: [(name: String, register: Int)] = []
  var closures: [[Int]] = []
  var variableNames: [String] = []

  /// Registers of variables; those in `cells` hold a cell.
  private(set) var variables: [String: Int] = [:]
  private(set) var cells: Set<String> = []
  private var next = 0
  private(set) var maximum = 0
  /// Plain locals that are certainly bound here.
  var bound: Set<String> = []
  var line: Int = 0
  /// What `break`, `continue` and `return` must pass, innermost last.
  var context: [Context] = []
  /// The register of the exception that the innermost handler around here handles.
  var handled: [Int] = []

  enum Context {
    case loop(LoopLabels)
    case finally(FinallyLabels)
    /// The name of a handler, unbound on the way out.
    case handlerName(Target)
  }

  /// Decisions of the whole program, numbered in source order.
  final class DecisionList {
    var decisions: [Decision] = []
    /// Numbers none: code whose coverage nobody asks for.
    var isHidden = false
  }

  final class LoopLabels {
    var breaks: [Int] = []
    var continues: [Int] = []
    let handledDepth: Int
    init(handledDepth: Int) { self.handledDepth = handledDepth }
  }

  /// A `finally` block is compiled once; `kind` says where to go after it.
  final class FinallyLabels {
    let kind: Int
    let value: Int
    var entries: [Int] = []
    var exits: [Exit] = []
    init(kind: Int, value: Int) {
      self.kind = kind
      self.value = value
    }
    enum Exit { case breakLoop, continueLoop, returnValue }
  }

  init(procedure: Procedure, shared: DecisionList) {
    self.procedure = procedure
    self.shared = shared
    kind = procedure.kind
    isGeneratorExpression = false
    scope = Scope(procedure)
    declare()
    for parameter in procedure.parameters {
      parameters.append(
        CodeParameter(
          name: parameter.name, kind: parameter.kind, isCell: cells.contains(parameter.name),
          hasDefault: parameter.defaultValue != nil))
      markBound(parameter.name)
    }
    // Arguments are written to the first registers: two parameters of one name would share one.
    let names = Set(procedure.parameters.map(\.name))
    maximum = max(maximum, procedure.parameters.count)
    if scope.isTooDeep {
      emit(.unsupported, a: name("code nested this deeply"))
    } else if names.count < procedure.parameters.count {
      emit(.unsupported, a: name("two parameters of one name"))
    } else {
      compile(procedure.body)
      emit(.returnValue, b: noneRegister())
    }
  }

  /// The body of a generator expression: its first iterator arrives in its only parameter.
  init(generator: Comprehension, named name: String, line: Int, shared: DecisionList) {
    procedure = Procedure(name: name, kind: .generator, body: [])
    self.shared = shared
    kind = .generator
    isGeneratorExpression = true
    scope = Scope(generator: generator, depth: 0)
    self.line = line
    let iterator = allocate()
    variableNames.append(".0")
    declare()
    parameters = [CodeParameter(name: ".0", kind: .positional, isCell: false, hasDefault: false)]
    if scope.isTooDeep {
      emit(.unsupported, a: self.name("code nested this deeply"))
    } else {
      compileGeneratorBody(generator, iterator: iterator)
      emit(.returnValue, b: noneRegister())
    }
  }

  private func declare() {
    for local in scope.locals {
      let register = allocate()
      variables[local] = register
      variableNames.append(local)
      if scope.shared.contains(local) {
        cells.insert(local)
        ownCells.append(register)
      }
    }
    for name in scope.free where variables[name] == nil {
      let register = allocate()
      variables[name] = register
      variableNames.append(name)
      cells.insert(name)
      free.append((name, register))
    }
  }

  // MARK: Registers

  func allocate() -> Int {
    let register = next
    next += 1
    maximum = max(maximum, next)
    return register
  }

  /// Registers allocated by `body` are free again after it.
  @discardableResult
  func temporaries<T>(_ body: () -> T) -> T {
    let mark = next
    defer { next = mark }
    return body()
  }

  func block(_ count: Int) -> Int {
    let start = next
    next += count
    maximum = max(maximum, next)
    return start
  }

  func noneRegister() -> Int {
    let register = allocate()
    emit(.loadConstant, a: register, b: constant(.none))
    return register
  }

  // MARK: Pools

  func constant(_ value: Constant) -> Int {
    if let index = constantIndex[value] { return index }
    constants.append(value)
    constantIndex[value] = constants.count - 1
    return constants.count - 1
  }

  func name(_ value: String) -> Int {
    if let index = nameIndex[value] { return index }
    names.append(value)
    nameIndex[value] = names.count - 1
    return names.count - 1
  }

  func reference(_ value: Reference) -> Int {
    if let index = referenceIndex[value] { return index }
    references.append(value)
    referenceIndex[value] = references.count - 1
    return references.count - 1
  }

  func decision(_ kind: Decision.Kind) -> Int {
    if shared.isHidden { return -1 }
    shared.decisions.append(Decision(kind: kind, line: line))
    return shared.decisions.count - 1
  }

  // MARK: Code

  @discardableResult
  func emit(_ operation: Operation, x: UInt8 = 0, a: Int = 0, b: Int = 0, c: Int = 0, d: Int = -1) -> Int {
    instructions.append(
      Instruction(operation: operation, x: x, a: Int32(a), b: Int32(b), c: Int32(c), d: Int32(d)))
    lines.append(Int32(truncatingIfNeeded: line))
    return instructions.count - 1
  }

  var here: Int { instructions.count }

  /// Makes the jump at `index` lead to the next instruction.
  func land(_ index: Int) { instructions[index].a = Int32(here) }
  func land(_ index: Int, at target: Int) { instructions[index].a = Int32(target) }

  func markBound(_ name: String) {
    if !scope.unbindable.contains(name) { bound.insert(name) }
  }

  func register(of variable: String) -> Int? { variables[variable] }
  func isCell(_ variable: String) -> Bool { cells.contains(variable) }
}

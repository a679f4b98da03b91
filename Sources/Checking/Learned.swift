import Logic

/// What the new version may have learned to deal with: it asks more often than the old one whether something is there,
/// catches more, or asks for keys. Where it has not, a value on which the old version fails was never meant.
struct Learned {
  let asksMore: Bool
  let catchesMore: Bool
  /// It compares more by order, or takes parts where the old one reads positions.
  let comparesMore: Bool
  /// Keys that it asks for, or reads with something else in their place.
  let keys: Set<CodePoints>

  init(old: Program, new: Program) {
    let (before, after) = (Questions(old), Questions(new))
    asksMore = after.absences > before.absences
    catchesMore = after.handlers > before.handlers
    comparesMore = after.bounds > before.bounds
    keys = after.keys
  }
}

private struct Questions {
  /// Places that ask whether there is anything: by `is None`, or by the truth of what is no comparison.
  var absences = 0
  var handlers = 0
  /// Comparisons by order, slices, `min` and `max`, and functions with something for the case that there is nothing.
  var bounds = 0
  var keys: Set<CodePoints> = []

  /// Helpers whose own questions are read too, and locals of the procedure at hand that hold what a comparison said.
  private let known: Set<Reference>
  private var answers: Set<String> = []

  init(_ program: Program) {
    known = Set(program.functions.keys)
    for procedure in [program.procedure] + program.functions.values {
      answers = procedure.truthsInLocals
      var nodes: [Node] = []
      procedure.forEachNode { nodes.append($0) }
      for node in nodes {
        switch node {
        case .statement(let statement): read(statement.kind)
        case .expression(let expression): read(expression)
        default: break
        }
      }
    }
  }

  private mutating func read(_ statement: Statement.Kind) {
    switch statement {
    case .branch(let test, _, _), .whileLoop(let test, _, _), .assert(let test, _): truth(of: test)
    case .tryBlock(_, let caught, _, _): handlers += caught.count
    case .with: handlers += 1
    default: break
    }
  }

  private mutating func read(_ expression: Expression) {
    switch expression {
    case .compare(.identical, _, .constant(.none)), .compare(.notIdentical, _, .constant(.none)),
      .compare(.equal, _, .constant(.none)), .compare(.notEqual, _, .constant(.none)):
      absences += 1
    case .not(let operand): truth(of: operand)
    case .and(let operands), .or(let operands): for operand in operands { truth(of: operand) }
    case .conditional(let test, _, _): truth(of: test)
    case .compare(.contains, .constant(.string(let key)), _), .compare(.notContains, .constant(.string(let key)), _):
      keys.insert(key)
    case .compare(.less, _, _), .compare(.lessOrEqual, _, _), .compare(.greater, _, _),
      .compare(.greaterOrEqual, _, _), .chain, .call(.global(.builtin("min")), _),
      .call(.global(.builtin("max")), _), .call(.global(.builtin("next")), _):
      bounds += 1
    // What is turned round or copied is taken whole.
    case .slice(let lower, let upper, _): if lower != nil || upper != nil { bounds += 1 }
    case .call(.global(.builtin("range")), let arguments): if arguments.count > 1 { bounds += 1 }
    case .call(.global(.builtin("getattr")), _): absences += 1
    case .call(.attribute(_, let name), let arguments) where ["get", "pop", "setdefault"].contains(name):
      absences += 1
      if case .constant(.string(let key))? = arguments.first?.value { keys.insert(key) }
    default: break
    }
  }

  private mutating func truth(of test: Expression) {
    switch test {
    case .compare, .chain, .not, .and, .or, .constant: break
    case .local(let name) where answers.contains(name): break
    case .call(.global(let name), _) where known.contains(name): break
    default: absences += 1
    }
  }
}

extension Procedure {
  /// Locals that hold nothing but what comparisons say, or `True` and `False`.
  fileprivate var truthsInLocals: Set<String> {
    var truths: Set<String> = []
    var others = Set(parameters.map(\.name))
    forEachNode { node in
      switch node {
      case .statement(let statement):
        guard case .assign(let targets, let value) = statement.kind else { return }
        for case .local(let name) in targets where value.isTruth { truths.insert(name) }
        for case .local(let name) in targets where !value.isTruth { others.insert(name) }
      default: break
      }
    }
    return truths.subtracting(others)
  }
}

extension Expression {
  fileprivate var isTruth: Bool {
    switch self {
    case .compare, .chain, .not, .constant(.bool): true
    case .and(let operands), .or(let operands): operands.allSatisfy(\.isTruth)
    default: false
    }
  }
}

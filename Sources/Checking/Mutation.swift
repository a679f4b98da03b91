import Logic

/// One small change of a procedure: what a search has to notice before its silence counts for anything
/// (DeMillo, Lipton, Sayward: Hints on test data selection, 1978).
///
/// A mutant of a comparison remembers which one it is.
package struct Mutant: Sendable {
  package var procedure: Procedure
  /// `line 12: < became <=`.
  package var text: String
  package var line: Int
  /// Where a comparison turns in another place than the original: at this distance of its left from its right side.
  var boundary: (key: BoundaryKey, distance: Int)?
  /// A slip that nothing else stands for: a function is not tested while it survives.
  var isEssential = false
  /// It takes another end or another order: what hangs on that shows on few inputs.
  var isOfOrder = false
  /// Original and mutant, each printing the value of the operation that the mutant changes.
  var gauges: (original: Procedure, mutant: Procedure)?

  /// Taking another way says that the slip was met: it turns no decision round as such.
  var keepsWays: Bool { !Self.turningDecisions.contains(where: text.hasSuffix) }

  static let turningDecisions = ["condition negated", "not dropped", "and became or", "or became and"]

  /// It takes what is empty for missing.
  /// Another number in the place of one that is written.
  var isOfNumber: Bool {
    guard let mark = text.firstRange(of: " became "), let word = text[..<mark.lowerBound].split(separator: " ").last
    else { return false }
    return Int(word) != nil && Int(text[mark.upperBound...]) != nil
  }
  var isOfPresence: Bool { text.hasSuffix("None became truth") }

  /// The attribute that it reads where the original reads another: `items_` of `.items became .items_`.
  var inventedName: String? {
    guard let mark = text.firstRange(of: " became .") else { return nil }
    return String(text[mark.upperBound...])
  }
}

extension Procedure {
  /// First-order mutants of the statements on `lines` (all statements when nil), at most `limit`, spread evenly.
  ///
  /// - Parameter ofDecisions: those alone that turn a decision round or leave out a part of it.
  package func mutants(on lines: Set<Int>? = nil, limit: Int = 120, ofDecisions: Bool = false) -> [Mutant] {
    let maker = MutantMaker(lines: lines.map { owners(of: $0) }, neverEmpty: neverEmpty)
    let bodies = maker.mutants(ofBody: body, depth: 0).filter { change in
      let dropsOperand = change.text == operandDropped
      return ofDecisions
        ? dropsOperand || Mutant.turningDecisions.contains(where: change.text.hasSuffix) : !dropsOperand
    }
    let kept = bodies.count > limit ? (0..<limit).map { bodies[$0 * bodies.count / limit] } : bodies
    return kept.map { change in
      func with(_ body: [Statement]) -> Procedure {
        var copy = self
        copy.body = body
        return copy
      }
      return Mutant(
        procedure: with(change.make()), text: "line \(change.line): \(change.text)", line: change.line,
        boundary: change.boundary, isEssential: change.isEssential, isOfOrder: change.isOfOrder,
        gauges: change.gauges.map { (with($0.original()), with($0.mutant())) })
    }
  }

  /// For each comparison by order on `lines`: this procedure, printing both sides before it compares them.
  func boundaryProbes(on lines: Set<Int>?) -> [(procedure: Procedure, key: BoundaryKey)] {
    let maker = MutantMaker(lines: lines.map { owners(of: $0) }, isProbing: true)
    return maker.mutants(of: body, depth: 0).compactMap { change in
      guard change.text == probeText, let key = change.boundary?.key else { return nil }
      var copy = self
      copy.body = change.make()
      return (copy, key)
    }
  }

  /// The lines at which the statements that own the given source lines begin: a statement may span several lines.
  package func owners(of lines: Set<Int>) -> Set<Int> {
    var starts: Set<Int> = []
    forEachNode { node in
      if case .statement(let statement) = node, statement.line > 0 { starts.insert(statement.line) }
    }
    let sorted = starts.sorted()
    var result: Set<Int> = []
    for line in lines {
      var low = 0
      var high = sorted.count
      while low < high {
        let middle = (low + high) / 2
        if sorted[middle] <= line { low = middle + 1 } else { high = middle }
      }
      if low > 0 { result.insert(sorted[low - 1]) }
    }
    return result
  }
}

/// A comparison by order, by where and how it is written.
struct BoundaryKey: Hashable, Sendable {
  var line: Int
  var expression: Expression
  var text: String
}

/// What a probe prints first.
let boundaryMark = CodePoints("$boundary")
/// What a gauge prints first.
let gaugeMark = CodePoints("$gauge")
let probeText = "boundary"
/// Says of a mutant that it leaves out an operand of `and` or `or`, or what a branch does where its test holds.
let operandDropped = "operand dropped"

/// A changed copy of a node, made only when it is asked for: most are sampled away in large functions.
struct Change<T> {
  var make: () -> T
  var text: String
  var line: Int
  var boundary: (key: BoundaryKey, distance: Int)?
  var isEssential = false
  var isOfOrder = false
  /// The original and the changed node, each printing what the changed operation gives.
  var gauges: (original: () -> T, mutant: () -> T)?
  init(node: @autoclosure @escaping () -> T, text: String, line: Int) {
    make = node
    self.text = text
    self.line = line
  }
  func map<U>(_ transform: @escaping (T) -> U) -> Change<U> {
    var result = Change<U>(node: transform(make()), text: text, line: line)
    result.boundary = boundary
    result.isEssential = isEssential
    result.isOfOrder = isOfOrder
    result.gauges = gauges.map { gauges in
      ({ transform(gauges.original()) }, { transform(gauges.mutant()) })
    }
    return result
  }
}

/// Deeper nodes are left alone: mutants there are never needed, and the native stack is finite.
let depthLimit = 150

struct MutantMaker {
  /// Lines at which mutated statements begin; nil is everywhere.
  let lines: Set<Int>?
  /// Variables that are missing or have parts: for these, being there and being true are one.
  var neverEmpty: Set<String> = []
  /// Probes of comparisons are made too.
  var isProbing = false

  func mutants(of statements: [Statement], depth: Int) -> [Change<[Statement]>] {
    guard depth < depthLimit else { return [] }
    var result: [Change<[Statement]>] = []
    for (index, statement) in statements.enumerated() {
      for change in mutants(of: statement, depth: depth + 1) {
        result.append(
          change.map { replacement in
            var copy = statements
            copy.replaceSubrange(index...index, with: replacement)
            return copy
          })
      }
    }
    return result
  }

  /// Of a function's body, at whose end nothing is returned anyway.
  func mutants(ofBody body: [Statement], depth: Int) -> [Change<[Statement]>] {
    var kept = body
    while let last = kept.last?.kind, last == .returnValue(nil) || last == .returnValue(.constant(.none)) {
      kept.removeLast()
    }
    return mutants(of: kept, depth: depth)
  }

  /// Each mutant is the list of statements that stands in the statement's place.
  private func mutants(of statement: Statement, depth: Int) -> [Change<[Statement]>] {
    let line = statement.line
    let isHere = lines?.contains(line) ?? true
    var result: [Change<[Statement]>] = []
    func add(_ text: String, _ kinds: Statement.Kind...) {
      guard isHere else { return }
      result.append(Change(node: kinds.map { Statement($0, line: line) }, text: text, line: line))
    }
    func addParts(_ expression: Expression?, _ rebuild: @escaping (Expression) -> Statement.Kind) {
      guard let expression, isHere || expression.holdsFunction else { return }
      for change in mutants(of: expression, line: line, depth: depth + 1)
      where isHere || lines?.contains(change.line) ?? true {
        result.append(change.map { [Statement(rebuild($0), line: line)] })
      }
    }
    func addBodies(_ body: [Statement], _ rebuild: @escaping ([Statement]) -> Statement.Kind) {
      for change in mutants(of: body, depth: depth + 1) {
        result.append(change.map { [Statement(rebuild($0), line: line)] })
      }
    }

    switch statement.kind {
    case .expression(.constant): break
    case .expression(let value):
      add("statement dropped")
      addParts(value) { .expression($0) }
    case .assign(let targets, .constant(let value)) where value.isInitial:
      guard isHere else { break }
      result += initialValues(targets, value, line: line)
      addTargets(targets) { .assign($0, .constant(value)) }
    case .assign(let targets, let value):
      add("assignment dropped")
      addParts(value) { .assign(targets, $0) }
      addTargets(targets) { .assign($0, value) }
    case .augment(let target, let operation, let value):
      add("assignment dropped")
      for other in operation.mutants {
        add("\(operation.rawValue)= became \(other.rawValue)=", .augment(target, other, value))
      }
      addParts(value) { .augment(target, operation, $0) }
      addTargets([target]) { .augment($0[0], operation, value) }
    case .delete(let target):
      add("del dropped")
      addTargets([target]) { .delete($0[0]) }
    case .branch(let test, let then, let otherwise):
      add("condition negated", .branch(.not(test), then: then, otherwise: otherwise))
      add(operandDropped, .branch(.constant(.bool(false)), then: then, otherwise: otherwise))
      if let other = test.presence { add("truth became is not None", .branch(other, then: then, otherwise: otherwise)) }
      if !otherwise.isEmpty { add("else dropped", .branch(test, then: then, otherwise: [])) }
      addParts(test) { .branch($0, then: then, otherwise: otherwise) }
      addBodies(then) { .branch(test, then: $0, otherwise: otherwise) }
      addBodies(otherwise) { .branch(test, then: then, otherwise: $0) }
    case .whileLoop(let test, let body, let otherwise):
      if test != .constant(.bool(true)) {
        add("condition negated", .whileLoop(.not(test), body: body, otherwise: otherwise))
      }
      if !otherwise.isEmpty { add("else dropped", .whileLoop(test, body: body, otherwise: [])) }
      addParts(test) { .whileLoop($0, body: body, otherwise: otherwise) }
      addBodies(body) { .whileLoop(test, body: $0, otherwise: otherwise) }
      addBodies(otherwise) { .whileLoop(test, body: body, otherwise: $0) }
    case .forLoop(let target, let iterable, let body, let otherwise, let isAsync):
      add("loop dropped")
      if isHere, !isAsync { result.append(turned(iterable, target, body, otherwise, line: line)) }
      if isHere, let swapped = Statement.Kind.swappedLoops(statement.kind) {
        result.append(Change(node: [Statement(swapped, line: line)], text: "loops swapped", line: line))
        result[result.count - 1].isOfOrder = true
      }
      if isHere, case .unpack(let targets, nil) = target, targets.count > 1, Set(targets).count == targets.count {
        let turned = Array(targets.dropFirst()) + [targets[0]]
        var change = Change(
          node: [
            Statement(
              .forLoop(.unpack(turned, starred: nil), iterable, body: body, otherwise: otherwise, isAsync: isAsync),
              line: line)
          ], text: "targets turned", line: line)
        change.isEssential = targets.count > 2
        result.append(change)
      }
      if !otherwise.isEmpty {
        add("else dropped", .forLoop(target, iterable, body: body, otherwise: [], isAsync: isAsync))
      }
      addParts(iterable) { .forLoop(target, $0, body: body, otherwise: otherwise, isAsync: isAsync) }
      addBodies(body) { .forLoop(target, iterable, body: $0, otherwise: otherwise, isAsync: isAsync) }
      addBodies(otherwise) { .forLoop(target, iterable, body: body, otherwise: $0, isAsync: isAsync) }
    case .breakLoop: add("break became continue", .continueLoop)
    case .continueLoop: add("continue became break", .breakLoop)
    case .returnValue(let value):
      guard let value, value != .constant(.none) else {
        add("return dropped")
        break
      }
      add("returned value removed", .returnValue(nil))
      addParts(value) { .returnValue($0) }
    case .raise(let value, let cause):
      add("raise dropped")
      if cause != nil { add("cause removed", .raise(value, cause: nil)) }
      addParts(value) { .raise($0, cause: cause) }
    case .assert(let test, let message):
      add("assert dropped")
      addParts(test) { .assert($0, message: message) }
    case .tryBlock(let body, let handlers, let otherwise, let finally):
      addTry(body, handlers, otherwise, finally, add: add, addParts: addParts, addBodies: addBodies)
    case .with(let context, let target, let body, let isAsync):
      if isHere, target == nil {
        result.append(Change(node: body, text: "with dropped", line: line))
      }
      addParts(context) { .with($0, target, body: body, isAsync: isAsync) }
      addBodies(body) { .with(context, target, body: $0, isAsync: isAsync) }
    case .match(let subject, let cases):
      addParts(subject) { .match($0, cases) }
      for (index, one) in cases.enumerated() {
        func replacing(_ change: (inout MatchCase) -> Void) -> Statement.Kind {
          var copy = cases
          change(&copy[index])
          return .match(subject, copy)
        }
        if cases.count > 1 {
          var fewer = cases
          fewer.remove(at: index)
          add("case dropped", .match(subject, fewer))
        }
        addParts(one.guardTest) { test in replacing { $0.guardTest = test } }
        addBodies(one.body) { body in replacing { $0.body = body } }
      }
    case .defineClass(let target, let definition):
      addBodies(definition.body.body) { body in
        var copy = definition
        copy.body.body = body
        return .defineClass(target, copy)
      }
    }
    return result

    func addTargets(_ targets: [Target], _ rebuild: @escaping ([Target]) -> Statement.Kind) {
      guard isHere else { return }
      for (index, target) in targets.enumerated() {
        for change in mutants(of: target, line: line, depth: depth + 1) {
          result.append(
            change.map { changed in
              var copy = targets
              copy[index] = changed
              return [Statement(rebuild(copy), line: line)]
            })
        }
      }
    }
  }

  /// What a variable is at first may never be read, so these are gauged too.
  private func initialValues(_ targets: [Target], _ value: Constant, line: Int) -> [Change<[Statement]>] {
    func stored(_ value: Expression) -> [Statement] { [Statement(.assign(targets, value), line: line)] }
    var dropped = Change<[Statement]>(node: [], text: "assignment dropped", line: line)
    let nothing = Expression.constant(.string(CodePoints("$dropped")))
    dropped.gauges = (
      { stored(.gauge(.constant(value))) }, { [Statement(.expression(.gauge(nothing)), line: line)] }
    )
    let others = value.mutants.map { other in
      var change = Change(
        node: stored(.constant(other)), text: "\(value.text) became \(other.text)", line: line)
      change.gauges = ({ stored(.gauge(.constant(value))) }, { stored(.gauge(.constant(other))) })
      return change
    }
    return ([dropped] + others).map { change in
      var change = change
      change.isOfOrder = true
      return change
    }
  }

  /// The loop over the same in reverse.
  private func turned(
    _ iterable: Expression, _ target: Target, _ body: [Statement], _ otherwise: [Statement], line: Int
  ) -> Change<[Statement]> {
    let listed = Expression.call(.global(.builtin("list")), [Argument(iterable)])
    let backwards = Expression.item(
      listed, .slice(nil, nil, .unary(.negate, .constant(.int(1)))))
    func loop(_ items: Expression) -> [Statement] {
      [Statement(.forLoop(target, items, body: body, otherwise: otherwise, isAsync: false), line: line)]
    }
    var change = Change(node: loop(backwards), text: "loop reversed", line: line)
    change.gauges = ({ loop(.gauge(listed)) }, { loop(.gauge(backwards)) })
    return change
  }

  private func addTry(
    _ body: [Statement], _ handlers: [Handler], _ otherwise: [Statement], _ finally: [Statement],
    add: (String, Statement.Kind...) -> Void,
    addParts: (Expression?, @escaping (Expression) -> Statement.Kind) -> Void,
    addBodies: ([Statement], @escaping ([Statement]) -> Statement.Kind) -> Void
  ) {
    for (index, handler) in handlers.enumerated() where handlers.count > 1 || !finally.isEmpty {
      var fewer = handlers
      fewer.remove(at: index)
      add("handler dropped", .tryBlock(body, handlers: fewer, otherwise: otherwise, finally: finally))
      func replacing(_ change: (inout Handler) -> Void) -> Statement.Kind {
        var copy = handlers
        change(&copy[index])
        return .tryBlock(body, handlers: copy, otherwise: otherwise, finally: finally)
      }
      addBodies(handler.body) { changed in replacing { $0.body = changed } }
    }
    if handlers.count == 1, finally.isEmpty {
      let handler = handlers[0]
      // A sole handler cannot be removed; one that catches nothing stands for its absence.
      var nothing = handler
      nothing.type = .tuple([])
      add("handler dropped", .tryBlock(body, handlers: [nothing], otherwise: otherwise, finally: finally))
      addBodies(handler.body) { changed in
        var copy = handler
        copy.body = changed
        return .tryBlock(body, handlers: [copy], otherwise: otherwise, finally: finally)
      }
    }
    if !otherwise.isEmpty { add("else dropped", .tryBlock(body, handlers: handlers, otherwise: [], finally: finally)) }
    if !finally.isEmpty, !handlers.isEmpty {
      add("finally dropped", .tryBlock(body, handlers: handlers, otherwise: otherwise, finally: []))
    }
    addBodies(body) { .tryBlock($0, handlers: handlers, otherwise: otherwise, finally: finally) }
    addBodies(otherwise) { .tryBlock(body, handlers: handlers, otherwise: $0, finally: finally) }
    addBodies(finally) { .tryBlock(body, handlers: handlers, otherwise: otherwise, finally: $0) }
  }

  func mutants(of target: Target, line: Int, depth: Int) -> [Change<Target>] {
    guard depth < depthLimit else { return [] }
    switch target {
    case .local, .captured, .global, .namespace: return []
    case .attribute(let object, let name):
      var result = mutants(of: object, line: line, depth: depth + 1).map { $0.map { Target.attribute($0, name) } }
      result.append(Change(node: .attribute(object, name + "_"), text: ".\(name) became .\(name)_", line: line))
      return result
    case .item(let object, let index):
      return mutants(of: object, line: line, depth: depth + 1).map { $0.map { .item($0, index) } }
        + mutants(of: index, line: line, depth: depth + 1).map { $0.map { .item(object, $0) } }
    case .unpack(let targets, let starred):
      guard starred == nil, targets.count == 2, targets[0] != targets[1] else { return [] }
      return [Change(node: .unpack([targets[1], targets[0]], starred: nil), text: "targets swapped", line: line)]
    }
  }
}

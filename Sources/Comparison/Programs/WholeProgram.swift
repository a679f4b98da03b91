import BigInt
import Checking
import Logic
import Lowering
import Syntax

/// Both versions of a program as those who run it see it: text comes in at standard input, text goes out.
///
///     def program(stdin):
///         ...  # the console
///         def run():
///             ...  # the module, its names variables around it
///         console.run(run)
///
/// Whoever imports the module runs it as well, so what names it leaves is nothing that anybody uses; where it only runs
/// as a program (`if __name__ == "__main__":`), its names are judged elsewhere.
struct WholeProgram {
  let old: Procedure
  let new: Procedure
  private let readers: Set<String>

  /// Nil where a version reads nothing from standard input, or holds code that cannot be run.
  init?(old: SideAnalysis, new: SideAnalysis) {
    let (left, right) = (Readers(old), Readers(new))
    guard left.isProgram, right.isProgram, let before = Self.procedure(of: old), let after = Self.procedure(of: new)
    else { return nil }
    (self.old, self.new) = (before, after)
    readers = left.reached.intersection(right.reached)
    isRunOnly = left.runsAlways
  }

  /// Whether the code of a module reads standard input when it is run.
  static func isProgram(_ side: SideAnalysis) -> Bool { Readers(side).isProgram }

  /// Whether what a unit does is seen this way: functions that read standard input and that the program comes to.
  func shows(_ unit: Unit) -> Bool { unit.kind == .function && readers.contains(unit.qualifiedName) }

  /// Whether nobody imports the module: the old version reads while it is imported.
  let isRunOnly: Bool

  private static func procedure(of side: SideAnalysis) -> Procedure? {
    guard let console = Console.module, let program = body(of: side) else { return nil }
    let run = Console.prefix + "program"
    var reads = ReadingPlaces()
    let placed = reads.numbered(program)
    let main = Procedure(name: run, body: placed.body)
    let names = BoundNames(console.body + placed.body).names.union([run]).union(reads.names).sorted()
    let begin = names.flatMap { name in
      [
        Statement(.assign([.local(name)], .constant(.none))), Statement(.delete(.local(name))),
      ]
    }
    let end = [
      Statement(.assign([.captured(run)], .closure(main))),
      Statement(.expression(.call(.captured(Console.prefix + "run"), [Argument(.captured(run))]))),
    ]
    // What is a variable here is one of an enclosing function to everything in it.
    let inner = Procedure(name: "program", body: console.body + reads.definitions + end)
    return Procedure(
      name: "program", parameters: [Parameter(Console.lines)],
      body: begin + [Statement(.expression(.call(.closure(inner), [])))])
  }

  /// The code of a module with the functions and classes that it defines in their places, and its names variables of a
  /// function around it. Nil where some of it is not known.
  static func body(of side: SideAnalysis) -> Procedure? {
    guard let index = side.units.firstIndex(where: { $0.kind == .module }),
      case .success(let module) = side.lowered[index],
      side.lowered.allSatisfy({ if case .success(let unit) = $0 { !unit.looksAtItself } else { false } })
    else { return nil }
    let closing = Closing(side, module: index)
    let body = closing.procedure(module.procedure)
    return closing.isComplete ? body : nil
  }
}

/// Puts definitions in the places where a module makes them, and names of the module into variables.
private final class Closing {
  private let side: SideAnalysis
  private let module: Int
  private(set) var isComplete = true
  /// Names that the module binds.
  private let bound: Set<String>

  init(_ side: SideAnalysis, module: Int) {
    (self.side, self.module) = (side, module)
    bound = side.context.boundNames
    // While such a name is not bound, the builtin is meant.
    isComplete = bound.subtracting(side.surelyBoundNames).isDisjoint(with: Builtins.names)
  }

  func procedure(_ procedure: Procedure) -> Procedure {
    var result = procedure
    result.body = procedure.body.flatMap(asProgram).compactMap(statement)
    return rewriter.procedure(result)
  }

  private var rewriter: Rewriter {
    Rewriter(place: place) { [self] value in
      switch value {
      case .global(.module("__name__")): return .constant(.string(CodePoints("__main__")))
      case .global(.module(let name)): return Console.internalName(name) ?? .captured(Self.variable(name))
      case .global(.unresolved):
        isComplete = false
        return value
      case .namespace(let name) where bound.contains(name):
        // A class body reads it there unless it binds the name itself.
        isComplete = false
        return value
      case .definition(let definition):
        guard definition.kind == .function, let known = function(definition) else {
          isComplete = false
          return value
        }
        return .closure(known)
      default:
        if Console.isMore(value) { isComplete = false }
        return Console.replacement(of: value) ?? value
      }
    }
  }

  private func place(_ target: Target) -> Target {
    if case .attribute(let module, let name) = target, module.importedPath == "sys", name.hasPrefix("std") {
      isComplete = false
    }
    if case .global(let name) = target { return .captured(Self.variable(name)) }
    return target
  }

  /// A name that no variable of a function or a comprehension has.
  private static func variable(_ name: String) -> String {
    name.hasPrefix(Console.prefix) ? name : "module.\(name)"
  }

  /// What runs of `if __name__ == "__main__":`.
  private func asProgram(_ statement: Statement) -> [Statement] {
    guard statement.isForPrograms, case .branch(_, let then, _) = statement.kind else { return [statement] }
    return then
  }

  /// Nil where it only says from where names come.
  private func statement(_ statement: Statement) -> Statement? {
    guard case .assign(let targets, let value) = statement.kind, targets.count == 1 else { return statement }
    if case .item(.global(.module("__annotations__")), _) = targets[0] { return nil }
    guard case .global(let name) = targets[0] else { return statement }
    switch value {
    case .importModule(let module, _), .importName(let module, _):
      return Self.isQuiet(module) ? nil : statement
    default: break
    }
    let (inner, _) = Decorated.parts(of: value)
    var isClass = NamedTuple(value) != nil
    if case .definition(let definition) = inner { isClass = definition.kind == .classType }
    guard isClass else { return statement }
    guard let known = side.knownClasses[name] else {
      isComplete = false
      return statement
    }
    return Statement(.defineClass(targets[0], known), line: statement.line)
  }

  /// Importing it is nothing that anybody sees.
  private static func isQuiet(_ module: String) -> Bool {
    let root = module.split(separator: ".").first.map(String.init) ?? module
    return [
      "__future__", "abc", "bisect", "collections", "copy", "dataclasses", "datetime", "decimal", "enum", "fractions",
      "functools", "heapq", "io", "itertools", "json", "math", "operator", "os", "random", "re", "statistics", "string",
      "sys", "time", "typing",
    ].contains(root)
  }

  private func function(_ definition: Logic.Definition) -> Procedure? {
    let found = side.units.indices.filter {
      side.units[$0].parent == module && side.units[$0].definitionName == definition.name
    }
    guard found.count == 1, case .success(let lowered) = side.lowered[found[0]] else { return nil }
    return rewriter.procedure(lowered.procedure)
  }
}

/// Gives each place that reads a line its number, so that lines can be made to fit it.
private struct ReadingPlaces {
  private(set) var names: Set<String> = []
  private(set) var definitions: [Statement] = []

  mutating func numbered(_ procedure: Procedure) -> Procedure {
    final class Found { var names: [(name: String, isLine: Bool)] = [] }
    let found = Found()
    let result = Rewriter { value in
      guard case .call(let callee, let arguments) = value else { return value }
      let isLine: Bool
      switch callee {
      case .captured(Console.prefix + "input"): isLine = false
      case .attribute(.captured(Console.prefix + "stdin"), "readline") where arguments.isEmpty: isLine = true
      default: return value
      }
      let name = Console.prefix + "read_\(found.names.count + 1)"
      found.names.append((name, isLine))
      return .call(.captured(name), arguments)
    }.procedure(procedure)
    for (index, read) in found.names.enumerated() {
      let prompt = Parameter("prompt", defaultValue: .constant(.string(CodePoints(""))))
      let number = Argument(.constant(.int(BigInt(index + 1))), kind: .keyword("place"))
      let callee = Expression.captured(Console.prefix + (read.isLine ? "readline" : "input"))
      let call = Expression.call(callee, (read.isLine ? [] : [Argument(.local("prompt"))]) + [number])
      let reader = Procedure(
        name: read.name, parameters: read.isLine ? [] : [prompt], body: [Statement(.returnValue(call))])
      definitions.append(Statement(.assign([.captured(read.name)], .closure(reader))))
      names.insert(read.name)
    }
    return result
  }
}

/// The variables of a program: what its code binds of those around it.
private struct BoundNames {
  let names: Set<String>

  init(_ body: [Statement]) {
    var names: Set<String> = []
    Procedure(name: "", body: body).forEachNode { node in
      if case .target(.captured(let name)) = node { names.insert(name) }
    }
    self.names = names
  }
}

/// Which code of a module reads standard input.
private struct Readers {
  /// Module code runs something that does, and not only where the module is the program.
  private(set) var runsAlways = false
  /// Module code runs something that does.
  private(set) var isProgram = false
  /// Functions of the module that do, themselves or by those that they call, and that module code comes to.
  private(set) var reached: Set<String> = []

  init(_ side: SideAnalysis) {
    var units: [String: LoweredUnit] = [:]
    var module: LoweredUnit?
    for case (let unit, .success(let lowered)) in zip(side.units, side.lowered) {
      if unit.kind == .module { module = lowered } else { units[unit.qualifiedName] = lowered }
    }
    guard let module else { return }
    var readers: Set<String> = []
    func reads(_ unit: LoweredUnit) -> Bool {
      var mayRead = false
      for reference in unit.references {
        switch reference {
        case .builtin("input"), .imported("sys.stdin"): return true
        case .module(let name) where readers.contains(name): return true
        case .builtin("open"), .imported("sys"): mayRead = true
        default: break
        }
      }
      return mayRead && unit.procedure.readsInput
    }
    while let next = units.first(where: { !readers.contains($0.key) && reads($0.value) }) { readers.insert(next.key) }
    isProgram = module.procedure.runsSomething(of: readers)
    var always = module.procedure
    always.body = always.body.filter { !$0.isForPrograms }
    runsAlways = always.runsSomething(of: readers)
    // What code names it may come to.
    var pending = [module]
    var named: Set<String> = []
    while let unit = pending.popLast() {
      for case .module(let name) in unit.references where named.insert(name).inserted {
        if let next = units[name] { pending.append(next) }
        pending += units.filter { $0.key.hasPrefix(name + ".") }.values
      }
    }
    reached = readers.intersection(named)
  }
}

extension Statement {
  /// `if __name__ == "__main__":`
  fileprivate var isForPrograms: Bool {
    guard case .branch(.compare(.equal, let name, let text), _, _) = kind else { return false }
    return Set([name, text]) == [.global(.module("__name__")), .constant(.string(CodePoints("__main__")))]
  }
}

extension Procedure {
  fileprivate var readsInput: Bool {
    holds { value in
      if case .call(.global(.builtin("open")), let arguments) = value {
        return arguments.first?.value == .constant(.int(0))
      }
      return value.importedPath == "sys.stdin"
    }
  }

  /// Module code that reads itself, or calls one of these functions.
  fileprivate func runsSomething(of readers: Set<String>) -> Bool {
    readsInput
      || holds { value in
        switch value {
        case .call(.global(.module(let name)), _): readers.contains(name)
        case .global(.builtin("input")): true
        default: false
        }
      }
  }

  private func holds(_ test: (Expression) -> Bool) -> Bool {
    var isThere = false
    forEachNode { node in
      if case .expression(let value) = node, test(value) { isThere = true }
    }
    return isThere
  }
}

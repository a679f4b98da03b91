import BigInt
import Logic
import Lowering
import Syntax

/// The unit `name` of a file, lowered.
func lower(_ source: String, _ name: String = "f", package: [String]? = nil) throws -> LoweredUnit {
  let tree = try SyntaxTree(parsing: Array(source.utf8), language: .python)
  let units = Units.extract(tree)
  let context = ModuleContext(tree: tree, units: units, package: package)
  guard let unit = units.first(where: { $0.qualifiedName == name }) else { throw NoSuchUnit(name: name) }
  return try PythonLowering.lower(unit: unit, in: context)
}

struct NoSuchUnit: Error { var name: String }

func context(_ source: String, package: [String]? = nil) throws -> ModuleContext {
  let tree = try SyntaxTree(parsing: Array(source.utf8), language: .python)
  return ModuleContext(tree: tree, units: Units.extract(tree), package: package)
}

/// The body of `def f(a, b, c)` that holds `source`.
func body(_ source: String, isAsync: Bool = false) throws -> [Statement] {
  let lines = source.split(separator: "\n", omittingEmptySubsequences: false).map { "  " + $0 }
  return try lower((isAsync ? "async " : "") + "def f(a, b, c):\n" + lines.joined(separator: "\n")).procedure.body
}

/// The value of an expression in `def f(a, b, c)`.
func value(_ source: String, isAsync: Bool = false) throws -> Expression? {
  guard case .returnValue(let value)? = try body("return " + source, isAsync: isAsync).first?.kind else { return nil }
  return value
}

/// The reason for which the unit is not lowered; nil when it is.
func refusal(_ source: String, _ name: String = "f") throws -> LoweringError? {
  do {
    _ = try lower(source, name)
    return nil
  } catch let error as LoweringError { return error }
}

let a = Expression.local("a")
let b = Expression.local("b")
let c = Expression.local("c")
let none = Expression.constant(.none)

func int(_ value: Int) -> Expression { .constant(.int(BigInt(value))) }
func text(_ value: String) -> Expression { .constant(.string(CodePoints(value))) }
func builtin(_ name: String) -> Expression { .global(.builtin(name)) }
func call(_ function: Expression, _ arguments: Expression...) -> Expression {
  .call(function, arguments.map { Argument($0) })
}
func statement(_ kind: Statement.Kind) -> Statement { Statement(kind) }
func assign(_ name: String, _ value: Expression) -> Statement { statement(.assign([.local(name)], value)) }
func run(_ value: Expression) -> Statement { statement(.expression(value)) }
func giveBack(_ value: Expression?) -> Statement { statement(.returnValue(value)) }

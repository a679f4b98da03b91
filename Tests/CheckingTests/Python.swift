import Checking
import Logic
import Lowering
import Syntax

struct NoSuchUnit: Error {
  var name: String
}

/// The named function of Python source, the first one when no name is given, in the common language.
func procedure(_ source: String, _ name: String? = nil) throws -> Procedure {
  let tree = try SyntaxTree(parsing: Array(source.utf8), language: .python, path: "a.py")
  let units = Units.extract(tree)
  let context = PythonLowering.context(of: tree, units: units, package: nil)
  let unit = units.first { unit in
    name.map { $0 == unit.qualifiedName } ?? (unit.kind == .function || unit.kind == .method)
  }
  guard let unit else { throw NoSuchUnit(name: name ?? "any") }
  return try PythonLowering.lower(unit: unit, in: context).procedure
}

func check(_ old: String, _ new: String, _ name: String? = nil, options: CheckOptions = quick) throws -> CheckResult {
  Checker.check(old: try procedure(old, name), new: try procedure(new, name), options: options)
}

/// Enough for functions of a few lines, in debug builds too.
let quick = CheckOptions(seed: 1, steps: 1_500_000)

extension CheckResult {
  var counterexample: Counterexample? { if case .difference(let found) = self { found } else { nil } }
  var strength: Strength? { if case .none(let strength) = self { strength } else { nil } }
}

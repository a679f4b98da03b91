import Foundation
import Logic
import Lowering
import Normalization
import Syntax
import Testing

/// One pair of a `.pairs` file: two versions of a file whose first function is compared.
struct Pair: Sendable, CustomTestStringConvertible {
  var name: String
  /// What stands after the colon: the assumptions that a proof may need, or the unit that is compared.
  var expectation: String
  var old: String
  var new: String
  var testDescription: String { name }
  /// The unit named after the colon, in files whose pairs need no assumptions.
  var unit: String? { expectation.isEmpty ? nil : expectation }

  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Fixtures/pairs/python")

  static func load(_ file: String) -> [Pair] {
    guard let text = try? String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8) else { return [] }
    var pairs: [Pair] = []
    var isNew = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("=== ") {
        let parts = line.dropFirst(4).split(separator: ":", maxSplits: 1)
        pairs.append(
          Pair(
            name: parts[0].trimmingCharacters(in: .whitespaces),
            expectation: parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : "", old: "", new: ""))
        isNew = false
      } else if line == "---" {
        isNew = true
      } else if !pairs.isEmpty {
        if isNew { pairs[pairs.count - 1].new += line + "\n" } else { pairs[pairs.count - 1].old += line + "\n" }
      }
    }
    return pairs
  }
}

/// The unit that a pair is about is not in its source, or an edit took it away.
struct NoSuchUnit: Error { var name: String? }

/// A source file brought as far as the prover needs it.
struct LoweredFile {
  /// The unit that is compared: the one that is asked for, or the first function.
  var unit: LoweredUnit
  var helpers: [Reference: Procedure] = [:]
  var boundNames: Set<String>
  var nonPlain: Set<String>

  /// `name`: the qualified name of a unit, or `module`.
  init(_ source: String, unit name: String? = nil) throws {
    let tree = try SyntaxTree(parsing: Array(source.utf8), language: .python)
    let units = Units.extract(tree)
    let context = PythonLowering.context(of: tree, units: units, package: nil)
    boundNames = context.surelyBoundNames
    nonPlain = context.managedAttributes.union(context.hooksAttributes ? ["*"] : [])
    var found: LoweredUnit?
    for unit in units {
      let isFunction = unit.kind == .function && unit.parent == 0
      let isWanted =
        name.map { unit.kind == .module ? $0 == "module" : $0 == unit.qualifiedName } ?? (isFunction && found == nil)
      guard isWanted || isFunction else { continue }
      let lowered = try PythonLowering.lower(unit: unit, in: context)
      if isWanted { found = lowered }
      if isFunction, context.functions[unit.name] != nil { helpers[.module(unit.name)] = lowered.procedure }
    }
    guard let found else { throw NoSuchUnit(name: name) }
    unit = found
  }
}

/// `unit`: which unit of the two files is compared.
func prove(_ pair: Pair, unit: String? = nil) throws -> ProofResult {
  let old = try LoweredFile(pair.old, unit: unit)
  let new = try LoweredFile(pair.new, unit: unit)
  // As the comparison has it: such code can see the names of its locals.
  if old.unit.looksAtItself || new.unit.looksAtItself, old.unit.procedure != new.unit.procedure {
    return .unsupported(reason: "it looks at itself", line: 0)
  }
  let context = ProofContext(
    oldHelpers: old.helpers, newHelpers: new.helpers, nonPlainAttributes: old.nonPlain.union(new.nonPlain),
    boundNames: old.boundNames.intersection(new.boundNames))
  return Prover.prove(old: old.unit.procedure, new: new.unit.procedure, context: context)
}

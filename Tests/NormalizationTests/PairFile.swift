import Foundation
import Logic
import Lowering
import Normalization
import Syntax
import Testing

/// One pair of a `.pairs` file: two versions of a file whose first function is compared.
struct Pair: Sendable, CustomTestStringConvertible {
  var name: String
  /// What stands after the colon: the assumptions that a proof may need.
  var expectation: String
  var old: String
  var new: String
  var testDescription: String { name }

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

/// A source file brought as far as the prover needs it.
struct LoweredFile {
  var first: Procedure
  var helpers: [Reference: Procedure] = [:]
  var boundNames: Set<String>
  var nonPlain: Set<String>

  init(_ source: String) throws {
    let tree = try SyntaxTree(parsing: Array(source.utf8), language: .python)
    let units = Units.extract(tree)
    let context = PythonLowering.context(of: tree, units: units, package: nil)
    boundNames = context.surelyBoundNames
    nonPlain = context.managedAttributes
    var procedures: [Procedure] = []
    for unit in units where unit.kind == .function && unit.parent == 0 {
      let lowered = try PythonLowering.lower(unit: unit, in: context)
      procedures.append(lowered.procedure)
      if lowered.interface.decorators.isEmpty { helpers[.module(unit.name)] = lowered.procedure }
    }
    first = try #require(procedures.first)
  }
}

func prove(_ pair: Pair) throws -> ProofResult {
  let old = try LoweredFile(pair.old)
  let new = try LoweredFile(pair.new)
  let context = ProofContext(
    oldHelpers: old.helpers, newHelpers: new.helpers, nonPlainAttributes: old.nonPlain.union(new.nonPlain),
    boundNames: old.boundNames.intersection(new.boundNames))
  return Prover.prove(old: old.first, new: new.first, context: context)
}

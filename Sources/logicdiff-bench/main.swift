import Foundation
import Logic
import Lowering
import Normalization
import Syntax

// Prints how long one pair of functions takes from source text to a compared normal form: parse, find units, lower,
// build both value graphs. One core, no search, no decoder.
//
//   logicdiff-bench OLD.py NEW.py [rounds]
//   logicdiff-bench --survey FOLDER...      see Survey.swift

struct Side {
  var procedure: Procedure
  var boundNames: Set<String>

  init?(_ bytes: [UInt8]) {
    guard let tree = try? SyntaxTree(parsing: bytes, language: .python) else { return nil }
    let units = Units.extract(tree)
    let context = PythonLowering.context(of: tree, units: units, package: nil)
    guard let unit = units.first(where: { $0.kind == .function }),
      let lowered = try? PythonLowering.lower(unit: unit, in: context)
    else { return nil }
    procedure = lowered.procedure
    boundNames = context.surelyBoundNames
  }
}

let arguments = CommandLine.arguments
if arguments.count > 2, arguments[1] == "--survey" { Survey.run(Array(arguments.dropFirst(2))) }
guard arguments.count >= 3, let old = FileManager.default.contents(atPath: arguments[1]),
  let new = FileManager.default.contents(atPath: arguments[2])
else {
  FileHandle.standardError.write(Data("usage: logicdiff-bench OLD.py NEW.py [rounds]\n".utf8))
  exit(2)
}
let rounds = arguments.count > 3 ? max(Int(arguments[3]) ?? 200, 1) : 200
var times: [Double] = []
var verdict = ""
for _ in 0..<rounds {
  let start = ContinuousClock.now
  guard let left = Side(Array(old)), let right = Side(Array(new)) else {
    FileHandle.standardError.write(Data("expected one function that can be lowered in each file\n".utf8))
    exit(2)
  }
  let context = ProofContext(boundNames: left.boundNames.intersection(right.boundNames))
  verdict = "\(Prover.prove(old: left.procedure, new: right.procedure, context: context))"
  let (seconds, attoseconds) = (ContinuousClock.now - start).components
  times.append(Double(seconds) * 1e3 + Double(attoseconds) / 1e15)
}
times.sort()
print(verdict)
print(
  String(
    format: "source text to normal form, both sides: median %.2f ms, fastest %.2f ms, %d rounds", times[rounds / 2],
    times[0], rounds))

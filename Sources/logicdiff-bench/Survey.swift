import Foundation
import Logic
import Lowering
import Normalization
import Syntax

// Brings every function of a folder into its normal form and asks whether the form is a fixed point: text printed from a
// procedure parses to the same procedure with the same digest, and the procedure with its locals renamed is proved equal
// to it outright. Prints one line of JSON a function, with its size and time; a summary goes to standard error.

struct Survey {
  private struct Line: Encodable {
    var path: String
    var name: String
    /// Statements and expressions of the procedure.
    var size: Int
    /// Nodes of its graph; absent where it has no form.
    var nodes: Int?
    var milliseconds: Double
    var isSameText: Bool
    var isSameForm: Bool
    /// Absent where a keyword-only parameter may not be renamed.
    var isProved: Bool?
  }

  private var lines: [Line] = []
  private var refused: [String: Int] = [:]

  mutating func read(_ path: String) {
    guard let data = FileManager.default.contents(atPath: path),
      let tree = try? SyntaxTree(parsing: Array(data), language: .python)
    else { return }
    let units = Units.extract(tree)
    let context = PythonLowering.context(of: tree, units: units, package: nil)
    for unit in units where unit.kind == .function || unit.kind == .method {
      do {
        let lowered = try PythonLowering.lower(unit: unit, in: context)
        lines.append(line(lowered, path, unit.qualifiedName, context))
      } catch {
        refused["\(error)".split(separator: ":").last.map(String.init) ?? "", default: 0] += 1
      }
    }
  }

  private func line(_ lowered: LoweredUnit, _ path: String, _ name: String, _ context: ModuleContext) -> Line {
    let procedure = lowered.procedure
    var nodes: Int?
    var times: [Double] = []
    for _ in 0..<3 {
      let start = ContinuousClock.now
      nodes = FormSize.nodes(
        of: procedure, boundNames: context.surelyBoundNames, nonPlainAttributes: context.managedAttributes)
      let (seconds, attoseconds) = (ContinuousClock.now - start).components
      times.append(Double(seconds) * 1e3 + Double(attoseconds) / 1e15)
    }
    let again = try? ProcedureParser.parse(ProcedurePrinter.print(procedure)).0
    let renamed = procedure.canonicallyNamed()
    var isProved: Bool? = procedure.parameters.contains { $0.kind == .keywordOnly } ? nil : false
    if isProved != nil,
      case .same(let assumptions, _) = Prover.prove(
        old: procedure, new: renamed, context: ProofContext(boundNames: context.surelyBoundNames))
    {
      isProved = assumptions.isEmpty
    }
    return Line(
      path: path, name: name, size: size(procedure), nodes: nodes, milliseconds: times.min() ?? 0,
      isSameText: again.map { $0.body == procedure.body } ?? false,
      isSameForm: again.map { digest($0, context) == digest(procedure, context) } ?? false, isProved: isProved)
  }

  private func digest(_ procedure: Procedure, _ context: ModuleContext) -> FormDigest.Outcome {
    // Compared inside this process only.
    FormDigest.of(
      procedure, boundNames: context.surelyBoundNames, nonPlainAttributes: context.managedAttributes
    ) { bytes in
      var hasher = Hasher()
      bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
      return withUnsafeBytes(of: hasher.finalize(), Array.init)
    }
  }

  private func size(_ procedure: Procedure) -> Int {
    var count = 0
    var walk = Walk()
    walk.expression = { _ in count += 1 }
    walk.statement = { _ in count += 1 }
    walk.closure = { count += size($0) }
    walk(procedure.body)
    return count
  }

  func report() {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    for line in lines {
      guard let data = try? encoder.encode(line) else { continue }
      print(String(decoding: data, as: UTF8.self))
    }
    let formed = lines.filter { $0.nodes != nil }
    let words = [
      "\(lines.count) functions lowered, \(refused.values.reduce(0, +)) not",
      "\(formed.count) with a form",
      "\(lines.filter(\.isSameText).count) printed and parsed back to the same body",
      "\(formed.filter(\.isSameForm).count) of \(formed.count) with the same form then",
      "\(formed.filter { $0.isProved == true }.count) of \(formed.filter { $0.isProved != nil }.count) "
        + "proved equal to themselves with locals renamed",
    ]
    FileHandle.standardError.write(Data((words.joined(separator: "\n") + "\n").utf8))
  }

  /// Runs on a thread whose stack deep source cannot exhaust.
  static func run(_ roots: [String]) {
    let thread = Thread {
      var survey = Survey()
      for root in roots {
        let files = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
        for file in files.sorted() where file.hasSuffix(".py") { survey.read("\(root)/\(file)") }
        if files.isEmpty { survey.read(root) }
      }
      survey.report()
      exit(0)
    }
    thread.stackSize = 512 << 20
    thread.start()
    while true { sleep(1_000) }
  }
}

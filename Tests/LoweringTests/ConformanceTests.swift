import Foundation
import Logic
import Lowering
import Syntax
import Testing

/// Our interpreter against the real one: the same functions on the same inputs.
@Suite("Conformance with python3")
struct ConformanceTests {
  static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fixtures/conformance")

  static var files: [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: fixtures.path)) ?? []
    return names.filter { $0.hasSuffix(".py") && $0 != "driver.py" }.sorted()
  }

  @Test(arguments: files)
  func behavesAsPython(_ file: String) throws {
    guard let python = Python.executable else {
      print("python3 is not installed: conformance of \(file) was not checked")
      return
    }
    let path = Self.fixtures.appending(path: file)
    let functions = try ConformanceFunction.all(in: path)
    #expect(!functions.isEmpty)
    var random = SeededGenerator(seed: 17)
    var cases: [(function: ConformanceFunction, arguments: [Input])] = []
    for function in functions {
      for round in 0..<40 {
        cases.append((function, function.procedure.parameters.map { ArgumentMaker.make($0.hint, round, &random) }))
      }
    }
    let lines = cases.map { item in
      item.function.name + "\t(" + item.arguments.map { ArgumentMaker.source($0) + ", " }.joined() + ")"
    }
    let answers = try Python.run(python, driver: Self.fixtures.appending(path: "driver.py"), path, lines)
    try #require(answers.count == lines.count, "the driver answered \(answers.count) of \(lines.count) cases")
    var compared = 0
    var failures: [String] = []
    var stops: [String] = []
    for (index, item) in cases.enumerated() {
      let execution = Interpreter.run(
        item.function.compiled, arguments: item.arguments, limits: Limits(steps: 300_000, drained: 1_000))
      if execution.versionDependent || execution.orderDependent { continue }
      if execution.outcome.isStopped {
        stops.append("\(lines[index]): \(execution.outcome)")
        continue
      }
      compared += 1
      let ours = Canonical.text(of: execution)
      if !Canonical.agree(ours, answers[index]) {
        failures.append("\(lines[index])\n  ours:   \(ours)\n  python: \(answers[index])")
      }
    }
    #expect(failures.isEmpty, "\(failures.count) differ:\n\(failures.prefix(12).joined(separator: "\n"))")
    #expect(stops.count * 20 <= cases.count, "\(stops.count) stopped:\n\(stops.prefix(12).joined(separator: "\n"))")
    #expect(compared * 10 >= cases.count * 7, "only \(compared) of \(cases.count) cases say anything")
  }
}

struct ConformanceFunction {
  var name: String
  var procedure: Procedure
  var compiled: CompiledProgram

  /// The top-level functions of a file; those whose name begins with `_` are helpers of the others.
  static func all(in path: URL) throws -> [ConformanceFunction] {
    let source = Array(try Data(contentsOf: path))
    let tree = try SyntaxTree(parsing: source, language: .python, path: path.lastPathComponent)
    let units = Units.extract(tree)
    let context = PythonLowering.context(of: tree, units: units, package: nil)
    var procedures: [(String, Procedure)] = []
    for unit in units where unit.kind == .function && !unit.qualifiedName.contains(".") {
      procedures.append((unit.qualifiedName, try PythonLowering.lower(unit: unit, in: context).procedure))
    }
    var helpers: [Reference: Procedure] = [:]
    for (name, procedure) in procedures { helpers[.module(name)] = procedure }
    return procedures.filter { !$0.0.hasPrefix("_") }.map { name, procedure in
      ConformanceFunction(
        name: name, procedure: procedure, compiled: Interpreter.compile(Program(procedure, functions: helpers)))
    }
  }
}

enum Python {
  static var executable: String? {
    ["/usr/bin/python3", "/usr/local/bin/python3", "/opt/homebrew/bin/python3"].first {
      FileManager.default.isExecutableFile(atPath: $0)
    }
  }

  /// Runs the driver on one line a case and returns one line an answer.
  static func run(_ python: String, driver: URL, _ module: URL, _ lines: [String]) throws -> [String] {
    let input = FileManager.default.temporaryDirectory.appending(path: "conformance-\(UUID().uuidString)")
    try lines.joined(separator: "\n").write(to: input, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(at: input) }
    let process = Process()
    process.executableURL = URL(filePath: python)
    process.arguments = ["-B", driver.path, module.path, input.path]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: output, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      .map(String.init)
  }
}

/// SplitMix64.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state = state &+ 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

import Comparison
import Logic

/// Reports for the tests of every format.
enum Samples {
  static func unit(
    _ name: String, _ verdict: Verdict, _ evidence: Evidence = .none, lines: ClosedRange<Int> = 1...9
  ) -> UnitResult {
    let place = Location.Lines(lines.lowerBound, lines.upperBound)
    return UnitResult(
      name: name, kind: "function", verdict: verdict, evidence: evidence,
      location: Location(old: verdict == .added ? nil : place, new: verdict == .removed ? nil : place))
  }

  static func report(_ files: [FileResult], groups: [Group] = []) -> ComparisonReport {
    ComparisonReport(
      tool: .init(version: "1", decoder: "none"), old: "HEAD~1", new: "HEAD", files: files, groups: groups)
  }

  static func file(_ path: String, _ units: [UnitResult]) -> FileResult {
    FileResult(path: path, language: "python", status: .modified, units: units)
  }

  /// `if not closed:` became `if closed:` at `line`, nine lines after the unit's start.
  static func changed(_ name: String = "Finder.circuit", at line: Int = 419) -> UnitResult {
    var unit = unit(name, .changed, lines: line - 7...line + 12)
    unit.counterexample = Counterexample(
      arguments: ["node = 0"], environment: ["self.graph[0] = []"], old: "returns None, after self.blocked.add(0)",
      new: "returns None", trace: .init(old: ["self.blocked.add(0)"], new: []))
    unit.summary = Summary(old: "same line\nblocks none\n", new: "same line\nblocks one\n", decoder: "specialist")
    unit.view.lines = (line - 7...line - 1).map {
      .init(kind: .equal, number: $0, text: "    line \($0)", oldNumber: $0)
    }
    unit.view.lines.append(.init(kind: .removed, number: line, text: "    if not closed:"))
    unit.view.lines.append(.init(kind: .added, number: line, text: "    if closed:"))
    unit.view.lines += (line + 1...line + 11).map {
      .init(kind: .equal, number: $0, text: "    line \($0)", oldNumber: $0)
    }
    return unit
  }

  /// One unit of every verdict.
  static var everything: ComparisonReport {
    var cost = unit("common_neighbours", .cost, .proved)
    cost.cost = Cost(
      old: "O(n)", new: "O(n^2)", steps: ["n = length of nodes"],
      counts: .init(sizes: [16, 32, 64, 128], old: [50, 98, 194, 386], new: [400, 1500, 5800, 23000]))
    var interface = unit("twice", .interface, .proved)
    interface.interface = [InterfaceEdit("parameter x -> y")]
    interface.body = .same
    var assumed = unit("relabel", .same, .assumed)
    assumed.assumptions = [.plainAttributes]
    assumed.proof = [ProofEntry(rule: "loop/fold", side: "old", lines: [3, 5])]
    var tested = unit("density", .unproven, .tested)
    tested.strength = Strength(inputs: 4812, branches: [6, 6], mutants: [41, 43], survivors: ["line 3: + for -"])
    var unproven = changed("walk", at: 80)
    (unproven.verdict, unproven.counterexample) = (.unproven, nil)
    unproven.reason = "line 80: a generator"
    var notAnalysed = unit("strange", .notAnalysed)
    notAnalysed.reason = "line 2: except*"
    var binary = file("data.bin", [])
    (binary.language, binary.reason) = (nil, "binary file")
    return report([
      file(
        "cycles.py",
        [
          changed(), cost, interface, assumed, tested, unproven, notAnalysed, unit("born", .added),
          unit("dead", .removed), unit("still", .same, .proved),
        ]), binary,
    ])
  }

  /// Everything that comes from the code under review or from whoever made the report, made to break out.
  static func hostile(_ text: String) -> ComparisonReport {
    var unit = changed(text, at: 30)
    unit.oldName = text
    unit.reason = text
    unit.interface = [InterfaceEdit(text)]
    unit.summary = Summary(old: "a\n" + text, new: "b\n" + text, decoder: text)
    unit.counterexample = Counterexample(
      arguments: [text], environment: [text], old: text, new: "new" + text, trace: .init(old: [text], new: [text]))
    unit.view.changedCallees = [text]
    unit.view.lines.append(.init(kind: .added, number: 99, text: text))
    unit.names = [text: text]
    unit.proof = [ProofEntry(rule: text, side: text, lines: [1, 2])]
    var interface = self.unit(text, .interface, .proved)
    interface.interface = [InterfaceEdit(text)]
    var cost = self.unit(text, .cost, .proved)
    cost.cost = Cost(old: text, new: text, steps: [text])
    var survived = self.unit(text, .unproven, .tested)
    survived.strength = Strength(inputs: 1, branches: [1, 1], mutants: [1, 1], survivors: [text])
    var file = file(text, [unit, interface, cost, survived, self.unit(text, .same, .proved), self.unit(text, .added)])
    file.oldPath = text
    var plain = self.file(text + "2", [])
    plain.reason = text
    plain.textDiff = ["@@ -1 +1 @@", "-" + text, "+" + text]
    var report = report(
      [file, plain], groups: [Group(edit: text, members: [.init(file: 0, unit: 1)])])
    (report.old, report.new) = (text, text)
    return report
  }
}

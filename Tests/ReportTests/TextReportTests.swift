import Comparison
import Logic
import Report
import Testing

private func unit(
  _ name: String, _ verdict: Verdict, _ evidence: Evidence = .none, lines: ClosedRange<Int> = 1...9
) -> UnitResult {
  let place = Location.Lines(lines.lowerBound, lines.upperBound)
  return UnitResult(
    name: name, kind: "function", verdict: verdict, evidence: evidence,
    location: Location(old: verdict == .added ? nil : place, new: verdict == .removed ? nil : place))
}

private func report(_ files: [FileResult]) -> ComparisonReport {
  ComparisonReport(
    tool: .init(version: "1", decoder: "none"), old: "HEAD~1", new: "HEAD", files: files)
}

private func render(_ files: [FileResult], _ change: (inout TextReport.Options) -> Void = { _ in }) -> String {
  var options = TextReport.Options()
  change(&options)
  return TextReport.render(report(files), options: options)
}

private func file(_ path: String, _ units: [UnitResult]) -> FileResult {
  FileResult(path: path, language: "python", status: .modified, units: units)
}

@Suite("The terminal report")
struct TextReportTests {
  private func changed() -> UnitResult {
    var unit = unit("Finder.circuit", .changed, lines: 412...431)
    unit.counterexample = Counterexample(
      arguments: ["node = 0"], environment: ["self.graph[0] = []"], old: "returns None, after self.blocked.add(0)",
      new: "returns None", trace: .init(old: ["self.blocked.add(0)"], new: []))
    unit.summary = Summary(old: "same line\nblocks none\n", new: "same line\nblocks one\n", decoder: "specialist")
    unit.view.lines = (412...418).map { .init(kind: .equal, number: $0, text: "    line \($0)") }
    unit.view.lines.append(.init(kind: .removed, number: 419, text: "    if not closed:"))
    unit.view.lines.append(.init(kind: .added, number: 419, text: "    if closed:"))
    unit.view.lines += (420...430).map { .init(kind: .equal, number: $0, text: "    line \($0)") }
    return unit
  }

  @Test("A changed function: folded diff, witness, summary diff; one line for the others")
  func sketch() {
    var cost = unit("common_neighbours", .cost, .proved)
    cost.cost = Cost(old: "O(n)", new: "O(n^2)", steps: ["n = length of nodes"])
    var assumed = unit("relabel", .same, .assumed)
    assumed.assumptions = [.plainAttributes]
    var tested = unit("density", .unproven, .tested)
    tested.strength = Strength(inputs: 4812, branches: [6, 6], mutants: [41, 43], survivors: [])
    var changed = changed()
    changed.summary = nil
    let text = render([
      file("cycles.py", [assumed, changed, cost, tested, unit("a", .same, .proved), unit("b", .same, .proved)])
    ])
    #expect(
      text == """
        cycles.py
          changed    Finder.circuit                                         lines 412-431
              ...  7 lines equal
            - 419      if not closed:
            + 419      if closed:
              ...  11 lines equal
            differs when  node = 0, self.graph[0] = []
              old  returns None, after self.blocked.add(0)
              new  returns None
          cost       common_neighbours  O(n) -> O(n^2), n = length of nodes
          same       relabel            assuming plain-attributes
          no difference found  density            4,812 inputs, all 6 branches, 41 of 43 mutants told apart
          2 functions hidden, proved the same

        6 changed functions: 1 changed, 1 cost, 3 same (2 hidden), 1 no difference found

        """)
  }

  @Test("The summary diff comes after the folded diff only where both fit into the text diff")
  func summaryFits() {
    let short = changed()
    let text = render([file("a.py", [short])])
    #expect(short.view.textDiffSize == 9)
    #expect(text.contains("    summary\n      ...\n    -   blocks none\n    +   blocks one\n"))
    var long = short
    long.summary?.new = "1\n2\n3\n4\n5\n6\n7\n8\n9\n"
    #expect(!render([file("a.py", [long])]).contains("summary"))
    let instead = render([file("a.py", [long])]) { $0.summaries = true }
    #expect(instead.contains("    summary\n") && !instead.contains("if not closed"))
  }

  @Test("Nothing shown of a unit is longer than its text diff and a few lines")
  func size() {
    var unit = changed()
    unit.summary = nil
    unit.counterexample = nil
    let lines = render([file("a.py", [unit])]).split(separator: "\n").count - 2
    #expect(lines <= unit.view.textDiffSize + 1)
  }

  @Test("Hidden things are counted, and listed on request")
  func hidden() {
    let files = [file("a.py", [unit("f", .same, .proved)]), file("b.py", [unit("g", .same, .proved)])]
    #expect(
      render(files) == "2 functions hidden in 2 files, proved the same\n\n2 changed functions: 2 same (2 hidden)\n")
    let all = render(files) { $0.showHidden = true }
    #expect(all.contains("a.py\n  same       f  proved\n"))
  }

  @Test("A group is one line, and its members have no line of their own")
  func groups() {
    func member(_ name: String) -> UnitResult {
      var unit = unit(name, .interface, .proved)
      unit.body = .same
      unit.interface = [InterfaceEdit("@a(1) -> @b(1)", pattern: "@a -> @b")]
      return unit
    }
    var report = report([file("a.py", [member("f"), member("g")]), file("b.py", [member("h")])])
    report.groups = [
      Group(
        edit: "@a -> @b",
        members: [.init(file: 0, unit: 0), .init(file: 0, unit: 1), .init(file: 1, unit: 0)])
    ]
    let text = TextReport.render(report, options: .init())
    #expect(
      text == "3 functions in 2 files: @a -> @b, bodies the same\n\n3 changed functions: 3 interface\n")
  }

  @Test("What could not be analysed says why, and shows the plain text diff")
  func notAnalysed() {
    var broken = unit("f", .notAnalysed, lines: 1...3)
    broken.reason = "line 2: syntax error"
    broken.view.lines = [
      .init(kind: .equal, number: 1, text: "def f():"), .init(kind: .removed, number: 2, text: "    return 1"),
      .init(kind: .added, number: 2, text: "    return 1 +"),
    ]
    var binary = FileResult(path: "b.bin", language: nil, status: .modified, reason: "binary file")
    binary.textDiff = []
    let text = render([file("a.py", [broken]), binary])
    #expect(text.contains("  not analysed  f  ") && text.contains("\n    line 2: syntax error\n"))
    #expect(text.contains("      1  def f():\n    - 2      return 1\n    + 2      return 1 +\n"))
    #expect(text.contains("b.bin\n  not analysed: binary file\n"))
  }

  @Test("--explain names the rules with their lines and the mutants that survived")
  func explain() {
    var unit = unit("f", .same, .assumed)
    unit.assumptions = [.stableNames]
    unit.proof = [ProofEntry(rule: "guard-clause", side: "old", lines: [3, 5])]
    let text = render([file("a.py", [unit])]) { $0.explain = true }
    #expect(text.contains("by guard-clause, old lines 3-5"))
  }

  @Test("Colour adds escapes and nothing else")
  func color() {
    let files = [file("a.py", [changed()])]
    let plain = render(files)
    let colored = render(files) { $0.style = Style(isOn: true) }
    #expect(colored != plain)
    #expect(colored.replacing(#/\u{1B}\[[0-9]*m/#, with: "") == plain)
  }

  @Test("Text under review cannot draw on the terminal")
  func sanitized() {
    var unit = changed()
    unit.name = "f\u{1B}[31m"
    unit.view.lines[7].text = "x = '\u{202E}\u{7}'\u{9}#"
    let text = render([file("a\n.py", [unit])])
    #expect(!text.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{202E}" || $0 == "\u{7}" })
    #expect(text.hasPrefix("a\\u{a}.py\n"))
  }
}

@Suite("The JSON report")
struct JSONReportTests {
  @Test("What is written can be read back")
  func roundTrip() throws {
    var first = unit("f", .changed)
    first.counterexample = Counterexample(
      arguments: ["n = 0"], environment: [], old: "returns 1", new: "returns 2", trace: .init(old: [], new: ["g()"]))
    first.interface = [InterfaceEdit("parameter a -> b")]
    first.strength = Strength(inputs: 1, branches: [1, 2], mutants: [3, 4], survivors: ["line 1"])
    var second = unit("g", .unproven, .tested)
    second.reason = "the normal forms differ"
    second.assumptions = [.noAlias]
    let original = report([file("a.py", [first, second])])
    let text = try JSONReport.render(original)
    let read = try JSONReport.parse(Array(text.utf8))
    #expect(try JSONReport.render(read) == text)
    #expect(read.files[0].units[0].counterexample == first.counterexample)
    #expect(read.counts == [.changed: 1, .unproven: 1])
  }

  @Test("A report of another schema is refused")
  func schema() throws {
    let text = try JSONReport.render(report([])).replacing("\"schema\" : 1", with: "\"schema\" : 2")
    #expect(throws: (any Error).self) { try JSONReport.parse(Array(text.utf8)) }
  }

  @Test("The exit policy: what needs a look")
  func policy() {
    func needs(_ verdict: Verdict, _ evidence: Evidence, _ required: Evidence) -> Bool {
      report([file("a.py", [unit("f", verdict, evidence)])]).needsALook(requiring: required)
    }
    #expect(needs(.changed, .none, .tested))
    #expect(needs(.added, .none, .tested))
    #expect(!needs(.same, .assumed, .assumed) && needs(.same, .assumed, .proved))
    #expect(needs(.unproven, .tested, .assumed) && !needs(.unproven, .tested, .tested))
    #expect(needs(.unproven, .none, .tested) && needs(.notAnalysed, .none, .tested))
    var helper = unit("h", .added)
    helper.isHelper = true
    #expect(!report([file("a.py", [helper])]).needsALook(requiring: .proved))
  }
}

@Suite("Old and new beside each other")
struct SideBySideTests {
  private func render(_ lines: [UnitView.Line], columns: Int) -> [Substring] {
    var unit = Samples.unit("f", .changed)
    unit.view.lines = lines
    var options = TextReport.Options()
    options.columns = columns
    let text = TextReport.render(Samples.report([Samples.file("a.py", [unit])]), options: options)
    return text.split(separator: "\n").filter { $0.contains(" |") }
  }

  /// As a terminal shows it: wide characters take two columns, marks none.
  private func width(_ line: Substring) -> Int {
    line.unicodeScalars.reduce(0) { sum, scalar in
      if scalar.properties.generalCategory == .nonspacingMark { return sum }
      return sum + ((0x4E00...0x9FFF).contains(scalar.value) || scalar.properties.isEmojiPresentation ? 2 : 1)
    }
  }

  @Test("Each row stays within the width, and the halves begin in one column", arguments: [40, 60, 81, 200])
  func fits(columns: Int) throws {
    let texts = [
      "x = 1", "\ty = \"\u{4E2D}\u{6587}\u{4E2D}\u{6587}\u{4E2D}\u{6587}\" + z\t# e\u{301}e\u{301}", "",
      "very_long_name = another_long_name(argument_one, argument_two, argument_three, argument_four)", "\u{1F600} = 2",
    ]
    let removed = texts.enumerated().map { UnitView.Line(kind: .removed, number: $0 + 98, text: $1) }
    let added = texts.enumerated().map { UnitView.Line(kind: .added, number: $0 + 98, text: $1 + "!") }
    let rows = render(removed + added, columns: columns)
    #expect(rows.count >= texts.count)
    for row in rows {
      #expect(width(row) <= columns, "\(row)")
      let bar = try #require(row.range(of: " |"))
      #expect(width(row[..<bar.lowerBound]) == width(rows[0][..<(try #require(rows[0].range(of: " |"))).lowerBound]))
    }
    // Nothing of the source is lost where a line goes on below.
    let right = rows.map { row in String(row[(row.range(of: " |")?.upperBound ?? row.endIndex)...]) }.joined()
    #expect(
      right.filter { !$0.isWhitespace && !$0.isNumber && $0 != "+" }.contains("argument_four)!".filter { !$0.isNumber })
    )
  }

  @Test("A removed line stands beside the one that took its place; a tab goes to the next eighth column")
  func pairs() {
    let rows = render(
      [
        .init(kind: .equal, number: 7, text: "def f():", oldNumber: 5), .init(kind: .removed, number: 6, text: "a\tb"),
        .init(kind: .added, number: 8, text: "a\tc"), .init(kind: .added, number: 9, text: "d"),
      ], columns: 60)
    #expect(
      rows == [
        "     5  def f():               |  7  def f():", "    -6  a       b              | +8  a       c",
        "                               | +9  d",
      ])
  }
}

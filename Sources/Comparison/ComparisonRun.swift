import Logic
import Lowering
import Normalization
import Repository
import Summaries
import Syntax

/// Two sides of files in, verdicts out.
///
/// Files are parsed and lowered in parallel, units are paired file by file and then across files (a moved function),
/// and each pair that differs is judged on its own, in parallel again. The report's order is that of the input.
package struct ComparisonRun: Sendable {
  package var old: String
  package var new: String
  package var files: [FilePair]
  package var options: ComparisonOptions
  package let timings = Timings()

  package init(old: String, new: String, files: [FilePair], options: ComparisonOptions) {
    self.old = old
    self.new = new
    self.files = files
    self.options = options
  }

  package func run() -> ComparisonReport {
    // On a worker, where deep trees are also taken apart again.
    let reports = Workers.map([self], jobs: 1) { $0.runHere() }
    return reports.first?.report
      ?? ComparisonReport(tool: .init(version: "", decoder: ""), old: old, new: new, files: [])
  }

  /// What a decoder that takes long would be asked about, without asking it.
  package func questions() -> [AskedVersion] {
    Workers.map([self], jobs: 1) { $0.runHere(asks: false) }.first?.questions ?? []
  }

  private func runHere(asks: Bool = true) -> (report: ComparisonReport, questions: [AskedVersion]) {
    let analysed = Workers.map(files, jobs: options.jobs) { file in
      timings.measure("analyse") { FileAnalysis(file) }
    }
    let jobs = timings.measure("pair") { pair(analysed) }
    let judge = Judge(options: options, clock: timings)
    let asking = judge.asking
    let total = jobs.count
    let progress = options.progress
    let finished: @Sendable (Int) -> Void = { progress?($0, total) }
    var results = Workers.map(jobs, jobs: options.jobs, finished: finished) { job -> UnitResult? in
      switch job.work {
      case .told(let result): result
      case .judged(let candidate): judge.judge(candidate)
      }
    }
    lookAtWholes(jobs, &results, judge)
    var questions: [AskedVersion] = []
    if let writer = options.summaryWriter, writer.isBudgeted || options.asksEveryDecoder {
      timings.measure("summarize") {
        questions = ask(writer, asking, jobs: jobs, results: &results, asks: asks)
      }
    }
    var reports = analysed.map(\.result)
    for (job, result) in zip(jobs, results) {
      if let result { reports[job.file].units.append(result) }
    }
    noteCallees(&reports, jobs: jobs, results: results)
    let decoder = options.summaryWriter?.name ?? "none"
    let report = ComparisonReport(
      tool: .init(version: options.toolVersion, decoder: decoder), old: old, new: new, files: reports,
      groups: Grouping.groups(in: reports))
    return (report, questions)
  }

  /// Has the summaries written that waited for all verdicts, or only says what would be asked.
  private func ask(
    _ writer: any SummaryWriter, _ asking: Asking, jobs: [Job], results: inout [UnitResult?], asks: Bool
  ) -> [AskedVersion] {
    var open: [(index: Int, name: String, key: Asking.Key, names: [String: String])] = []
    for (index, job) in jobs.enumerated() {
      guard case .judged(let candidate) = job.work, let result = results[index],
        result.verdict == .changed || result.verdict == .unproven
      else { continue }
      open.append((index, "\(files[job.file].path): \(result.name)", Asking.Key(candidate), result.names))
    }
    guard asks else { return asking.questions(open.map { ($0.name, $0.key) }, writer: writer) }
    asking.finish(open.map { ($0.name, $0.key, $0.names) }, options: options, writer: writer) { place, old, new in
      results[open[place].index]?.summary = Summary(old: old.text, new: new.text, decoder: new.decoder)
    }
    return []
  }

  // MARK: Pairing

  struct Job: Sendable {
    enum Work: Sendable {
      /// Nothing to find out: added, removed.
      case told(UnitResult)
      case judged(Candidate)
    }
    var file: Int
    var work: Work
  }

  private func pair(_ analysed: [FileAnalysis]) -> [Job] {
    let inFile = Workers.map(analysed, jobs: options.jobs) { file in
      FilePairs(
        oldPath: file.pair.oldPath ?? file.pair.path, newPath: file.pair.path,
        pairs: file.isComparable ? Pairing.pair(old: file.old?.units ?? [], new: file.new?.units ?? []) : [])
    }
    let paired = Pairing.pairMoved(across: inFile)
    let sides = Sides(analysed)
    let selected = Workers.map(Array(paired.indices), jobs: options.jobs) { index in
      jobs(of: index, paired[index].pairs, inFile: inFile[index].pairs, sides)
    }
    return selected.flatMap { $0 }
  }

  /// `inFile` are the pairs as they were before partners were looked for in other files.
  private func jobs(of file: Int, _ pairs: [UnitPair], inFile: [UnitPair], _ sides: Sides) -> [Job] {
    // What moved here or away is told at its own unit as well, not again at the module or class.
    let told = Self.told(pairs + inFile)
    let unpaired = Self.unpaired(pairs)
    var lines: [ObjectIdentifier: [ArraySlice<UInt8>]] = [:]
    var names: [ObjectIdentifier: MovedNames] = [:]
    // A nested function with a partner has a view of its own; one without is shown in what holds it.
    var paired: [ObjectIdentifier: Set<Int>] = [:]
    for pair in pairs {
      guard let old = pair.old.flatMap(sides.place), let new = pair.new.flatMap(sides.place) else { continue }
      for place in [old, new] { paired[ObjectIdentifier(place.side.tree), default: []].insert(place.index) }
    }
    func view(_ side: SideAnalysis, _ index: Int, told: Set<Int>) -> Views.Side {
      let key = ObjectIdentifier(side.tree)
      let table = lines[key] ?? side.lineTable()
      lines[key] = table
      return Views.Side(
        lines: table, own: side.ownLines(of: index, told: told), meaningful: side.meaningfulLines(of: index))
    }
    func candidate(
      _ old: Sides.Place, _ new: Sides.Place, _ state: UnitPair.State, _ moved: MovedNames?, isWhole: Bool = false
    ) -> Candidate {
      let view = Views.align(
        view(old.side, old.index, told: isWhole ? [] : paired[ObjectIdentifier(old.side.tree)] ?? []),
        view(new.side, new.index, told: isWhole ? [] : paired[ObjectIdentifier(new.side.tree)] ?? []))
      let constants = sides.changedConstants(old, new)
      var result = Candidate(
        old: old.side, oldIndex: old.index, new: new.side, newIndex: new.index, state: state,
        context: sides.context(old, new).replacing(constants), constants: constants, ownOld: told.old,
        ownNew: told.new, view: view, unstableNames: sides.unstableNames, moved: moved)
      if moved == nil { (result.oldSurroundings, result.newSurroundings) = sides.surroundings(old, new) }
      return result
    }
    let pairedPlaces = Dictionary(
      pairs.compactMap { pair in pair.new.map { ($0.wholeNode.index, pair) } }, uniquingKeysWith: { first, _ in first })
    var objects: [ObjectIdentifier: [Int: [Candidate]]] = [:]
    /// The class at the top level of both files that two methods stand in.
    func object(_ old: Sides.Place, _ new: Sides.Place) -> [Candidate] {
      guard let left = old.enclosingClass, let right = new.enclosingClass,
        left.unit.qualifiedName == right.unit.qualifiedName
      else { return [] }
      let key = ObjectIdentifier(right.side.tree)
      if let known = objects[key]?[right.index] { return known }
      var result: [Candidate] = []
      if left.side.knownClasses[left.unit.name] != nil, right.side.knownClasses[right.unit.name] != nil {
        var whole = candidate(left, right, .matched, nil, isWhole: true)
        whole.wholeClass = right.unit.name
        whole.view = Views.align(wholeView(left), wholeView(right))
        (whole.oldSurroundings, whole.newSurroundings) = sides.objectSurroundings(left, right)
        result = [whole]
      }
      objects[key, default: [:]][right.index] = result
      return result
    }
    var programs: [ObjectIdentifier: [Candidate]] = [:]
    /// The program that code of two files is part of.
    func program(_ old: Sides.Place, _ new: Sides.Place) -> [Candidate] {
      guard new.unit.kind == .module || new.unit.kind == .function && new.unit.parent == 0 else { return [] }
      let key = ObjectIdentifier(new.side.tree)
      if let known = programs[key] { return known }
      var result: [Candidate] = []
      if WholeProgram.isProgram(old.side), WholeProgram.isProgram(new.side), let left = old.module,
        let right = new.module
      {
        var whole = candidate(left, right, .matched, nil, isWhole: true)
        (whole.isProgram, whole.view) = (true, Views.align(wholeView(left), wholeView(right)))
        (whole.oldSurroundings, whole.newSurroundings) = (Surroundings(), Surroundings())
        result = [whole]
      }
      programs[key] = result
      return result
    }
    func wholeView(_ place: Sides.Place) -> Views.Side {
      var result = view(place.side, place.index, told: [])
      result.own = Array(place.unit.lines)
      return result
    }
    var jobs: [Job] = []
    for pair in pairs {
      switch (pair.old.flatMap(sides.place), pair.new.flatMap(sides.place)) {
      case (let old?, let new?):
        guard Self.differs(pair, old, new, told, sides) else { continue }
        var moved: MovedNames?
        if case .moved = pair.state {
          let key = ObjectIdentifier(old.side.tree)
          moved = names[key] ?? MovedNames(from: old.side, to: new.side, pairs: pairs)
          names[key] = moved
        }
        var judged = candidate(old, new, pair.state, moved)
        if moved == nil, let (oldOuter, newOuter) = Self.outermost(old, new),
          let outer = pairedPlaces[newOuter.unit.wholeNode.index], outer.old?.node == oldOuter.unit.node
        {
          judged.enclosing = [candidate(oldOuter, newOuter, outer.state, nil, isWhole: true)]
        }
        if moved == nil { (judged.object, judged.program) = (object(old, new), program(old, new)) }
        jobs.append(Job(file: file, work: .judged(judged)))
      case (nil, let new?):
        guard !Self.isPart(of: unpaired, new), !new.holdsNothing else { continue }
        jobs.append(Job(file: file, work: .told(alone(.added, new, summary: \.new))))
      case (let old?, nil):
        guard !Self.isPart(of: unpaired, old), !old.holdsNothing else { continue }
        jobs.append(Job(file: file, work: .told(alone(.removed, old, summary: \.old))))
      case (nil, nil): break
      }
    }
    return jobs
  }

  /// The functions around a nested one that no other function holds.
  private static func outermost(_ old: Sides.Place, _ new: Sides.Place) -> (old: Sides.Place, new: Sides.Place)? {
    func outermost(_ place: Sides.Place) -> Sides.Place? {
      var (found, next) = (nil as Sides.Place?, place.unit.parent)
      while let index = next {
        let unit = place.side.units[index]
        if unit.kind == .function || unit.kind == .method { found = Sides.Place(side: place.side, index: index) }
        next = unit.parent
      }
      return found
    }
    guard let left = outermost(old), let right = outermost(new) else { return nil }
    return (left, right)
  }

  /// Own tokens differ, or names lead somewhere else or to another constant, or it is called something else.
  private static func differs(
    _ pair: UnitPair, _ old: Sides.Place, _ new: Sides.Place, _ told: (old: Set<String>, new: Set<String>),
    _ sides: Sides
  ) -> Bool {
    guard pair.hasSameOwnTokens, case .matched = pair.state else { return true }
    // The same bytes may be another text.
    if old.side.context.foreignEncoding != new.side.context.foreignEncoding { return true }
    guard case .success(let left) = old.lowered, case .success(let right) = new.lowered else { return false }
    if !sides.changedConstants(old, new).isEmpty { return true }
    if left.references == right.references { return left.interface != right.interface }
    if left.procedure.ownReferences != right.procedure.ownReferences { return true }
    // Names that only a nested unit uses are that unit's own affair.
    let nested = old.nestedReferences.union(new.nestedReferences)
    return left.references.subtracting(nested) != right.references.subtracting(nested)
  }

  /// Names of definitions that only one side has, or that have another name on the other.
  private static func told(_ pairs: [UnitPair]) -> (old: Set<String>, new: Set<String>) {
    var told: (old: Set<String>, new: Set<String>) = ([], [])
    for pair in pairs {
      if case .matched = pair.state { continue }
      // The name of a lambda is told where it is bound.
      if let unit = pair.old, unit.kind != .lambda { told.old.insert(unit.definitionName) }
      if let unit = pair.new, unit.kind != .lambda { told.new.insert(unit.definitionName) }
    }
    return told
  }

  /// Units without a partner anywhere.
  private static func unpaired(_ pairs: [UnitPair]) -> Set<UnitPlace> {
    let alone = pairs.filter { $0.state == .added || $0.state == .removed }
    return Set(alone.lazy.compactMap { $0.old ?? $0.new }.map(UnitPlace.init))
  }

  /// A unit inside one that was added or removed as a whole is told with it, and one inside a function is part of that
  /// function; in a file and in a class that stay, each stands for itself.
  private static func isPart(of unpaired: Set<UnitPlace>, _ place: Sides.Place) -> Bool {
    guard let parent = place.unit.parent else { return false }
    let enclosing = place.side.units[parent]
    switch enclosing.kind {
    case .module: return false
    case .classBody: return unpaired.contains(UnitPlace(enclosing))
    case .function, .method, .lambda: return true
    }
  }

  private func alone(
    _ verdict: Verdict, _ place: Sides.Place, summary side: WritableKeyPath<Summary, String?>
  ) -> UnitResult {
    let lines = Judge.lines(place.unit)
    var result = UnitResult(
      name: place.unit.qualifiedName, oldName: verdict == .removed ? place.unit.qualifiedName : nil,
      kind: Judge.word(place.unit.kind), verdict: verdict,
      location: verdict == .added ? Location(old: nil, new: lines) : Location(old: lines, new: nil))
    if case .failure(let error) = place.lowered { result.reason = Messages.atLine(error.line, error.reason) }
    if options.summaries, let writer = options.summaryWriter, case .success(let lowered) = place.lowered,
      let written = (writer.isBudgeted ? ProcedureText(canonicalNames: options.canonicalNames) : writer)
        .summary(of: lowered.procedure)
    {
      var summary = Summary(old: nil, new: nil, decoder: written.decoder)
      summary[keyPath: side] = written.text
      result.summary = summary
    }
    return result
  }

  // MARK: Callees

  /// What the judged units call: callees that changed are named there, helpers that were extracted or inlined in a
  /// unit that means the same are marked as such.
  private func noteCallees(_ reports: inout [FileResult], jobs: [Job], results: [UnitResult?]) {
    var changed: [Reference: String] = [:]
    var changedInFile: [Int: [Reference: String]] = [:]
    var helpers: Set<Reference> = []
    var helpersInFile: [Int: Set<Reference>] = [:]
    for (job, result) in zip(jobs, results) {
      guard let result, case .judged(let candidate) = job.work else { continue }
      if result.verdict == .changed, !result.name.contains(".") {
        changedInFile[job.file, default: [:]][.module(result.name)] = result.name
        let module = candidate.new.moduleName.joined(separator: ".")
        if !module.isEmpty { changed[.imported("\(module).\(result.name)")] = result.name }
      }
      guard result.body == .same || result.body == .cost,
        case .success(let old) = candidate.old.lowered[candidate.oldIndex],
        case .success(let new) = candidate.new.lowered[candidate.newIndex]
      else { continue }
      let differing = old.references.symmetricDifference(new.references)
      helpers.formUnion(differing)
      helpersInFile[job.file, default: []].formUnion(differing)
    }
    var position = [Int](repeating: 0, count: reports.count)
    for (job, result) in zip(jobs, results) {
      guard let result else { continue }
      let place = position[job.file]
      position[job.file] += 1
      switch job.work {
      case .told:
        let file = files[job.file]
        let path = result.verdict == .removed ? file.oldPath ?? file.path : file.path
        let module = SideAnalysis.moduleName(of: path).joined(separator: ".")
        reports[job.file].units[place].isHelper =
          helpersInFile[job.file]?.contains(.module(result.name)) ?? false
          || helpers.contains(.imported("\(module).\(result.name)"))
      case .judged(let candidate):
        guard case .success(let lowered) = candidate.new.lowered[candidate.newIndex],
          candidate.newUnit.kind != .module
        else { continue }
        let own = candidate.newUnit.qualifiedName
        let callees = lowered.references.compactMap { changed[$0] ?? changedInFile[job.file]?[$0] }.filter { $0 != own }
        let constants = candidate.constants.keys.map(\.lastName)
        reports[job.file].units[place].view.changedConstants = constants.sorted()
        reports[job.file].units[place].view.changedCallees = Set(callees).sorted()
      }
    }
  }
}

extension ProofContext {
  /// With the changed constants looked through in helpers too.
  fileprivate func replacing(_ constants: [Reference: ChangedConstants.Values]) -> ProofContext {
    if constants.isEmpty { return self }
    var result = self
    let (old, new) = (constants.mapValues(\.old), constants.mapValues(\.new))
    result.oldHelpers = oldHelpers.mapValues { $0.replacing(old) }
    result.newHelpers = newHelpers.mapValues { $0.replacing(new) }
    result.oldMethods = oldMethods.mapValues { $0.replacing(old) }
    result.newMethods = newMethods.mapValues { $0.replacing(new) }
    return result
  }
}

/// Where a unit stands: several may have one name.
struct UnitPlace: Hashable {
  var tree: ObjectIdentifier
  var node: Int

  init(_ unit: Unit) { (tree, node) = (ObjectIdentifier(unit.tree), unit.node.index) }
}

extension Procedure {
  /// Names from outside that code reads itself, the functions in it left out.
  fileprivate var ownReferences: Set<Reference> {
    final class Found { var references: Set<Reference> = [] }
    let found = Found()
    var walk = Walk()
    walk.expression = { if case .global(let reference) = $0 { found.references.insert(reference) } }
    walk(body)
    return found.references
  }
}

/// All sides that could be read, and where each unit is.
private struct Sides: Sendable {
  struct Place: Sendable {
    var side: SideAnalysis
    var index: Int
    var unit: Unit { side.units[index] }
    var lowered: Result<LoweredUnit, LoweringError> { side.lowered[index] }

    /// The code of an empty file.
    var holdsNothing: Bool { unit.kind == .module && (unit.body.count == 0 || unit.node.byteRange.isEmpty) }

    /// The class of the module in which it stands, or which it is.
    var enclosingClass: Place? {
      var next: Int? = index
      while let index = next {
        if side.units[index].kind == .classBody, side.units[index].parent == 0 {
          return Place(side: side, index: index)
        }
        next = side.units[index].parent
      }
      return nil
    }

    /// The code of the file itself.
    var module: Place? {
      side.units.firstIndex { $0.kind == .module }.map { Place(side: side, index: $0) }
    }

    /// Names used by the units inside this one.
    var nestedReferences: Set<Reference> {
      var result: Set<Reference> = []
      for (position, unit) in side.units.enumerated() where unit.parent == index {
        if case .success(let lowered) = side.lowered[position] { result.formUnion(lowered.references) }
      }
      return result
    }
  }

  private var sides: [ObjectIdentifier: SideAnalysis] = [:]
  private let helpers: (old: Helpers, new: Helpers)
  private let nonPlain: Set<String>
  let unstableNames: Set<String>
  private let constants: ChangedConstants

  init(_ files: [FileAnalysis]) {
    helpers = (Helpers(files.compactMap(\.old)), Helpers(files.compactMap(\.new)))
    constants = ChangedConstants(files)
    unstableNames = helpers.old.unstableNames.union(helpers.new.unstableNames)
    nonPlain = helpers.old.nonPlainAttributes.union(helpers.new.nonPlainAttributes)
    for side in files.flatMap({ [$0.old, $0.new] }).compactMap({ $0 }) { sides[ObjectIdentifier(side.tree)] = side }
  }

  func place(_ unit: Unit) -> Place? {
    guard let side = sides[ObjectIdentifier(unit.tree)], let index = side.index(of: unit) else { return nil }
    return Place(side: side, index: index)
  }

  /// Constants that both versions read and that changed; module code and class bodies are told where they are bound.
  func changedConstants(_ old: Place, _ new: Place) -> [Reference: ChangedConstants.Values] {
    guard !constants.isEmpty, new.unit.kind != .module, new.unit.kind != .classBody,
      case .success(let left) = old.lowered,
      case .success(let right) = new.lowered
    else { return [:] }
    let context = context(old, new)
    func all(_ unit: LoweredUnit, _ helpers: [Reference: Procedure]) -> Set<Reference> {
      helpers.values.reduce(unit.references) { $0.union($1.allReferences) }
    }
    let (before, after) = (all(left, context.oldHelpers), all(right, context.newHelpers))
    if old.side.moduleName == new.side.moduleName { return constants.among(before.intersection(after), in: new.side) }
    // In two files, a name of one's own is an imported one of the other.
    func outside(_ references: Set<Reference>, _ side: SideAnalysis) -> Set<Reference> {
      let module = side.moduleName.joined(separator: ".")
      return Set(references.map { if case .module(let name) = $0 { .imported("\(module).\(name)") } else { $0 } })
    }
    return constants.among(outside(before, old.side).intersection(outside(after, new.side)), in: new.side)
  }

  func surroundings(_ old: Place, _ new: Place) -> (Surroundings, Surroundings) {
    (
      helpers.old.surroundings(of: old.unit, try? old.lowered.get(), in: old.side),
      helpers.new.surroundings(of: new.unit, try? new.lowered.get(), in: new.side)
    )
  }

  /// What the methods of a class that is known in full can reach.
  func objectSurroundings(_ old: Place, _ new: Place) -> (Surroundings, Surroundings) {
    func references(_ place: Place) -> Set<Reference> {
      guard let definition = place.side.knownClasses[place.unit.name] else { return [] }
      return Set(References(of: definition.maker).counts.keys).subtracting([.module(place.unit.name)])
    }
    return (
      helpers.old.surroundings(of: references(old), in: old.side),
      helpers.new.surroundings(of: references(new), in: new.side)
    )
  }

  func context(_ old: Place, _ new: Place) -> ProofContext {
    ProofContext(
      oldHelpers: helpers.old.functions(for: try? old.lowered.get(), in: old.side),
      newHelpers: helpers.new.functions(for: try? new.lowered.get(), in: new.side),
      oldMethods: Helpers.methods(of: old.side, enclosing: old.unit),
      newMethods: Helpers.methods(of: new.side, enclosing: new.unit), nonPlainAttributes: nonPlain,
      areModuleFunctions: old.unit.parent == 0 && new.unit.parent == 0,
      boundNames: old.side.surelyBoundNames.intersection(new.side.surelyBoundNames))
  }
}

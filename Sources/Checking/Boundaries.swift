import BigInt
import Logic

/// Whether the numbers that the changed lines compare were met where the comparison turns: `a < b` where both are one.
/// A run that stays away from there says nothing of `<` against `<=`, however many branches it takes.
struct Boundaries {
  private struct Site {
    var side: Side
    var key: BoundaryKey
    var program: CompiledProgram
    /// How many cases met each distance of the left from the right side, where it was small.
    var met: [Int: Int] = [:]
    /// Whole numbers were compared there at all.
    var isReached = false
    /// The case that came nearest, and how near.
    var nearest: (input: Case, consulted: [Consultation], distance: BigInt)?
    /// Others that were compared there, of different branches.
    var bases: [(input: Case, consulted: [Consultation], distance: BigInt)] = []
    var attempts = 0
  }

  private var sites: [Site] = []
  /// Attempts that came to a comparison and never to equality, after which there is none to be had.
  private static let patience = 150

  init(runner: PairRunner, region: Region, limit: Int = 10) {
    for (side, program) in [(Side.new, runner.new), (.old, runner.old)] {
      let lines = region.lines[side] ?? nil
      if lines?.isEmpty == true { continue }
      for probe in program.program.procedure.boundaryProbes(on: lines) where sites.count < limit {
        let compiled = Interpreter.compile(program.program.with(probe.procedure))
        sites.append(Site(side: side, key: probe.key, program: compiled))
      }
      // What only one version calls is as new as the call.
      let others = (side == .new ? runner.old : runner.new).program.functions
      for (name, helper) in program.program.functions.sorted(by: { "\($0.key)" < "\($1.key)" })
      where others[name] == nil {
        for probe in helper.boundaryProbes(on: nil) where sites.count < limit {
          var probed = program.program
          probed.functions[name] = probe.procedure
          sites.append(Site(side: side, key: probe.key, program: Interpreter.compile(probed)))
        }
      }
    }
  }

  /// Comparisons that may yet be met at equality.
  var open: [Int] {
    sites.indices.filter { sites[$0].isReached && sites[$0].met[0] == nil && sites[$0].attempts < Self.patience }
  }

  /// `line 5: > never met with equal sides`.
  var unmet: [String] {
    open.map { index in
      let key = sites[index].key
      return "\(sites[index].side.rawValue) line \(key.line): \(key.text)"
    }
  }

  /// - Parameter isTelling: the input reached what others do not, so it is a start of its own.
  mutating func note(_ input: Case, runner: PairRunner, isTelling: Bool = false) {
    for index in sites.indices {
      let run = runner.run(sites[index].program, as: sites[index].side, input)
      var distances: Set<Int> = []
      var last: BigInt?
      for case .output(let parts) in run.trace where parts.count == 3 && parts[0] == Snapshot.string(boundaryMark) {
        guard case .int(let left) = parts[1], case .int(let right) = parts[2] else { continue }
        let distance = left - right
        sites[index].isReached = true
        last = distance
        if let small = Int(exactly: distance), (-2...2).contains(small) { distances.insert(small) }
        if sites[index].nearest.map({ distance.magnitude <= $0.distance.magnitude }) ?? true {
          sites[index].nearest = (input, run.consulted, distance)
        }
      }
      if isTelling, let last, sites[index].bases.count < 24 { sites[index].bases.append((input, run.consulted, last)) }
      for distance in distances { sites[index].met[distance, default: 0] += 1 }
    }
  }

  /// A case that may meet one of the open places where it turns, or where a surviving mutant would show.
  mutating func approach(_ generator: inout InputGenerator, for survivors: [Mutant], on side: Side) -> Case? {
    var wanted = open.map { (index: $0, distance: 0) }
    for mutant in survivors {
      guard let boundary = mutant.boundary, let index = site(of: boundary.key, on: side),
        (sites[index].met[boundary.distance] ?? 0) < Self.many, sites[index].attempts < 2 * Self.patience
      else { continue }
      wanted.append((index, boundary.distance))
    }
    guard let (index, distance) = generator.random.pick(wanted), let nearest = sites[index].nearest else { return nil }
    // What else the input has to be for the boundary to matter, others may be.
    let near = generator.random.chance(500) ? generator.random.pick(sites[index].bases) ?? nearest : nearest
    sites[index].attempts += 1
    let isThere = near.distance == BigInt(distance)
    if isThere, generator.random.chance(500) { return generator.neighbour(of: near.input, consulted: near.consulted) }
    return generator.nudged(
      near.input, consulted: near.consulted, by: isThere ? 1 : near.distance - BigInt(distance))
  }

  /// Whether what was tried came to the comparison again and again, and never to where the mutant turns.
  func isOutOfReach(_ mutant: Mutant, on side: Side) -> Bool {
    guard let boundary = mutant.boundary, let index = site(of: boundary.key, on: side) else { return false }
    return sites[index].isReached && sites[index].met[boundary.distance] == nil
      && sites[index].attempts >= Self.patience
  }

  /// Whether the sides came as near as whole numbers can from below and from above, and no attempt made them equal: what
  /// runs before keeps them apart.
  func excludes(_ mutant: Mutant, on side: Side) -> Bool {
    guard isOutOfReach(mutant, on: side), let boundary = mutant.boundary,
      let index = site(of: boundary.key, on: side)
    else { return false }
    return [-1, 1].allSatisfy { sites[index].met[boundary.distance + $0] != nil }
  }

  private func site(of key: BoundaryKey, on side: Side) -> Int? {
    sites.firstIndex { $0.side == side && $0.key == key }
  }

  /// As many cases as show that nothing hangs on a boundary.
  static let many = 30

  /// A mutant that moves a boundary which many cases met, on the side where it would show, makes no difference that can
  /// be seen.
  func excuses(_ mutant: Mutant, on side: Side) -> Bool {
    guard let boundary = mutant.boundary, let index = site(of: boundary.key, on: side) else { return false }
    return (sites[index].met[boundary.distance] ?? 0) >= (mutant.isEssential ? 2 : 1) * Self.many
  }
}

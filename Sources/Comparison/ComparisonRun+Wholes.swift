import Syntax

extension ComparisonRun {
  /// Where parts of a whole differ one by one, looks at the whole from outside: at the objects of a class, at a program
  /// as it is run.
  func lookAtWholes(_ jobs: [Job], _ results: inout [UnitResult?], _ judge: Judge) {
    look(jobs, &results, at: { $0.object.first }, judge.settle(_:byObject:))
    look(jobs, &results, at: { $0.program.first }, judge.settle(_:byProgram:))
  }

  private func look(
    _ jobs: [Job], _ results: inout [UnitResult?], at whole: (Candidate) -> Candidate?,
    _ settle: @escaping @Sendable ([OpenPart], Candidate) -> [(Int, UnitResult)]
  ) {
    var wholes: [(whole: Candidate, parts: [OpenPart])] = []
    var places: [UnitPlace: Int] = [:]
    for (index, job) in jobs.enumerated() {
      guard case .judged(let candidate) = job.work, let whole = whole(candidate), let result = results[index],
        result.isOpen
      else { continue }
      let part = OpenPart(index: index, unit: candidate.newUnit, result: result)
      let key = UnitPlace(whole.newUnit)
      if let known = places[key] {
        wholes[known].parts.append(part)
      } else {
        places[key] = wholes.count
        wholes.append((whole, [part]))
      }
    }
    let seen = Workers.map(wholes, jobs: options.jobs) { whole in
      timings.measure("objects") { settle(whole.parts, whole.whole) }
    }
    for (index, result) in seen.flatMap({ $0 }) { results[index] = result }
  }
}

/// A unit of which nothing is settled, with what was found, and its place among the results.
struct OpenPart: Sendable {
  var index: Int
  var unit: Unit
  var result: UnitResult
}

import Logic

// Keys of the JSON contract. Every key is always there: null, an empty list or object where there is nothing to say.

extension UnitResult: Codable {
  enum CodingKeys: String, CodingKey {
    case name, oldName, kind, verdict, evidence, assumptions, interface, body, proof, strength, counterexample, cost
    case summary, names, reason, location, calls, reads, helper, source
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(oldName, forKey: .oldName)
    try container.encode(kind, forKey: .kind)
    try container.encode(verdict, forKey: .verdict)
    try container.encode(evidence, forKey: .evidence)
    try container.encode(assumptions, forKey: .assumptions)
    try container.encode(interface.map(\.text), forKey: .interface)
    try container.encode(body, forKey: .body)
    try container.encode(proof, forKey: .proof)
    try container.encode(strength, forKey: .strength)
    try container.encode(counterexample, forKey: .counterexample)
    try container.encode(cost, forKey: .cost)
    try container.encode(summary, forKey: .summary)
    try container.encode(names, forKey: .names)
    try container.encode(reason, forKey: .reason)
    try container.encode(location, forKey: .location)
    try container.encode(view.changedCallees, forKey: .calls)
    if !view.changedConstants.isEmpty { try container.encode(view.changedConstants, forKey: .reads) }
    try container.encode(isHelper, forKey: .helper)
    try container.encode(view.lines.map(\.coded), forKey: .source)
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      name: try container.decode(String.self, forKey: .name),
      oldName: try container.decodeIfPresent(String.self, forKey: .oldName),
      kind: try container.decode(String.self, forKey: .kind),
      verdict: try container.decode(Verdict.self, forKey: .verdict),
      evidence: try container.decode(Evidence.self, forKey: .evidence),
      location: try container.decode(Location.self, forKey: .location))
    assumptions = try container.decode([Assumption].self, forKey: .assumptions)
    interface = try container.decode([String].self, forKey: .interface).map { InterfaceEdit($0) }
    body = try container.decodeIfPresent(Verdict.self, forKey: .body)
    proof = try container.decode([ProofEntry].self, forKey: .proof)
    strength = try container.decodeIfPresent(Strength.self, forKey: .strength)
    counterexample = try container.decodeIfPresent(Counterexample.self, forKey: .counterexample)
    cost = try container.decodeIfPresent(Cost.self, forKey: .cost)
    summary = try container.decodeIfPresent(Summary.self, forKey: .summary)
    names = try container.decode([String: String].self, forKey: .names)
    reason = try container.decodeIfPresent(String.self, forKey: .reason)
    view.changedCallees = try container.decodeIfPresent([String].self, forKey: .calls) ?? []
    view.changedConstants = try container.decodeIfPresent([String].self, forKey: .reads) ?? []
    isHelper = try container.decodeIfPresent(Bool.self, forKey: .helper) ?? false
    view.lines =
      try container.decodeIfPresent([String].self, forKey: .source)?.map { text in
        guard let line = UnitView.Line(coded: text) else {
          throw DecodingError.dataCorruptedError(
            forKey: .source, in: container, debugDescription: Messages.badSourceLine(text))
        }
        return line
      } ?? []
  }
}

// Numbers of a report that someone else made are looked at before they are believed.

extension Location.Lines {
  private enum Keys: String, CodingKey { case start, end }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Keys.self)
    self.init(try container.decodeCount(forKey: .start), try container.decodeCount(forKey: .end))
    if end < start { end = start }
  }
}

extension Strength {
  private enum Keys: String, CodingKey { case inputs, branches, mutants, survivors, onlyWithout }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Keys.self)
    self.init(
      inputs: try container.decodeCount(forKey: .inputs), branches: try container.decodeCounts(forKey: .branches),
      mutants: try container.decodeCounts(forKey: .mutants),
      survivors: try container.decode([String].self, forKey: .survivors),
      onlyWithout: try container.decodeIfPresent([String].self, forKey: .onlyWithout) ?? [])
  }
}

extension Cost.Counts {
  private enum Keys: String, CodingKey { case sizes, old, new }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Keys.self)
    self.init(
      sizes: try container.decodeCounts(forKey: .sizes), old: try container.decodeCounts(forKey: .old),
      new: try container.decodeCounts(forKey: .new))
  }
}

extension FileResult: Codable {
  enum CodingKeys: String, CodingKey {
    case path, oldPath, language, status, reason, diff
    case units = "functions"
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(path, forKey: .path)
    try container.encode(oldPath, forKey: .oldPath)
    try container.encode(language, forKey: .language)
    try container.encode(status, forKey: .status)
    try container.encode(reason, forKey: .reason)
    try container.encode(units, forKey: .units)
    try container.encode(textDiff, forKey: .diff)
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      path: try container.decode(String.self, forKey: .path),
      oldPath: try container.decodeIfPresent(String.self, forKey: .oldPath),
      language: try container.decodeIfPresent(String.self, forKey: .language),
      status: try container.decode(Status.self, forKey: .status),
      reason: try container.decodeIfPresent(String.self, forKey: .reason),
      units: try container.decode([UnitResult].self, forKey: .units))
    textDiff = try container.decodeIfPresent([String].self, forKey: .diff) ?? []
  }
}

extension Group: Codable {
  enum CodingKeys: String, CodingKey { case edit, count, members }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(edit, forKey: .edit)
    try container.encode(count, forKey: .count)
    try container.encode(members.map { [$0.file, $0.unit] }, forKey: .members)
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let members = try container.decodeIfPresent([[Int]].self, forKey: .members) ?? []
    self.init(
      edit: try container.decode(String.self, forKey: .edit),
      members: members.compactMap { $0.count == 2 ? Member(file: $0[0], unit: $0[1]) : nil })
    count = try container.decodeCount(forKey: .count)
  }
}

extension ComparisonReport: Codable {
  enum CodingKeys: String, CodingKey { case schema, tool, old, new, files, groups, counts, hidden }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(Self.schema, forKey: .schema)
    try container.encode(tool, forKey: .tool)
    try container.encode(old, forKey: .old)
    try container.encode(new, forKey: .new)
    try container.encode(files, forKey: .files)
    try container.encode(groups, forKey: .groups)
    var named: [String: Int] = [:]
    for verdict in Verdict.allCases { named[verdict.rawValue] = counts[verdict, default: 0] }
    try container.encode(named, forKey: .counts)
    try container.encode(hidden, forKey: .hidden)
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let schema = try container.decode(Int.self, forKey: .schema)
    guard schema == Self.schema else {
      throw DecodingError.dataCorruptedError(
        forKey: .schema, in: container, debugDescription: Messages.unknownSchema(schema, known: Self.schema))
    }
    self.init(
      tool: try container.decode(Tool.self, forKey: .tool),
      old: try container.decode(String.self, forKey: .old),
      new: try container.decode(String.self, forKey: .new),
      files: try container.decode([FileResult].self, forKey: .files),
      groups: try container.decode([Group].self, forKey: .groups))
    hidden = try container.decodeCount(forKey: .hidden)
    for group in groups {
      guard let stray = group.members.first(where: { unit(at: $0) == nil }) else { continue }
      throw DecodingError.dataCorruptedError(
        forKey: .groups, in: container, debugDescription: Messages.strayMember(stray.file, stray.unit))
    }
  }
}

/// Both revisions compared: the JSON contract, schema 1.
package struct ComparisonReport: Sendable {
  package static let schema = 1

  package struct Tool: Codable, Hashable, Sendable {
    package var version: String
    package var decoder: String
    package init(version: String, decoder: String) {
      self.version = version
      self.decoder = decoder
    }
  }

  package var tool: Tool
  /// What the two sides are called: revisions, `index`, `working tree`, paths.
  package var old: String
  package var new: String
  package var files: [FileResult]
  package var groups: [Group]
  /// Units that the default report does not list.
  package var hidden: Int

  package init(tool: Tool, old: String, new: String, files: [FileResult], groups: [Group] = []) {
    self.tool = tool
    self.old = old
    self.new = new
    self.files = files
    self.groups = groups
    hidden = files.reduce(0) { $0 + $1.units.count(where: \.isHiddenByDefault) }
  }

  /// Another run on the same input gives the same report; false where the wall clock had a say.
  package var isSettled: Bool { !files.contains { $0.units.contains(where: \.wasStopped) } }

  package var counts: [Verdict: Int] {
    var counts: [Verdict: Int] = [:]
    for file in files {
      for unit in file.units { counts[unit.verdict, default: 0] += 1 }
    }
    return counts
  }

  /// The unit that a group's member stands for; nil where there is none, as in a report that someone made up.
  package func unit(at member: Group.Member) -> UnitResult? {
    guard files.indices.contains(member.file), files[member.file].units.indices.contains(member.unit) else {
      return nil
    }
    return files[member.file].units[member.unit]
  }
}

/// One changed file.
package struct FileResult: Sendable {
  package enum Status: String, Codable, Sendable {
    case modified, added, deleted, renamed, copied
    case typeChanged = "type-changed"
    case modeChanged = "mode-changed"
    case submodule
  }
  package var path: String
  package var oldPath: String?
  /// `python`, or nil where no grammar reads it.
  package var language: String?
  package var status: Status
  /// Why the file as a whole was not analysed.
  package var reason: String?
  package var units: [UnitResult]
  /// The plain text diff of a file that was not analysed, without its header.
  package var textDiff: [String] = []
  /// Lines that differ outside of every unit or inside units that mean the same; not part of the JSON.
  package var trivialLines = 0

  package init(
    path: String, oldPath: String? = nil, language: String?, status: Status, reason: String? = nil,
    units: [UnitResult] = []
  ) {
    self.path = path
    self.oldPath = oldPath
    self.language = language
    self.status = status
    self.reason = reason
    self.units = units
  }
}

/// One interface edit made on many functions whose bodies are the same: one line for all of them.
package struct Group: Hashable, Sendable {
  package struct Member: Hashable, Sendable {
    package var file: Int
    package var unit: Int
    package init(file: Int, unit: Int) {
      self.file = file
      self.unit = unit
    }
  }
  package var edit: String
  /// Positions in `ComparisonReport.files` and its units.
  package var members: [Member]
  package var count: Int
  package init(edit: String, members: [Member]) {
    self.edit = edit
    self.members = members
    count = members.count
  }
}

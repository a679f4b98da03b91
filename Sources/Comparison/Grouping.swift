/// Finds interface edits of one kind that were made on many functions whose bodies are the same.
enum Grouping {
  static let least = 3

  static func groups(in files: [FileResult]) -> [Group] {
    var members: [String: [Group.Member]] = [:]
    var order: [String] = []
    for (fileIndex, file) in files.enumerated() {
      for (unitIndex, unit) in file.units.enumerated() {
        // A body that is proved only under assumptions, or that costs more, has a line of its own.
        guard unit.verdict == .interface, unit.body == .same, unit.evidence == .proved, !unit.interface.isEmpty else {
          continue
        }
        let edit = unit.interface.map(\.pattern).joined(separator: "; ")
        if members[edit] == nil { order.append(edit) }
        members[edit, default: []].append(Group.Member(file: fileIndex, unit: unitIndex))
      }
    }
    return order.compactMap { edit -> Group? in
      guard let found = members[edit], found.count >= least else { return nil }
      return Group(edit: edit, members: found)
    }.sorted { ($1.count, $0.edit) < ($0.count, $1.edit) }
  }
}

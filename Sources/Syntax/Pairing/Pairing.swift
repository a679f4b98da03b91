/// Finds each unit's partner in the other revision.
///
/// Names decide first: (qualified name, kind, role, ordinal), so that the three definitions of a property stay apart.
/// What is left over was added, removed, renamed or moved, and its own tokens tell which.
package enum Pairing {
  /// Pairs the units of one file: the new units in their order, then the removed ones in theirs.
  package static func pair(old: [Unit], new: [Unit]) -> [UnitPair] {
    var matching = Matching(oldCount: old.count, newCount: new.count)

    pairByKey(old, new, &matching) { NameKey(name: $0.qualifiedName, kind: $0.kind.family, role: $0.role) }
    // A method made a property, a function made a lambda: the name is still its name.
    pairByKey(old, new, &matching) { NameKey(name: $0.qualifiedName, kind: $0.kind.shape, role: nil) }

    Similarity.pairEqual(old, new, &matching)
    Similarity.pairSimilar(old, new, &matching) { $0.kind == .classBody }
    pairChildren(old, new, &matching)
    Similarity.pairSimilar(old, new, &matching) { $0.kind != .classBody }
    pairChildren(old, new, &matching)

    var result: [UnitPair] = []
    for (index, unit) in new.enumerated() {
      guard let partner = matching.oldOf[index] else {
        result.append(UnitPair(old: nil, new: unit, state: .added))
        continue
      }
      let before = old[partner]
      let isSameName = before.qualifiedName == unit.qualifiedName
      result.append(
        UnitPair(old: before, new: unit, state: isSameName ? .matched : .renamed(from: before.qualifiedName)))
    }
    for (index, unit) in old.enumerated() where matching.newOf[index] == nil {
      result.append(UnitPair(old: unit, new: nil, state: .removed))
    }
    return result
  }

  /// Finds units that moved to another file of the same diff. Near-linear in the size of what is left over.
  package static func pairMoved(across files: [FilePairs]) -> [FilePairs] {
    typealias Place = (file: Int, pair: Int)
    var (old, new): ([Unit], [Unit]) = ([], [])
    var (oldPlaces, newPlaces): ([Place], [Place]) = ([], [])
    for (fileIndex, file) in files.enumerated() {
      for (pairIndex, pair) in file.pairs.enumerated() {
        switch (pair.old, pair.new) {
        case (let unit?, nil) where unit.kind != .module && !unit.isNested:
          old.append(unit)
          oldPlaces.append((fileIndex, pairIndex))
        case (nil, let unit?) where unit.kind != .module && !unit.isNested:
          new.append(unit)
          newPlaces.append((fileIndex, pairIndex))
        default: break
        }
      }
    }
    guard !old.isEmpty, !new.isEmpty else { return files }

    var matching = Matching(oldCount: old.count, newCount: new.count)
    pairByKey(old, new, &matching, onlyUnique: true) {
      NameKey(name: $0.qualifiedName, kind: $0.kind.family, role: $0.role)
    }
    Similarity.pairEqual(old, new, &matching)
    Similarity.pairSimilar(old, new, &matching) { _ in true }

    var result = files
    for (index, partner) in matching.newOf.enumerated() {
      guard let partner else { continue }
      let (from, to) = (oldPlaces[index], newPlaces[partner])
      let path = files[from.file].oldPath ?? old[index].tree.path
      result[to.file].pairs[to.pair] = UnitPair(
        old: old[index], new: new[partner], state: .moved(fromPath: path, name: old[index].qualifiedName))
    }
    var gone = [Set<Int>](repeating: [], count: files.count)
    for (index, partner) in matching.newOf.enumerated() where partner != nil {
      gone[oldPlaces[index].file].insert(oldPlaces[index].pair)
    }
    for file in result.indices where !gone[file].isEmpty {
      result[file].pairs = result[file].pairs.enumerated().filter { !gone[file].contains($0.offset) }.map(\.element)
    }
    return result
  }

  struct NameKey: Hashable {
    let name: String
    let kind: Unit.Kind
    let role: Unit.Role?
  }

  /// Pairs what has equal keys. As many on both sides: by position. Else equal tokens first, then the most similar.
  private static func pairByKey(
    _ old: [Unit], _ new: [Unit], _ matching: inout Matching, onlyUnique: Bool = false, key: (Unit) -> NameKey
  ) {
    var olds: [NameKey: [Int]] = [:]
    for (index, unit) in old.enumerated() where matching.newOf[index] == nil {
      olds[key(unit), default: []].append(index)
    }
    var news: [NameKey: [Int]] = [:]
    var order: [NameKey] = []
    for (index, unit) in new.enumerated() where matching.oldOf[index] == nil {
      let key = key(unit)
      if news[key] == nil { order.append(key) }
      news[key, default: []].append(index)
    }
    for key in order {
      guard let before = olds[key], let after = news[key] else { continue }
      if onlyUnique {
        // The same name in another file is a move only when the bodies have something in common.
        if before.count == 1, after.count == 1,
          Similarity.dice(Bag(old[before[0]]), Bag(new[after[0]])) >= Similarity.sameNameThreshold
        {
          matching.join(before[0], after[0])
        }
      } else if before.count == after.count {
        for (a, b) in zip(before, after) { matching.join(a, b) }
      } else {
        alignDuplicates(before, after, old, new, &matching)
      }
    }
  }

  private static func alignDuplicates(
    _ before: [Int], _ after: [Int], _ old: [Unit], _ new: [Unit], _ matching: inout Matching
  ) {
    var byTokens: [TokenText: [Int]] = [:]
    for index in before.reversed() { byTokens[old[index].body, default: []].append(index) }
    for index in after {
      // Among equal bodies the one with the equal header, else the first.
      let partner = Similarity.takeLast(from: &byTokens[new[index].body, default: []], orAny: true) {
        old[$0].header == new[index].header
      }
      if let partner { matching.join(partner, index) }
    }
    let leftOld = before.filter { matching.newOf[$0] == nil }
    let leftNew = after.filter { matching.oldOf[$0] == nil }
    guard leftOld.count * leftNew.count <= 1024 else {
      for (a, b) in zip(leftOld, leftNew) { matching.join(a, b) }
      return
    }
    var scored: [(score: Double, old: Int, new: Int)] = []
    let bags = leftOld.map { Bag(old[$0]) }
    for b in leftNew {
      let bag = Bag(new[b])
      for (position, a) in leftOld.enumerated() { scored.append((Similarity.dice(bags[position], bag), a, b)) }
    }
    scored.sort { ($1.score, $0.old, $0.new) < ($0.score, $1.old, $1.new) }
    for candidate in scored where matching.isFree(candidate.old, candidate.new) {
      matching.join(candidate.old, candidate.new)
    }
  }

  /// Where a class or function was renamed, what it holds is paired by the names inside it.
  private static func pairChildren(_ old: [Unit], _ new: [Unit], _ matching: inout Matching) {
    struct ChildKey: Hashable {
      let parent: Int
      let name: String
      let kind: Unit.Kind
      let role: Unit.Role
    }
    // Parents come before their children, so one pass carries a match all the way down.
    var olds: [ChildKey: [Int]] = [:]
    for (index, unit) in old.enumerated().reversed() where matching.newOf[index] == nil {
      guard let parent = unit.parent else { continue }
      let key = ChildKey(parent: parent, name: unit.name, kind: unit.kind.family, role: unit.role)
      olds[key, default: []].append(index)
    }
    for (index, unit) in new.enumerated() where matching.oldOf[index] == nil {
      guard let parent = unit.parent, let oldParent = matching.oldOf[parent] else { continue }
      let key = ChildKey(parent: oldParent, name: unit.name, kind: unit.kind.family, role: unit.role)
      guard let partner = olds[key]?.popLast() else { continue }
      matching.join(partner, index)
    }
  }
}

/// Who is whose partner so far.
struct Matching {
  private(set) var newOf: [Int?]
  private(set) var oldOf: [Int?]

  init(oldCount: Int, newCount: Int) {
    newOf = Array(repeating: nil, count: oldCount)
    oldOf = Array(repeating: nil, count: newCount)
  }

  func isFree(_ old: Int, _ new: Int) -> Bool { newOf[old] == nil && oldOf[new] == nil }

  mutating func join(_ old: Int, _ new: Int) {
    newOf[old] = new
    oldOf[new] = old
  }
}

extension Unit.Kind {
  /// A function becomes a method by moving, so the two can be partners.
  var family: Unit.Kind { self == .method ? .function : self }
  /// Anything that can be called can be the partner of anything that can be called.
  var shape: Unit.Kind {
    switch self {
    case .function, .method, .lambda: .function
    case .classBody, .module: self
    }
  }
}

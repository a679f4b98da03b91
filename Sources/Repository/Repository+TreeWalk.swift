import CGit2

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Where two trees differ, found by walking into those folders only whose names differ.
///
/// libgit2 walks through all of both trees, which for one changed file among 100,000 costs more than everything that
/// is then done with it. What is found here narrows its comparison to the paths that matter.
struct TreeWalk {
  /// Beyond this many, naming them costs more than it saves.
  static let limit = 5_000

  private let repository: OpaquePointer
  private(set) var paths: [[UInt8]] = []

  private struct Entry {
    var id: git_oid
    var mode: UInt32
    var isFolder: Bool { mode == UInt32(GIT_FILEMODE_TREE.rawValue) }
  }

  private struct Step {
    var prefix: [UInt8]
    var old: git_oid?
    var new: git_oid?
  }

  private init(_ repository: OpaquePointer) { self.repository = repository }

  /// The paths of all files that differ; nil where there are too many, or where a tree cannot be read.
  static func differences(_ old: Handle?, _ new: Handle?, in repository: OpaquePointer) -> [[UInt8]]? {
    var walk = TreeWalk(repository)
    func id(_ tree: Handle) -> git_oid? { tree.with { git_tree_id($0)?.pointee } }
    var pending = [Step(prefix: [], old: old.flatMap(id), new: new.flatMap(id))]
    while let step = pending.popLast() {
      guard let left = walk.entries(step.old), let right = walk.entries(step.new) else { return nil }
      for (name, entry) in left {
        let other = right[name]
        if let other, other.mode == entry.mode, walk.isSame(other.id, entry.id) { continue }
        walk.note(step.prefix + name, entry, other, &pending)
      }
      for (name, entry) in right where left[name] == nil { walk.note(step.prefix + name, nil, entry, &pending) }
      if walk.paths.count > limit { return nil }
    }
    return walk.paths
  }

  private mutating func note(_ path: [UInt8], _ old: Entry?, _ new: Entry?, _ pending: inout [Step]) {
    let (left, right) = (old?.isFolder == true ? old : nil, new?.isFolder == true ? new : nil)
    if left != nil || right != nil {
      pending.append(Step(prefix: path + [UInt8(ascii: "/")], old: left?.id, new: right?.id))
    }
    if (old != nil && left == nil) || (new != nil && right == nil) { paths.append(path) }
  }

  private func isSame(_ a: git_oid, _ b: git_oid) -> Bool {
    withUnsafePointer(to: a) { left in withUnsafePointer(to: b) { git_oid_equal(left, $0) == 1 } }
  }

  /// Entries of a tree by their names; none of no tree, nil of one that cannot be read.
  private func entries(_ id: git_oid?) -> [[UInt8]: Entry]? {
    guard var id else { return [:] }
    guard let tree = try? Handle(git_tree_free, { git_tree_lookup(&$0, repository, &id) }) else { return nil }
    return tree.with { tree in
      var entries: [[UInt8]: Entry] = [:]
      let count = git_tree_entrycount(tree)
      entries.reserveCapacity(count)
      for index in 0..<count {
        guard let entry = git_tree_entry_byindex(tree, index), let name = git_tree_entry_name(entry),
          let id = git_tree_entry_id(entry)?.pointee
        else { continue }
        entries[RepositoryPath(cString: name).bytes] = Entry(
          id: id, mode: UInt32(git_tree_entry_filemode_raw(entry).rawValue))
      }
      return entries
    }
  }
}

/// Paths lent to libgit2 as a list of C strings.
func withPathList(_ paths: [[UInt8]], _ body: (git_strarray) -> Int32) -> Int32 {
  var strings: [UnsafeMutablePointer<CChar>?] = paths.map { path in
    (path + [0]).withUnsafeBufferPointer { bytes in
      bytes.withMemoryRebound(to: CChar.self) { $0.baseAddress.flatMap { strdup($0) } }
    }
  }
  defer { for string in strings { free(string) } }
  return strings.withUnsafeMutableBufferPointer { body(git_strarray(strings: $0.baseAddress, count: $0.count)) }
}

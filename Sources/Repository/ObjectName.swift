import CGit2

/// The name that Git gives to contents: a SHA-1 over them, made by an implementation that finds forged collisions.
package enum ObjectName {
  /// The 20 bytes of the name that `bytes` have as a blob. Where no name can be given, as for contents made to collide
  /// with others, the bytes themselves: nothing else has those either.
  package static func bytes(of bytes: [UInt8]) -> [UInt8] {
    blob(bytes).map { name in withUnsafeBytes(of: name) { Array($0) } } ?? bytes
  }

  static func blob(_ bytes: [UInt8]) -> git_oid? {
    _ = Library.started
    var name = git_oid()
    let code = bytes.withUnsafeBytes { git_odb_hash(&name, $0.baseAddress, $0.count, GIT_OBJECT_BLOB) }
    return code == 0 ? name : nil
  }
}

import CGit2

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What libgit2 said, read at once: its error text is kept per thread and the next call overwrites it.
struct GitFailure: Error {
  let code: Int32
  let message: String

  static func last(_ code: Int32) -> GitFailure {
    guard let error = git_error_last(), let text = error.pointee.message else {
      return GitFailure(code: code, message: "libgit2 gave no reason")
    }
    return GitFailure(code: code, message: String(cString: text))
  }

  var isNotFound: Bool { code == GIT_ENOTFOUND.rawValue }

  /// The 40 hexadecimal digits that libgit2 names when an object is not in the database.
  var missingObject: String? {
    guard isNotFound, message.contains("object not found") || message.contains("no match for id") else { return nil }
    let digits = message.split(whereSeparator: { !$0.isHexDigit }).first { $0.utf8.count == 40 }
    return digits.map(String.init)
  }
}

/// Runs one libgit2 call and turns a negative result into the failure that it left behind.
@discardableResult
func attempt(_ call: () -> Int32) throws(GitFailure) -> Int32 {
  let code = call()
  guard code >= 0 else { throw GitFailure.last(code) }
  return code
}

/// The library's global state: set up once, on first use, and kept until the process ends.
enum Library {
  static let started: Bool = {
    git_libgit2_init()
    cgit2_set_owner_validation(0)  // `Ownership` does it.
    // Both only change which configuration or which objects are there; reading stays right without their features.
    let names: [UnsafeMutablePointer<CChar>?] = ["worktreeconfig", "partialclone"].map { (name: String) in strdup(name)
    }
    defer { for name in names { free(name) } }
    var pointers: [UnsafePointer<CChar>?] = names.map { $0.map { UnsafePointer($0) } }
    return cgit2_allow_extensions(&pointers, pointers.count) >= 0
  }()
}

/// Sole owner of one libgit2 object, freed when the last reference goes.
///
/// The object must not outlive the repository that it came from; every function here keeps the repository alive
/// for as long as it uses a handle.
final class Handle {
  private let pointer: OpaquePointer
  private let free: (OpaquePointer?) -> Void

  /// `free` is libgit2's function for what `make` leaves in its argument.
  init(
    _ free: @escaping (OpaquePointer?) -> Void, _ make: (inout OpaquePointer?) -> Int32
  ) throws(GitFailure) {
    var made: OpaquePointer?
    let code = make(&made)
    guard code >= 0, let made else { throw GitFailure.last(code) }
    self.pointer = made
    self.free = free
  }

  deinit { free(pointer) }

  /// Lends the object to C. Swift may drop a reference after its last use, so the pointer never leaves `body`.
  func with<Result, Failure: Error>(_ body: (OpaquePointer) throws(Failure) -> Result) throws(Failure) -> Result {
    defer { withExtendedLifetime(self) {} }
    return try body(pointer)
  }
}

extension git_oid {
  /// The identifier in 40 hexadecimal digits.
  var hex: String {
    withUnsafeBytes(of: self) { bytes in
      let digits = Array("0123456789abcdef".utf8)
      var text: [UInt8] = []
      text.reserveCapacity(2 * bytes.count)
      for byte in bytes {
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
      }
      return String(decoding: text, as: UTF8.self)
    }
  }

  var isZero: Bool { withUnsafeBytes(of: self) { $0.allSatisfy { $0 == 0 } } }

  init?(hex: String) {
    self.init()
    guard hex.utf8.count == 40, git_oid_fromstr(&self, hex) == 0 else { return nil }
  }
}

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file that may only make things faster: a page that begins with what it is, then bytes to be mapped.
///
/// It is written beside its place and renamed, so a name stands for whole contents; what cannot be written is not kept.
struct KeptFile {
  /// Bytes before the content: whole pages of memory, so that the content can be mapped.
  static let header = 4_096

  let folder: String
  let name: String

  var path: String { joined(folder, name) }

  /// The file, where it begins with `mark` and has so many bytes of content.
  func open(mark: [UInt8], size: Int) -> MappedFile? {
    guard let file = try? MappedFile(path: path), file.bytes.count == Self.header + size, file.bytes.starts(with: mark)
    else { return nil }
    utimensat(AT_FDCWD, path, nil, 0)
    return file
  }

  /// Writes `parts` behind each other, each padded to whole cache lines; then only the `limit` files of this kind that
  /// were used last stay.
  func keep(mark: [UInt8], _ parts: [UnsafeRawBufferPointer], limit: Int) {
    guard mark.count <= Self.header else { return }
    mkdir((folder.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" }), 0o777)
    mkdir(folder, 0o777)
    let temporary = path + ".\(getpid()).part"
    let file = creat(temporary, 0o644)
    guard file >= 0 else { return }
    var isWhole = Self.put(mark + Array(repeating: 0, count: Self.header - mark.count), to: file)
    for part in parts where isWhole {
      let rest = Self.padded(part.count) - part.count
      isWhole = Self.put(part, to: file) && Self.put(Array(repeating: 0, count: rest), to: file)
    }
    isWhole = close(file) == 0 && isWhole
    if !isWhole || rename(temporary, path) != 0 { unlink(temporary) }
    trim(limit)
  }

  /// Bytes that a part takes.
  static func padded(_ count: Int) -> Int { (count + 63) / 64 * 64 }

  private static func put(_ bytes: [UInt8], to file: Int32) -> Bool { bytes.withUnsafeBytes { put($0, to: file) } }

  private static func put(_ bytes: UnsafeRawBufferPointer, to file: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = write(file, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if written < 0 && errno == EINTR { continue }
      if written <= 0 { return false }
      rest = rest.dropFirst(written)
    }
    return true
  }

  /// Names of the files in `folder` that end so.
  static func names(in folder: String, ending suffix: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasSuffix(suffix) { names.append(name) }
    }
    return names
  }

  /// Removes the files of this kind that were used longest ago.
  private func trim(_ limit: Int) {
    let suffix = "." + (name.split(separator: ".").last ?? "")
    let found = Self.names(in: folder, ending: suffix).map { name -> (used: Int, path: String) in
      var status = stat()
      let path = joined(folder, name)
      stat(path, &status)
      #if canImport(Darwin)
        return (Int(status.st_mtimespec.tv_sec), path)
      #else
        return (Int(status.st_mtim.tv_sec), path)
      #endif
    }
    for file in found.sorted(by: { $0.used > $1.used }).dropFirst(limit) { unlink(file.path) }
  }
}

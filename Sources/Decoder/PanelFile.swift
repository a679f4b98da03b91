#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The packed weights of a large checkpoint, kept between runs: mapped, so that they need not be read before they are
/// used and several processes share them.
///
/// A file is named for everything that its bytes follow from: the checkpoint's fingerprint, the identity of its files,
/// and the format. It is written beside and renamed, so a name stands for whole contents. It may only make things
/// faster: what cannot be read, or is of another size, is made anew, and what cannot be written is not kept.
package struct PanelFile: Sendable {
  /// Changes with the layout of panels.
  private static let mark = Array("logicdiff panels 2\n".utf8)
  /// Bytes before the first panel.
  private static let header = 4_096
  /// Files that a folder keeps; the ones that were used last stay.
  private static let limit = 4

  private let root: String
  private let folder: String
  private let path: String

  init(folder: String, checkpoint: Checkpoint, format: WeightFormat) {
    let key = Checkpoint.digest { digest in
      digest.add(checkpoint.fingerprint.utf8)
      for file in Set(checkpoint.tensors.values.map(\.file.identity)).sorted() { digest.add(file.utf8) }
    }
    root = folder
    self.folder = joined(folder, "weights")
    path = joined(self.folder, "\(key)-\(format.rawValue).panels")
  }

  /// Hands out the stored panels one after the other; nil where there are none of `size` bytes in all.
  func open(size: Int) -> Reader? {
    guard let file = try? MappedFile(path: path), file.bytes.count == Self.header + size,
      file.bytes.starts(with: Self.mark)
    else { return nil }
    utimensat(AT_FDCWD, path, nil, 0)
    return Reader(file: file, at: Self.header)
  }

  final class Reader {
    private let file: MappedFile
    private var at: Int

    fileprivate init(file: MappedFile, at: Int) { (self.file, self.at) = (file, at) }

    func next(_ count: Int) -> Memory? {
      guard at + count <= file.bytes.count else { return nil }
      defer { at += PanelFile.padded(count) }
      return Memory(UnsafeRawBufferPointer(rebasing: file.bytes[at..<at + count]), of: file)
    }
  }

  /// Bytes that a matrix takes in the file.
  static func padded(_ count: Int) -> Int { (count + 63) / 64 * 64 }

  /// Writes the panels of all matrices, in the order in which a reader hands them out.
  func keep(_ parts: [Memory]) {
    mkdir(root, 0o777)
    mkdir(folder, 0o777)
    let temporary = path + ".\(getpid()).part"
    let file = creat(temporary, 0o644)
    guard file >= 0 else { return }
    var isWhole = Self.put(Self.mark + Array(repeating: 0, count: Self.header - Self.mark.count), to: file)
    for part in parts where isWhole {
      let rest = Self.padded(part.bytes.count) - part.bytes.count
      isWhole =
        Self.put(UnsafeRawBufferPointer(part.bytes), to: file) && Self.put(Array(repeating: 0, count: rest), to: file)
    }
    isWhole = close(file) == 0 && isWhole
    if !isWhole || rename(temporary, path) != 0 { unlink(temporary) }
    trim()
  }

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

  /// Removes the files that were used longest ago.
  private func trim() {
    guard let directory = opendir(folder) else { return }
    defer { closedir(directory) }
    var found: [(used: Int, path: String)] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      var status = stat()
      let path = joined(folder, name)
      if name.hasSuffix(".panels"), stat(path, &status) == 0 { found.append((Int(status.st_mtim.tv_sec), path)) }
    }
    for file in found.sorted(by: { $0.used > $1.used }).dropFirst(Self.limit) { unlink(file.path) }
  }
}

/// The packed weights of a large checkpoint, kept between runs: mapped, so that they need not be read before they are
/// used and several processes share them.
///
/// A file is named for everything that its bytes follow from: the checkpoint's fingerprint, the identity of its files,
/// and the format. What is of another size is made anew.
struct PanelFile {
  /// Changes with the layout of panels.
  private static let mark = Array("logicdiff panels 2\n".utf8)
  /// Files that a folder keeps.
  private static let limit = 4

  private let file: KeptFile

  init(folder: String, checkpoint: Checkpoint, format: WeightFormat) {
    let key = Checkpoint.digest { digest in
      digest.add(checkpoint.fingerprint.utf8)
      for file in Set(checkpoint.tensors.values.map(\.file.identity)).sorted() { digest.add(file.utf8) }
    }
    file = KeptFile(folder: joined(folder, "weights"), name: "\(key)-\(format.rawValue).panels")
  }

  /// Hands out the stored panels one after the other; nil where there are none of `size` bytes in all.
  func open(size: Int) -> Reader? { file.open(mark: Self.mark, size: size).map { Reader(file: $0) } }

  final class Reader {
    private let file: MappedFile
    private var at = KeptFile.header

    fileprivate init(file: MappedFile) { self.file = file }

    func next(_ count: Int) -> Memory? {
      guard at + count <= file.bytes.count else { return nil }
      defer { at += KeptFile.padded(count) }
      return Memory(UnsafeRawBufferPointer(rebasing: file.bytes[at..<at + count]), of: file)
    }
  }

  /// Writes the panels of all matrices, in the order in which a reader hands them out.
  func keep(_ parts: [Memory]) {
    file.keep(mark: Self.mark, parts.map { UnsafeRawBufferPointer($0.bytes) }, limit: Self.limit)
  }
}

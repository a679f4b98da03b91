#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Cache-line aligned memory with one owner: zeroed memory of its own, or a part of a mapped file that is only read.
final class Memory: @unchecked Sendable {
  let bytes: UnsafeMutableRawBufferPointer
  private let file: MappedFile?
  private let isMapped: Bool

  /// From here on memory is asked for in large pages: weights are read from one end to the other for every token.
  private static let large = 4 << 20

  init(bytes count: Int) {
    file = nil
    let size = max(count, 64)
    if size >= Self.large, let mapped = Self.map(size) {
      isMapped = true
      bytes = mapped
      return
    }
    isMapped = false
    bytes = .allocate(byteCount: size, alignment: 64)
    bytes.initializeMemory(as: UInt8.self, repeating: 0)
  }

  convenience init(floats count: Int) {
    self.init(bytes: count * 4)
  }

  /// A part of `file`, which must not be written to.
  init(_ part: UnsafeRawBufferPointer, of file: MappedFile) {
    self.file = file
    isMapped = false
    bytes = UnsafeMutableRawBufferPointer(mutating: part)
  }

  deinit {
    if file != nil { return }
    if isMapped { munmap(bytes.baseAddress, bytes.count) } else { bytes.deallocate() }
  }

  private static func map(_ size: Int) -> UnsafeMutableRawBufferPointer? {
    let address = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let address, address != MAP_FAILED else { return nil }
    #if canImport(Glibc)
      madvise(address, size, 14)  // MADV_HUGEPAGE
    #endif
    return UnsafeMutableRawBufferPointer(start: address, count: size)
  }

  var base: UnsafeMutableRawPointer {
    // aligned above, and never empty
    bytes.baseAddress ?? UnsafeMutableRawPointer(bitPattern: 64).unsafelyUnwrapped
  }

  var floats: UnsafeMutablePointer<Float> { base.assumingMemoryBound(to: Float.self) }
}

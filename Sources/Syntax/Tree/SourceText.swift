/// Bytes of a file to text that can be parsed, or the reason why they are not text.
enum SourceText {
  static func prepare(_ bytes: some Collection<UInt8>, limits: Limits) throws(SyntaxError) -> [UInt8] {
    guard bytes.count <= limits.bytes else {
      throw .notAnalysed(reason: Messages.tooLarge(bytes.count, limit: limits.bytes), line: 1)
    }
    var source = Array(bytes)
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    if source.starts(with: mark) { source.removeFirst(mark.count) }
    if let problem = firstProblem(in: source) { throw .notAnalysed(reason: problem.reason, line: problem.line) }
    if source.contains(carriageReturn) { source = try withoutCarriageReturns(source) }
    return source
  }

  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  /// The first byte that is NUL or not part of well-formed UTF-8 (Unicode 15, table 3-7).
  private static func firstProblem(in source: [UInt8]) -> (reason: String, line: Int)? {
    source.withUnsafeBufferPointer { bytes in
      var position = 0
      var line = 1
      while position < bytes.count {
        let byte = bytes[position]
        if byte < 0x80 {
          if byte == 0 { return (Messages.nulByte, line) }
          if byte == lineFeed { line += 1 }
          position += 1
        } else {
          let length = sequenceLength(bytes, at: position)
          if length == 0 { return (Messages.notUTF8(byte), line) }
          position += length
        }
      }
      return nil
    }
  }

  private static func sequenceLength(_ bytes: UnsafeBufferPointer<UInt8>, at position: Int) -> Int {
    let first = bytes[position]
    var second: ClosedRange<UInt8> = 0x80...0xBF
    let length: Int
    switch first {
    case 0xC2...0xDF: length = 2
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: length = 3
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: length = 4
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default: return 0
    }
    guard position + length <= bytes.count, second.contains(bytes[position + 1]) else { return 0 }
    for offset in 2..<max(2, length) where !(0x80...0xBF).contains(bytes[position + offset]) { return 0 }
    return length
  }

  /// `\r\n` becomes `\n`, inside string literals too, as the language reads it. A lone `\r` would end a line for the
  /// language and not for Git, so that no line number could be trusted.
  private static func withoutCarriageReturns(_ source: [UInt8]) throws(SyntaxError) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(source.count)
    var line = 1
    for (position, byte) in source.enumerated() {
      if byte == lineFeed { line += 1 }
      guard byte == carriageReturn else {
        result.append(byte)
        continue
      }
      guard position + 1 < source.count, source[position + 1] == lineFeed else {
        throw .notAnalysed(reason: Messages.loneCarriageReturn, line: line)
      }
    }
    return result
  }
}

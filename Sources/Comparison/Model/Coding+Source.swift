/// Aligned source lines in the JSON: one short string a line, so that a report stays readable.
///
/// `-419:text` was removed, `+419:text` added, ` 412,415:text` is equal, with its old and its new number; `~` after the
/// sign marks a line of comments or layout.
extension UnitView.Line {
  var coded: String {
    let mark = isTrivia ? "~" : ""
    return switch kind {
    case .equal: " \(mark)\(oldNumber ?? number),\(number):\(text)"
    case .removed: "-\(mark)\(number):\(text)"
    case .added: "+\(mark)\(number):\(text)"
    }
  }

  /// Nil for anything that `coded` does not write: a report may come from anywhere.
  init?(coded: String) {
    let bytes = Array(coded.utf8)
    guard let sign = bytes.first, let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { return nil }
    var head = bytes[1..<max(1, colon)]
    let isTrivia = head.first == UInt8(ascii: "~")
    if isTrivia { head = head.dropFirst() }
    let numbers = head.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map(Self.number)
    let text = String(decoding: bytes[(colon + 1)...], as: UTF8.self)
    switch (sign, numbers.count) {
    case (UInt8(ascii: " "), 2):
      guard let old = numbers[0], let new = numbers[1] else { return nil }
      self.init(kind: .equal, number: new, text: text, oldNumber: old)
    case (UInt8(ascii: "-"), 1), (UInt8(ascii: "+"), 1):
      guard let number = numbers[0] else { return nil }
      self.init(kind: sign == UInt8(ascii: "-") ? .removed : .added, number: number, text: text)
    default: return nil
    }
    self.isTrivia = isTrivia
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    guard !digits.isEmpty, digits.count <= 9 else { return nil }
    var number = 0
    for digit in digits {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      number = number * 10 + Int(digit - UInt8(ascii: "0"))
    }
    return number
  }
}

extension KeyedDecodingContainer {
  /// A number of things. Nothing real exceeds two billion; a report that says so must not overflow a sum.
  func decodeCount(forKey key: Key) throws -> Int {
    let number = try decode(Int.self, forKey: key)
    guard (0...Int(Int32.max)).contains(number) else {
      throw DecodingError.dataCorruptedError(
        forKey: key, in: self, debugDescription: Messages.badCount(number, key: key.stringValue))
    }
    return number
  }

  func decodeCounts(forKey key: Key) throws -> [Int] {
    let numbers = try decode([Int].self, forKey: key)
    if let bad = numbers.first(where: { !(0...Int(Int32.max)).contains($0) }) {
      throw DecodingError.dataCorruptedError(
        forKey: key, in: self, debugDescription: Messages.badCount(bad, key: key.stringValue))
    }
    return numbers
  }
}

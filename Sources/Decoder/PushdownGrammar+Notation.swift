extension PushdownGrammar {
  /// The rules in GBNF, the start first under the name that the notation wants; nil where a set of bytes holds some
  /// beyond ASCII, since the notation reads characters.
  ///
  /// llama.cpp refuses a repetition whose times, multiplied by the groups inside, reach 2,000: what is repeated often is
  /// best a rule of its own.
  package static func notation(start: String, rules: [String: Expression]) -> String? {
    guard rules.values.allSatisfy(isOfCharacters) else { return nil }
    var text = "root ::= \(name(start))\n"
    for (rule, body) in rules.sorted(by: { $0.key < $1.key }) { text += "\(name(rule)) ::= \(write(body))\n" }
    return text
  }

  private static func isOfCharacters(_ expression: Expression) -> Bool {
    switch expression {
    case .text, .wide, .rule: true
    case .oneOf(let set): !(0x80...0xFF).contains(where: set.contains)
    case .sequence(let items), .choice(let items): items.allSatisfy(isOfCharacters)
    case .repeated(let item, _): isOfCharacters(item)
    }
  }

  /// Letters, digits and dashes; two rules stay two.
  private static func name(_ rule: String) -> String {
    "r-"
      + rule.utf8.map { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
          String(Character(Unicode.Scalar(byte)))
        default: "-\(byte)-"
        }
      }.joined()
  }

  private static func write(_ expression: Expression) -> String {
    switch expression {
    case .text(let text): return "\"\(text.unicodeScalars.map(escaped).joined())\""
    case .oneOf(let set):
      let members = (UInt8.min...UInt8.max).filter(set.contains)
      return "[\(members.map { hexadecimal(UInt32($0)) }.joined())]"
    case .wide: return "[\\u0080-\\U0010FFFF]"
    case .sequence(let items): return items.isEmpty ? "\"\"" : "(\(items.map(write).joined(separator: " ")))"
    case .choice(let items): return "(\(items.map(write).joined(separator: " | ")))"
    case .repeated(let item, let range): return "\(write(item)){\(range.lowerBound),\(range.upperBound)}"
    case .rule(let rule): return name(rule)
    }
  }

  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\"": "\\\""
    case "\\": "\\\\"
    case "\n": "\\n"
    case _ where scalar.value < 0x20 || scalar.value == 0x7F: hexadecimal(scalar.value)
    default: String(scalar)
    }
  }

  private static func hexadecimal(_ value: UInt32) -> String {
    let digits = String(value, radix: 16)
    return "\\x" + String(repeating: "0", count: 2 - min(2, digits.count)) + digits
  }
}

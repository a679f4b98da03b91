import BigInt
import Logic
import Syntax

extension Lowerer {
  /// Numeric literals (Language Reference, 2.4.5 to 2.4.7).
  func number(_ node: SyntaxNode) throws(LoweringError) -> Expression {
    skip(node)
    guard let constant = try Self.numericConstant(node.text, line: node.startLine) else {
      throw LoweringError(Messages.number(node.text), line: node.startLine)
    }
    return .constant(constant)
  }

  private static func numericConstant(_ text: String, line: Int) throws(LoweringError) -> Constant? {
    var digits = text.lowercased()
    guard !digits.contains("__"), !digits.hasSuffix("_") else { return nil }
    digits.removeAll { $0 == "_" }
    // Longer decimal literals are refused by Python itself since 3.11.
    guard digits.utf8.count <= 4300 else { throw LoweringError(Messages.longNumber, line: line) }
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where digits.hasPrefix(prefix) {
      return BigInt(String(digits.dropFirst(2)), radix: radix).map { .int($0) }
    }
    if digits.hasSuffix("j") { return double(String(digits.dropLast())).map { .imaginary(FloatBits($0)) } }
    if digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
      if digits.hasPrefix("0"), digits.contains(where: { $0 != "0" }) { return nil }
      return BigInt(digits, radix: 10).map { .int($0) }
    }
    return double(digits).map { .float(FloatBits($0)) }
  }

  /// Correctly rounded, as both languages read decimal text; too large is infinite.
  private static func double(_ text: String) -> Double? {
    let isDecimal = text.utf8.allSatisfy { (0x30...0x39).contains($0) || "+-.e".utf8.contains($0) }
    return isDecimal ? Double(text) : nil
  }
}

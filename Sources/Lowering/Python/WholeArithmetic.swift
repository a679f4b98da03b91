import BigInt
import Logic
import Syntax

/// Arithmetic of whole numbers that a module writes out: `24 * 60 * 60`, `1 << 20`, `KIB * 1024`.
enum WholeArithmetic {
  private static let operators: Set<String> = ["+", "-", "*", "//", "%", "<<", ">>", "**", "|", "&"]

  /// Nothing but such arithmetic, as far as its shape tells.
  static func isShape(_ node: SyntaxNode, depth: Int = 0) -> Bool {
    guard depth < 20 else { return false }
    func part(_ field: String) -> Bool { node.child(field: field).map { isShape($0, depth: depth + 1) } ?? false }
    switch node.kind {
    case "integer", "identifier": return true
    case "parenthesized_expression":
      return node.namedChildren.allSatisfy { $0.isExtra || isShape($0, depth: depth + 1) }
    case "unary_operator": return part("argument")
    case "binary_operator":
      return operators.contains(node.child(field: "operator")?.text ?? "") && part("left") && part("right")
    default: return false
    }
  }

  /// Its value; nil where a name has none, where Python would raise, or where the number is no small one.
  static func value(of expression: Expression, _ name: (String) -> Expression?) -> BigInt? {
    switch expression {
    case .constant(.int(let value)): return value
    case .global(.module(let other)):
      guard case .constant(.int(let value))? = name(other) else { return nil }
      return value
    case .unary(.negate, let operand): return value(of: operand, name).map { -$0 }
    case .binary(let operation, let left, let right):
      guard let a = value(of: left, name), let b = value(of: right, name), let result = apply(operation, a, b),
        result.bitWidth <= 256
      else { return nil }
      return result
    default: return nil
    }
  }

  private static func apply(_ operation: BinaryOperator, _ a: BigInt, _ b: BigInt) -> BigInt? {
    switch operation {
    case .add: a + b
    case .subtract: a - b
    case .multiply: a * b
    // Where both are positive, rounding is no question.
    case .floorDivide: a >= 0 && b > 0 ? a / b : nil
    case .modulo: a >= 0 && b > 0 ? a % b : nil
    case .shiftLeft: a >= 0 && b >= 0 && b < 256 ? a << Int(b) : nil
    case .shiftRight: a >= 0 && b >= 0 && b < 256 ? a >> Int(b) : nil
    case .power: b >= 0 && b < 64 ? a.power(Int(b)) : nil
    case .bitOr: a >= 0 && b >= 0 ? a | b : nil
    case .bitAnd: a >= 0 && b >= 0 ? a & b : nil
    default: nil
    }
  }
}

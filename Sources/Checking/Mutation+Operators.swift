import BigInt
import Logic

extension BinaryOperator {
  var mutants: [BinaryOperator] {
    switch self {
    case .add: [.subtract]
    case .subtract: [.add]
    case .multiply: [.add]
    case .matrixMultiply: [.multiply]
    case .divide: [.multiply]
    case .floorDivide: [.divide, .multiply]
    case .modulo: [.floorDivide]
    case .power: [.multiply]
    case .shiftLeft: [.shiftRight]
    case .shiftRight: [.shiftLeft]
    case .bitAnd: [.bitOr]
    case .bitOr: [.bitAnd]
    case .bitXor: [.bitOr]
    }
  }
}

extension ComparisonOperator {
  /// The boundary and the opposite.
  var mutants: [ComparisonOperator] {
    switch self {
    case .equal: [.notEqual]
    case .notEqual: [.equal]
    case .less: [.lessOrEqual, .greaterOrEqual]
    case .lessOrEqual: [.less, .greater]
    case .greater: [.greaterOrEqual, .lessOrEqual]
    case .greaterOrEqual: [.greater, .less]
    case .identical: [.notIdentical]
    case .notIdentical: [.identical]
    case .contains: [.notContains]
    case .notContains: [.contains]
    }
  }
}

extension Constant {
  var mutants: [Constant] {
    switch self {
    case .none: [.int(0)]
    case .bool(let value): [.bool(!value)]
    case .int(let value): [.int(value + 1), .int(value - 1)]
    case .float(let bits): bits.value.isFinite ? [.float(FloatBits(bits.value + 1))] : []
    case .string(let text): text.values.isEmpty ? [.string(CodePoints("x"))] : [.string(CodePoints(""))]
    case .bytes(let bytes): bytes.isEmpty ? [.bytes([120])] : [.bytes([])]
    case .ellipsis, .notImplemented, .imaginary: []
    }
  }

  /// Short, for a list of survivors.
  var text: String {
    switch self {
    case .none: "None"
    case .ellipsis: "..."
    case .notImplemented: "NotImplemented"
    case .bool(let value): value ? "True" : "False"
    case .int(let value): value.description
    case .float(let bits): "\(bits.value)"
    case .imaginary(let bits): "\(bits.value)j"
    case .string(let text): "'\(text.string.prefix(20))'"
    case .bytes(let bytes): "b'\(String(decoding: bytes.prefix(20), as: UTF8.self))'"
    }
  }
}

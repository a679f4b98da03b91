/// `operator`: the operators of the language as functions.
extension Machine {
  private static let binaryOperations: [Library: BinaryOperator] = [
    .add: .add, .sub: .subtract, .mul: .multiply, .truediv: .divide, .floordiv: .floorDivide, .mod: .modulo,
    .operatorPow: .power, .lshift: .shiftLeft, .rshift: .shiftRight, .and: .bitAnd, .or: .bitOr, .xor: .bitXor,
    .matmul: .matrixMultiply,
  ]
  private static let inPlaceOperations: [Library: BinaryOperator] = [
    .iadd: .add, .isub: .subtract, .imul: .multiply, .ior: .bitOr, .iand: .bitAnd, .ixor: .bitXor,
  ]
  private static let comparisonOperations: [Library: ComparisonOperator] = [
    .lt: .less, .le: .lessOrEqual, .gt: .greater, .ge: .greaterOrEqual, .eq: .equal, .ne: .notEqual,
    .isSame: .identical, .isNot: .notIdentical,
  ]

  func operatorFunction(_ function: Library, _ arguments: Arguments) throws(Unwind) -> Value {
    let values = arguments.positional
    func exactly(_ count: Int) throws(Unwind) {
      guard values.count == count, arguments.keywords.isEmpty else {
        throw typeError("\(function.rawValue) expected \(count) arguments, got \(values.count)")
      }
    }
    if let operation = Self.binaryOperations[function] {
      try exactly(2)
      return try binary(operation, values[0], values[1])
    }
    if let operation = Self.inPlaceOperations[function] {
      try exactly(2)
      return try inPlace(operation, values[0], values[1])
    }
    if let operation = Self.comparisonOperations[function] {
      try exactly(2)
      return try compare(operation, values[0], values[1])
    }
    switch function {
    case .neg, .pos, .inv, .invert, .not, .truth:
      try exactly(1)
      switch function {
      case .neg: return try unary(.negate, values[0])
      case .pos: return try unary(.plus, values[0])
      case .not: return .bool(!(try truth(values[0])))
      case .truth: return .bool(try truth(values[0]))
      default: return try unary(.invert, values[0])
      }
    case .contains:
      try exactly(2)
      return .bool(try contains(values[0], values[1]))
    case .getitem:
      try exactly(2)
      return try getItem(values[0], values[1])
    case .setitem:
      try exactly(3)
      try setItem(values[0], values[1], values[2])
      return .none
    case .delitem:
      try exactly(2)
      try deleteItem(values[0], values[1])
      return .none
    case .concat:
      try exactly(2)
      guard case .object(let object) = values[0], !(object is DictObject), !(object is SetObject) else {
        throw typeError("'\(typeName(values[0]))' object can't be concatenated")
      }
      return try binary(.add, values[0], values[1])
    case .itemgetter:
      guard !values.isEmpty, arguments.keywords.isEmpty else { throw typeError("itemgetter expected 1 argument") }
      return try register(BuiltinObject(.itemGetter(values)), bytes: 64)
    case .attrgetter:
      guard !values.isEmpty, arguments.keywords.isEmpty else { throw typeError("attrgetter expected 1 argument") }
      var names: [String] = []
      for value in values { names.append(CodePoints(try text(value, "attribute name")).string) }
      return try register(BuiltinObject(.attributeGetter(names)), bytes: 64)
    case .methodcaller:
      guard let name = values.first else { throw typeError("methodcaller needs at least one argument") }
      let caller = BuiltinObject.Kind.methodCaller(
        CodePoints(try text(name, "method name")).string, Array(values.dropFirst()), arguments.keywords)
      return try register(BuiltinObject(caller), bytes: 96)
    default: throw unsupported(function.rawValue)
    }
  }
}

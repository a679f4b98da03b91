import Logic

// What operators ask of their operands: arithmetic, comparisons, and reading an item.
extension DemandReader {
  mutating func binary(_ operation: BinaryOperator, _ left: Expression, _ right: Expression) -> Node {
    let (one, two) = (read(left), read(right))
    let isWhole = (one.isInteger || one.isLiteral) && (two.isInteger || two.isLiteral)
    let mentionsFloat = [left, right].contains { if case .constant(.float) = $0 { true } else { false } }
    switch operation {
    case .add:
      let result = Node(nil, isInteger: isWhole)
      result.isLiteral = one.isLiteral && two.isLiteral
      areAlike(one, two, result)
      if isFirstPass { sums.append((one, two, result)) }
      for (node, other) in [(one, result), (two, result)] where node.element != nil && node.sorts != [.number] {
        unify(element(of: node), element(of: other))
      }
      return result.root
    case .subtract:
      let result = Node(nil, isInteger: isWhole)
      subtractions.append((one, two, result))
      if isFirstPass { sums.append((one, two, result)) }
      return result
    case .multiply:
      let result = Node(nil, isInteger: isWhole)
      for (node, other, text) in [(one, two, right), (two, one, left)] {
        if !node.sorts.isDisjoint(with: [.list, .string, .tuple]) {
          size(text)
          unify(result, node)
          _ = other
          return result.root
        }
      }
      subtractions.append((one, two, result))
      return result
    case .floorDivide, .modulo:
      if operation == .modulo, one.sorts.contains(.string) {
        // A tuple would be taken for several values.
        if right.isPlainRead { two.isFormatted = true }
        return Node(.string)
      }
      numbers(one, two)
      if !mentionsFloat {
        wholeNumber(left)
        size(right)
      }
      return Node(.number, isInteger: !mentionsFloat)
    case .divide, .power:
      numbers(one, two)
      return Node(.number)
    case .shiftLeft, .shiftRight:
      wholeNumber(left)
      wholeNumber(right)
      return Node(.number, isInteger: true)
    case .bitAnd, .bitOr, .bitXor:
      if one.isLiteral || two.isLiteral {
        wholeNumber(left)
        wholeNumber(right)
        return Node(.number, isInteger: true)
      }
      let result = Node()
      areAlike(one, two, result)
      return result
    case .matrixMultiply: return Node(.object)
    }
  }

  mutating func compare(_ operation: ComparisonOperator, _ left: Expression, _ right: Expression) {
    let (one, two) = (read(left), read(right))
    for (node, other, text) in [(one, two, left), (two, one, right)] {
      if other.isLiteral { node.isBounded = true }
      if case .call(.global(.builtin("len")), let measured) = text, let first = measured.first {
        read(first.value).isMeasured = true
      }
      if other.isCount, text.isPlainRead { node.isSize = true }
    }
    switch operation {
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      areAlike(one, two)
      one.isOrdered = true
      two.isOrdered = true
      if right.isSign { one.isSigned = true }
      if left.isSign { two.isSigned = true }
      if one.isInteger, two.sorts != [.number] || !two.isInteger { two.isInteger = two.isInteger || right.isPlainRead }
      if two.isInteger { one.isInteger = one.isInteger || left.isPlainRead }
    case .equal, .notEqual:
      if left == .constant(.none) { two.mayBeNone = true }
      if right == .constant(.none) { one.mayBeNone = true }
      // What is asked whether it is a text may be one.
      if case .constant(.string) = left { isA(.string, two) }
      if case .constant(.string) = right { isA(.string, one) }
      if left.isCharacter { two.isCharacter = true }
      if right.isCharacter { one.isCharacter = true }
      if left.isSlice || right.isSlice { areAlike(one, two) }
      // A count is equal to a count.
      for (count, other, expression) in [(one, two, right), (two, one, left)]
      where count.isCount && expression.isPlainRead {
        numbers(other)
        other.root.isInteger = true
      }
      if left.isStep || right.isStep {
        wholeNumber(left)
        wholeNumber(right)
      }
    case .identical, .notIdentical:
      one.mayBeNone = true
      two.mayBeNone = true
    case .contains, .notContains:
      two.isCollection = true
      membership.append((left, two))
      if case .constant(.string(let key)) = left { two.askedKeys.insert(key) }
      if case .constant(.string) = right {
        isA(.string, one)
        one.isCharacter = true
      } else {
        areAlike(one, element(of: two))
      }
    }
  }

  mutating func readItem(_ object: Expression, _ index: Expression) -> Node {
    let node = read(object)
    switch index {
    case .slice:
      _ = read(index)
      node.isSequence = true
      let result = Node()
      result.isSequence = true
      unify(element(of: result), element(of: node))
      areAlike(result, node)
      return result
    case .constant(.string(let key)):
      isA(.dictionary, node)
      node.root.readKeys.insert(key)
      return field(key, of: node)
    case .constant(.int(let value)):
      guard value >= 0, value < 16 else { return part(0, of: node) }
      node.minimumCount = max(node.minimumCount, Int(value) + 1)
      return part(Int(value), of: node)
    case .unary(.negate, .constant(.int)):
      node.isSequence = true
      return element(of: node)
    default:
      let key = read(index)
      // A position in what is no dictionary.
      if !node.root.sorts.isEmpty, node.root.sorts.isSubset(of: [.list, .tuple, .string]) { wholeNumber(index) }
      // Both a member and a place: a key.
      if membership.contains(where: { $0.key == index && $0.container.root === node.root }) {
        isA(.dictionary, node)
        return item(of: node)
      }
      if case .local(let name) = index,
        scopes.contains(where: { scope in
          (scope.walked[name] ?? []).contains { $0.root === node.root }
        })
      {
        isA(.dictionary, node)
        return item(of: node)
      }
      if key.isInteger, !node.sorts.contains(.dictionary) {
        node.isSequence = true
        return element(of: node)
      }
      return item(of: node)
    }
  }
}

extension DemandReader.Node {
  /// A whole number that is no literal.
  fileprivate var isCount: Bool { isInteger && !isLiteral && sorts == [.number] }
}

extension Expression {
  /// A variable, or a part of one.
  var isPlainRead: Bool {
    switch self {
    case .local, .captured, .item, .attribute: true
    default: false
    }
  }

  /// A number that what is below zero is told from others by.
  fileprivate var isSign: Bool {
    switch self {
    case .constant(.int(let value)): value <= 1
    case .unary(.negate, .constant(.int)): true
    default: false
    }
  }

  fileprivate var isCharacter: Bool {
    if case .constant(.string(let text)) = self { text.values.count == 1 } else { false }
  }

  fileprivate var isSlice: Bool { if case .item(_, .slice) = self { true } else { false } }

  /// One more or less than something: `end + 1`.
  fileprivate var isStep: Bool {
    switch self {
    case .binary(.add, _, .constant(.int(1))), .binary(.subtract, _, .constant(.int(1))): true
    default: false
    }
  }
}

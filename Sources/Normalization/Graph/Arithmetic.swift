import BigInt
import Logic

/// Arithmetic on values that are surely Python integers (or bools): unbounded, total, without effect.
///
/// Sums and products are kept as polynomials with sorted monomials, the normal form of a commutative ring:
///
///     a + b = b + a      (a + b) * c = a*c + b*c      a - a = 0      a*2 + a = a*3
///
/// None of this holds for floats, strings or unknown values, and none of it is applied to them.
extension ValueGraph {
  private typealias Terms = [[NodeID]: BigInt]

  func isInteger(_ id: NodeID) -> Bool { type(id).within(.integers) }

  /// `a op b` of integers where it is total; nil where it may raise or is not known.
  ///
  ///     (x if c else y) + z = x + z if c else y + z
  func integerArithmetic(_ op: BinaryOperator, _ a: NodeID, _ b: NodeID) -> NodeID? {
    let staysBool = type(a) == .bool && type(b) == .bool && [.bitAnd, .bitOr, .bitXor].contains(op)
    if !staysBool, let chosen = distributed(a, b, { self.integerArithmetic(op, $0, $1) }) { return chosen }
    switch op {
    case .add: return polynomial(sum(terms(a), terms(b), scale: 1))
    case .subtract: return polynomial(sum(terms(a), terms(b), scale: -1))
    case .multiply: return product(terms(a), terms(b)).map(polynomial)
    case .floorDivide, .modulo:
      guard let divisor = integerValue(b), divisor != 0 else { return nil }
      if let value = integerValue(a) { return integer(floorDivision(value, divisor, op)) }
      if divisor == 1 { return op == .modulo ? integer(0) : asInteger(a) }
      return node(.integerOperation(op), [asInteger(a), integer(divisor)], types: .int)
    case .shiftLeft, .shiftRight:
      // x << n = x * 2**n     x >> n = x // 2**n
      guard let count = integerValue(b), count >= 0, count <= 64 else { return nil }
      let factor = integer(BigInt(1) << Int(count))
      return integerArithmetic(op == .shiftLeft ? .multiply : .floorDivide, a, factor)
    case .power:
      guard let exponent = integerValue(b), (0...4).contains(exponent) else { return nil }
      var result = integer(1)
      for _ in 0..<Int(exponent) {
        guard let next = integerArithmetic(.multiply, result, a) else { return nil }
        result = next
      }
      return result
    case .bitAnd where mask(a) != nil || mask(b) != nil:
      // x & (2**n - 1) = x % 2**n
      let (value, modulus) = mask(b).map { (a, $0) } ?? (b, mask(a) ?? 1)
      return integerArithmetic(.modulo, asInteger(value), integer(modulus))
    case .bitAnd, .bitOr, .bitXor:
      let pair = [a, b].sorted()
      // Of two bools it is a bool.
      let isBool = type(a) == .bool && type(b) == .bool
      let isInt = type(a) == .int || type(b) == .int
      return node(.integerOperation(op), pair, types: isBool ? .bool : isInt ? .int : .integers)
    default: return nil
    }
  }

  /// A conditional of integers in parts; a bool that is no constant is one of 1 and 0.
  private func choice(_ id: NodeID) -> (condition: NodeID, then: NodeID, otherwise: NodeID)? {
    if case .gamma = op(id), isInteger(id) {
      let parts = arguments(id)
      return (parts[0], parts[1], parts[2])
    }
    return type(id) == .bool && constantValue(id) == nil ? (id, integer(1), integer(0)) : nil
  }

  /// How many values a conditional chooses from, at most.
  private func choices(_ id: NodeID, limit: Int) -> Int {
    guard limit > 0, let (_, x, y) = choice(id) else { return 1 }
    let count = choices(x, limit: limit - 1)
    return count + choices(y, limit: limit - count)
  }

  /// Whether a value is a constant that satisfies `test`, or a choice of such.
  func areIntegers(_ id: NodeID, _ test: (BigInt) -> Bool) -> Bool {
    if let value = integerValue(id) { return test(value) }
    guard case .gamma = op(id) else { return false }
    return areIntegers(arguments(id)[1], test) && areIntegers(arguments(id)[2], test)
  }

  /// How many values a choice of any sort chooses from, at most.
  private func alternatives(_ id: NodeID, limit: Int) -> Int {
    guard limit > 0, case .gamma = op(id) else { return 1 }
    let parts = arguments(id)
    let count = alternatives(parts[1], limit: limit - 1)
    return count + alternatives(parts[2], limit: limit - count)
  }

  /// An operation on conditionals, done in each case; nil where there is none, or there are too many.
  private func distributed(_ a: NodeID, _ b: NodeID, _ body: (NodeID, NodeID) -> NodeID?) -> NodeID? {
    let isFirst = choice(a) != nil
    guard let (condition, x, y) = choice(a) ?? choice(b) else { return nil }
    guard choices(a, limit: 8) * choices(b, limit: 8) <= 8 else { return nil }
    guard let then = isFirst ? body(x, b) : body(a, x), let otherwise = isFirst ? body(y, b) : body(a, y) else {
      return nil
    }
    return gamma(condition, then, otherwise)
  }

  /// 2**n of a constant 2**n - 1 that is an int proper.
  private func mask(_ id: NodeID) -> BigInt? {
    guard type(id) == .int, let value = integerValue(id), value > 0, value & (value + 1) == 0 else { return nil }
    return value + 1
  }

  func negated(_ a: NodeID) -> NodeID {
    integerArithmetic(.subtract, integer(0), a) ?? polynomial(sum([:], terms(a), scale: -1))
  }

  /// The value as an int proper: `True` becomes 1.
  func asInteger(_ a: NodeID) -> NodeID {
    guard type(a) != .int, let (condition, x, y) = choice(a) else { return polynomial(terms(a)) }
    return gamma(condition, asInteger(x), asInteger(y))
  }

  private func floorDivision(_ a: BigInt, _ b: BigInt, _ op: BinaryOperator) -> BigInt {
    var (quotient, remainder) = a.quotientAndRemainder(dividingBy: b)
    if remainder != 0, (remainder < 0) != (b < 0) {
      quotient -= 1
      remainder += b
    }
    return op == .floorDivide ? quotient : remainder
  }

  private func terms(_ id: NodeID) -> Terms {
    if let value = integerValue(id) { return value == 0 ? [:] : [[]: value] }
    if case .polynomial(let monomials) = op(id) {
      var result: Terms = [:]
      var rest = arguments(id)[...]
      for monomial in monomials {
        result[Array(rest.prefix(monomial.count))] = monomial.coefficient
        rest = rest.dropFirst(monomial.count)
      }
      return result
    }
    return [[id]: 1]
  }

  private func sum(_ a: Terms, _ b: Terms, scale: BigInt) -> Terms {
    a.merging(b.mapValues { $0 * scale }, uniquingKeysWith: +).filter { $0.value != 0 }
  }

  /// Nil where the product would be too large to be worth a normal form.
  private func product(_ a: Terms, _ b: Terms) -> Terms? {
    guard a.count * b.count <= 64 else { return nil }
    var result: Terms = [:]
    for (x, c) in a {
      for (y, d) in b {
        let key = (x + y).sorted()
        guard key.count <= 16, c.bitWidth + d.bitWidth < 4096 else { return nil }
        result[key, default: 0] += c * d
      }
    }
    return result.filter { $0.value != 0 }
  }

  private func polynomial(_ terms: Terms) -> NodeID {
    if terms.isEmpty { return integer(0) }
    if terms.count == 1, let (atoms, coefficient) = terms.first {
      if atoms.isEmpty { return integer(coefficient) }
      if atoms.count == 1, coefficient == 1, type(atoms[0]) == .int { return atoms[0] }
    }
    let ordered = terms.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    return node(
      .polynomial(ordered.map { Monomial(coefficient: $0.value, count: $0.key.count) }),
      ordered.flatMap(\.key), types: .int)
  }

  // MARK: Comparison

  /// A comparison whose result is surely a bool and which surely has no effect; nil otherwise.
  ///
  ///     a > b = b < a     a >= b = not (a < b)     a != b = not (a == b)     (integers, strings, bytes)
  func pureComparison(_ op: ComparisonOperator, _ a: NodeID, _ b: NodeID) -> NodeID? {
    switch op {
    case .identical: return identical(a, b)
    case .notIdentical: return not(identical(a, b))
    case .equal: return pureEqual(a, b)
    case .notEqual: return pureEqual(a, b).map(not)
    case .less: return less(a, b)
    case .greater: return less(b, a)
    case .greaterOrEqual: return less(a, b).map(not)
    case .lessOrEqual: return less(b, a).map(not)
    case .contains, .notContains: return nil
    }
  }

  private func identical(_ a: NodeID, _ b: NodeID) -> NodeID {
    // Of a choice, whether what is chosen is None.
    for (choice, other) in [(a, b), (b, a)] where constantValue(other) == Constant.none {
      guard case .gamma = op(choice), alternatives(choice, limit: 8) <= 8 else { continue }
      let parts = arguments(choice)
      return gamma(parts[0], identical(parts[1], other), identical(parts[2], other))
    }
    if case .constant(let x) = op(a), case .constant(let y) = op(b) {
      switch (x, y) {
      case (.none, .none), (.ellipsis, .ellipsis): return yes
      case (.bool(let p), .bool(let q)): return bool(p == q)
      case (.none, _), (_, .none): return no
      default: break
      }
    }
    if type(a) == .none, type(b) == .none { return yes }
    if (type(a) == .none && !type(b).contains(.none)) || (type(b) == .none && !type(a).contains(.none)) { return no }
    if type(a) != .bool, type(a) != .none, type(b) != .bool, type(b) != .none, isComputed(a) || isComputed(b) {
      comparesComputedIdentities = true
    }
    return node(.identical, [a, b].sorted(), types: .bool)
  }

  /// A number, text or tuple: whether two equal ones are one object is no matter of values.
  func isComputed(_ id: NodeID) -> Bool {
    if case .gamma = op(id) { return arguments(id).dropFirst().contains(where: isComputed) }
    return type(id).within([.bool, .int, .float, .string, .bytes, .tuple]) && type(id) != .bool
  }

  private func pureEqual(_ a: NodeID, _ b: NodeID) -> NodeID? {
    let kinds: [ValueTypes] = [.integers, .string, .bytes, .none]
    guard let left = kinds.first(where: { type(a).within($0) }), let right = kinds.first(where: { type(b).within($0) })
    else { return nil }
    guard left == right else { return no }
    if a == b { return yes }
    if let x = integerValue(a), let y = integerValue(b) { return bool(x == y) }
    if left == .integers, integerValue(a) != nil || integerValue(b) != nil,
      let chosen = distributed(a, b, { self.pureEqual($0, $1) })
    {
      return chosen
    }
    if let x = constantValue(a), let y = constantValue(b), left != .integers { return bool(x == y) }
    if left == .integers, let known = remainderEquals(a, b) ?? remainderEquals(b, a) { return known }
    // True and 1 are the same number.
    let pair = left == .integers ? [asInteger(a), asInteger(b)] : [a, b]
    return node(.equal, pair.sorted(), types: .bool)
  }

  /// 0 <= x % m < m, and of a bit: x % 2 == 1   =   not (x % 2 == 0)
  private func remainderEquals(_ remainder: NodeID, _ value: NodeID) -> NodeID? {
    guard case .integerOperation(.modulo) = op(remainder), let modulus = integerValue(arguments(remainder)[1]),
      modulus > 0, let constant = integerValue(value)
    else { return nil }
    if constant < 0 || constant >= modulus { return no }
    guard modulus == 2, constant == 1 else { return nil }
    return not(node(.equal, [remainder, integer(0)].sorted(), types: .bool))
  }

  private func less(_ a: NodeID, _ b: NodeID) -> NodeID? {
    let kinds: [ValueTypes] = [.integers, .string, .bytes]
    guard kinds.contains(where: { type(a).within($0) && type(b).within($0) }) else { return nil }
    if a == b { return no }
    if let x = integerValue(a), let y = integerValue(b) { return bool(x < y) }
    if let split = lessOfExtremum(a, b) { return split }
    if isInteger(a), isInteger(b), let chosen = distributed(a, b, { self.less($0, $1) }) { return chosen }
    if case .constant(.string(let x)) = op(a), case .constant(.string(let y)) = op(b) {
      return bool(x.values.lexicographicallyPrecedes(y.values))
    }
    return isInteger(a) ? integerLess(a, b) : node(.less, [a, b], types: .bool)
  }

  /// a < min(x, y) = a < x and a < y        a < max(x, y) = a < x or a < y        (and the other way round)
  private func lessOfExtremum(_ a: NodeID, _ b: NodeID) -> NodeID? {
    guard isInteger(a), isInteger(b) else { return nil }
    if let (x, y, isLeast) = extremum(b), let p = less(a, x), let q = less(a, y) {
      return isLeast ? conjunction(p, q) : disjunction(p, q)
    }
    if let (x, y, isLeast) = extremum(a), let p = less(x, b), let q = less(y, b) {
      return isLeast ? disjunction(p, q) : conjunction(p, q)
    }
    return nil
  }

  /// A conditional of integers that is the least or the greatest of the two.
  private func extremum(_ value: NodeID) -> (NodeID, NodeID, isLeast: Bool)? {
    guard case .gamma = op(value) else { return nil }
    let parts = arguments(value)
    let (condition, x, y) = (parts[0], parts[1], parts[2])
    guard isInteger(x), isInteger(y) else { return nil }
    if let isBelow = less(x, y), condition == isBelow { return (x, y, true) }
    if let isAbove = less(y, x), condition == isAbove { return (x, y, false) }
    return nil
  }

  /// The same node for every way to write a comparison of integers: a constant below a polynomial without a constant
  /// term, whose coefficients have no common divisor and whose first one is positive.
  ///
  ///     a < b   =   0 < b - a        k < -p   =   not (-k - 1 < p)        k < c*p   =   k // c < p
  private func integerLess(_ a: NodeID, _ b: NodeID) -> NodeID {
    var difference = sum(terms(b), terms(a), scale: -1)
    if let clear = withoutQuotient(difference) { return clear }
    let constant = difference.removeValue(forKey: []) ?? 0
    guard let first = difference.min(by: { $0.key.lexicographicallyPrecedes($1.key) }) else {
      return bool(constant > 0)
    }
    let divisor = difference.values.reduce(BigInt(0)) { $0.greatestCommonDivisor(with: $1) }
    let isNegative = first.value < 0
    let reduced = difference.mapValues { ($0 / divisor) * (isNegative ? -1 : 1) }
    // -constant < p where p is `divisor` times the reduced one: bound < p.
    let bound = floorDivision(-constant, divisor, .floorDivide)
    return isNegative ? not(above(-bound - 1, reduced)) : above(bound, reduced)
  }

  /// `0 < difference`, where it holds one quotient of a division by a constant k > 0:
  ///
  ///     a < n // k   =   k * (a + 1) - 1 < n        n // k < a   =   n < k * a
  private func withoutQuotient(_ difference: Terms) -> NodeID? {
    let quotients = difference.keys.filter { key in key.contains { op($0) == .integerOperation(.floorDivide) } }
    guard quotients.count == 1, let key = quotients.first, key.count == 1, let sign = difference[key],
      sign.magnitude == 1, let divisor = integerValue(arguments(key[0])[1]), divisor > 0
    else { return nil }
    var rest = difference
    rest[key] = nil
    let dividend = terms(arguments(key[0])[0])
    let scaled = rest.mapValues { $0 * divisor }
    if sign == 1 {
      // quotient > -rest   =   dividend >= k * (1 - rest)
      return integerLess(polynomial(sum([[]: divisor - 1], scaled, scale: -1)), polynomial(dividend))
    }
    return integerLess(polynomial(dividend), polynomial(scaled))
  }

  /// `bound < p`, and of a length, which is never negative:  0 < len(x)   =   len(x) != 0
  private func above(_ bound: BigInt, _ value: Terms) -> NodeID {
    let value = polynomial(value)
    if isLength(value), bound < 0 { return yes }
    if isLength(value), bound == 0 { return not(node(.equal, [value, integer(0)].sorted(), types: .bool)) }
    return node(.less, [integer(bound), value], types: .bool)
  }

  /// Never negative.
  private func isLength(_ id: NodeID) -> Bool { op(id) == .pureCall("len") || op(id) == .freshLength }

  /// `value` as a multiple of `variable` and a rest that does not mention it: its factor, if it is linear.
  func linearFactor(of variable: NodeID, in value: NodeID) -> BigInt? {
    var factor: BigInt = 0
    for (atoms, coefficient) in terms(value) where atoms.contains(variable) {
      guard atoms == [variable] else { return nil }
      factor = coefficient
    }
    return factor == 0 ? nil : factor
  }

  /// The atoms of a polynomial.
  func atoms(of value: NodeID) -> Set<NodeID> { Set(terms(value).keys.joined()) }

  // MARK: Facts

  /// The keys that are surely there, or surely not, where `condition` holds.
  func mapFacts(_ condition: NodeID) -> [NodeID] {
    switch op(condition) {
    case .has: return [condition]
    case .gamma:
      let parts = arguments(condition)
      if parts[2] == no { return mapFacts(parts[0]) + mapFacts(parts[1]) }
      if parts[1] == no { return mapFacts(parts[2]) + (mapFacts(parts[0]).isEmpty ? [] : [not(parts[0])]) }
      return []
    default: return []
    }
  }

  /// The comparisons of integers that surely hold where `condition` does.
  func integerFacts(_ condition: NodeID) -> [NodeID] {
    switch op(condition) {
    case .less: return isInteger(arguments(condition)[1]) ? [condition] : []
    case .gamma:
      let parts = arguments(condition)
      if parts[2] == no { return integerFacts(parts[0]) + integerFacts(parts[1]) }
      if parts[1] == no { return integerFacts(parts[2]) + (integerFacts(parts[0]).isEmpty ? [] : [not(parts[0])]) }
      return []
    default: return []
    }
  }

  /// Whether one of the facts is at least as strong: `3 < p` implies `1 < p`.
  func holds(_ comparison: NodeID, given facts: Set<NodeID>) -> Bool {
    if comparison == yes || facts.contains(comparison) { return true }
    guard let wanted = bound(comparison) else { return false }
    return facts.contains { fact in
      guard let known = bound(fact), known.value == wanted.value, known.isUpper == wanted.isUpper else { return false }
      return known.isUpper ? known.limit <= wanted.limit : known.limit >= wanted.limit
    }
  }

  /// `limit < value`, or, where it is upper, `value <= limit`.
  private func bound(_ comparison: NodeID) -> (value: NodeID, limit: BigInt, isUpper: Bool)? {
    var atom = comparison
    var isUpper = false
    if case .gamma = op(atom), arguments(atom)[1] == no, arguments(atom)[2] == yes {
      atom = arguments(atom)[0]
      isUpper = true
    }
    guard case .less = op(atom), let limit = integerValue(arguments(atom)[0]) else { return nil }
    return (arguments(atom)[1], limit, isUpper)
  }
}

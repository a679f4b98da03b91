import BigInt
import Logic

/// A small repeatable source of randomness (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// Makes well-formed procedures that use every case of the common language.
struct ProcedureGenerator {
  private var random: SeededGenerator
  /// Leaves out what the grammar that decoders are held to leaves out.
  private let functionsOnly: Bool

  init(seed: UInt64, functionsOnly: Bool = false) {
    random = SeededGenerator(seed: seed)
    self.functionsOnly = functionsOnly
  }

  private mutating func roll(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }
  private mutating func chance(_ percent: Int) -> Bool { roll(100) < percent }
  private mutating func pick<T>(_ items: [T]) -> T { items[roll(items.count)] }
  private mutating func some<T>(_ range: ClosedRange<Int>, _ make: (inout Self) -> T) -> [T] {
    (0..<Int.random(in: range, using: &random)).map { _ in make(&self) }
  }

  // MARK: Procedures

  mutating func procedure(depth: Int = 4) -> Procedure {
    let kinds: [Procedure.Kind] = functionsOnly ? [.function] : Procedure.Kind.allCases
    let kind = chance(60) ? .function : pick(kinds)
    return Procedure(
      name: pick(functionsOnly ? ["f", "Finder.circuit"] : ["f", "Finder.circuit", "<lambda>", "end", "a b.c", ""]),
      kind: kind, parameters: (functionsOnly ? [Parameter("x")] : []) + parameters(depth: depth),
      body: some(0...5) { $0.statement(depth) })
  }

  private mutating func parameters(depth: Int) -> [Parameter] {
    let counts: [(Parameter.Kind, Int)] = [
      (.positionalOnly, chance(20) ? roll(3) : 0), (.positional, roll(3)), (.variadic, roll(2)),
      (.keywordOnly, chance(30) ? roll(3) : 0), (.variadicKeyword, roll(2)),
    ]
    var result: [Parameter] = []
    for (kind, count) in counts {
      for _ in 0..<count {
        let takesDefault = kind != .variadic && kind != .variadicKeyword
        result.append(
          Parameter(
            pick(names), kind: kind,
            defaultValue: takesDefault && chance(30) ? expression(min(depth, 1)) : nil,
            hint: chance(30) ? hint(2) : nil))
      }
    }
    return result
  }

  private mutating func hint(_ depth: Int) -> TypeHint {
    let plain: [TypeHint] = [
      .any, .none, .bool, .int, .float, .string, .bytes, .callable, .named("Graph"), .named("a.B"),
    ]
    if depth == 0 || chance(40) {
      return chance(10) && !functionsOnly ? .named(pick(["list", "Optional['x']", "None", "end"])) : pick(plain)
    }
    let inner = hint(depth - 1)
    let containers: [TypeHint] = [
      .list(inner), .set(inner), .frozenSet(inner), .dictionary(inner, hint(depth - 1)), .variadicTuple(inner),
      .tuple(some(0...3) { $0.hint(depth - 1) }), .iterable(inner),
    ]
    if functionsOnly || chance(80) { return pick(containers) }
    if chance(20) { return .literal([.string(CodePoints("a")), .int(3), .none, .bool(true)]) }
    return .union(some(0...3) { $0.hint(depth - 1) })
  }

  private var names: [String] {
    functionsOnly
      ? ["a", "b", "x", "count", "total", "len", "sum", "node_1"]
      : [
        "a", "b", "x", "count", "sum", "len", "end", "of", "cost", "raises", "größe", "_", "a b", "`", "$t1", "f", "é",
      ]
  }
  private mutating func name() -> String { pick(names) }
  private mutating func attributeName() -> String {
    pick(functionsOnly ? ["append", "end", "x"] : ["append", "end", "x", "if", "9", "ß", "lambda"])
  }

  // MARK: Statements

  private mutating func block(_ depth: Int, atLeast count: Int = 0) -> [Statement] {
    some(count...3) { $0.statement(depth - 1) }
  }

  private mutating func statement(_ depth: Int) -> Statement {
    Statement(kind(depth), line: roll(100))
  }

  private mutating func kind(_ depth: Int) -> Statement.Kind {
    let d = max(0, depth - 1)
    switch roll(depth <= 0 ? 9 : functionsOnly ? 15 : 18) {
    case 0: return .expression(expression(d))
    case 1:
      let others = some(0...2) { $0.functionsOnly ? $0.simpleTarget(d) : $0.target(d) }
      return .assign([target(d)] + others, expression(d))
    case 2: return .augment(simpleTarget(d), pick(BinaryOperator.allCases), expression(d))
    case 3: return .delete(functionsOnly ? simpleTarget(d) : target(d))
    case 4: return pick([.breakLoop, .continueLoop])
    case 5: return .returnValue(chance(20) ? nil : expression(d))
    case 6: return .raise(chance(20) ? nil : expression(d), cause: chance(30) ? expression(d) : nil)
    case 7: return .assert(expression(d), message: chance(30) ? expression(d) : nil)
    case 8: return .assign([.local(name())], expression(d))
    case 9: return .branch(expression(d), then: block(depth), otherwise: block(depth))
    case 10: return .whileLoop(expression(d), body: block(depth), otherwise: chance(20) ? block(depth) : [])
    case 11:
      return .forLoop(
        target(d), expression(d), body: block(depth), otherwise: chance(20) ? block(depth) : [],
        isAsync: !functionsOnly && chance(20))
    case 12:
      let handlers = some(0...2) { generator in
        Handler(
          type: generator.chance(70) ? generator.expression(d) : nil,
          name: generator.chance(50)
            ? generator.functionsOnly ? .local(generator.name()) : generator.simpleTarget(0) : nil,
          body: generator.block(depth), isGroup: !generator.functionsOnly && generator.chance(20))
      }
      return .tryBlock(
        block(depth), handlers: handlers, otherwise: chance(30) ? block(depth) : [],
        finally: chance(30) ? block(depth) : [])
    case 13:
      let isAsync = !functionsOnly && chance(20)
      return .with(expression(d), chance(50) ? simpleTarget(d) : nil, body: block(depth), isAsync: isAsync)
    case 14: return .branch(expression(d), then: block(depth), otherwise: [Statement(kind(depth - 1))])
    case 15:
      return .match(
        expression(d),
        some(0...3) { generator in
          MatchCase(
            pattern: generator.pattern(2), guardTest: generator.chance(30) ? generator.expression(d) : nil,
            body: generator.block(depth))
        })
    case 16:
      var body = procedure(depth: d)
      let name = pick(["C", "A.B", "end"])
      if chance(70) { body = Procedure(name: name, kind: .classBody, body: body.body) }
      return .defineClass(
        target(0),
        ClassDefinition(
          name: name, arguments: arguments(d), body: body, decorators: some(0...2) { $0.expression(d) }))
    default: return .expression(chance(50) ? .yield(chance(30) ? nil : expression(d)) : .await(expression(d)))
    }
  }

  private mutating func simpleTarget(_ depth: Int) -> Target {
    switch roll(depth > 0 ? 6 : 4) {
    case 0, 1: return .local(name())
    case 2: return functionsOnly ? .local(name()) : .captured(name())
    case 3: return functionsOnly ? .local(name()) : chance(50) ? .global(name()) : .namespace(name())
    case 4: return .attribute(functionsOnly ? .local("x") : expression(depth - 1), attributeName())
    default: return .item(functionsOnly ? .local("x") : expression(depth - 1), expression(depth - 1))
    }
  }

  private mutating func target(_ depth: Int) -> Target {
    guard chance(25) else { return simpleTarget(depth) }
    let minimum = functionsOnly ? 2 : 0
    let targets = some(minimum...3) { $0.target($0.functionsOnly ? 0 : depth - 1) }
    if functionsOnly, targets.contains(where: { if case .unpack = $0 { true } else { false } }) {
      return simpleTarget(depth)
    }
    return .unpack(targets, starred: !functionsOnly && !targets.isEmpty && chance(30) ? roll(targets.count) : nil)
  }

  private mutating func pattern(_ depth: Int) -> Pattern {
    switch roll(depth <= 0 ? 3 : 9) {
    case 0: return .wildcard
    case 1: return .value(expression(min(1, depth)))
    case 2: return .capture(.local(name()))
    case 3: return .sequence(some(0...3) { $0.pattern(depth - 1) })
    case 4: return .sequence([pattern(depth - 1), .star(chance(50) ? nil : .local(name()))])
    case 5:
      return .mapping(
        some(0...2) { .init(key: $0.expression(1), pattern: $0.pattern(depth - 1)) },
        rest: chance(30) ? .local(name()) : nil)
    case 6:
      return .classType(
        expression(1), some(0...2) { $0.pattern(depth - 1) },
        keywords: some(0...2) { .init(name: $0.name(), pattern: $0.pattern(depth - 1)) })
    case 7: return .either(some(2...3) { $0.pattern(depth - 1) })
    default: return .alias(pattern(depth - 1), .local(name()))
    }
  }

  // MARK: Expressions

  private mutating func constant() -> Constant {
    switch roll(functionsOnly ? 7 : 12) {
    case 0: return pick([.none, .ellipsis, .notImplemented])
    case 1: return .bool(chance(50))
    case 2, 3: return .int(BigInt(roll(20) - 8))
    case 4: return .int(functionsOnly ? 123_456 : BigInt(-7).power(roll(90)))
    case 5: return .float(FloatBits(pick([0.5, -0.25, 0.0, 1e-7, 3.25])))
    case 6: return .string(CodePoints(pick(["", "abc", "a\"b\\", "x\ny", "{}", "é"])))
    case 7: return .float(FloatBits(Double(bitPattern: random.next())))
    case 8:
      return .float(
        FloatBits(pick([-0.0, .infinity, -.infinity, .nan, .leastNonzeroMagnitude, 1e22, .greatestFiniteMagnitude])))
    case 9: return .imaginary(FloatBits(pick([1, -2.5, .infinity, -0.0])))
    case 10: return .string(CodePoints(some(0...4) { $0.codePoint() }))
    default: return .bytes(some(0...4) { UInt8($0.roll(256)) })
    }
  }

  private mutating func codePoint() -> UInt32 {
    UInt32(
      pick([roll(0x20), roll(0x80), roll(0x100), 0xD800 + roll(0x800), roll(0x10000), roll(0x110000), 0x7F, 0x202E]))
  }

  private mutating func leaf() -> Expression {
    switch roll(functionsOnly ? 6 : 10) {
    case 0, 1: return .local(name())
    case 2, 3: return .constant(constant())
    case 4: return .global(.builtin(pick(["len", "sum", "print", "end", "x"])))
    case 5 where chance(20): return .importName(module: "os", name: "join")
    case 5: return .global(pick([.module("helper"), .imported("os.path.join"), .unresolved("y")]))
    case 6: return chance(50) ? .captured(name()) : .namespace(name())
    case 7: return .global(.imported(pick(["", ".a", "a b", "if.else"])))
    case 8: return pick([.importModule("a.b", leaf: true), .importModule(".x", leaf: false)])
    default: return .importName(module: pick(["a.b", "..", "os"]), name: pick(["join", "*"]))
    }
  }

  mutating func expression(_ depth: Int) -> Expression {
    if depth <= 0 { return leaf() }
    let d = depth - 1
    switch functionsOnly ? pick(Array(0...21) + [23, 24, 25, 28, 29]) : roll(30) {
    case 0: return leaf()
    case 1: return .unary(pick(UnaryOperator.allCases), expression(d))
    case 2, 3: return .binary(pick(BinaryOperator.allCases), expression(d), expression(d))
    case 4, 5: return .compare(pick(ComparisonOperator.allCases), expression(d), expression(d))
    case 6: return .not(expression(d))
    case 7: return .and(some(2...3) { $0.expression(d) })
    case 8: return .or(some(2...3) { $0.expression(d) })
    case 9: return .conditional(test: expression(d), then: expression(d), otherwise: expression(d))
    case 10, 11: return .attribute(expression(d), attributeName())
    case 12: return .item(expression(d), index(d))
    case 13, 14: return .call(expression(d), arguments(d))
    case 15: return sugar(d)
    case 16: return .list(some(0...3) { $0.element(d) })
    case 17: return .tuple(some(0...3) { $0.element(d) })
    case 18: return .dictionary(some(0...2) { $0.dictionaryItem(d) })
    case 19: return comprehension(d)
    case 20:
      let count = 2 + roll(2)
      return .chain(
        (0...count).map { _ in expression(d) }, (0..<count).map { _ in pick(ComparisonOperator.allCases) })
    case 21:
      let minimum = functionsOnly ? 1 : 0
      return .set(some(minimum...2) { $0.element(d) })
    case 22: return .slice(part(d), part(d), part(d))
    case 23: return .format(formatParts(d))
    case 24: return .closure(procedure(depth: min(d, 2)))
    case 25:
      return .closure(
        Procedure(name: "<lambda>", parameters: parameters(depth: 1), body: [Statement(.returnValue(expression(d)))]))
    case 26:
      return .definition(
        Definition(kind: pick([.function, .classType]), name: pick(["C.f", "<x>"]), arguments: arguments(d)))
    case 27: return .named(chance(70) ? .local(name()) : target(d), expression(d))
    case 28: return chance(50) ? .yield(chance(30) ? nil : expression(d)) : .yieldFrom(expression(d))
    default: return .await(expression(d))
    }
  }

  private mutating func part(_ depth: Int) -> Expression? { chance(50) ? expression(depth) : nil }

  private mutating func index(_ depth: Int) -> Expression {
    switch roll(4) {
    case 0: return .slice(part(depth), part(depth), part(depth))
    case 1:
      return .tuple(
        some(1...3) { generator in
          generator.chance(50)
            ? .single(.slice(generator.part(depth), generator.part(depth), generator.part(depth)))
            : generator.functionsOnly ? .single(generator.expression(depth)) : generator.element(depth)
        })
    default: return expression(depth)
    }
  }

  private mutating func element(_ depth: Int) -> Element {
    chance(85) ? .single(expression(depth)) : .spread(expression(depth))
  }

  private mutating func dictionaryItem(_ depth: Int) -> DictionaryItem {
    chance(85) ? .pair(expression(depth), expression(depth)) : .spread(expression(depth))
  }

  private mutating func arguments(_ depth: Int) -> [Argument] {
    some(0...3) { generator in
      let kinds: [Argument.Kind] = [
        .positional, .positional, .positional, .keyword(generator.name()), .spread, .spreadKeywords,
      ]
      return Argument(generator.expression(depth), kind: generator.pick(kinds))
    }
  }

  private mutating func clauses(_ depth: Int) -> [Comprehension.Clause] {
    [.each(target(0), expression(depth), isAsync: !functionsOnly && chance(10))]
      + some(0...2) { generator in
        generator.chance(60)
          ? .filter(generator.expression(depth))
          : .each(
            generator.target(0), generator.expression(depth), isAsync: !generator.functionsOnly && generator.chance(20))
      }
  }

  private mutating func generatorOver(_ depth: Int) -> Expression {
    var clauses: [Comprehension.Clause] = [.each(target(0), expression(depth), isAsync: false)]
    if chance(50) { clauses.append(.filter(expression(depth))) }
    let element = chance(30) ? Expression.constant(.int(1)) : expression(depth)
    return .comprehension(Comprehension(kind: .generator, element: element, clauses: clauses))
  }

  private mutating func comprehension(_ depth: Int) -> Expression {
    let kind = pick(Comprehension.Kind.allCases)
    return .comprehension(
      Comprehension(
        kind: kind, key: kind == .dictionary ? expression(depth) : nil, element: expression(depth),
        clauses: clauses(depth)))
  }

  private mutating func sugar(_ depth: Int) -> Expression {
    let builtin = pick(["sum", "any", "all", "next", "len", "max", "min"])
    var arguments = [Argument(chance(70) ? generatorOver(depth) : expression(depth))]
    if builtin == "next" || chance(20) { arguments.append(Argument(expression(depth))) }
    return .call(.global(.builtin(builtin)), arguments)
  }

  private mutating func formatParts(_ depth: Int, level: Int = 0) -> [FormatPart] {
    var result: [FormatPart] = []
    var wasLiteral = false
    for _ in 0..<roll(4) {
      if !wasLiteral, chance(50) {
        result.append(.literal(CodePoints(pick([":>10", "=x", "a{b}", "\"", "é\n", " "]))))
        wasLiteral = true
      } else {
        result.append(
          .value(
            expression(depth), conversion: chance(30) ? pick(["r", "s", "a"]) : nil,
            specification: specification(depth, level: level)))
        wasLiteral = false
      }
    }
    return result
  }

  private mutating func specification(_ depth: Int, level: Int) -> [FormatPart]? {
    if level > 1 || chance(70) { return nil }
    return formatParts(depth - 1, level: level + 1)
  }
}

import Comparison
import Logic
import Normalization
import Testing

@Suite("Bytes that stand for a procedure")
struct ByteFormTests {
  private func bytes(_ procedure: Procedure) -> [UInt8] {
    var form = ByteForm()
    form.add(procedure)
    return form.bytes
  }

  private func function(_ body: [Statement], parameters: [Parameter] = []) -> Procedure {
    Procedure(name: "f", parameters: parameters, body: body)
  }

  /// Procedures that differ in one place each, easily confused ones among them.
  @Test("Whatever differs anywhere has other bytes, source lines included")
  func distinct() {
    let x = Expression.local("x")
    func value(_ value: Expression, line: Int = 1) -> Procedure {
      function([Statement(.expression(value), line: line)])
    }
    func text(_ text: String) -> Expression { .constant(.string(CodePoints(text))) }
    let all: [Procedure] = [
      function([]), value(x), value(x, line: 2), value(.captured("x")), value(.global(.module("x"))),
      value(.global(.imported("x"))), value(.global(.builtin("x"))), value(.global(.unresolved("x"))),
      value(.namespace("x")), value(text("x")), value(.constant(.bytes([120]))), value(.constant(.int(1))),
      value(.constant(.bool(true))), value(.constant(.float(FloatBits(1)))), value(.constant(.imaginary(FloatBits(1)))),
      value(.constant(.float(FloatBits(0)))), value(.constant(.float(FloatBits(-0.0)))), value(.constant(.int(-1))),
      value(.and([x, x])), value(.or([x, x])), value(.list([.single(x)])), value(.list([.spread(x)])),
      value(.tuple([.single(x)])), value(.set([.single(x)])), value(.call(x, [])), value(.call(x, [Argument(x)])),
      value(.call(x, [Argument(x, kind: .keyword("x"))])), value(.call(x, [Argument(x, kind: .spread)])),
      value(.slice(x, nil, nil)), value(.slice(nil, x, nil)), value(.slice(nil, nil, x)),
      value(.and([x, .and([x, x])])), value(.and([.and([x, x]), x])), value(.format([.literal(CodePoints("x"))])),
      value(.format([.value(x, conversion: nil, specification: nil)])),
      value(.format([.value(x, conversion: "r", specification: nil)])),
      value(.format([.value(x, conversion: nil, specification: [])])),
      value(.importModule("a.b", leaf: true)), value(.importModule("a.b", leaf: false)),
      value(.importName(module: "a", name: "b")), value(.importName(module: "ab", name: "")),
      function([Statement(.returnValue(nil))]), function([Statement(.returnValue(.constant(.none)))]),
      function([Statement(.raise(x, cause: nil))]), function([Statement(.raise(nil, cause: x))]),
      function([Statement(.branch(x, then: [], otherwise: []))]),
      function([Statement(.whileLoop(x, body: [], otherwise: []))]),
      function([Statement(.breakLoop), Statement(.continueLoop)]),
      function([Statement(.continueLoop), Statement(.breakLoop)]),
      function([], parameters: [Parameter("x")]), function([], parameters: [Parameter("x", kind: .keywordOnly)]),
      function([], parameters: [Parameter("x", hint: .list(.int))]),
      function([], parameters: [Parameter("x", hint: .set(.int))]),
      function([], parameters: [Parameter("x", defaultValue: x)]),
      Procedure(name: "g", body: []), Procedure(name: "f", kind: .generator, body: []),
    ]
    #expect(Set(all.map(bytes)).count == all.count)
  }

  @Test("The order of a dictionary does not show")
  func order() {
    func bytes(_ names: [String]) -> [UInt8] {
      var form = ByteForm()
      var table: [Reference: Procedure] = [:]
      for name in names { table[.module(name)] = Procedure(name: name, body: []) }
      form.add(table: table) {
        $0.add($1)
      } _: {
        $0.add($1)
      }
      return form.bytes
    }
    let names = (0..<40).map { "f\($0)" }
    #expect(bytes(names) == bytes(names.reversed()))
    #expect(bytes(names) != bytes(Array(names.dropLast())))
  }

  /// A new member of a structure would be missing from keys without a word; this says so.
  @Test("No member of a structure is left out")
  func members() {
    let x = Expression.local("x")
    let procedure = Procedure(name: "f", body: [])
    let counts: [(Any, Int)] = [
      (procedure, 5), (Parameter("x"), 4), (Statement(.breakLoop), 2), (Handler(type: nil, name: nil, body: []), 5),
      (MatchCase(pattern: .wildcard, guardTest: nil, body: []), 3),
      (Pattern.MappingItem(key: x, pattern: .wildcard), 2),
      (Pattern.KeywordPattern(name: "x", pattern: .wildcard), 2),
      (ClassDefinition(name: "C", arguments: [], body: procedure, decorators: []), 4), (FloatBits(1), 1),
      (CodePoints("x"), 1), (Argument(x), 2), (Comprehension(kind: .list, element: x, clauses: []), 4),
      (Definition(kind: .function, name: "f", arguments: []), 3), (ProofContext(), 8),
    ]
    for (value, count) in counts { #expect(Mirror(reflecting: value).children.count == count, "\(type(of: value))") }
  }
}

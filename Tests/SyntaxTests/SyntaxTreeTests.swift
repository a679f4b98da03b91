import Syntax
import Testing

@Suite("Source text becomes a tree")
struct SyntaxTreeTests {
  @Test("A function has its fields, lines and text")
  func function() throws {
    let tree = try parse("# top\n\ndef f(a, b=1):\n  return a + b\n")
    #expect(tree.root.kind == "module")
    let function = try #require(tree.root.namedChildren.last)
    #expect(function.kind == "function_definition")
    #expect(function.child(field: "name")?.text == "f")
    #expect(function.startLine == 3)
    #expect(function.endLine == 4)
    #expect(function.child(at: 0)?.kind == "def")
    #expect(function.child(at: 1)?.field == "name")
    #expect(function.fieldName(at: 1) == "name")
    #expect(function.child(at: 99) == nil)
    #expect(function.parent == tree.root)
    let body = try #require(function.child(field: "body"))
    #expect(body.text == "return a + b")
    #expect(body.startColumn == 2)
    #expect(!tree.hasError)
  }

  @Test("Every byte of the source is in the root, and children lie in order inside their parents")
  func layout() throws {
    let source = "\n\n# c\nclass A(B):\n  '''d'''\n  x = [i for i in y if i]  # e\n\n  def m(self): pass\n\n\n"
    let tree = try parse(source)
    #expect(tree.root.text == source)
    #expect(tree.root.descendants.map(\.index) == Array(1..<tree.nodeCount))
    for node in [tree.root] + tree.root.descendants {
      var last = node.byteRange.lowerBound
      for child in node.children {
        #expect(child.parent == node)
        #expect(child.byteRange.lowerBound >= last)
        #expect(child.byteRange.upperBound <= node.byteRange.upperBound)
        last = child.byteRange.upperBound
      }
    }
  }

  @Test("CRLF reads as the language reads it; lines stay those of the file")
  func carriageReturns() throws {
    let tree = try parse("x = '''a\r\nb'''\r\ny = 2\r\n")
    #expect(tree.root.child(at: 0)?.text == "x = '''a\nb'''")
    #expect(tree.root.child(at: 1)?.startLine == 3)
  }

  @Test("A byte-order mark is no part of the text")
  func byteOrderMark() throws {
    let tree = try SyntaxTree(parsing: [0xEF, 0xBB, 0xBF] + Array("x = 1\n".utf8), language: .python)
    #expect(!tree.hasError)
    #expect(tree.root.text == "x = 1\n")
  }

  @Test("An empty file is a module with nothing in it", arguments: ["", "\n", "# only a comment"])
  func empty(source: String) throws {
    let found = try units(source)
    #expect(found.map(\.qualifiedName) == ["<module>"])
    #expect(found[0].problem == nil)
    #expect(found[0].lines.lowerBound == 1)
  }
}

@Suite("Input that is not source")
struct HostileInputTests {
  private func refusal(of bytes: [UInt8], limits: Limits = Limits()) -> SyntaxError? {
    do throws(SyntaxError) {
      _ = try SyntaxTree(parsing: bytes, language: .python, limits: limits)
      return nil
    } catch { return error }
  }

  @Test("Latin-1 is refused with its byte and its line")
  func latin1() {
    let error = refusal(of: Array("# one\nname = 'caf".utf8) + [0xE9] + Array("'\n".utf8))
    #expect(error == .notAnalysed(reason: "byte 0xE9 is not UTF-8; convert the file to UTF-8", line: 2))
  }

  @Test(
    "Ill-formed UTF-8 is refused",
    arguments: [[0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82], [0x80], [0xFF, 0xFE]])
  func illFormed(bytes: [UInt8]) {
    #expect(refusal(of: bytes) != nil)
  }

  @Test("Every kind of well-formed UTF-8 is accepted", arguments: ["é", "€", "한", "\u{FFFD}", "😀", "\u{10FFFF}"])
  func wellFormed(character: String) throws {
    #expect(try !parse("x = '\(character)'\n").hasError)
  }

  @Test("NUL and lone carriage returns are refused with their line")
  func controlBytes() {
    #expect(refusal(of: Array("a = 1\n\0\n".utf8)) == .notAnalysed(reason: "NUL byte; source text has none", line: 2))
    guard case .notAnalysed(_, line: 3) = refusal(of: Array("a\nb\nc\rd\n".utf8)) else {
      Issue.record("a lone carriage return was accepted")
      return
    }
  }

  @Test("A file of 20 MB is refused before it is parsed")
  func huge() {
    guard case .notAnalysed(let reason, _) = refusal(of: [UInt8](repeating: UInt8(ascii: "\n"), count: 20_000_000))
    else {
      Issue.record("20 MB were accepted")
      return
    }
    #expect(reason.contains("bytes"))
  }

  @Test(
    "10,000 nested parentheses neither crash the parser nor the walk",
    arguments: [("(", ")"), ("[", "]"), ("not ", "")])
  func nesting(pair: (String, String)) throws {
    let nested = String(repeating: pair.0, count: 10_000) + "x" + String(repeating: pair.1, count: 10_000)
    let found = try units("def f():\n  return \(nested)\n\ndef g(): pass\n")
    #expect(found.map(\.qualifiedName) == ["<module>", "f", "g"])
    #expect(found[0].tree.maximumDepth > 10_000)
    #expect(found[1].hasSameOwnTokens(as: found[1]))
    #expect(found[1].allTokens().count > 10_000)
  }

  @Test(
    "10,000 open parentheses are a syntax error or a refusal", arguments: ["(", "{[", "f'{", "if x:\n ", "lambda: "])
  func unclosed(text: String) throws {
    do throws(SyntaxError) {
      let tree = try SyntaxTree(
        parsing: Array(String(repeating: text, count: 10_000 / text.count).utf8), language: .python)
      #expect(Units.extract(tree).contains { $0.problem != nil })
    } catch {
      guard case .notAnalysed = error else {
        Issue.record(error)
        return
      }
    }
  }

  @Test("A tree with too many nodes is refused")
  func tooManyNodes() {
    var limits = Limits()
    limits.nodes = 100
    let error = refusal(of: Array(String(repeating: "x = 1\n", count: 100).utf8), limits: limits)
    #expect(error == .notAnalysed(reason: "the syntax tree has more than the 100 nodes that are analysed", line: 1))
  }

  @Test("The parser stops when its steps are used up")
  func parserBudget() {
    var limits = Limits()
    limits.parserStepsPerByte = 0
    limits.leastParserSteps = 100
    let error = refusal(of: Array(String(repeating: "x = 1\n", count: 1000).utf8), limits: limits)
    #expect(error == .notAnalysed(reason: "the parser used up its budget; the text is not regular source", line: 1))
  }

  @Test("Text that makes the lexer read far ahead for every token ends in a refusal, not in a long wait")
  func lookAhead() {
    let error = refusal(of: Array(String(repeating: "\\\n", count: 100_000).utf8))
    #expect(error == .notAnalysed(reason: "the parser used up its budget; the text is not regular source", line: 1))
  }

  @Test("A function of 20,000 lines is one unit")
  func longFunction() throws {
    let lines = (0..<20_000).map { "  x\($0) = f(x\(max(0, $0 - 1)), [\($0)])\n" }.joined()
    let found = try units("def big(x0):\n\(lines)")
    #expect(found.last?.lines == 1...20_001)
  }
}

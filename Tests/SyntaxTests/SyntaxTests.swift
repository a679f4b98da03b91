import Syntax
import Testing

@Suite("Source text becomes a tree")
struct SyntaxTreeTests {
  @Test func aFunctionHasItsFieldsLinesAndText() throws {
    let tree = try SyntaxTree(
      parsing: Array("# top\n\ndef f(a, b=1):\n  return a + b\n".utf8), language: .python, path: "f.py")
    #expect(tree.root.kind == "module")
    let function = try #require(tree.root.namedChildren.last)
    #expect(function.kind == "function_definition")
    #expect(function.child(field: "name")?.text == "f")
    #expect(function.startLine == 3)
    #expect(function.endLine == 4)
    #expect(function.child(at: 0)?.kind == "def")
    #expect(function.child(at: 1)?.field == "name")
    #expect(function.parent == tree.root)
    let body = try #require(function.child(field: "body"))
    #expect(body.text == "return a + b")
    #expect(body.startColumn == 2)
    #expect(!tree.hasError)
  }
}

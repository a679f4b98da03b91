import Decoder
import Logic
import Lowering
import Syntax

struct NoFunction: Error {}

/// The first function of Python source in the common language.
func procedure(_ source: String) throws -> Procedure {
  let tree = try SyntaxTree(parsing: Array(source.utf8), language: .python, path: "a.py")
  let units = Units.extract(tree)
  let context = PythonLowering.context(of: tree, units: units, package: nil)
  guard let unit = units.first(where: { $0.kind == .function }) else { throw NoFunction() }
  return try PythonLowering.lower(unit: unit, in: context).procedure
}

/// A decoder that always answers the same.
struct FixedAnswer: TextDecoder {
  var answer: String
  var tokens = 10

  var name: String { "fixed" }
  var context: Int { 1_024 }
  func count(_ prompt: Prompt) -> Int { tokens }

  func generate(
    _ prompt: Prompt, grammar: (any ByteGrammar)?, options: GenerationOptions, count: Int
  ) throws(DecoderError) -> [Generation] {
    [Generation(bytes: Array(answer.utf8), tokens: [], finish: .ended, promptTokens: tokens, logProbability: 0)]
  }
}

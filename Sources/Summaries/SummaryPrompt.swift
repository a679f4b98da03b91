import Decoder
import Logic

/// A procedure as a decoder reads it: its text with canonical names for variables, without hints, defaults and the
/// procedure's own name; for the specialist also with numbers for the names and texts that say nothing.
///
/// The specialist reads the pieces of that text (`TextPieces`) with a blank before each, then a mark, and writes the
/// pieces of a body for the same head. Variables that code and body share have the same letters in both. No piece at
/// all, an empty body, stands for no proposal.
package struct SummaryPrompt {
  /// What a model that follows instructions answers where nothing is clearer than the code.
  package static let abstention = "def module abstain\n"
  /// Stands between the form and the answer; no form contains it.
  private static let mark = " =>"
  /// The name that every procedure has in a prompt.
  private static let name = "f"

  package let text: String
  private let names: PromptNames?
  /// The first line of `text`: the head that every answer has.
  let head: String
  private let procedure: Procedure
  private let canonical: Procedure
  /// Names that variables of an answer may not get, unless they are variables of the code's.
  private let avoided: Set<String>

  package init(_ procedure: Procedure, numbersNames: Bool = true, avoiding avoided: Set<String> = []) {
    self.procedure = procedure
    self.avoided = avoided
    canonical = procedure.canonicallyNamed()
    let bare = Self.bare(canonical)
    guard numbersNames else {
      text = bare
      head = Self.head(of: text)
      names = nil
      return
    }
    var names = PromptNames()
    text = names.number(bare)
    head = Self.head(of: text)
    self.names = names
  }

  /// What a model that follows instructions is told: its role, the language as far as summaries need it, and one example.
  package static let role = """
    You are a careful programmer who writes algorithm summaries. A summary is a program in the same language as the \
    code, with the same head, that does exactly the same in the clearest way: comprehensions and folds instead of loops \
    that only collect, early returns instead of nesting, no needless variables. Keep what may raise, and the order of \
    calls and stores.

    The language: `if c then ... elif c then ... else ... end`, `while c do ... end`, `for x in a do ... end`; blocks \
    close with `end`, except that of the head. Values: `if c then a else b`, `[e for x in a where c]`, \
    `{k: v for x in a}`, `sum of e for x in a where c`, `any of e for x in a`, `all of e for x in a`, \
    `count of x in a where c`, `first of e for x in a where c else d`, `length of a`, `maximum of a`, `minimum of a`. \
    Names with a mark (`::f` of the module, `@m.f` imported) stay as they are; use no others than the code does.

    For this code:

    \(exampleCode)
    the summary is:

    \(exampleSummary)
    Where nothing is clearer than the code, answer `def module abstain`.
    """

  package static let exampleCode = """
    function f(a, b)
      c = 0
      for d in a do
        if d > b then
          c += 1
        end
      end
      return c

    """

  package static let exampleSummary = """
    function f(a, b)
      return count of c in a where c > b

    """

  package func prompt(_ style: Proposer.Style) -> Prompt {
    switch style {
    case .form: Prompt(user: Self.spaced(TextPieces.of(text) ?? []) + Self.mark)
    case .instructed:
      Prompt(
        system: Self.role,
        user: "Write the summary of this procedure. Answer with the procedure only.\n\n\(text)")
    }
  }

  private static func spaced(_ pieces: [String]) -> String { pieces.map { " " + $0 }.joined() }

  private static func head(of text: String) -> String { String(text.prefix { $0 != "\n" }) }

  /// The pieces of the code, for the grammar of answers and for its length.
  var pieces: [String] { TextPieces.of(text) ?? [] }

  /// Another procedure as the answer to this prompt; nil where it has another head or says what no answer may.
  package func answer(for other: Procedure) -> String? {
    guard let names else { return nil }
    let own = procedure.canonicalNames()
    var taken = Set(own.values)
    var renaming: [String: String] = [:]
    let locals = other.canonicalNames().sorted { ($0.value.count, $0.value) < ($1.value.count, $1.value) }
    for (name, _) in locals { renaming[name] = own[name] ?? Self.free(&taken) }
    var extended = names
    let text = extended.number(ProcedurePrinter.print(Self.stripped(other), renaming: renaming))
    guard names.restore(text) != nil, text.hasPrefix(head + "\n"),
      let body = TextPieces.of(text)?.dropFirst(TextPieces.of(head)?.count ?? 0)
    else { return nil }
    let answer = Self.spaced(Array(body))
    return AnswerGrammar(of: self)?.accepts(answer.utf8) == true ? answer : nil
  }

  /// The next letter that is not taken.
  private static func free(_ taken: inout Set<String>) -> String {
    var index = 0
    while !taken.insert(Procedure.canonicalName(index)).inserted { index += 1 }
    return Procedure.canonicalName(index)
  }

  private static func bare(_ procedure: Procedure) -> String { ProcedurePrinter.print(stripped(procedure)) }

  private static func stripped(_ procedure: Procedure) -> Procedure {
    var procedure = procedure
    procedure.name = name
    for index in procedure.parameters.indices {
      procedure.parameters[index].hint = nil
      procedure.parameters[index].defaultValue = nil
    }
    return procedure
  }

  struct Refusal: Error {
    var reason: String
  }

  /// The procedure that an answer means: names restored, parameters and name those of the code.
  func read(_ answer: String) -> Result<Procedure, Refusal> {
    guard let restored = names.map({ $0.restore(head + "\n" + answer) }) ?? answer else {
      return .failure(Refusal(reason: Messages.unknownNames))
    }
    do {
      var (read, _) = try ProcedureParser.parse(restored)
      let heads = zip(read.parameters, canonical.parameters)
      guard read.name == Self.name, read.kind == canonical.kind, read.parameters.count == canonical.parameters.count,
        heads.allSatisfy({ $0.name == $1.name && $0.kind == $1.kind && $0.defaultValue == nil })
      else { return .failure(Refusal(reason: Messages.otherHead)) }
      read.name = procedure.name
      // With every variable in the map, no two can become one.
      let named = ProcedurePrinter.print(read, renaming: displayNames(of: read))
      (read, _) = try ProcedureParser.parse(named)
      guard read.parameters.map(\.name) == procedure.parameters.map(\.name) else {
        return .failure(Refusal(reason: Messages.otherHead))
      }
      read.parameters = procedure.parameters
      read.language = procedure.language
      return .success(read)
    } catch let error as ProcedureSyntaxError {
      return .failure(Refusal(reason: Messages.unreadable(error.description)))
    } catch {
      return .failure(Refusal(reason: Messages.unreadable("\(error)")))
    }
  }

  func isOwnText(_ read: Procedure) -> Bool { Self.bare(read.canonicallyNamed()) == Self.bare(canonical) }

  /// Whether another procedure takes more pieces to write.
  func isLonger(_ other: Procedure) -> Bool {
    (TextPieces.of(Self.bare(other)) ?? []).count > (TextPieces.of(Self.bare(procedure)) ?? []).count
  }

  /// The code's names for the variables that it has too, and letters that none of them is for the rest. A variable that
  /// only the code and the answer need keeps its name only where nothing around them has it.
  private func displayNames(of read: Procedure) -> [String: String] {
    let kept = Set(procedure.parameters.map(\.name)).union(results)
    var result: [String: String] = [:]
    for (own, shown) in procedure.canonicalNames() where kept.contains(own) || !avoided.contains(own) {
      result[shown] = own
    }
    var taken = avoided.union(procedure.canonicalNames().keys)
    for name in read.canonicalNames().keys.sorted() where result[name] == nil { result[name] = Self.free(&taken) }
    return result
  }

  /// The variables that a region returns to what stands around it.
  private var results: [String] {
    guard !avoided.isEmpty, case .returnValue(let value?)? = procedure.body.last?.kind else { return [] }
    switch value {
    case .local(let name): return [name]
    case .tuple(let elements):
      return elements.compactMap { if case .single(.local(let name)) = $0 { name } else { nil } }
    default: return []
    }
  }
}

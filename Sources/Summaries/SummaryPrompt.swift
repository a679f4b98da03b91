import Decoder
import Logic

/// A procedure as a decoder reads it: its text with canonical names for variables, without hints, defaults and the
/// procedure's own name; for the specialist also with numbers for the names and texts that say nothing.
package struct SummaryPrompt {
  /// What the specialist answers to code of a sort that it was not taught.
  package static let abstention = "def module abstain\n"
  /// Stands between the form and the answer; no form contains it.
  private static let mark = "=>\n"
  /// The name that every procedure has in a prompt.
  private static let name = "f"

  package let text: String
  private let names: PromptNames?
  private let procedure: Procedure
  private let canonical: Procedure

  package init(_ procedure: Procedure, numbersNames: Bool = true) {
    self.procedure = procedure
    canonical = procedure.canonicallyNamed()
    let bare = Self.bare(canonical)
    guard numbersNames else {
      text = bare
      names = nil
      return
    }
    var names = PromptNames()
    text = names.number(bare)
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

  func prompt(_ style: Proposer.Style) -> Prompt {
    switch style {
    case .form: Prompt(user: text + Self.mark)
    case .instructed:
      Prompt(
        system: Self.role,
        user: "Write the summary of this procedure. Answer with the procedure only.\n\n\(text)")
    }
  }

  /// Another procedure as the answer to this prompt; nil where it names what this one does not.
  package func answer(for other: Procedure) -> String? {
    let bare = Self.bare(other.canonicallyNamed())
    guard let names else { return bare }
    var extended = names
    let text = extended.number(bare)
    return names.restore(text) == nil ? nil : text
  }

  private static func bare(_ procedure: Procedure) -> String {
    var procedure = procedure
    procedure.name = name
    for index in procedure.parameters.indices {
      procedure.parameters[index].hint = nil
      procedure.parameters[index].defaultValue = nil
    }
    return ProcedurePrinter.print(procedure)
  }

  struct Refusal: Error {
    var reason: String
  }

  /// The procedure that an answer means: names restored, parameters and name those of the code.
  func read(_ answer: String) -> Result<Procedure, Refusal> {
    guard let restored = names.map({ $0.restore(answer) }) ?? answer else {
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

  /// The code's names for the parameters, and letters that none of them is for the rest.
  private func displayNames(of read: Procedure) -> [String: String] {
    var result: [String: String] = [:]
    for (shown, own) in zip(canonical.parameters, procedure.parameters) { result[shown.name] = own.name }
    var taken = Set(result.values)
    for index in 0..<26 * 12 {
      let letter = String(Character(Unicode.Scalar(UInt8(ascii: "a") + UInt8(index % 26))))
      let name = index < 26 ? letter : letter + String(index / 26)
      if result[name] != nil { continue }
      var free = name
      while !taken.insert(free).inserted { free += "0" }
      result[name] = free
    }
    return result
  }
}

import Logic

/// Module code and class bodies without what their functions and classes say for themselves.
///
/// In such code a definition is a store in place. That one was added, removed, renamed, or got another decorator or
/// default is told at its own unit; telling it again here would be noise.
enum DefinitionSites {
  /// `own` are the names of definitions on one side only, or under another name on the other.
  /// `keepsOrder`: something may go through the definitions in their order.
  static func reduced(_ procedure: Procedure, dropping own: Set<String>, keepsOrder: Bool) -> Procedure {
    var result = procedure
    var body: [Statement] = []
    /// Definitions in a row that evaluate nothing, by where they are stored: their order is no meaning.
    var run: [(place: Target, statement: Statement)] = []
    func flush() {
      // Those stored in one place keep their order: the last one wins.
      let sorted = run.enumerated().sorted {
        ("\($0.element.place)", $0.offset) < ("\($1.element.place)", $1.offset)
      }
      body += sorted.map(\.element.statement)
      run = []
    }
    for statement in procedure.body {
      guard let site = site(of: statement) else {
        flush()
        body.append(statement)
        continue
      }
      if own.contains(site.definition.name) { continue }
      var bare = site.definition
      bare.arguments = []
      let reduced = Statement(.assign(site.targets, .definition(bare)), line: statement.line)
      if !keepsOrder, let place = placeOfPureDefinition(statement) {
        run.append((place, reduced))
      } else {
        flush()
        body.append(reduced)
      }
    }
    flush()
    result.body = body
    return result
  }

  private static func site(of statement: Statement) -> (targets: [Target], definition: Definition)? {
    guard case .assign(let targets, var value) = statement.kind else { return nil }
    while case .call(_, let arguments) = value, arguments.count == 1, arguments[0].kind == .positional {
      value = arguments[0].value
    }
    guard case .definition(let definition) = value else { return nil }
    return (targets, definition)
  }

  /// Where a function is stored whose definition evaluates nothing: no decorator, no default but constants.
  private static func placeOfPureDefinition(_ statement: Statement) -> Target? {
    guard case .assign(let targets, .definition(let definition)) = statement.kind, targets.count == 1,
      definition.kind == .function,
      definition.arguments.allSatisfy({ if case .constant = $0.value { true } else { false } })
    else { return nil }
    switch targets[0] {
    case .global, .namespace: return targets[0]
    default: return nil
    }
  }
}

import Logic

/// Module code and class bodies without what their functions and classes say for themselves.
///
/// In such code a definition is a store in place. That one was added, removed, renamed, or got another decorator or
/// default is told at its own unit; telling it again here would be noise.
enum DefinitionSites {
  /// `own` are the qualified names of units on one side only, or under another name on the other.
  static func reduced(_ procedure: Procedure, dropping own: Set<String>) -> Procedure {
    var result = procedure
    var body: [Statement] = []
    for statement in procedure.body {
      guard let site = site(of: statement) else {
        body.append(statement)
        continue
      }
      if own.contains(site.definition.name) { continue }
      var bare = site.definition
      bare.arguments = []
      body.append(Statement(.assign(site.targets, .definition(bare)), line: statement.line))
    }
    result.body = sorted(body, pure: pureDefinitions(procedure))
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

  /// Names of functions whose definition evaluates nothing: the order among neighbours of this sort is no meaning.
  private static func pureDefinitions(_ procedure: Procedure) -> Set<String> {
    var names: Set<String> = []
    for statement in procedure.body {
      guard case .assign(let targets, .definition(let definition)) = statement.kind, targets.count == 1,
        definition.kind == .function,
        definition.arguments.allSatisfy({ if case .constant = $0.value { true } else { false } })
      else { continue }
      names.insert(definition.name)
    }
    return names
  }

  private static func sorted(_ body: [Statement], pure: Set<String>) -> [Statement] {
    func name(_ statement: Statement) -> String? {
      site(of: statement).map(\.definition.name).flatMap { pure.contains($0) ? $0 : nil }
    }
    var result: [Statement] = []
    var run: [(name: String, statement: Statement)] = []
    func flush() {
      // Definitions of one name keep their order: the last one wins.
      result += run.enumerated().sorted { ($0.element.name, $0.offset) < ($1.element.name, $1.offset) }
        .map(\.element.statement)
      run = []
    }
    for statement in body {
      if let name = name(statement) {
        run.append((name, statement))
      } else {
        flush()
        result.append(statement)
      }
    }
    flush()
    return result
  }
}

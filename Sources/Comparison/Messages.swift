import Logic
import Syntax

/// The sentences of this module that a user reads.
package enum Messages {
  static let parametersDiffer = "the parameters differ, and one that only one version has has no constant default"
  static let storesMovedNames =
    "it stores into names of its module, and it moved to another one"
  static let looksAtItself =
    "it looks at its own frame, source or names, so that even a renamed local may change what it does"
  static let proofRefuted =
    "a proof and a differing input contradict each other: this is a bug in logicdiff, please report it with both versions"
  static let noGrammar = "no grammar reads this language"
  static let noSummary = "no summary could be written"
  static let notWanted = "another function was asked for"

  static func unknownSchema(_ found: Int, known: Int) -> String {
    "Expected a report of schema \(known) and found schema \(found). Make the report again with this logicdiff."
  }

  static func badCount(_ found: Int, key: String) -> String {
    "Expected \(key) to count things and found \(found). Make the report again with this logicdiff."
  }

  static func badSourceLine(_ text: String) -> String {
    "Expected a source line such as `-419:text` and found `\(text.prefix(40))`. "
      + "Make the report again with this logicdiff."
  }

  static func strayMember(_ file: Int, _ unit: Int) -> String {
    "Expected a group's members to be functions of the report and found [\(file), \(unit)]. "
      + "Make the report again with this logicdiff."
  }

  static func atLine(_ line: Int, _ reason: String) -> String { "line \(line): \(reason)" }
  static func atOldLine(_ line: Int, _ reason: String) -> String { "line \(line) of the old version: \(reason)" }

  static func kindsDiffer(_ old: String, _ new: String) -> String {
    "a \(words(old)) became a \(words(new))"
  }

  static let noBudget = "the budget leaves no step for a search"

  static func notRun(_ reason: String) -> String { "not run: \(reason)" }

  /// A nested function has no callers but those in the function around it.
  static func seenThrough(_ name: String) -> String { "as \(name), through which alone it is seen" }

  static func seenFromOutside(_ name: String) -> String { "as objects of \(name) show it" }

  static let seenAsProgram = "as a program shows it, from standard input to its output"

  static let onOddValues = "differs only on values that do not fit the way they are used: "

  static func onlyWithout(_ assumptions: [Assumption], when: String) -> String {
    if assumptions.isEmpty { return onOddValues + when }
    return "differs only without \(assumptions.map(\.rawValue).joined(separator: ", ")): \(when)"
  }

  static func parsing(_ error: SyntaxError) -> String {
    switch error {
    case .notAnalysed(let reason, let line): atLine(line, reason)
    default: "\(error)"
    }
  }

  static func tooLarge(_ bytes: Int, limit: Int) -> String {
    "\(bytes) bytes, and a source file may have \(limit)"
  }

  private static func words(_ kind: String) -> String {
    switch kind {
    case "asyncGenerator": "asynchronous generator"
    case "classBody": "class body"
    default: kind
    }
  }
}

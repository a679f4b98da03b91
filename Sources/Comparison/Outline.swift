import Lowering
import Summaries
import Syntax

/// The units of one file with their summaries.
package enum Outline: Sendable {
  package struct Reason: Error, Hashable, Sendable {
    package var text: String
  }
  package struct Entry: Sendable {
    /// Qualified name.
    package var name: String
    package var kind: String
    /// First line, from 1.
    package var line: Int
    package var summary: Result<WrittenSummary, Reason>

    /// Whether a user who says `name` means this unit: its qualified name, or the last part of it.
    package func isCalled(_ name: String) -> Bool { Outline.isCalled(self.name, name) }
  }

  case units([Entry])
  case notAnalysed(reason: String)
  case unknownLanguage

  /// `function` names the only units that are summarized, so that a decoder is asked about no other.
  package init(_ side: FileSide, path: String, function: String? = nil, jobs: Int, writer: any SummaryWriter) {
    self =
      Workers.map([side], jobs: 1) { Self.read($0, path: path, function, jobs: jobs, writer: writer) }.first
      ?? .unknownLanguage
  }

  private static func isCalled(_ qualified: String, _ name: String) -> Bool {
    qualified == name || qualified.hasSuffix("." + name)
  }

  private static func read(
    _ side: FileSide, path: String, _ function: String?, jobs: Int, writer: any SummaryWriter
  ) -> Outline {
    guard case .text(let bytes) = side else { return .notAnalysed(reason: side.reason ?? "") }
    guard let language = Language.of(path: path, firstBytes: bytes.prefix(512)),
      let lowering = Lowerings.lowering(for: language)
    else { return .unknownLanguage }
    let analysis: SideAnalysis
    do throws(SideAnalysis.Failure) {
      analysis = try SideAnalysis(bytes, language: language, lowering: lowering, path: path)
    } catch {
      switch error {
      case .notAnalysed(let reason): return .notAnalysed(reason: reason)
      }
    }
    // Nested functions are in the summary of what holds them.
    let shown = analysis.units.indices.filter { index in
      let unit = analysis.units[index]
      return !unit.qualifiedName.contains("<locals>") && (unit.kind != .module || unit.body.count > 0)
    }
    return .units(
      Workers.map(shown, jobs: jobs) { index in
        let unit = analysis.units[index]
        let summary: Result<WrittenSummary, Reason>
        switch analysis.lowered[index] {
        case _ where function.map { !isCalled(unit.qualifiedName, $0) } ?? false:
          summary = .failure(Reason(text: Messages.notWanted))
        case .failure(let error): summary = .failure(Reason(text: Messages.atLine(error.line, error.reason)))
        case .success(let lowered):
          summary =
            writer.summary(of: lowered.procedure).map { .success($0) } ?? .failure(Reason(text: Messages.noSummary))
        }
        return Entry(
          name: unit.qualifiedName, kind: Judge.word(unit.kind), line: unit.lines.lowerBound, summary: summary)
      })
  }
}

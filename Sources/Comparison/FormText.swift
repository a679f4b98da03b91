import Logic
import Lowering
import Normalization
import Repository
import Summaries
import Syntax

/// One file as text for a diff that sees one side at a time: each function by its summary and the digest of its normal
/// form, everything else as it stands.
///
/// Two files give the same text only if what differs between them is proved to mean the same: a summary may leave
/// something out, the digest does not. It names the form that rules reach without any assumption, what the names in it
/// lead to, and what callers see. A function without such a form stays as it is written.
package enum FormText {
  /// What a line of ours starts with. Lines of the source that could be taken for one get a `#` more.
  private static let mark = Array("# form ".utf8)

  /// `path` tells the language; folders do not count, since git hands over temporary files. Without a writer a function
  /// is its form alone, so that two proved versions of it give the same text.
  package static func bytes(of source: [UInt8], path: String, jobs: Int, writer: (any SummaryWriter)?) -> [UInt8] {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return Workers.map([source], jobs: 1) { source in
      guard let file = File(source, name: name) else { return escaped(source[...]) }
      return file.text(jobs: jobs, writer: writer)
    }.first ?? source
  }

  private struct File: Sendable {
    let source: [UInt8]
    let analysis: SideAnalysis

    init?(_ source: [UInt8], name: String) {
      guard !source.prefix(8_000).contains(0), let language = Language.of(path: name, firstBytes: source.prefix(512)),
        let lowering = Lowerings.lowering(for: language),
        let analysis = try? SideAnalysis(source, language: language, lowering: lowering, path: name)
      else { return nil }
      self.source = source
      self.analysis = analysis
    }

    func text(jobs: Int, writer: (any SummaryWriter)?) -> [UInt8] {
      let outer = analysis.units.indices.filter(isOutermostFunction)
      let blocks = Workers.map(outer, jobs: jobs) { block(of: $0, writer) }
      var result: [UInt8] = []
      var end = 0
      for (index, block) in zip(outer, blocks) {
        let range = analysis.units[index].wholeNode.byteRange
        guard let block, range.lowerBound >= end else { continue }
        result += escaped(source[end..<range.lowerBound])
        result += indented(block, at: range.lowerBound)
        end = range.upperBound
      }
      return result + escaped(source[end...])
    }

    private func isOutermostFunction(_ index: Int) -> Bool {
      let unit = analysis.units[index]
      guard unit.kind == .function || unit.kind == .method else { return false }
      var parent = unit.parent
      while let next = parent {
        guard [.module, .classBody].contains(analysis.units[next].kind) else { return false }
        parent = analysis.units[next].parent
      }
      return true
    }

    /// Nil for a function without a form.
    private func block(of index: Int, _ writer: (any SummaryWriter)?) -> String? {
      let unit = analysis.units[index]
      guard case .success(let lowered) = analysis.lowered[index], !lowered.looksAtItself,
        let digest = digest(of: index, lowered)
      else { return nil }
      var summary = ""
      if let writer {
        guard let written = writer.summary(of: lowered.procedure) else { return nil }
        summary = written.text
      }
      // A decoder may write comments, and a comment may read like a line of ours.
      let lines = summary.split(separator: "\n").map {
        String(decoding: FormText.escaped(Array($0.utf8)[...]), as: UTF8.self)
      }
      let name = "form of \(unit.qualifiedName)\(Self.signature(lowered.interface))"
      return (["# " + Self.oneLine(name)] + lines + ["# form \(Self.hex(digest))"]).joined(separator: "\n")
    }

    /// Of everything that a reader must be able to tell apart: the form, the header, and the headers of what is nested.
    private func digest(of index: Int, _ lowered: LoweredUnit) -> [UInt8]? {
      let form = FormDigest.of(
        lowered.procedure, boundNames: analysis.surelyBoundNames,
        nonPlainAttributes: analysis.context.managedAttributes, hash: ObjectName.bytes)
      guard case .digest(let digest) = form else { return nil }
      let unit = analysis.units[index]
      var parts: [[UInt8]] = [
        Array("logicdiff form 1".utf8), Array(unit.qualifiedName.utf8), Array(unit.role.rawValue.utf8), digest,
      ]
      // A builtin is in the form wherever it means something; `len` that is no builtin is among the others.
      let names = lowered.references.filter { if case .builtin = $0 { false } else { true } }
      do throws(StructuralEncoding.Opaque) {
        parts.append(try StructuralEncoding.bytes(of: lowered.interface))
        parts.append(try StructuralEncoding.bytes(of: names))
        for inner in analysis.units.indices where isInside(index, inner) {
          guard case .success(let nested) = analysis.lowered[inner], !nested.looksAtItself else { return nil }
          parts.append(Array(analysis.units[inner].qualifiedName.utf8))
          parts.append(try StructuralEncoding.bytes(of: nested.interface))
        }
      } catch {
        return nil
      }
      return ObjectName.bytes(of: framed(parts))
    }

    private func isInside(_ outer: Int, _ inner: Int) -> Bool {
      var parent = analysis.units[inner].parent
      while let next = parent, next >= outer {
        if next == outer { return true }
        parent = analysis.units[next].parent
      }
      return false
    }

    /// The block's further lines start where its first does.
    private func indented(_ block: String, at start: Int) -> [UInt8] {
      let lineStart = (source[..<start].lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
      let space = source[lineStart..<start]
      guard space.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }) else { return Array(block.utf8) }
      var result: [UInt8] = []
      for byte in block.utf8 {
        result.append(byte)
        if byte == UInt8(ascii: "\n") { result += space }
      }
      return result
    }

    // MARK: Words

    /// What callers see, in one line.
    private static func signature(_ interface: UnitInterface) -> String {
      var words: [String] = []
      var parts: [String] = []
      var isByNameOnly = false
      for (position, parameter) in interface.parameters.enumerated() {
        if parameter.kind == .keywordOnly, !isByNameOnly,
          !interface.parameters.contains(where: { $0.kind == .variadic })
        {
          parts.append("*")
          isByNameOnly = true
        }
        let star = parameter.kind == .variadic ? "*" : parameter.kind == .variadicKeyword ? "**" : ""
        parts.append(
          star + parameter.name + (parameter.annotation.map { ": \($0)" } ?? "")
            + (parameter.defaultText.map { "=\($0)" } ?? ""))
        let isLast =
          position + 1 == interface.parameters.count || interface.parameters[position + 1].kind != .positionalOnly
        if parameter.kind == .positionalOnly, isLast { parts.append("/") }
      }
      words.append("(\(parts.joined(separator: ", ")))")
      if let annotation = interface.returnAnnotation { words.append("-> \(annotation)") }
      if interface.isAsync { words.append("async") }
      for decorator in interface.decorators { words.append("@\(decorator)") }
      return words.joined(separator: " ")
    }

    private static func oneLine(_ text: String) -> String {
      var result = ""
      for scalar in text.unicodeScalars {
        if scalar.value < 0x20 || scalar.value == 0x7F {
          result += "\\u{\(String(scalar.value, radix: 16))}"
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
      return result
    }

    private static func hex(_ bytes: [UInt8]) -> String {
      bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
  }

  /// Source as it stands, except for lines that read like ours: `# form` becomes `## form`, `## form` becomes
  /// `### form`, and so on, so that no source can pretend to be a form.
  private static func escaped(_ source: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(source.count)
    var rest = source
    while !rest.isEmpty {
      let end = rest.firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? rest.endIndex
      let line = rest[..<end]
      let blank = line.prefix { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
      let marks = line[blank.endIndex...].prefix { $0 == UInt8(ascii: "#") }
      if !marks.isEmpty, line[marks.endIndex...].starts(with: mark.dropFirst()) {
        result += blank
        result.append(UInt8(ascii: "#"))
        result += line[marks.startIndex...]
      } else {
        result += line
      }
      rest = rest[end...]
    }
    return result
  }
}

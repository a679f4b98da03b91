// Answers what patterns match, one line of JSON for another: for Scripts/compare-patterns.
import Foundation
import TextPatterns

/// The matcher went beyond its allowance.
struct Exhausted: Error {}

struct Case: Decodable {
  var pattern, text, template: [UInt32]
  var flags, start, end: Int
  var allowance: Int?
}

func json(_ points: [UInt32]) -> String { "[" + points.map(String.init).joined(separator: ",") + "]" }

func json(_ spans: [Range<Int>?], _ last: Int?) -> String {
  let pairs = spans.map { $0.map { "[\($0.lowerBound),\($0.upperBound)]" } ?? "[-1,-1]" }
  return "[[" + pairs.joined(separator: ",") + "],\(last.map(String.init) ?? "null")]"
}

func json(_ match: Match?) -> String { match.map { json($0.spans, $0.lastIndex) } ?? "null" }

func json(_ fault: PatternError) -> String {
  let text = (try? JSONEncoder().encode(fault.message)).map { String(decoding: $0, as: UTF8.self) } ?? ""
  return "{\"error\":\(text),\"kind\":\"\(fault.kind)\"}"
}

func substituted(_ matches: [Match], _ text: [UInt32], _ template: ReplacementTemplate) -> [UInt32] {
  var result: [UInt32] = []
  var place = 0
  for match in matches {
    result += text[place..<match.span.lowerBound] + template.text(of: match, in: text)
    place = match.span.upperBound
  }
  return result + text[place...]
}

func pieces(_ matches: [Match], _ text: [UInt32]) -> String {
  var result: [String] = []
  var place = 0
  for match in matches {
    result.append(json(Array(text[place..<match.span.lowerBound])))
    result += match.spans.dropFirst().map { $0.map { json(Array(text[$0])) } ?? "null" }
    place = match.span.upperBound
  }
  return "[" + (result + [json(Array(text[place...]))]).joined(separator: ",") + "]"
}

func answer(_ entry: Case) throws -> String {
  let pattern: TextPattern
  do throws(PatternError) {
    pattern = try TextPattern(entry.pattern, flags: PatternFlags(rawValue: entry.flags))
  } catch { return json(error) }
  var allowance = entry.allowance ?? 3_000_000
  let charge = { (work: Int) throws(Exhausted) in
    allowance -= work
    if allowance < 0 { throw Exhausted() }
  }
  let text = entry.text
  var fields: [String] = ["\"groups\":\(pattern.groupCount)", "\"flags\":\(pattern.flags.rawValue)"]
  fields.append("\"names\":[" + pattern.groupNames.map { "[\"\($0.name)\",\($0.index)]" }.joined(separator: ",") + "]")
  let modes: [(String, TextPattern.Mode)] = [("search", .search), ("match", .match), ("fullmatch", .fullMatch)]
  for (name, mode) in modes {
    let whole = try pattern.match(text, from: 0, to: text.count, mode: mode, charge: charge)
    let part = try pattern.match(text, from: entry.start, to: entry.end, mode: mode, charge: charge)
    fields.append("\"\(name)\":[\(json(whole)),\(json(part))]")
  }
  let matches = try pattern.matches(in: text, charge: charge)
  fields.append("\"finditer\":[" + matches.map { json($0) }.joined(separator: ",") + "]")
  let some = try pattern.matches(in: text, from: entry.start, to: entry.end, charge: charge)
  fields.append("\"part\":[" + some.map { json($0) }.joined(separator: ",") + "]")
  fields.append("\"split\":\(pieces(matches, text))")
  do throws(PatternError) {
    let template = try ReplacementTemplate(entry.template, for: pattern)
    fields.append("\"sub\":\(json(substituted(matches, text, template)))")
  } catch { fields.append("\"sub\":\(json(error))") }
  fields.append("\"escape\":\(json(escaped(text)))")
  return "{" + fields.joined(separator: ",") + "}"
}

let decoder = JSONDecoder()
while let line = readLine() {
  let entry = try decoder.decode(Case.self, from: Data(line.utf8))
  do { print(try answer(entry)) } catch { print("{\"slow\":true}") }
  fflush(nil)
}

import Synchronization
import TextPatterns

/// What `re.compile` gives.
final class PatternObject: Object {
  let pattern: TextPattern
  /// The call that makes it, as printed.
  let path: String

  init(_ pattern: TextPattern, path: String) { (self.pattern, self.path) = (pattern, path) }
}

/// Where a pattern matched a text.
final class MatchObject: Object {
  let match: Match
  let text: [UInt32]
  let source: PatternObject

  init(_ match: Match, in text: [UInt32], of source: PatternObject) {
    (self.match, self.text, self.source) = (match, text, source)
  }
}

/// Methods of matches.
enum MatchMethod: String {
  case group, groups, groupdict, start, end, span, expand
}

/// Functions of `re` on patterns and texts that are known; on others they stay pure functions of the world.
extension Machine {
  static let patternFlags: [String: Int] = [
    "re.A": 256, "re.ASCII": 256, "re.I": 2, "re.IGNORECASE": 2, "re.M": 8, "re.MULTILINE": 8, "re.S": 16,
    "re.DOTALL": 16, "re.X": 64, "re.VERBOSE": 64, "re.U": 32, "re.UNICODE": 32,
  ]

  private struct PatternKey: Hashable {
    var text: [UInt32]
    var flags: Int
  }

  /// Patterns that programs of this process have compiled; nil for those that are refused.
  private static let compiled = Mutex<[PatternKey: TextPattern?]>([:])

  private func compiledPattern(_ text: [UInt32], _ flags: Int) throws(Unwind) -> TextPattern? {
    try charge(20 + text.count)
    let key = PatternKey(text: text, flags: flags)
    return Self.compiled.withLock { known in
      if let pattern = known[key] { return pattern }
      if known.count > 1_000 { known = [:] }
      let pattern = try? TextPattern(text, flags: PatternFlags(rawValue: flags))
      known[key] = .some(pattern)
      return pattern
    }
  }

  // MARK: Functions

  /// `re.search(pattern, text)` and its like, or the method of a pattern that is the first argument.
  func patternFunction(_ function: Library, _ arguments: Arguments, isMethod: Bool = false) throws(Unwind) -> Value {
    let name = String(function.rawValue.dropFirst("re.".count))
    if function == .patternEscape {
      guard case .object(let text as StringObject)? = arguments.positional.first, arguments.positional.count == 1 else {
        return try unknownPattern(function, arguments, isMethod)
      }
      return try string(TextPatterns.escaped(text.values))
    }
    let names = ["pattern"] + Self.parameters(of: function, isMethod: isMethod)
    let values = try parse(arguments, name, names, required: function == .patternCompile ? 1 : 2)
    func number(_ parameter: String, _ otherwise: Int) throws(Unwind) -> Int? {
      guard let index = names.firstIndex(of: parameter), let value = values[index] else { return otherwise }
      guard let whole = self.number(value)?.asBig else { return nil }
      guard let small = Int(exactly: whole) else {
        throw raise("OverflowError", "Python int too large to convert to C ssize_t")
      }
      return small
    }
    guard let flags = try number("flags", 0), let source = try patternObject(values[0] ?? .none, flags),
      let limit = try number(function == .patternSplit ? "maxsplit" : "count", 0), let start = try number("pos", 0),
      let end = try number("endpos", .max)
    else { return try unknownPattern(function, arguments, isMethod) }
    if function == .patternCompile { return .object(source) }
    let index = names.firstIndex(of: "string") ?? 1
    guard case .object(let text as StringObject)? = values[index] else {
      return try unknownPattern(function, arguments, isMethod)
    }
    let part = (max(0, start), max(0, min(end, text.values.count)))
    switch function {
    case .patternMatch: return try matched(source, text.values, part, .match)
    case .patternFullMatch: return try matched(source, text.values, part, .fullMatch)
    case .patternSearch: return try matched(source, text.values, part, .search)
    case .patternFindAll: return try findAll(source, text.values, part)
    case .patternFindIter:
      var items: [Value] = []
      for match in try matches(source, text.values, part) { items.append(try object(match, text.values, source)) }
      return try register(ArrayIterator(items), bytes: 48)
    case .patternSplit: return try split(source, text.values, limit)
    default: return try substituted(source, values[1] ?? .none, text.values, limit, counts: function == .patternSubn)
    }
  }

  private static func parameters(of function: Library, isMethod: Bool) -> [String] {
    let last = isMethod ? [] : ["flags"]
    switch function {
    case .patternCompile: return ["flags"]
    case .patternSub, .patternSubn: return ["repl", "string", "count"] + last
    case .patternSplit: return ["string", "maxsplit"] + last
    default: return ["string"] + (isMethod ? ["pos", "endpos"] : last)
    }
  }

  /// Nil where nothing is known of it.
  private func patternObject(_ value: Value, _ flags: Int) throws(Unwind) -> PatternObject? {
    guard case .object(let object) = value else { return nil }
    if let known = object as? PatternObject { return flags == 0 ? known : nil }
    guard let text = object as? StringObject, let pattern = try compiledPattern(text.values, flags) else { return nil }
    let source = shortened(try represent(value))
    let made = PatternObject(pattern, path: "re.compile(\(source)\(flags == 0 ? "" : ", \(flags)"))")
    _ = try register(made, bytes: 64)
    return made
  }

  /// What the world gives for such a call.
  private func unknownPattern(
    _ function: Library, _ arguments: Arguments, _ isMethod: Bool
  ) throws(Unwind) -> Value {
    var (name, arguments) = (function.rawValue, arguments)
    if isMethod, case .object(let source as PatternObject)? = arguments.positional.first {
      name = source.path + name.dropFirst("re".count)
      arguments.positional.removeFirst()
    }
    return try callValue(pure(name), arguments)
  }

  // MARK: Matching

  private func object(_ match: Match, _ text: [UInt32], _ source: PatternObject) throws(Unwind) -> Value {
    try register(MatchObject(match, in: text, of: source), bytes: 64 + 16 * match.spans.count)
  }

  private func matched(
    _ source: PatternObject, _ text: [UInt32], _ part: (start: Int, end: Int), _ mode: TextPattern.Mode
  ) throws(Unwind) -> Value {
    let found = try source.pattern.match(text, from: part.start, to: part.end, mode: mode) { work throws(Unwind) in
      try charge(work)
    }
    return try found.map { match throws(Unwind) in try object(match, text, source) } ?? .none
  }

  private func matches(
    _ source: PatternObject, _ text: [UInt32], _ part: (start: Int, end: Int), limit: Int = .max
  ) throws(Unwind) -> [Match] {
    try source.pattern.matches(in: text, from: part.start, to: part.end, limit: limit) { work throws(Unwind) in
      try charge(work)
    }
  }

  private func findAll(
    _ source: PatternObject, _ text: [UInt32], _ part: (start: Int, end: Int)
  ) throws(Unwind) -> Value {
    var items: [Value] = []
    for match in try matches(source, text, part) {
      var groups: [Value] = []
      for span in match.spans { groups.append(try string(span.map { Array(text[$0]) } ?? [])) }
      if groups.count > 1 { groups.removeFirst() }
      items.append(groups.count == 1 ? groups[0] : try tuple(groups))
    }
    return try list(items)
  }

  private func split(_ source: PatternObject, _ text: [UInt32], _ limit: Int) throws(Unwind) -> Value {
    var items: [Value] = []
    var start = 0
    if limit >= 0 {
      for match in try matches(source, text, (0, text.count), limit: limit == 0 ? .max : limit) {
        items.append(try string(Array(text[start..<match.span.lowerBound])))
        for index in match.spans.indices.dropFirst() { items.append(try group(match, text, index)) }
        start = match.span.upperBound
      }
    }
    items.append(try string(Array(text[start...])))
    return try list(items)
  }

  private func substituted(
    _ source: PatternObject, _ replacement: Value, _ text: [UInt32], _ limit: Int, counts: Bool
  ) throws(Unwind) -> Value {
    let found = limit < 0 ? [] : try matches(source, text, (0, text.count), limit: limit == 0 ? .max : limit)
    var template: ReplacementTemplate?
    if case .object(let words as StringObject) = replacement {
      template = try? ReplacementTemplate(words.values, for: source.pattern)
      if template == nil { throw unsupported("the template of a replacement") }
    }
    var (result, start) = ([UInt32](), 0)
    for match in found {
      result += text[start..<match.span.lowerBound]
      if let template {
        result += template.text(of: match, in: text)
      } else {
        let value = try callValue(replacement, try object(match, text, source))
        guard case .object(let words as StringObject) = value else {
          start = match.span.upperBound
          if value.isNone { continue }
          throw typeError("expected str instance, \(typeName(value)) found")
        }
        result += words.values
      }
      start = match.span.upperBound
      try charge(1 + result.count / 64)
    }
    let value = try string(result + text[start...])
    return counts ? try tuple([value, .int(found.count)]) : value
  }

  // MARK: Matches

  private func group(
    _ match: Match, _ text: [UInt32], _ index: Int, otherwise: Value = .none
  ) throws(Unwind) -> Value {
    try match.spans[index].map { span throws(Unwind) in try string(Array(text[span])) } ?? otherwise
  }

  /// The number of a group by its number or name.
  private func groupIndex(_ key: Value, _ match: MatchObject) throws(Unwind) -> Int {
    if case .object(let name as StringObject) = key, let index = match.source.pattern.groupIndex(named: name.values) {
      return index
    }
    if let index = number(key)?.asBig.flatMap({ Int(exactly: $0) }), match.match.spans.indices.contains(index) {
      return index
    }
    throw raise("IndexError", "no such group")
  }

  func item(of match: MatchObject, _ key: Value) throws(Unwind) -> Value {
    try group(match.match, match.text, try groupIndex(key, match))
  }

  func attribute(of match: MatchObject, _ value: Value, _ name: String) throws(Unwind) -> Value? {
    if let method = MatchMethod(rawValue: name) {
      return try register(BuiltinObject(.ofMatch(method), receiver: value), bytes: 48)
    }
    switch name {
    case "string": return try string(match.text)
    case "re": return .object(match.source)
    case "lastindex": return match.match.lastIndex.map { .int($0) } ?? Value.none
    case "lastgroup":
      let last = match.source.pattern.groupNames.first { $0.index == match.match.lastIndex }
      return try last.map { group throws(Unwind) in try string(group.name) } ?? Value.none
    case "pos", "endpos", "regs": throw unsupported("the attribute \(name) of a match")
    default: return nil
    }
  }

  func attribute(of source: PatternObject, _ value: Value, _ name: String) throws(Unwind) -> Value? {
    if let function = Library.named["re.\(name)"], function != .patternCompile, function != .patternEscape {
      return try register(BuiltinObject(.library(function), receiver: value), bytes: 48)
    }
    switch name {
    case "groups": return .int(source.pattern.groupCount)
    default: throw unsupported("the attribute \(name) of a pattern")
    }
  }

  func call(_ method: MatchMethod, of receiver: Value, _ arguments: Arguments) throws(Unwind) -> Value {
    guard case .object(let match as MatchObject) = receiver else { throw unsupported(method.rawValue) }
    switch method {
    case .group:
      if arguments.positional.isEmpty { return try group(match.match, match.text, 0) }
      var items: [Value] = []
      for key in arguments.positional { items.append(try item(of: match, key)) }
      return items.count == 1 ? items[0] : try tuple(items)
    case .groups:
      let otherwise = try parse(arguments, "groups", ["default"])[0] ?? .none
      var items: [Value] = []
      for index in match.match.spans.indices.dropFirst() {
        items.append(try group(match.match, match.text, index, otherwise: otherwise))
      }
      return try tuple(items)
    case .groupdict:
      let otherwise = try parse(arguments, "groupdict", ["default"])[0] ?? .none
      let dictionary = DictObject()
      let value = try register(dictionary, bytes: 96)
      for (name, index) in match.source.pattern.groupNames {
        try setItem(dictionary, try string(name), try group(match.match, match.text, index, otherwise: otherwise))
      }
      return value
    case .start, .end, .span:
      let index = try parse(arguments, method.rawValue, ["group"])[0].map { key throws(Unwind) in
        try groupIndex(key, match)
      }
      let span = match.match.spans[index ?? 0]
      let (start, end) = (Value.int(span?.lowerBound ?? -1), Value.int(span?.upperBound ?? -1))
      return method == .span ? try tuple([start, end]) : method == .start ? start : end
    case .expand:
      guard case .object(let words as StringObject) = try one(arguments, "expand"),
        let template = try? ReplacementTemplate(words.values, for: match.source.pattern)
      else { throw unsupported("the template of a replacement") }
      return try string(template.text(of: match.match, in: match.text))
    }
  }
}

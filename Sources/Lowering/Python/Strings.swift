import Logic
import Syntax

extension Lowerer {
  /// A literal, or several side by side, with formatted ones among them (Language Reference, 2.4.1 to 2.4.3).
  func string(_ node: SyntaxNode) throws(LoweringError) -> Expression {
    let literals = node.kind == "string" ? [node] : try parts(node)
    var bytes: [UInt8] = []
    var text: [FormatPart] = []
    var kinds: Set<Bool> = []
    for literal in literals {
      guard literal.kind == "string" else { throw unknown(literal) }
      let form = try StringForm(literal)
      kinds.insert(form.isBytes)
      if form.isBytes {
        skip(literal)
        bytes += try form.decode(Array(form.contents), line: literal.startLine).map { UInt8(truncatingIfNeeded: $0) }
      } else {
        text += try formatParts(literal, form)
      }
    }
    guard kinds.count <= 1 else { throw LoweringError(Messages.mixedStrings, line: node.startLine) }
    if kinds.contains(true) { return .constant(.bytes(bytes)) }
    let merged = Self.merge(text)
    if merged.isEmpty { return .constant(.string(CodePoints(""))) }
    if merged.count == 1, case .literal(let value) = merged[0] { return .constant(.string(value)) }
    return .format(merged)
  }

  /// Neighbouring literals as one; empty ones gone.
  private static func merge(_ parts: [FormatPart]) -> [FormatPart] {
    var result: [FormatPart] = []
    var pending: [UInt32] = []
    func flush() {
      if !pending.isEmpty { result.append(.literal(CodePoints(pending))) }
      pending = []
    }
    for part in parts {
      if case .literal(let text) = part {
        pending += text.values
      } else {
        flush()
        result.append(part)
      }
    }
    flush()
    return result
  }

  /// What stands between the replacement fields is read from the source itself, so that no byte of it is lost.
  private func formatParts(_ literal: SyntaxNode, _ form: StringForm) throws(LoweringError) -> [FormatPart] {
    var result: [FormatPart] = []
    var position = form.contents.startIndex
    take(literal)
    func text(upTo end: Int) throws(LoweringError) {
      let raw = Array(literal.tree.source[position..<end])
      result.append(.literal(CodePoints(try form.decode(raw, line: literal.startLine))))
    }
    for child in literal.children {
      if child.isError || child.isMissing { throw LoweringError(Messages.unreadable, line: child.startLine) }
      guard child.kind == "interpolation" else {
        skip(child)
        continue
      }
      guard form.isFormatted else { throw unknown(child) }
      try text(upTo: child.byteRange.lowerBound)
      position = child.byteRange.upperBound
      result += try replacementField(child, form)
    }
    try text(upTo: form.contents.endIndex)
    return result
  }

  /// `{value = !r:>{width}}`.
  private func replacementField(_ node: SyntaxNode, _ form: StringForm) throws(LoweringError) -> [FormatPart] {
    let parts = try parts(node, "{", "}", "=", ",")
    guard let value = parts[field: "expression"] else { throw unknown(node) }
    // `{x:=5}` is `x` in the format `=5`; the grammar reads an assignment.
    if value.kind == "named_expression" { throw LoweringError(Messages.formatReadsAssignment, line: value.startLine) }
    var conversion: Character?
    var specification: [FormatPart]?
    for part in parts where part.isNamed && part != value {
      switch part.kind {
      case "type_conversion":
        skip(part)
        guard part.text.count == 2, let letter = part.text.last, "rsa".contains(letter) else { throw unknown(part) }
        conversion = letter
      case "format_specifier": specification = try self.specification(part, form)
      default: throw unknown(part)
      }
    }
    let lowered: Expression
    if parts.has(",") {
      guard value.kind != "expression_list" else { throw unknown(node) }
      lowered = .tuple([try element(value)])
    } else {
      lowered = try expression(value)
    }
    guard parts.has("=") else { return [.value(lowered, conversion: conversion, specification: specification)] }
    // `{x = }` prints the text of the expression, spaces included.
    looksAtItself = true
    let end = parts.first { $0.kind == "type_conversion" || $0.kind == "format_specifier" || $0.kind == "}" }
    let range = node.byteRange.lowerBound + 1..<(end ?? node).byteRange.lowerBound
    let text = String(decoding: node.tree.source[range], as: UTF8.self)
    if conversion == nil, specification == nil { conversion = "r" }
    return [
      .literal(CodePoints(text)), .value(lowered, conversion: conversion, specification: specification),
    ]
  }

  private func specification(_ node: SyntaxNode, _ form: StringForm) throws(LoweringError) -> [FormatPart] {
    take(node)
    var result: [FormatPart] = []
    var position = node.byteRange.lowerBound + 1
    func text(upTo end: Int) throws(LoweringError) {
      let raw = Array(node.tree.source[position..<max(position, end)])
      guard !raw.contains(UInt8(ascii: "{")), !raw.contains(UInt8(ascii: "}")) else {
        throw LoweringError(Messages.bracesInSpecification, line: node.startLine)
      }
      result.append(.literal(CodePoints(try form.decode(raw, line: node.startLine))))
    }
    for child in node.children {
      if child.isError || child.isMissing { throw LoweringError(Messages.unreadable, line: child.startLine) }
      guard child.kind == "format_expression" || child.kind == "interpolation" else {
        guard !child.isNamed || child.isExtra else { throw unknown(child) }
        skip(child)
        continue
      }
      try text(upTo: child.byteRange.lowerBound)
      position = child.byteRange.upperBound
      result += try replacementField(child, form)
    }
    try text(upTo: node.byteRange.upperBound)
    return Self.merge(result)
  }
}

/// The prefix and quotes of one string literal, and how its characters are read.
struct StringForm {
  let isBytes: Bool
  let isRaw: Bool
  let isFormatted: Bool
  /// Positions between the quotes.
  let contents: ArraySlice<UInt8>

  init(_ node: SyntaxNode) throws(LoweringError) {
    guard let start = node.children.first, let end = node.children.last, start.kind == "string_start",
      end.kind == "string_end", start != end, !end.isMissing
    else { throw LoweringError(Messages.unreadable, line: node.startLine) }
    let opening = start.text
    let prefix = opening.prefix { $0 != "\"" && $0 != "'" }.lowercased()
    let quotes = Array(opening.utf8.dropFirst(prefix.utf8.count))
    // The end token takes backslashes before the quotes along, so it is the quotes themselves that are taken off.
    let last = end.byteRange.upperBound - quotes.count
    let source = node.tree.source
    guard !quotes.isEmpty, last >= start.byteRange.upperBound, source[last..<last + quotes.count].elementsEqual(quotes)
    else { throw LoweringError(Messages.unreadable, line: node.startLine) }
    guard ["", "r", "u", "b", "f", "br", "rb", "fr", "rf"].contains(prefix) else {
      throw LoweringError(Messages.stringPrefix(prefix), line: node.startLine)
    }
    isBytes = prefix.contains("b")
    isRaw = prefix.contains("r")
    isFormatted = prefix.contains("f")
    contents = source[start.byteRange.upperBound..<last]
  }

  /// The characters that `raw` stands for: code points, or bytes of a bytes literal.
  func decode(_ raw: [UInt8], line: Int) throws(LoweringError) -> [UInt32] {
    let scalars = String(decoding: raw, as: UTF8.self).unicodeScalars.map(\.value)
    if isBytes, scalars.contains(where: { $0 > 0x7F }) { throw LoweringError(Messages.nonASCIIBytes, line: line) }
    var result: [UInt32] = []
    result.reserveCapacity(scalars.count)
    var reader = EscapeReader(scalars: scalars, isBytes: isBytes, line: line)
    while let scalar = reader.next() {
      if scalar == EscapeReader.backslash, !isRaw {
        try reader.escape(into: &result)
      } else {
        result.append(scalar)
        let isBrace = scalar == 0x7B || scalar == 0x7D
        if isFormatted, isBrace { reader.skip(scalar) }
      }
    }
    return result
  }
}

/// Reads escape sequences (Language Reference, 2.4.1.1).
struct EscapeReader {
  static let backslash: UInt32 = 0x5C

  let scalars: [UInt32]
  let isBytes: Bool
  let line: Int
  private var position = 0

  init(scalars: [UInt32], isBytes: Bool, line: Int) {
    self.scalars = scalars
    self.isBytes = isBytes
    self.line = line
  }

  mutating func next() -> UInt32? {
    guard position < scalars.count else { return nil }
    defer { position += 1 }
    return scalars[position]
  }

  /// The second of a doubled brace.
  mutating func skip(_ scalar: UInt32) {
    if position < scalars.count, scalars[position] == scalar { position += 1 }
  }

  private static let simple: [UInt32: UInt32] = [
    0x5C: 0x5C, 0x27: 0x27, 0x22: 0x22, 0x61: 0x07, 0x62: 0x08, 0x66: 0x0C, 0x6E: 0x0A, 0x72: 0x0D, 0x74: 0x09,
    0x76: 0x0B,
  ]

  /// Reads what follows a backslash. An unknown escape is the backslash itself and what follows.
  mutating func escape(into result: inout [UInt32]) throws(LoweringError) {
    guard let letter = next() else {
      result.append(Self.backslash)
      return
    }
    switch letter {
    case 0x0A: break
    case 0x30...0x37:
      var value = letter - 0x30
      for _ in 0..<2 where position < scalars.count && (0x30...0x37).contains(scalars[position]) {
        value = value * 8 + scalars[position] - 0x30
        position += 1
      }
      result.append(isBytes ? value & 0xFF : value)
    case 0x78: result.append(try hexadecimal(2, after: "x"))
    case 0x75 where !isBytes: result.append(try hexadecimal(4, after: "u"))
    case 0x55 where !isBytes:
      let value = try hexadecimal(8, after: "U")
      guard value <= 0x10FFFF else { throw LoweringError(Messages.badEscape("\\U"), line: line) }
      result.append(value)
    case 0x4E where !isBytes: result.append(try named())
    default:
      if let value = Self.simple[letter] {
        result.append(value)
      } else {
        // What follows is read on its own: in a formatted literal it may be a doubled brace.
        result.append(Self.backslash)
        position -= 1
      }
    }
  }

  /// `{LATIN SMALL LETTER A}`.
  private mutating func named() throws(LoweringError) -> UInt32 {
    guard next() == 0x7B, let end = scalars[position...].firstIndex(of: 0x7D) else {
      throw LoweringError(Messages.badEscape("\\N"), line: line)
    }
    var name = String.UnicodeScalarView()
    name.append(contentsOf: scalars[position..<end].compactMap(Unicode.Scalar.init))
    guard let scalar = CharacterNames.scalar(named: String(name)) else {
      throw LoweringError(Messages.namedEscape, line: line)
    }
    position = end + 1
    return scalar
  }

  private mutating func hexadecimal(_ count: Int, after letter: Character) throws(LoweringError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<count {
      guard let digit = next().flatMap(Unicode.Scalar.init).flatMap({ Character($0).hexDigitValue }),
        scalars[position - 1] < 0x80
      else { throw LoweringError(Messages.badEscape("\\\(letter)"), line: line) }
      value = value << 4 | UInt32(digit)
    }
    return value
  }
}

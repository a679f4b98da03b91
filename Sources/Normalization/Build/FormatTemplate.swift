import Logic

/// The template of `str.format` (Format String Syntax, The Python Standard Library), as far as it is plain: fields by
/// position or by name, with a conversion and a specification that holds no field of its own.
struct FormatTemplate {
  enum Name: Hashable {
    case next
    case position(Int)
    case keyword(String)
  }

  enum Piece: Hashable {
    case literal([UInt32])
    case field(Name, conversion: Character?, specification: [UInt32])
  }

  private(set) var pieces: [Piece] = []

  /// Nil where the template is not plain, or wrong.
  init?(_ template: CodePoints) {
    let text = template.values
    let (open, close, bang, colon): (UInt32, UInt32, UInt32, UInt32) = (0x7B, 0x7D, 0x21, 0x3A)
    var literal: [UInt32] = []
    var position = 0
    while position < text.count {
      let character = text[position]
      position += 1
      guard character == open || character == close else {
        literal.append(character)
        continue
      }
      if position < text.count, text[position] == character {
        literal.append(character)
        position += 1
        continue
      }
      guard character == open, let end = text[position...].firstIndex(of: close) else { return nil }
      let field = text[position..<end]
      guard !field.contains(open) else { return nil }
      position = end + 1
      let head = field.prefix { $0 != bang && $0 != colon }
      guard let name = Self.name(head) else { return nil }
      var rest = field.dropFirst(head.count)
      var conversion: Character?
      if rest.first == bang {
        guard let letter = rest.dropFirst().first.flatMap(Unicode.Scalar.init), "rsa".unicodeScalars.contains(letter)
        else { return nil }
        conversion = Character(letter)
        rest = rest.dropFirst(2)
      }
      guard rest.isEmpty || rest.first == colon else { return nil }
      if !literal.isEmpty { pieces.append(.literal(literal)) }
      literal = []
      pieces.append(.field(name, conversion: conversion, specification: Array(rest.dropFirst())))
    }
    if !literal.isEmpty { pieces.append(.literal(literal)) }
  }

  private static func name(_ text: ArraySlice<UInt32>) -> Name? {
    let name = CodePoints(Array(text)).string
    if name.isEmpty { return .next }
    if name.utf8.allSatisfy({ (48...57).contains($0) }) { return Int(name).map(Name.position) }
    let isPlain = name.utf8.allSatisfy {
      $0 == 95 || (97...122).contains($0) || (65...90).contains($0) || (48...57).contains($0)
    }
    return isPlain ? .keyword(name) : nil
  }

  /// For each field the argument that it shows; nil where one is missing or numbered and unnumbered fields are mixed.
  func positions(of kinds: [Argument.Kind]) -> [Int]? {
    guard !kinds.contains(.spread), !kinds.contains(.spreadKeywords) else { return nil }
    let positional = kinds.indices.filter { kinds[$0] == .positional }
    var result: [Int] = []
    var next = 0
    var isNumbered = false
    for case .field(let name, _, _) in pieces {
      switch name {
      case .next:
        guard !isNumbered, next < positional.count else { return nil }
        result.append(positional[next])
        next += 1
      case .position(let number):
        guard next == 0, number < positional.count else { return nil }
        isNumbered = true
        result.append(positional[number])
      case .keyword(let keyword):
        guard let index = kinds.firstIndex(of: .keyword(keyword)) else { return nil }
        result.append(index)
      }
    }
    return result
  }
}

/// A part of a parsed pattern; a sequence of them is an array.
indirect enum Node {
  case literal(UInt32)
  case notLiteral(UInt32)
  case any
  case set([SetItem], negated: Bool)
  case position(Position)
  case repetition([Node], Bounds)
  case group([Node], index: Int?, added: PatternFlags, removed: PatternFlags)
  case atomic([Node])
  case look([Node], behind: Bool, negated: Bool)
  case branch([[Node]])
  case reference(Int)
  case conditional(group: Int, yes: [Node], no: [Node]?)
}

/// What a pair of brackets lists.
enum SetItem {
  case literal(UInt32)
  case range(ClosedRange<UInt32>)
  case category(Category)
  /// A range beyond the basic plane whose members' uppercase counts too.
  case eitherCase(ClosedRange<UInt32>)
}

/// A place between characters that consumes none.
enum Position {
  case lineStart, lineEnd, textStart, textEnd, wordBoundary, noWordBoundary
  /// The end, or before a line feed that ends the text.
  case lastLineEnd
}

/// How often a part repeats and in which order the counts are tried.
struct Bounds {
  enum Kind { case greedy, lazy, possessive }

  /// The `maximum` of `*` and `+`.
  static let unbounded = Int(UInt32.max)

  var minimum: Int
  var maximum: Int
  var kind = Kind.greedy
}

/// The least and greatest number of characters that a part consumes, capped.
struct Width {
  static let cap = 1 << 40

  var least: Int
  var greatest: Int

  static func + (left: Width, right: Width) -> Width {
    Width(least: min(left.least + right.least, cap), greatest: min(left.greatest + right.greatest, cap))
  }

  /// Either of the two.
  func or(_ other: Width) -> Width {
    Width(least: min(least, other.least), greatest: max(greatest, other.greatest))
  }

  func repeated(_ bounds: Bounds) -> Width {
    let endless = bounds.maximum == Bounds.unbounded && greatest > 0
    return Width(
      least: Width.product(least, bounds.minimum),
      greatest: endless ? Width.cap : Width.product(greatest, bounds.maximum))
  }

  private static func product(_ left: Int, _ right: Int) -> Int {
    let (value, overflow) = left.multipliedReportingOverflow(by: right)
    return overflow ? cap : min(value, cap)
  }
}

extension [Node] {
  /// The width of the sequence, given that of each closed group.
  func width(groups: [Width?]) -> Width {
    reduce(Width(least: 0, greatest: 0)) { $0 + $1.width(groups: groups) }
  }

  /// The only node, through groups that merely bracket it, where it consumes exactly one character.
  var isSingleCharacter: Bool {
    guard count == 1, let node = first else { return false }
    switch node {
    case .literal, .notLiteral, .any, .set: return true
    case .group(let body, index: nil, _, _): return body.isSingleCharacter
    default: return false
    }
  }
}

extension Node {
  fileprivate func width(groups: [Width?]) -> Width {
    let none = Width(least: 0, greatest: 0)
    switch self {
    case .literal, .notLiteral, .any, .set: return Width(least: 1, greatest: 1)
    case .position, .look: return none
    case .repetition(let body, let bounds): return body.width(groups: groups).repeated(bounds)
    case .group(let body, _, _, _), .atomic(let body): return body.width(groups: groups)
    case .branch(let items):
      let widths = items.map { $0.width(groups: groups) }
      return widths.dropFirst().reduce(widths.first ?? none) { $0.or($1) }
    case .reference(let index): return groups[index] ?? none
    case .conditional(_, let yes, let no):
      return yes.width(groups: groups).or(no?.width(groups: groups) ?? none)
    }
  }
}

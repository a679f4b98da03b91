import BigInt
import Logic
import OrderedCollections

/// What a line of standard input looks like.
enum LineForm: Hashable {
  enum Word: Hashable {
    case number, name
    /// One of the texts that the code compares with.
    case known(Int)
    /// Two numbers with a text between them at which the code takes others apart.
    case pair(CodePoints)
    /// Any of these.
    case any
  }

  case words([Word])
  /// As many as a number before says, or as come.
  case list(Word, isCounted: Bool)
  /// Signs without blanks: a row of a picture, brackets, digits.
  case row
  case sentence
  /// No further line.
  case end

  var isEnd: Bool { self == .end }

  static let lists: [LineForm] = [.list(.number, isCounted: true), .list(.number, isCounted: false)]

  /// How often it is tried where nothing is known of the place.
  func weight(after draft: ConsoleDraft) -> Double {
    switch self {
    case .words(let words): words.contains { if case .known = $0 { true } else { false } } ? 1 : 2
    case .list(_, isCounted: true): draft.header.isEmpty ? 0 : 5
    case .list(_, isCounted: false): draft.header.isEmpty ? 4 : 1
    case .row, .sentence: 2
    case .end:
      if draft.lines.isEmpty { 0.1 } else { draft.header.contains(BigInt(draft.lines.count - 1)) ? 40 : 2 }
    }
  }
}

/// Words that the code knows, and others.
struct ConsoleWords {
  let forms: [LineForm]
  private let known: [CodePoints]
  private let numbers: [BigInt]
  private let signs: [UInt32]
  private static let names = ["a", "b", "ab", "abc", "Bob", "x1", "zz", "aba"].map { CodePoints($0) }

  init(_ constants: Constants) {
    let texts = constants.strings.filter { !$0.values.isEmpty && $0.values.count < 12 && $0.words == [$0] }
    known = Array(texts.prefix(16))
    numbers = constants.integers.filter { $0.magnitude < 10_000 }
    let characters = constants.strings.filter { $0.values.count == 1 }.flatMap(\.values) + constants.characters
    signs = OrderedSet(characters.filter { $0 > 32 && $0 < 127 }).elements
    let (number, name) = (LineForm.Word.number, LineForm.Word.name)
    var forms: [LineForm] = [
      [number], [number, number], [number, number, number], [name], [name, number], [name, name],
      [name, number, number],
      [name, name, number], [number, name],
    ].map { .words($0) }
    forms += [true, false].flatMap { [.list(.number, isCounted: $0), .list(.name, isCounted: $0)] }
    forms += [.list(.any, isCounted: false), .row, .sentence, .end]
    for text in constants.separators where !text.values.isEmpty && text.values.allSatisfy({ $0 > 32 }) {
      let pair = LineForm.Word.pair(text)
      forms += [[pair], [pair, pair], [name, pair], [pair, name], [name, pair, name]].map { .words($0) }
      forms.append(.list(pair, isCounted: false))
    }
    for index in known.indices {
      let text = LineForm.Word.known(index)
      forms += [
        [text], [text, number], [text, name], [text, name, number], [text, number, number], [text, name, name],
        [text, name, name, number], [number, text, number],
      ].map { .words($0) }
    }
    self.forms = forms
  }

  func word(_ word: LineForm.Word, in draft: ConsoleDraft, using random: inout Random) -> CodePoints {
    switch word {
    case .known(let index): return known[index]
    case .pair(let text):
      let numbers = (0..<2).map { _ in CodePoints(String(random.int(below: 6))) }
      return CodePoints(numbers[0].values + text.values + numbers[1].values)
    case .any:
      if random.chance(500) { return self.word(.number, in: draft, using: &random) }
      return random.pick(known) ?? self.word(.name, in: draft, using: &random)
    case .name:
      if random.chance(600), let other = random.pick(draft.names) { return other }
      if random.chance(150), let text = random.pick(known) { return text }
      return random.pick(Self.names) ?? CodePoints("a")
    case .number: return CodePoints(number(in: draft, using: &random).description)
    }
  }

  private func number(in draft: ConsoleDraft, using random: inout Random) -> BigInt {
    if draft.lines.isEmpty, random.chance(900) { return BigInt(1 + random.int(below: random.chance(700) ? 3 : 6)) }
    if random.chance(250), let other = random.pick(draft.numbers) { return other }
    if random.chance(400), let bound = draft.header.first, bound > 0, bound < 100 {
      return BigInt(random.int(below: Int(bound)) + 1)
    }
    if random.chance(80), let near = random.pick(numbers) { return near + BigInt(random.int(below: 3) - 1) }
    let roll = random.int(below: 100)
    if roll < 60 { return BigInt(1 + random.int(below: 9)) }
    if roll < 75 { return BigInt(random.int(below: 40)) }
    if roll < 82 { return 0 }
    return roll < 92 ? BigInt(-1 - random.int(below: 9)) : BigInt(random.int(below: 400))
  }

  func row(of width: Int, using random: inout Random) -> CodePoints {
    let own = signs.isEmpty ? [97, 98] : signs + (random.chance(500) ? [46] : [])
    let alphabet = random.pick([own, own, own, [97, 98], [48, 49, 50, 51]]) ?? own
    return CodePoints((0..<width).map { _ in random.pick(alphabet) ?? 97 })
  }

  func sentence(using random: inout Random) -> CodePoints {
    let words = (0..<(1 + random.int(below: 5))).map { _ -> CodePoints in
      if random.chance(200), let text = random.pick(known) { return text }
      var word = random.pick(Self.names) ?? CodePoints("a")
      if random.chance(200) { word = CodePoints(word.string.uppercased()) }
      if random.chance(150) { word = CodePoints(word.values + (random.pick(signs).map { [$0] } ?? [46])) }
      return word
    }
    return CodePoints(joining: words)
  }

  /// Another word in the place of this one.
  func near(_ word: CodePoints, among others: [CodePoints], using random: inout Random) -> CodePoints {
    if random.chance(250), let other = random.pick(others) { return other }
    if let number = word.wholeNumber {
      if random.chance(150), let constant = random.pick(numbers) { return CodePoints(constant.description) }
      let near = [number + 1, number - 1, number + 1, number - 1, -number, number * 2, 0]
      return CodePoints((random.pick(near) ?? number).description)
    }
    if random.chance(300), let text = random.pick(known) { return text }
    var values = word.values
    guard let place = random.pick(Array(values.indices)) else { return word }
    switch random.int(below: 4) {
    case 0: values[place] = random.pick(signs) ?? 98
    case 1: values.insert(values[random.int(below: values.count)], at: place)
    case 2 where values.count > 1: values.remove(at: place)
    default: values[place] = values[random.int(below: values.count)]
    }
    return CodePoints(values)
  }
}

/// Lines as far as they are written.
struct ConsoleDraft {
  private(set) var lines: [CodePoints] = []
  /// The numbers of the first line, where it is short.
  private(set) var header: [BigInt] = []
  private(set) var numbers: [BigInt] = []
  private(set) var names: [CodePoints] = []
  /// Where lines were read, and the numbers of short ones.
  private var read: [(place: Int, numbers: [BigInt])] = []
  /// How long lines are that were read in a place.
  private var lengths: [Int: Int] = [:]

  /// What says how many of something come in this place: the numbers of the last line that was read elsewhere, or of the
  /// first.
  func counts(at place: Int) -> [BigInt] {
    if let last = read.last(where: { $0.place != place }), !last.numbers.isEmpty { return last.numbers }
    return header
  }

  func adding(_ form: LineForm, at place: Int, _ words: ConsoleWords, using random: inout Random) -> ConsoleDraft {
    var next = self
    switch form {
    case .words(let parts):
      next.append(CodePoints(joining: parts.map { words.word($0, in: self, using: &random) }), at: place)
    case .list(let word, let isCounted):
      let length = length(at: place, isCounted: isCounted, using: &random)
      next.lengths[place] = length
      next.append(CodePoints(joining: (0..<length).map { _ in words.word(word, in: self, using: &random) }), at: place)
    case .row:
      let length = length(at: place, isCounted: random.chance(800), using: &random)
      next.lengths[place] = length
      next.append(words.row(of: length, using: &random), at: place)
    case .sentence: next.append(words.sentence(using: &random), at: place)
    case .end: break
    }
    return next
  }

  private func length(at place: Int, isCounted: Bool, using random: inout Random) -> Int {
    let counts = counts(at: place).filter { $0 > 0 && $0 < 20 }.map { Int($0) }
    if let known = lengths[place], read.last?.place == place || counts.contains(known), random.chance(950) {
      return known
    }
    if isCounted, let count = random.chance(700) ? counts.last : random.pick(counts) { return count }
    return 1 + random.int(below: 6)
  }

  mutating func append(_ line: CodePoints, at place: Int) {
    let words = line.words
    let found = words.compactMap(\.wholeNumber)
    if lines.isEmpty, words.count <= 3 { header = found }
    lines.append(line)
    read.append((place, words.count <= 3 && found.count == words.count ? found : []))
    numbers += found
    names += words.filter { $0.wholeNumber == nil }
  }

  /// Numbers that say how many words a later line has, how long it is, or how many lines come, by where they stand.
  static func links(in lines: [CodePoints]) -> Set<[Int]> {
    var links: Set<[Int]> = []
    for (index, line) in lines.enumerated() where line.words.count <= 3 {
      for (place, word) in line.words.enumerated() {
        guard let number = word.wholeNumber else { continue }
        if number == lines.count - index - 1 { links.insert([index, place]) }
        for (later, other) in lines.enumerated() where later > index {
          let words = other.words
          if number == words.count { links.insert([index, place, later]) }
          if words.count == 1, number == words[0].values.count, words[0].wholeNumber == nil {
            links.insert([index, place, later, 0])
          }
        }
      }
    }
    return links
  }
}

extension CodePoints {
  /// What blanks take apart.
  var words: [CodePoints] { values.split(separator: 32).map { CodePoints(Array($0)) } }

  init(joining words: [CodePoints]) {
    self.init(Array(words.map(\.values).joined(separator: [32])))
  }

  var wholeNumber: BigInt? {
    guard values.count < 40, values.contains(where: { (48...57).contains($0) }) else { return nil }
    let digits = values.first == 45 ? values.dropFirst() : values[...]
    return digits.allSatisfy { (48...57).contains($0) } ? BigInt(string) : nil
  }
}

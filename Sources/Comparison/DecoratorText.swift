/// A decorator's text taken apart: its name, and its arguments where it is a call.
struct DecoratorText: Hashable {
  var name: Substring
  /// Nil where it is not called.
  var arguments: [Substring]?

  init(_ text: String) {
    let bare = text.hasPrefix("@") ? text.dropFirst() : text[...]
    name = bare.prefix { $0 != "(" }
    let rest = bare.dropFirst(name.count)
    guard rest.first == "(", rest.last == ")" else {
      if !rest.isEmpty { name = bare }
      return
    }
    arguments = Self.split(rest.dropFirst().dropLast())
  }

  var text: String { arguments.map { "\(name)(\($0.joined(separator: ", ")))" } ?? String(name) }

  /// 3 where only arguments differ; 2 where the name does and all arguments of one are the other's; 1 for a name that
  /// looks like the other; 0 for something else.
  func likeness(to other: DecoratorText) -> Int {
    if name == other.name { return 3 }
    let (last, otherLast) = (Self.last(of: name), Self.last(of: other.name))
    let (mine, theirs) = (Set(arguments ?? []), Set(other.arguments ?? []))
    if last == otherLast || last.hasPrefix(otherLast) || otherLast.hasPrefix(last) { return 2 }
    return !mine.isEmpty && (mine.isSubset(of: theirs) || theirs.isSubset(of: mine)) ? 1 : 0
  }

  /// The whole edit, and as its pattern the same without the arguments that both have.
  func edit(to other: DecoratorText) -> InterfaceEdit {
    let shared = Set(arguments ?? []).intersection(other.arguments ?? [])
    func brief(_ decorator: DecoratorText) -> String {
      let own = decorator.arguments?.filter { !shared.contains($0) } ?? []
      return own.isEmpty ? "@\(decorator.name)" : "@\(decorator.name)(\(own.joined(separator: ", ")))"
    }
    let whole = "@\(text) -> @\(other.text)"
    let pattern = "\(brief(self)) -> \(brief(other))"
    // `@x -> @x()` would read as nothing.
    return InterfaceEdit(whole, pattern: brief(self) == brief(other) ? whole : pattern)
  }

  private static func last(of name: Substring) -> Substring { name.split(separator: ".").last ?? name }

  /// Arguments at the top level; a comma inside brackets or quotes does not part them, a last one parts nothing.
  private static func split(_ text: Substring) -> [Substring] {
    var parts: [Substring] = []
    var depth = 0
    var quote: Character?
    var isEscaped = false
    var start = text.startIndex
    func add(upTo end: Substring.Index) {
      let part = text[start..<end]
      let trimmed = part.drop { $0 == " " }
      if !trimmed.allSatisfy({ $0 == " " }) { parts.append(trimmed) }
    }
    for index in text.indices {
      let character = text[index]
      if let open = quote {
        if isEscaped {
          isEscaped = false
        } else if character == "\\" {
          isEscaped = true
        } else if character == open {
          quote = nil
        }
        continue
      }
      switch character {
      case "'", "\"": quote = character
      case "(", "[", "{": depth += 1
      case ")", "]", "}": depth -= 1
      case "," where depth == 0:
        add(upTo: index)
        start = text.index(after: index)
      default: break
      }
    }
    add(upTo: text.endIndex)
    return parts
  }
}

import BigInt

/// A call that the high register spells with words.
enum Sugar {
  /// `sum of e for x in a where c`.
  case fold(String, Comprehension)
  /// `count of x in a where c`.
  case count(Comprehension)
  /// `first of e for x in a where c else d`.
  case first(Comprehension, Expression)
  /// `length of a`.
  case measure(String, Expression)

  init?(_ callee: Expression, _ arguments: [Argument]) {
    guard case .global(.builtin(let name)) = callee, let first = arguments.first, first.kind == .positional else {
      return nil
    }
    if arguments.count == 1, let word = Grammar.measures[name] {
      self = .measure(word, first.value)
      return
    }
    guard let generator = Self.generator(first.value) else { return nil }
    if arguments.count == 1, Grammar.folds.contains(name) {
      let isCount = name == "sum" && generator.element == .constant(.int(1))
      self = isCount ? .count(generator) : .fold(name, generator)
    } else if name == "next", arguments.count == 2, arguments[1].kind == .positional {
      self = .first(generator, arguments[1].value)
    } else {
      return nil
    }
  }

  var level: Grammar.Level {
    if case .measure = self { .unary } else { .expression }
  }

  /// A generator over one iterable: more than one `for` needs its parentheses.
  private static func generator(_ value: Expression) -> Comprehension? {
    guard case .comprehension(let result) = value, result.kind == .generator, result.key == nil,
      case .each(_, _, isAsync: false) = result.clauses.first
    else { return nil }
    let areFilters = result.clauses.dropFirst().allSatisfy { clause in
      if case .filter = clause { true } else { false }
    }
    return areFilters ? result : nil
  }
}

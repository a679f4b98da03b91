/// Reasons for which a unit is not analysed.
enum Messages {
  static func tooDeep(_ limit: Int) -> String { "nested deeper than \(limit) levels" }
  static func doesNotCompile(_ reason: String) -> String { "Python does not compile this: \(reason)" }
  static let unreadable = "the parser could not read this"
  static func unknownNode(_ kind: String) -> String { "`\(kind)` is not understood" }
  static func unknownToken(_ token: String, in kind: String) -> String {
    "`\(token)` in `\(kind)` is not understood"
  }
  static func notAccounted(_ text: String) -> String {
    let line = text.prefix { $0 != "\n" }
    return "`\(line.count > 40 ? line.prefix(37) + "..." : line)` was not accounted for"
  }
  static let namedEscape = "no character of the name in `\\N{...}` is known"
  static func badEscape(_ text: String) -> String { "the escape `\(text)` is incomplete" }
  static func stringPrefix(_ prefix: String) -> String { "the string prefix `\(prefix)` is not understood" }
  static let mixedStrings = "bytes and text literals stand side by side"
  static let nonASCIIBytes = "a bytes literal holds a character beyond ASCII"
  static let otherEncoding = "the file declares an encoding other than UTF-8"
  static let bracesInSpecification = "braces in a format specification mean different things in different versions"
  static func number(_ text: String) -> String { "the number `\(text)` is not understood" }
  static let longNumber = "a number of more than 4300 digits"
  static func identifier(_ name: String) -> String {
    "the identifier `\(name)` may be another one in Unicode normal form NFKC"
  }
  static let typeAlias = "a `type` statement is not understood"
  static let typeParameters = "type parameters are not understood"
  static let formatReadsAssignment = "a format specification that begins with `=` is not understood"
  static let splat = "a starred expression stands where none can be"
  static let superInComprehension = "`super()` inside a comprehension depends on the version of Python"
  static let superWithoutSelf = "`super()` without arguments in a function that has no first parameter"
  static let asyncCell = "a function keeps a variable of an asynchronous comprehension"
  static let walrusInClassComprehension = "`:=` in a comprehension of a class body"
  static let twoStars = "two starred targets in one assignment"
  static let printStatement = "a `print` statement of Python 2"
  static let exceptComma = "`except A, B` means different things in different versions"
  static let notTarget = "this cannot be assigned to"
  static let notPattern = "this pattern is not understood"
  static let notDefinition = "this kind of unit is not understood"
}

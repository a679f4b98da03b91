/// The grammar of the text form of a `Procedure`: the summary language.
///
/// Tokens are separated by any white space, which means nothing else: no line end or indentation is significant, so a
/// push-down automaton over bytes decides it (`ByteGrammar.swift`). Every choice is made on the next token. What makes
/// that possible: blocks close with `end`; the conditional expression is a prefix (`if c then a else b`); a statement
/// starts with a token that cannot continue an expression, or with `do`; operators that would double as prefixes are
/// words (`xor`, `matmul`); absence is written (`return nothing`).
///
/// ```
/// text        = procedure-head {annotation} block                     (up to the end of the text)
/// procedure   = procedure-head block "end"
/// procedure-head = (["async"] "function" ["*"] | "class" | "def" "module") path ["(" parameters ")"]
/// parameters  = [parameter {"," parameter}]
/// parameter   = "/" | "*" [name [":" hint] ["=" expression]] | "**" name [":" hint] | name [":" hint] ["=" expression]
/// annotation  = "cost" "O" "(" {word | integer | "^" | "+" | "*" | "(" | ")"} ")"
///                 ["where" name "=" disjunction {"," name "=" disjunction}]
///             | "raises" postfix "when" disjunction
///
/// hint        = hint-item {"|" hint-item}
/// hint-item   = "(" hint ")" | "None" | string | path [ "[" [hint {"," hint} ["," "..."]] "]" ]
///             | "literal" "[" [constant {"," constant}] "]"
///
/// block       = {statement}
/// statement   = "do" starred {"," starred} [","] store-or-value
///             | postfix {"," starred-postfix} [","] store-or-value    (starting with a name or a name's sigil)
///             | "yield" yielded | "await" postfix
///             | "del" postfix
///             | "if" expression "then" block {"elif" expression "then" block} ["else" block] "end"
///             | "while" expression "do" block ["else" block] "end"
///             | ["async"] "for" targets "in" expression "do" block ["else" block] "end"
///             | "break" | "continue"
///             | "return" maybe | "raise" maybe ["from" expression]
///             | "assert" expression ["," expression]
///             | "try" block {"except" ["*"] [expression] ["as" postfix] "do" block} ["else" block]
///                 ["finally" block] "end"
///             | ["async"] "with" expression ["as" postfix] "do" block "end"
///             | "switch" expression {"case" pattern ["where" expression] "then" block} "end"
///             | "class" postfix "=" name "(" arguments ")" {"with" disjunction} ("do" block "end" | "as" procedure)
/// store-or-value = "=" expression {"=" expression} | augment expression | (nothing)
/// augment     = "+=" | "-=" | "*=" | "@=" | "/=" | "//=" | "%=" | "**=" | "<<=" | ">>=" | "&=" | "|=" | "^="
/// targets     = starred-postfix {"," starred-postfix} [","]
/// maybe       = "nothing" | expression
///
/// expression  = "if" expression "then" expression "else" expression
///             | "lambda" "(" parameters ")" ":" expression
///             | "yield" yielded
///             | ("sum" | "any" | "all") "of" disjunction each
///             | "count" "of" each-tail
///             | "first" "of" disjunction each "else" expression
///             | disjunction
/// yielded     = "from" expression | maybe
/// each        = "for" each-tail
/// each-tail   = targets "in" disjunction {"where" disjunction}
/// disjunction = conjunction {"or" conjunction}
/// conjunction = negation {"and" negation}
/// negation    = "not" negation | comparison
/// comparison  = bits {comparator bits}
/// comparator  = "==" | "!=" | "<" | "<=" | ">" | ">=" | "is" ["not"] | "in" | "not" "in"
/// bits        = the binary operators from loose to tight, all left-associative:
///               "|"; "xor"; "&"; "<<" ">>"; "+" "-"; "*" "/" "//" "%" "matmul"; operands are unary
/// unary       = ("-" | "+" | "~") unary | "await" postfix | ("length" | "maximum" | "minimum") "of" postfix
///             | postfix ["**" unary]
/// postfix     = primary {"." word | "[" index {"," index} [","] "]" | "(" arguments ")"}
/// index       = starred | slice
/// slice       = [expression] ":" [expression] [":" [expression]]
/// arguments   = [argument {"," argument}]
/// argument    = "*" expression | "**" expression | name "=" expression | expression
/// primary     = name | "local" name | "!" word | "::" word | "?" word | "^" word | "$" word | imported
///             | integer | float | imaginary | string | bytes | "None" | "True" | "False" | "..." | "NotImplemented"
///             | "(" ")" | "(" starred ")" | "(" starred "," [starred {"," starred} [","]] ")"
///             | "(" expression clauses ")" | "(" expression ":=" expression ")"
///             | "[" [starred {"," starred}] "]" | "[" expression clauses "]" | "[" slice "]"
///             | "{" "}" | "{" "," "}" | "{" starred {"," starred} "}" | "{" pair {"," pair} "}"
///             | "{" expression [":" expression] clauses "}"
///             | format | procedure
///             | "def" ("function" | "class") path "(" arguments ")"
///             | "import" "(" (path | "as" path | path "from" path) ")"
/// starred     = ["*"] expression            pair = "**" expression | expression ":" expression
/// clauses     = clause {clause}              clause = ["async"] "for" targets "in" disjunction | "where" disjunction
///
/// pattern     = closed {"|" closed} ["as" postfix]
/// closed      = "_" | "=" unary | "is" class-name "(" [class-item {"," class-item}] ")" | "*" ("_" | postfix)
///             | "[" [pattern {"," pattern}] "]" | "{" [mapped {"," mapped}] "}" | "(" pattern ")" | postfix
/// class-name  = primary {"." word}           class-item = name "=" pattern | pattern
/// mapped      = "**" postfix | disjunction ":" pattern
///
/// format      = 'f"' {character | "{" disjunction ["!" word] [":" {character | "{" ... "}"}] "}"} '"'
/// name        = word that is no keyword | "`" {character} "`"
/// path        = name {"." word} | string
/// imported    = "@" word {"." word} | "@" "`" {character} "`"      (one token: no white space inside)
/// word        = letter or "_" or non-ASCII, then also digits
/// integer     = digits | "0x" hex-digits      float = digits ["." digits] ["e" ["+" | "-"] digits] | "0n" 16 hex-digits
/// imaginary   = (digits | float) "j"          string = '"' {character} '"'      bytes = 'b"' {byte-character} '"'
/// character   = any scalar but `"`, `\`, controls (in a format also braces, in a name "`" for `"`)
///             | "\" ("n" | "r" | "t" | "\" | '"' | "`" | "{" | "}") | "\x" 2 hex | "\u" 4 hex | "\U" 8 hex
/// ```
///
/// A bare name is a local if its procedure binds it anywhere (a parameter, a store, a comprehension variable), else a
/// builtin; `local x` and `!x` say which where that would mislead. `::x` is the module's, `@a.b` imported, `?x` of
/// unknown origin, `^x` captured from an enclosing procedure, `$x` in the namespace of a class body. Annotations are no
/// part of the procedure. In the place of a head's first statement `cost` and `raises` start annotations: a body that
/// starts with a variable of such a name starts with `do`. `-5` is a constant, `-(5)` a negated one. `e.a` on an
/// imported name is `(@m).a`. The high register is sugar for calls of builtins:
///
/// - `sum of e for x in a where c` is `sum((e for x in a where c))`, likewise `any of`, `all of`;
/// - `count of x in a where c` is `sum((1 for x in a where c))`;
/// - `first of e for x in a where c else d` is `next((e for x in a where c), d)`;
/// - `length of a`, `maximum of a`, `minimum of a` are `len(a)`, `max(a)`, `min(a)`.
enum Grammar {
  /// Words that are no names unless quoted. Mostly Python's own, so that they seldom meet a variable.
  static let keywords: Set<String> = [
    "False", "None", "NotImplemented", "True", "and", "as", "assert", "async", "await", "break", "case", "class",
    "continue", "def", "del", "do", "elif", "else", "end", "except", "finally", "for", "from", "function", "if",
    "import", "in", "is", "lambda", "local", "matmul", "not", "nothing", "of", "or", "raise", "return", "switch",
    "then", "try", "where", "while", "with", "xor", "yield",
  ]

  /// How tightly an expression binds; a looser one needs parentheses where a tighter one is asked for.
  enum Level: Int, Comparable {
    case expression, disjunction, conjunction, negation, comparison
    case bitOr, bitXor, bitAnd, shift, sum, product, unary, power, number, primary

    static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
    var tighter: Level { Level(rawValue: rawValue + 1) ?? .primary }
  }

  static func level(of op: BinaryOperator) -> Level {
    switch op {
    case .bitOr: .bitOr
    case .bitXor: .bitXor
    case .bitAnd: .bitAnd
    case .shiftLeft, .shiftRight: .shift
    case .add, .subtract: .sum
    case .multiply, .matrixMultiply, .divide, .floorDivide, .modulo: .product
    case .power: .power
    }
  }

  /// The infix spelling; in an augmented store it is the raw value and `=`.
  static func spelling(of op: BinaryOperator) -> String {
    switch op {
    case .matrixMultiply: "matmul"
    case .bitXor: "xor"
    default: op.rawValue
    }
  }

  static let infix: [String: BinaryOperator] = Dictionary(
    uniqueKeysWithValues: BinaryOperator.allCases.map { (spelling(of: $0), $0) })
  static let augmented: [String: BinaryOperator] = Dictionary(
    uniqueKeysWithValues: BinaryOperator.allCases.map { ($0.rawValue + "=", $0) })

  /// Builtins whose sole generator argument is written without parentheses.
  static let folds: Set<String> = ["sum", "any", "all"]
  /// Builtins of one argument that have a name in the high register.
  static let measures: [String: String] = ["len": "length", "max": "maximum", "min": "minimum"]
  static let measured: [String: String] = ["length": "len", "maximum": "max", "minimum": "min"]

  /// A word as the lexer sees it, and nothing that a reader could mistake (no format or control characters).
  static func isWord(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first, !("0"..."9").contains(first) else { return false }
    return text.unicodeScalars.allSatisfy { scalar in
      if scalar.isASCII {
        return ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
          || scalar == "_"
      }
      return scalar.properties.isXIDContinue && !scalar.properties.isDefaultIgnorableCodePoint
    }
  }

  static func isName(_ text: String) -> Bool { isWord(text) && !keywords.contains(text) }
}

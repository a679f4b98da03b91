// Functions of the standard library that are not modelled but do nothing besides computing: a call of one is no event,
// and gives the same for the same arguments, however often and whenever it is called.

/// Names of such functions (The Python Standard Library, 3.11).
enum PureFunctions {
  /// Those that take every value which they are made for.
  static let total: Set<String> = names([
    "base64": "b64encode urlsafe_b64encode b32encode b16encode",
    "binascii": "hexlify crc32",
    "datetime": "timedelta timezone",
    "difflib": "get_close_matches",
    "fnmatch": "fnmatch fnmatchcase translate",
    "hashlib": "md5 sha1 sha224 sha256 sha384 sha512 blake2b blake2s",
    "hmac": "digest compare_digest new",
    "html": "escape unescape",
    "inspect": "cleandoc",
    "keyword": "iskeyword",
    "logging": "getLogger",
    "os.path": "join basename dirname splitext split normpath isabs commonprefix normcase",
    "pathlib": "Path PurePath PurePosixPath PureWindowsPath",
    "posixpath": "join basename dirname splitext split normpath isabs",
    "re": "compile escape sub split findall match search fullmatch",
    "secrets": "compare_digest",
    "shlex": "quote join",
    "textwrap": "dedent indent wrap fill shorten",
    "unicodedata": "normalize category combining",
    "urllib.parse": """
    quote quote_plus unquote unquote_plus urlencode urljoin urlsplit urlparse urlunsplit urlunparse urldefrag parse_qs
    parse_qsl
    """,
    "xml.sax.saxutils": "escape unescape quoteattr",
    "zlib": "crc32 adler32",
  ])

  /// Those that refuse some arguments, most often a text of another form.
  static let partial: Set<String> = names([
    "ast": "literal_eval",
    "base64": "b64decode urlsafe_b64decode b32decode b16decode",
    "binascii": "unhexlify",
    "calendar": "monthrange isleap",
    "datetime": """
    date datetime time date.fromisoformat datetime.fromisoformat datetime.strptime datetime.combine
    datetime.fromtimestamp date.fromordinal
    """,
    "decimal": "Decimal",
    "fractions": "Fraction",
    "json": "loads",
    "ipaddress": "ip_address ip_network ip_interface",
    "os.path": "commonpath",
    "shlex": "split",
    "struct": "pack unpack calcsize unpack_from",
    "uuid": "UUID uuid5",
    "zoneinfo": "ZoneInfo",
  ])

  /// Methods of what they give that change nothing either.
  static let methods: Set<String> = [
    "hexdigest", "digest", "group", "groups", "groupdict", "start", "end", "span", "isoformat", "strftime", "weekday",
    "isoweekday", "isocalendar", "total_seconds", "date", "time", "timetuple", "timestamp", "astimezone", "utcoffset",
    "toordinal", "geturl", "as_posix", "is_absolute", "with_suffix", "with_name", "joinpath", "quantize",
    "as_tuple", "limit_denominator", "match", "fullmatch", "search", "findall", "split",
  ]

  /// Those of them that give a text.
  static let texts: Set<String> = ["hexdigest", "isoformat", "strftime", "geturl", "as_posix"]

  /// The modules and classes that hold them, and modules around those.
  static let modules: Set<String> = Set(
    total.union(partial).flatMap { name in
      let parts = name.split(separator: ".").dropLast()
      return parts.indices.map { parts[...$0].joined(separator: ".") }
    })

  private static func names(_ modules: [String: String]) -> Set<String> {
    Set(modules.flatMap { module, names in names.split(whereSeparator: \.isWhitespace).map { "\(module).\($0)" } })
  }
}

extension World {
  /// Whether a question asks what a function gives that takes every value which it is made for: nothing is raised then.
  package static func isTotal(_ question: String) -> Bool {
    guard let callee = callee(of: question) else { return false }
    if PureFunctions.total.contains(callee) { return true }
    let maker = String(callee.prefix { $0 != "(" })
    guard maker.count < callee.count, let dot = callee.lastIndex(of: ".") else { return false }
    return PureFunctions.methods.contains(String(callee[callee.index(after: dot)...]))
      && (PureFunctions.total.contains(maker) || PureFunctions.partial.contains(maker))
  }

  /// Whether calling the function of this dotted name does nothing but compute.
  package static func isPure(_ function: String) -> Bool {
    PureFunctions.total.contains(function) || PureFunctions.partial.contains(function)
  }

  /// Whether a call of this dotted name makes an object, as far as its name tells: a class by its look, or one of the
  /// standard library.
  static func makesObject(_ callee: String) -> Bool {
    if classes.contains(callee) { return true }
    let name = callee.split(separator: ".").last ?? ""
    return (name.first { $0 != "_" }?.isUppercase ?? false) && name.contains(where: \.isLowercase)
  }

  /// Whether a call by this dotted name writes to a log.
  static func isLog(_ callee: String) -> Bool {
    let parts = callee.split(separator: ".").map { $0.lowercased().drop { $0 == "_" } }
    guard parts.count > 1 else { return false }
    return logMethods.contains(String(parts[parts.count - 1]))
      && ["log", "logger", "logging"].contains(parts[parts.count - 2])
  }

  /// Whether a call by this dotted name reads a clock.
  static func isClock(_ callee: String) -> Bool {
    guard let last = callee.split(separator: ".").last else { return false }
    return clocks.contains(last.lowercased().drop { $0 == "_" }.description)
  }

  private static let logMethods: Set<String> = [
    "debug", "info", "warning", "warn", "error", "exception", "critical",
  ]
  private static let clocks: Set<String> = [
    "now", "clock", "time", "monotonic", "perf_counter", "timer", "today", "utcnow", "time_ns", "monotonic_ns",
  ]

  /// Whether a question asks what such a call gives.
  package static func isOfObject(_ question: String) -> Bool { callee(of: question).map(makesObject) ?? false }

  private static let classes: Set<String> = [
    "datetime.timedelta", "datetime.date", "datetime.datetime", "datetime.time", "datetime.timezone",
  ]

  /// What stands before the last pair of parentheses.
  private static func callee(of question: String) -> String? {
    var depth = 0
    for index in question.indices.reversed() {
      switch question[index] {
      case ")": depth += 1
      case "(":
        depth -= 1
        if depth == 0 { return String(question[..<index]) }
      default: if depth == 0 { return nil }
      }
    }
    return nil
  }
}

extension Machine {
  /// A function of the standard library that only computes, by its dotted name.
  func pureFunction(_ name: String) -> Value? {
    World.isPure(name) ? pure(name) : nil
  }

  /// The same of a module's attribute, or a method that only computes of what such a function gave.
  func pureFunction(of object: OpaqueObject, _ name: String) -> Value? {
    let path = "\(object.path).\(name)"
    if object.isPure, PureFunctions.methods.contains(name) { return pure(path) }
    guard object.isModule else { return nil }
    if let function = pureFunction(path) { return function }
    guard PureFunctions.modules.contains(path) else { return nil }
    let inner = opaque(path)
    inner.isModule = true
    return .object(inner)
  }

  func pure(_ path: String) -> Value {
    let object = opaque(path)
    object.isPure = true
    object.isModule = PureFunctions.modules.contains(path)
    return .object(object)
  }

  /// What a call of an unknown class gives is an object, and what some methods of the standard library give a text.
  func kind(ofCalling name: String) -> Profile.Kind? {
    if world.profile.isContrary { return nil }
    if PureFunctions.texts.contains(lastName(name)) { return .string }
    return World.makesObject(name) || world.profile.awaited.contains(lastName(name)) ? .opaque : nil
  }

  /// What a call gives that does nothing but compute it; it may rest on what its arguments hold.
  func computed(
    _ call: String, by callee: OpaqueObject, _ arguments: Arguments, hint: String?
  ) throws(Unwind) -> Value {
    let given = arguments.positional + arguments.keywords.map(\.value)
    let path = given.contains(where: \.mayChange) ? versioned(call) : call
    // What a module makes once has been made.
    let raising = PureFunctions.partial.contains(callee.path) && !isQuiet ? world.profile.raising : 0
    let value = try answer(
      path, hint: hint ?? lastName(callee.path) + "()", kind: kind(ofCalling: callee.path), raising: raising,
      opaqueShare: 250)
    // It is the caller's alone.
    held.removeAll { $0.path == path }
    if case .object(let object as OpaqueObject) = value, object.path == path {
      object.madeBy = callee.path
      object.isPure = true
    }
    return value
  }
}

extension Value {
  /// Unknown code may give it another content.
  fileprivate var mayChange: Bool {
    guard case .object(let object) = self else { return false }
    switch object {
    case is StringObject, is BigObject, is BytesObject, is RangeObject: return false
    case let opaque as OpaqueObject: return !opaque.isPure
    default: return true
    }
  }

  fileprivate var isFunction: Bool {
    guard case .object(let object) = self else { return false }
    return object is FunctionObject || object is MethodObject || object is CachedObject || object is IteratorObject
      || object is GeneratorObject
  }
}

extension Machine.Arguments {
  /// It may run code of its own: a function or an iterator is among its arguments.
  var hasFunctions: Bool { positional.contains(where: \.isFunction) || keywords.contains { $0.value.isFunction } }
}

import BigInt

/// Builtin functions that are modelled; others are unknown calls.
enum Builtin: String, CaseIterable {
  case len, abs, min, max, sum, any, all, sorted, next, iter, round, divmod, pow, ord, chr, repr, ascii, hash, print
  case input
  case callable, hasattr, getattr, setattr, delattr, isinstance, issubclass, id, bin, oct, hex, format
  case `super`
  /// Puts its arguments on record as they are, for those who watch: no program can name it.
  case show = "$show"
  /// Whether an exception says that a value is nothing that the code is made for.
  case fails = "$fails"
  /// An exception without the words that an operation of the language chose.
  case kept = "$kept"
  /// Nothing is left of standard input, for the place of those that read it which this number names; who needs a line
  /// says so.
  case ended = "$ended"
  /// Every list among its arguments, or in a tuple of them, gets its first item once more: whoever gave it changes it.
  case grow = "$grow"

  /// By name: a look-up, which `init(rawValue:)` is not.
  static let named = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })
}

extension Value {
  /// An object that may have a `__divmod__` of its own.
  fileprivate var mayDivide: Bool {
    guard case .object(let object) = self else { return false }
    return object is OpaqueObject || object is InstanceObject
  }
}

extension Machine {
  /// Names whose use looks at the program itself: nothing that holds them is run.
  private static let reflective: Set<String> = [
    "globals", "locals", "vars", "eval", "exec", "compile", "dir", "__import__", "breakpoint",
  ]

  func builtin(_ name: String) throws(Unwind) -> Value {
    if let value = builtins[name] { return value }
    let value = try makeBuiltin(name)
    builtins[name] = value
    return value
  }

  private func makeBuiltin(_ name: String) throws(Unwind) -> Value {
    switch name {
    case "NotImplemented": return .notImplemented
    case "Ellipsis": return .ellipsis
    case "__debug__": return .bool(true)
    default: break
    }
    if let function = Builtin.named[name] { return try register(BuiltinObject(.function(function)), bytes: 48) }
    if Self.reflective.contains(name) { throw unsupported(name) }
    let isType: Bool =
      switch BuiltinType.named[name] {
      case nil, .noneType, .function, .generator, .iterator, .method, .module, .ellipsis, .view, .exception, .coroutine,
        .builtinFunction, .defaultdict, .counter, .orderedDict, .deque, .partial, .complex:
        false
      default: true
      }
    if isType { return .object(type(name)) }
    let exception = ExceptionHierarchy.aliases[name] ?? name
    if exception == "BaseException" || ExceptionHierarchy.base[exception] != nil {
      return .object(type(exception))
    }
    return .object(opaque(name))
  }

  private func grow(_ value: Value) throws(Unwind) {
    guard case .object(let object) = value else { return }
    if let tuple = object as? TupleObject { for item in tuple.items { try grow(item) } }
    guard let list = object as? ListObject, let first = list.items.first else { return }
    try allocate(16)
    list.items.append(first)
  }

  func call(_ builtin: BuiltinObject, _ arguments: Arguments) throws(Unwind) -> Value {
    switch builtin.kind {
    case .function(let function): return try call(function, arguments)
    case .library(let library):
      guard case .object(let object) = builtin.receiver, object is PatternObject else {
        return try call(library, arguments)
      }
      var arguments = arguments
      arguments.positional.insert(builtin.receiver, at: 0)
      return try patternFunction(library, arguments, isMethod: true)
    case .ofMatch(let method): return try call(method, of: builtin.receiver, arguments)
    case .method(let method): return try callMethod(method, on: builtin.receiver, arguments)
    case .unboundMethod(let type, let method):
      if method == .fromkeys { return try fromKeys(arguments) }
      if method == .maketrans { return try makeTranslation(arguments) }
      var arguments = arguments
      guard let receiver = arguments.positional.first, try isInstance(receiver, .object(self.type(type))) else {
        throw typeError("descriptor '\(method.rawValue)' requires a '\(type.rawValue)' object")
      }
      arguments.positional.removeFirst()
      return try callMethod(method, on: receiver, arguments)
    case .partial(let positional, let keywords):
      try descend()
      defer { ascend() }
      var all = Arguments(positional: positional + arguments.positional, keywords: keywords)
      for (name, value) in arguments.keywords {
        all.keywords.removeAll { $0.name == name }
        all.keywords.append((name, value))
      }
      return try callValue(builtin.receiver, all)
    case .itemGetter(let keys):
      let object = try one(arguments, "itemgetter")
      var values: [Value] = []
      for key in keys { values.append(try getItem(object, key)) }
      return keys.count == 1 ? values[0] : try tuple(values)
    case .attributeGetter(let names):
      let object = try one(arguments, "attrgetter")
      var values: [Value] = []
      for name in names {
        var value = object
        for part in name.split(separator: ".") { value = try getAttribute(value, String(part)) }
        values.append(value)
      }
      return names.count == 1 ? values[0] : try tuple(values)
    case .methodCaller(let name, let positional, let keywords):
      let object = try one(arguments, "methodcaller")
      return try callValue(
        try getAttribute(object, name), Arguments(positional: positional, keywords: keywords))
    case .cacheDecorator(let limit): return try cachedCallable(try one(arguments, "decorating_function"), limit: limit)
    case .cacheClear:
      try noArguments(arguments, "cache_clear")
      if case .object(let cache as CachedObject) = builtin.receiver { cache.results.clear() }
      return .none
    case .keyMaker: return try makeKey(builtin.receiver, arguments)
    case .keyComparison(let operation): return try compareKeys(operation, by: builtin.receiver, arguments)
    }
  }

  private func call(_ function: Builtin, _ arguments: Arguments) throws(Unwind) -> Value {
    let name = function.rawValue
    switch function {
    case .len: return .int(try length(try one(arguments, name)))
    case .abs:
      let value = try one(arguments, name)
      switch number(value) {
      case .int(let int): return int == .min ? try integer(-BigInt(int)) : .int(Swift.abs(int))
      case .big(let big): return try integer(BigInt(big.magnitude))
      case .float(let float): return .float(float.magnitude)
      case nil: return try special(value, "__abs__", name)
      }
    case .min, .max: return try extremum(arguments, function)
    case .sum:
      let values = try parse(arguments, name, ["iterable", "start"], required: 1, positionalOnly: 1)
      return try sum(values[0] ?? .none, start: values[1] ?? .int(0))
    case .any, .all:
      let iterator = try iterator(try one(arguments, name))
      while let item = try next(iterator) {
        try charge(1)
        if try truth(item) == (function == .any) { return .bool(function == .any) }
      }
      return .bool(function == .all)
    case .sorted:
      guard arguments.positional.count == 1 else { throw typeError("sorted expected 1 argument") }
      let items = try items(of: arguments.positional[0])
      return try list(try sort(items, Arguments(keywords: arguments.keywords), name))
    case .next:
      let values = try parse(arguments, name, ["iterator", "default"], required: 1, positionalOnly: 2)
      if let item = try next(values[0] ?? .none) { return item }
      if let fallback = values[1] { return fallback }
      throw stopIteration(values[0] ?? .none)
    case .iter:
      let values = try parse(arguments, name, ["object", "sentinel"], required: 1, positionalOnly: 2)
      if let sentinel = values[1] {
        return try register(CallIterator(values[0] ?? .none, sentinel: sentinel), bytes: 64)
      }
      return try iterator(values[0] ?? .none)
    case .round:
      let values = try parse(arguments, name, ["number", "ndigits"], required: 1)
      return try round(values[0] ?? .none, values[1])
    case .divmod:
      let values = try parse(arguments, name, ["x", "y"], required: 2, positionalOnly: 2)
      let x = values[0] ?? .none
      let y = values[1] ?? .none
      if number(x) == nil || number(y) == nil {
        if [x, y].contains(where: \.mayDivide) { throw unsupported("divmod of other than numbers") }
        throw typeError("unsupported operand type(s) for divmod()")
      }
      return try tuple([try binary(.floorDivide, x, y), try binary(.modulo, x, y)])
    case .pow:
      let values = try parse(arguments, name, ["base", "exp", "mod"], required: 2)
      guard let modulus = values[2], !modulus.isNone else {
        return try binary(.power, values[0] ?? .none, values[1] ?? .none)
      }
      return try modularPower(values[0] ?? .none, values[1] ?? .none, modulus)
    case .ord:
      let value = try one(arguments, name)
      if case .object(let text as StringObject) = value {
        guard text.values.count == 1 else {
          throw typeError("ord() expected a character, but string of length \(text.values.count) found")
        }
        return .int(Int(text.values[0]))
      }
      if case .object(let bytes as BytesObject) = value, bytes.values.count == 1 { return .int(Int(bytes.values[0])) }
      throw typeError("ord() expected string of length 1, but \(typeName(value)) found")
    case .chr:
      let value = try one(arguments, name)
      guard let index = try exactIndex(value) else {
        throw typeError("'\(typeName(value))' object cannot be interpreted as an integer")
      }
      guard (0..<0x110000).contains(index) else { throw raise("ValueError", "chr() arg not in range(0x110000)") }
      return try string([UInt32(index)])
    case .repr: return try string(try represent(try one(arguments, name)))
    case .ascii: return try string(try represent(try one(arguments, name), ascii: true))
    case .hash:
      let value = try one(arguments, name)
      if !hasFixedHash(value) { versionDependent = true }
      return .int(try hash(value))
    case .id:
      // Of an object of the world; numbers of others depend on how many were made.
      if case .object(let object as OpaqueObject) = try one(arguments, name) { return .int(Int(object.hash >> 8)) }
      throw unsupported("id")
    case .print: return try print(arguments)
    case .show:
      var parts: [Snapshot] = []
      for value in arguments.positional { parts.append(try snapshot(value)) }
      try record(.output(parts))
      return .none
    case .fails:
      guard case .object(let raised as ExceptionObject) = try one(arguments, name) else { return .bool(false) }
      return .bool(
        raised.isImplicit && !raised.isOfWorld
          && ["TypeError", "AttributeError", "IndexError"].contains(raised.type.name))
    case .ended:
      if limits.awaitsLines, case .int(let place)? = arguments.positional.first { throw stop(.line(place)) }
      if arguments.positional.count > 1 { throw raise("EOFError", "EOF when reading a line") }
      return .none
    case .grow:
      for value in arguments.positional { try grow(value) }
      return .none
    case .kept:
      let value = try one(arguments, name)
      guard case .object(let raised as ExceptionObject) = value, raised.isImplicit, raised.type.name != "KeyError"
      else { return value }
      return try register(ExceptionObject(raised.type, [], implicit: false), bytes: 96)
    case .input: return try readLine(arguments)
    case .callable: return .bool(isCallable(try one(arguments, name)))
    case .hasattr, .getattr, .setattr, .delattr: return try attributeFunction(function, arguments)
    case .isinstance:
      let values = try parse(arguments, name, ["object", "type"], required: 2, positionalOnly: 2)
      return .bool(try isInstance(values[0] ?? .none, values[1] ?? .none))
    case .issubclass:
      let values = try parse(arguments, name, ["type", "base"], required: 2, positionalOnly: 2)
      return .bool(try isSubclass(values[0] ?? .none, values[1] ?? .none))
    case .bin, .oct, .hex:
      let value = try one(arguments, name)
      guard let number = number(value)?.asBig else {
        throw typeError("'\(typeName(value))' object cannot be interpreted as an integer")
      }
      let words = number.magnitude.words.count
      try charge(words * words / 16)
      try allocate(words * 64)
      let radix = function == .bin ? 2 : function == .oct ? 8 : 16
      let prefix = function == .bin ? "0b" : function == .oct ? "0o" : "0x"
      return try string((number.sign == .minus ? "-" : "") + prefix + String(number.magnitude, radix: radix))
    case .format:
      let values = try parse(arguments, name, ["value", "format_spec"], required: 1, positionalOnly: 2)
      return try string(
        try format(
          values[0] ?? .none,
          try values[1].map { value throws(Unwind) in
            try text(value, "format() argument 2")
          } ?? []))
    case .super: return try makeSuper(arguments)
    }
  }

  private func special(_ value: Value, _ method: String, _ name: String) throws(Unwind) -> Value {
    if case .object(let object) = value {
      if let opaque = object as? OpaqueObject { return try answerOperation("\(name)(\(opaque.path))", on: [value]) }
      if let instance = object as? InstanceObject, let function = instance.type.lookup(method) {
        return try callValue(function, value)
      }
    }
    throw typeError("bad operand type for \(name)(): '\(typeName(value))'")
  }

  private func isCallable(_ value: Value) -> Bool {
    guard case .object(let object) = value else { return false }
    switch object {
    case is FunctionObject, is MethodObject, is BuiltinObject, is TypeObject, is CachedObject: return true
    case let instance as InstanceObject: return instance.type.lookup("__call__") != nil
    case let opaque as OpaqueObject: return decideQuietly("callable(\(opaque.path))", chance: 600)
    default: return false
    }
  }

  private func extremum(_ arguments: Arguments, _ function: Builtin) throws(Unwind) -> Value {
    let name = function.rawValue
    var key: Value = .none
    var fallback: Value?
    for (keyword, value) in arguments.keywords {
      switch keyword {
      case "key": key = value
      case "default": fallback = value
      default: throw typeError("\(name)() got an unexpected keyword argument '\(keyword)'")
      }
    }
    if arguments.positional.isEmpty { throw typeError("\(name) expected at least 1 argument, got 0") }
    if arguments.positional.count > 1, fallback != nil {
      throw typeError("Cannot specify a default for \(name)() with multiple positional arguments")
    }
    let source =
      arguments.positional.count == 1
      ? try iterator(arguments.positional[0]) : try iterator(try tuple(arguments.positional))
    var best: (key: Value, item: Value)?
    while let item = try next(source) {
      try charge(1)
      let rank = key.isNone ? item : try callValue(key, item)
      guard let current = best else {
        best = (rank, item)
        continue
      }
      let replaces =
        function == .min
        ? try isLess(rank, current.key) : try truth(try compare(.greater, rank, current.key))
      if replaces { best = (rank, item) }
    }
    if let best { return best.item }
    if let fallback { return fallback }
    throw raise("ValueError", "\(name)() arg is an empty sequence")
  }

  private func sum(_ iterable: Value, start: Value) throws(Unwind) -> Value {
    if case .object(let object) = start, object is StringObject || object is BytesObject {
      throw typeError("sum() can't sum strings [use ''.join(seq) instead]")
    }
    var total = start
    let source = try iterator(iterable)
    while let item = try next(source) {
      try charge(1)
      // Since 3.12 the sum of floats is compensated.
      if case .float(let x) = total, number(item) != nil, x != 0 { versionDependent = true }
      total = try binary(.add, total, item)
    }
    return total
  }

  private func modularPower(_ base: Value, _ exponent: Value, _ modulus: Value) throws(Unwind) -> Value {
    guard let x = number(base)?.asBig, let y = number(exponent)?.asBig, let m = number(modulus)?.asBig else {
      throw typeError("pow() 3rd argument not allowed unless all arguments are integers")
    }
    if m == 0 { throw raise("ValueError", "pow() 3rd argument cannot be 0") }
    // All numbers are one then, and nothing divides by it.
    if m.magnitude == 1 { return .int(0) }
    if y.sign == .minus {
      guard let inverse = Self.floorDivide(x, BigInt(m.magnitude)).remainder.inverse(BigInt(m.magnitude)) else {
        throw raise("ValueError", "base is not invertible for the given modulus")
      }
      return try modularPower(try integer(inverse), try integer(-y), modulus)
    }
    try charge(y.magnitude.bitWidth * (1 + m.magnitude.words.count * m.magnitude.words.count))
    let positive = x.magnitude.power(0) == 0 ? BigInt(0) : Self.floorDivide(x, BigInt(m.magnitude)).remainder
    let result = BigInt(positive.magnitude.power(y.magnitude, modulus: m.magnitude))
    return try integer(Self.floorDivide(result, m).remainder)
  }

  private func print(_ arguments: Arguments) throws(Unwind) -> Value {
    for (name, value) in arguments.keywords where name == "file" && !value.isNone {
      return try callUnknown(named: "print", arguments, on: [])
    }
    var parts: [Snapshot] = []
    for value in arguments.positional {
      // What is written is the text, made now.
      parts.append(.string(CodePoints(try convert(value))))
    }
    for (name, value) in arguments.keywords where name == "sep" || name == "end" {
      if value.isNone { continue }
      let text = try text(value, "\(name) must be None or a string, not")
      let isDefault = text == (name == "sep" ? [32] : [10])
      if !isDefault { parts.append(.tuple([.string(CodePoints(name)), .string(CodePoints(text))])) }
    }
    try record(.output(parts))
    return .none
  }

  /// A line of text from outside; asking for it is an effect, and so is its prompt.
  private func readLine(_ arguments: Arguments) throws(Unwind) -> Value {
    guard arguments.keywords.isEmpty, arguments.positional.count <= 1 else {
      throw typeError("input() takes at most 1 argument")
    }
    var prompt: [Snapshot] = []
    for value in arguments.positional { prompt.append(.string(CodePoints(try convert(value)))) }
    try record(.call("input", prompt, keywords: []))
    let count = (callCounts["input()"] ?? 0) + 1
    callCounts["input()"] = count
    let path = count == 1 ? "input()" : "input()#\(count)"
    let line = try answer(path, kind: .line, raising: world.profile.raising, failure: "EOFError")
    if case .object(let object) = line, object is StringObject { return line }
    return try string(try text(of: line))
  }

  private func attributeFunction(_ function: Builtin, _ arguments: Arguments) throws(Unwind) -> Value {
    let name = function.rawValue
    let values = arguments.positional
    guard arguments.keywords.isEmpty, values.count >= 2 else {
      throw typeError("\(name) expected at least 2 arguments")
    }
    guard case .object(let text as StringObject) = values[1] else {
      if case .object(let object) = values[1], object is OpaqueObject {
        return try callUnknown(named: name, arguments, on: values)
      }
      throw typeError("attribute name must be string, not '\(typeName(values[1]))'")
    }
    let attribute = CodePoints(text.values).string
    switch function {
    case .setattr:
      guard values.count == 3 else { throw typeError("setattr expected 3 arguments") }
      try setAttribute(values[0], attribute, values[2])
      return .none
    case .delattr:
      try deleteAttribute(values[0], attribute)
      return .none
    default: break
    }
    if case .object(let opaque as OpaqueObject) = values[0], !hasUnknownAttribute(opaque, attribute) {
      if function == .hasattr { return .bool(false) }
      if values.count > 2 { return values[2] }
      throw raise("AttributeError", "object has no attribute '\(attribute)'")
    }
    do throws(Unwind) {
      let found = try getAttribute(values[0], attribute)
      return function == .hasattr ? .bool(true) : found
    } catch {
      guard error == .exception, pendingIs("AttributeError") else { throw error }
      if function == .hasattr { return .bool(false) }
      if values.count > 2 { return values[2] }
      throw error
    }
  }

  private func makeSuper(_ arguments: Arguments) throws(Unwind) -> Value {
    if arguments.positional.count == 2, case .object(let type as TypeObject) = arguments.positional[0] {
      return try register(SuperObject(start: type, receiver: arguments.positional[1]), bytes: 64)
    }
    // In a method whose class is not part of the program: its bases are unknown. Asking for them is no effect.
    if arguments.positional.isEmpty { return .object(opaque("super()")) }
    if case .object(let type as OpaqueObject) = arguments.positional[0] {
      if type.path == "__class__" { return .object(opaque("super()")) }
      return .object(opaque(shortened("super(\(try paths(arguments.positional)))")))
    }
    throw typeError("super() argument 1 must be a type")
  }
}

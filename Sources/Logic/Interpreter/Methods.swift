/// Methods of built-in types that are modelled.
enum Method: String, CaseIterable {
  // list, deque
  case append, extend, insert, remove, pop, index, count, sort, reverse, clear, copy
  case appendleft, extendleft, popleft, rotate
  // dict, Counter
  case get, setdefault, update, keys, values, items, popitem, fromkeys, elements, subtract, total
  case mostCommon = "most_common"
  case moveToEnd = "move_to_end"
  // set
  case add, discard, union, intersection, difference, issubset, issuperset, isdisjoint
  case symmetricDifference = "symmetric_difference"
  case intersectionUpdate = "intersection_update"
  case differenceUpdate = "difference_update"
  case symmetricDifferenceUpdate = "symmetric_difference_update"
  // str, bytes
  case upper, lower, strip, lstrip, rstrip, split, rsplit, splitlines, join, replace, startswith, endswith, find, rfind
  case rindex, isdigit, isalpha, isalnum, isspace, isupper, islower, title, capitalize, center, ljust, rjust, zfill
  case format, encode, decode, partition, rpartition, swapcase, casefold, removeprefix, removesuffix, isidentifier
  case isdecimal, isnumeric, isascii, istitle, isprintable, expandtabs, hex, maketrans, translate
  // int, float
  case bitLength = "bit_length"
  case isInteger = "is_integer"
  case conjugate
  // generators, iterators
  case send, close, `throw`
  case next = "__next__"
  case iter = "__iter__"
  // slice
  case indices
  // special methods that code calls by name
  case len = "__len__"
  case contains = "__contains__"
  case getitem = "__getitem__"
  case setitem = "__setitem__"
  case eq = "__eq__"
  // not of Python's surface
  case setter
  case baseInit = "<object.__init__>"
  case withTraceback = "with_traceback"

  /// By name: a look-up, which `init(rawValue:)` is not.
  static let named = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })
}

extension Machine {
  private static let common: Set<Method> = [.len, .contains, .getitem, .iter, .eq]
  private static let listMethods: Set<Method> = common.union([
    .append, .extend, .insert, .remove, .pop, .index, .count, .sort, .reverse, .clear, .copy, .setitem,
  ])
  private static let dequeMethods: Set<Method> = common.union([
    .append, .appendleft, .extend, .extendleft, .pop, .popleft, .clear, .rotate, .count, .index, .copy, .remove,
    .reverse, .insert,
  ])
  private static let dictMethods: Set<Method> = common.union([
    .get, .setdefault, .update, .keys, .values, .items, .pop, .popitem, .clear, .copy, .setitem, .fromkeys,
  ])
  private static let setMethods: Set<Method> = [
    .add, .remove, .discard, .pop, .clear, .copy, .update, .union, .intersection, .difference, .symmetricDifference,
    .intersectionUpdate, .differenceUpdate, .symmetricDifferenceUpdate, .issubset, .issuperset, .isdisjoint, .len,
    .contains, .iter,
  ]
  private static let frozenMethods: Set<Method> = [
    .copy, .union, .intersection, .difference, .symmetricDifference, .issubset, .issuperset, .isdisjoint, .len,
    .contains, .iter,
  ]
  private static let stringMethods: Set<Method> = common.union([
    .upper, .lower, .strip, .lstrip, .rstrip, .split, .rsplit, .splitlines, .join, .replace, .startswith, .endswith,
    .find, .rfind, .index, .rindex, .count, .isdigit, .isalpha, .isalnum, .isspace, .isupper, .islower, .title,
    .capitalize, .center, .ljust, .rjust, .zfill, .format, .encode, .partition, .rpartition, .swapcase, .casefold,
    .removeprefix, .removesuffix, .isidentifier, .isdecimal, .isnumeric, .isascii, .istitle, .isprintable,
    .expandtabs, .maketrans, .translate,
  ])

  static func methods(of type: BuiltinType) -> Set<Method> {
    switch type {
    case .list: listMethods
    case .deque: dequeMethods
    case .dict, .defaultdict: dictMethods
    case .orderedDict: dictMethods.union([.moveToEnd])
    case .counter: dictMethods.union([.elements, .mostCommon, .subtract, .total])
    case .set: setMethods
    case .frozenset: frozenMethods
    case .str: stringMethods
    case .bytes: [.decode, .len, .iter, .getitem, .contains, .hex, .startswith, .endswith, .join, .find, .count]
    case .tuple: common.union([.index, .count])
    case .range: common.union([.index, .count])
    case .int, .bool: [.bitLength, .conjugate, .eq]
    case .float: [.isInteger, .hex, .conjugate, .eq]
    case .slice: [.indices]
    case .generator: [.send, .close, .throw, .next, .iter]
    case .iterator, .enumerate, .zip, .map, .filter: [.next, .iter]
    case .coroutine: [.send, .close, .throw]
    case .view: [.isdisjoint, .iter, .len, .contains]
    default: []
    }
  }

  func hasMethod(_ value: Value, _ method: Method) -> Bool {
    switch value {
    case .int, .bool: return Self.methods(of: .int).contains(method)
    case .float: return Self.methods(of: .float).contains(method)
    case .object(let object):
      switch object {
      case is ListObject: return Self.listMethods.contains(method)
      case is StringObject: return Self.stringMethods.contains(method)
      case let dictionary as DictObject where dictionary.flavor == .plain: return Self.dictMethods.contains(method)
      case is InstanceObject, is OpaqueObject: return false
      default:
        guard case .builtin(let builtin)? = typeOf(value)?.kind else { return false }
        return Self.methods(of: builtin).contains(method)
      }
    default: return false
    }
  }

  /// Attributes that built-in types have and that are not modelled; of types that are not listed, any may be.
  private static let unmodelled: [BuiltinType: Set<String>] = [
    .str: ["format_map"],
    .int: ["to_bytes", "from_bytes", "as_integer_ratio", "bit_count", "is_integer"],
    .bool: ["to_bytes", "from_bytes", "as_integer_ratio", "bit_count", "is_integer"],
    .float: ["as_integer_ratio", "fromhex"],
    .list: [], .tuple: [], .dict: [], .set: [], .frozenset: [], .range: [], .slice: [], .noneType: [], .ellipsis: [],
    .bytes: [
      "capitalize", "center", "endswith", "expandtabs", "fromhex", "index", "isalnum", "isalpha", "isascii", "isdigit",
      "islower", "isspace", "istitle", "isupper", "ljust", "lower", "lstrip", "maketrans", "partition", "removeprefix",
      "removesuffix", "replace", "rfind", "rindex", "rjust", "rpartition", "rsplit", "rstrip", "split", "splitlines",
      "startswith", "strip", "swapcase", "title", "translate", "upper", "zfill", "join", "find", "count",
    ],
    .generator: ["gi_frame", "gi_running", "gi_code", "gi_yieldfrom", "gi_suspended"],
    .zip: [], .map: [], .filter: [], .enumerate: [], .iterator: [],
  ]

  /// The attribute may exist although it is not modelled.
  func mayHave(_ value: Value, _ name: String) -> Bool {
    guard let type = typeOf(value) else { return true }
    switch type.kind {
    case .builtin(let builtin): return Self.unmodelled[builtin]?.contains(name) ?? true
    case .program, .exception: return false
    }
  }

  // MARK: Calls

  func callMethod(_ method: Method, on receiver: Value, _ arguments: Arguments) throws(Unwind) -> Value {
    switch method {
    case .len: return .int(try length(receiver))
    case .contains: return .bool(try contains(receiver, try one(arguments, "__contains__")))
    case .getitem: return try getItem(receiver, try one(arguments, "__getitem__"))
    case .setitem:
      guard arguments.positional.count == 2 else { throw typeError("__setitem__ takes 2 arguments") }
      try setItem(receiver, arguments.positional[0], arguments.positional[1])
      return .none
    case .eq: return try compare(.equal, receiver, try one(arguments, "__eq__"))
    case .iter: return try iterator(receiver)
    case .next:
      if let item = try next(receiver) { return item }
      throw stopIteration(receiver)
    case .setter:
      guard case .object(let property as DescriptorObject) = receiver else { break }
      return try register(
        DescriptorObject(.property, getter: property.getter, setter: try one(arguments, "setter")), bytes: 64)
    case .baseInit:
      if case .object(let exception as ExceptionObject) = receiver { exception.arguments = arguments.positional }
      return .none
    case .withTraceback: return receiver
    default: break
    }
    switch receiver {
    case .int, .bool, .float: return try numberMethod(method, receiver, arguments)
    case .object(let object):
      switch object {
      case let list as ListObject: return try listMethod(method, list, arguments)
      case let text as StringObject: return try stringMethod(method, text, arguments)
      case let dictionary as DictObject: return try dictMethod(method, dictionary, arguments)
      case let set as SetObject: return try setMethod(method, set, arguments)
      case let tuple as TupleObject: return try sequenceMethod(method, tuple.items, arguments)
      case is RangeObject: return try sequenceMethod(method, try items(of: receiver), arguments)
      case let deque as DequeObject: return try dequeMethod(method, deque, arguments)
      case let generator as GeneratorObject: return try generatorMethod(method, generator, arguments)
      case is BigObject: return try numberMethod(method, receiver, arguments)
      case let bytes as BytesObject: return try bytesMethod(method, bytes, arguments)
      case let slice as SliceObject:
        guard let count = try index(try one(arguments, "indices")) else { throw typeError("expected an integer") }
        let (start, stop, step, _) = try bounds(slice, count: count)
        return try tuple([.int(start), .int(stop), .int(step)])
      case let view as ViewObject:
        let other = try asSet(try one(arguments, "isdisjoint"))
        for item in try items(of: .object(view)) where try contains(.object(other), item) { return .bool(false) }
        return .bool(true)
      default: break
      }
    default: break
    }
    throw unsupported("\(typeName(receiver)).\(method.rawValue)")
  }

  func one(_ arguments: Arguments, _ name: String) throws(Unwind) -> Value {
    guard arguments.positional.count == 1, arguments.keywords.isEmpty else {
      throw typeError("\(name)() takes exactly one argument (\(arguments.positional.count) given)")
    }
    return arguments.positional[0]
  }

  func noArguments(_ arguments: Arguments, _ name: String) throws(Unwind) {
    guard arguments.positional.isEmpty, arguments.keywords.isEmpty else {
      throw typeError("\(name)() takes no arguments (\(arguments.positional.count) given)")
    }
  }

  /// Positional and keyword arguments of a builtin by position; missing ones are nil.
  func parse(
    _ arguments: Arguments, _ name: String, _ names: [String], required: Int = 0, positionalOnly: Int = 0
  ) throws(Unwind) -> [Value?] {
    if arguments.positional.count > names.count {
      throw typeError("\(name)() takes at most \(names.count) arguments (\(arguments.positional.count) given)")
    }
    var values: [Value?] = arguments.positional.map { $0 }
    values += Array(repeating: nil, count: names.count - values.count)
    for (keyword, value) in arguments.keywords {
      guard let index = names.firstIndex(of: keyword), index >= positionalOnly else {
        throw typeError("\(name)() got an unexpected keyword argument '\(keyword)'")
      }
      if values[index] != nil { throw typeError("argument for \(name)() given by name and position") }
      values[index] = value
    }
    for index in 0..<required where values[index] == nil {
      throw typeError("\(name)() missing required argument '\(names[index])'")
    }
    return values
  }

  func stopIteration(_ receiver: Value) -> Unwind {
    var arguments: [Value] = []
    if case .object(let object) = receiver, object is GeneratorObject, !generatorResult.isNone {
      arguments = [generatorResult]
    }
    return raise("StopIteration", arguments: arguments)
  }

  func generatorMethod(
    _ method: Method, _ generator: GeneratorObject, _ arguments: Arguments
  ) throws(Unwind) -> Value {
    if generator.kind != .generator { throw unsupported("coroutine.\(method.rawValue)") }
    switch method {
    case .send:
      if let item = try resume(generator, sending: try one(arguments, "send")) { return item }
      throw stopIteration(.object(generator))
    case .throw:
      guard arguments.positional.count == 1 else { throw unsupported("generator.throw with several arguments") }
      let exception = try exception(from: arguments.positional[0])
      return try inject(exception, into: generator)
    case .close:
      guard generator.frame != nil else { return .none }
      guard generator.hasYielded else {
        generator.finish()
        return .none
      }
      let exit = ExceptionObject(type("GeneratorExit"), [], implicit: true)
      do throws(Unwind) {
        _ = try inject(try register(exit, bytes: 96), into: generator)
      } catch {
        if error == .exception, pendingIs("GeneratorExit") || pendingIs("StopIteration") { return .none }
        throw error
      }
      throw raise("RuntimeError", "generator ignored GeneratorExit")
    default: throw unsupported("generator.\(method.rawValue)")
    }
  }

  func inject(_ exception: Value, into generator: GeneratorObject) throws(Unwind) -> Value {
    guard let frame = generator.frame, generator.hasYielded else {
      generator.finish()
      pending = exception
      throw .exception
    }
    if generator.resumeRegister < 0 { throw unsupported("an exception thrown into a delegating generator") }
    guard let started = try start(generator, sending: .none), started === frame else { return .none }
    generator.inject(exception)
    frame.mode = .native
    let item = try run(frame)
    if generator.frame == nil {
      generatorResult = item
      throw stopIteration(.object(generator))
    }
    return item
  }
}

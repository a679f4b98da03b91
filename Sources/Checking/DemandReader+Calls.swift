import Logic

// What builtins and methods ask of what they are given.
extension DemandReader {
  mutating func call(_ callee: Expression, _ arguments: [Argument], depth: Int) -> Node {
    if !classes.isEmpty, let known = classes[callee] { return make(known, arguments, depth: depth) }
    recur(callee, arguments)
    switch callee {
    case .global(.builtin(let name)): return builtin(name, arguments)
    case .global(.imported(let path)) where Self.isModelled(path): return library(path, arguments)
    case .attribute(.global(.imported(let module)), let name) where Self.isModelled("\(module).\(name)"):
      return library("\(module).\(name)", arguments)
    case .attribute(let object, let name) where Self.isPattern(object, name):
      return patternCall(name, arguments, text: name.hasPrefix("sub") ? 1 : 0)
    case .attribute(let object, let name):
      let node = read(object, depth: depth + 1).root
      if let known = node.instanceOf?.methods[name] { return run(known, on: node, arguments, depth: depth) }
      if let result = method(name, of: node, arguments) { return result }
      let result = answer(ofCalling: callee)
      if Self.readsData(callee, arguments) { result.isData = true }
      return result
    default:
      for argument in arguments { _ = read(argument.value, depth: depth + 1) }
      if case .closure = callee { return Node() }
      if callee.isPlainRead { isA(.object, read(callee)) }
      let result = answer(ofCalling: callee)
      if Self.readsData(callee, arguments) { result.isData = true }
      return result
    }
  }

  /// Whether what a call gives is data that was written as text: `json.loads(text)`, `response.json()`.
  private static func readsData(_ callee: Expression, _ arguments: [Argument]) -> Bool {
    switch callee {
    case .global(.imported(let path)): dataReaders.contains(path)
    case .attribute(.global(.imported(let module)), let name) where dataReaders.contains("\(module).\(name)"): true
    case .attribute(_, "json"): arguments.isEmpty
    default: false
    }
  }

  private static let dataReaders: Set<String> = [
    "json.load", "json.loads", "tomllib.load", "tomllib.loads", "yaml.safe_load",
  ]

  private static func isModelled(_ path: String) -> Bool {
    ["bisect.", "heapq.", "math.", "re.", "itertools.islice", "collections.deque"].contains { path.hasPrefix($0) }
  }

  private static let patternMethods: Set<String> = [
    "match", "fullmatch", "search", "findall", "finditer", "split", "sub", "subn",
  ]

  /// A method of a pattern that is made in place, or that a constant of the module names by its look.
  private static func isPattern(_ object: Expression, _ name: String) -> Bool {
    guard patternMethods.contains(name) else { return false }
    switch object {
    case .call(.attribute(.global(.imported("re")), "compile"), _), .call(.global(.imported("re.compile")), _):
      return true
    case .global(.module(let constant)):
      return constant.contains(where: \.isLetter) && !constant.contains(where: \.isLowercase)
    default: return false
    }
  }

  /// A call of a function of `re`, or of a method of a pattern, that looks through the argument in this place.
  private mutating func patternCall(_ name: String, _ arguments: [Argument], text place: Int) -> Node {
    for (index, argument) in arguments.enumerated() {
      let node = read(argument.value)
      if argument.kind == .positional ? index == place : argument.kind == .keyword("string") { isA(.string, node) }
    }
    switch name {
    case "findall": return Node(.list)
    case "split":
      let result = Node(.list)
      isA(.string, element(of: result))
      return result
    case "sub": return Node(.string)
    default: return Node()
    }
  }

  /// What functions of the standard library ask.
  private mutating func library(_ path: String, _ arguments: [Argument]) -> Node {
    if path.hasPrefix("bisect.") { return halving(arguments) }
    if path.hasPrefix("re.") {
      let name = String(path.dropFirst("re.".count))
      return patternCall(name, arguments, text: name.hasPrefix("sub") ? 2 : 1)
    }
    let all = arguments.map { (node: read($0.value), isPositional: $0.kind == .positional) }
    let values = all.prefix(while: \.isPositional).map(\.node)
    guard let first = values.first else { return Node() }
    switch path {
    case "heapq.heappush", "heapq.heappushpop", "heapq.heapreplace", "heapq.heappop", "heapq.heapify":
      isA(.list, first)
      if values.count > 1 { unify(element(of: first), values[1]) }
      return element(of: first)
    case "itertools.islice":
      pass(over: first)
      for (bound, argument) in zip(values, arguments).dropFirst() where argument.value != .constant(.none) {
        numbers(bound)
        bound.root.isInteger = true
      }
      let result = Node()
      unify(element(of: result), element(of: first))
      return result
    case "math.prod", "math.fsum", "math.sumprod", "math.dist":
      for value in values { pass(over: value) }
      return Node(.number)
    case "collections.deque":
      pass(over: first)
      let result = Node(.list)
      unify(element(of: result), element(of: first))
      return result
    default:
      if path.hasPrefix("math.") {
        for value in values { numbers(value) }
        return Node(.number)
      }
      return answer(ofCalling: .global(.imported(path)))
    }
  }

  /// `bisect.bisect(items, value)`, and what it is called besides.
  private mutating func halving(_ arguments: [Argument]) -> Node {
    let values = arguments.map { read($0.value) }
    if let first = values.first {
      isA(.list, first)
      first.root.isSorted = true
      if values.count > 1, !arguments.contains(where: { $0.kind == .keyword("key") }) {
        areAlike(values[1], element(of: first))
      }
    }
    return Node(.number, isInteger: true)
  }

  private mutating func builtin(_ name: String, _ arguments: [Argument]) -> Node {
    let positional = arguments.filter { $0.kind == .positional }.map(\.value)
    func others(_ dropped: Int = 1) {
      for argument in arguments where !positional.prefix(dropped).contains(argument.value) { _ = read(argument.value) }
    }
    guard let first = positional.first else {
      others(0)
      return ["list": Node(.list), "dict": Node(.dictionary), "set": Node(.set)][name] ?? Node()
    }
    switch name {
    case "len":
      read(first).isCollection = true
      if case .item(let rows, .constant(.int)) = first {
        read(rows).isMeasuredByItem = true
      }
      return Node(.number, isInteger: true)
    case "range":
      for value in positional { size(value) }
      let result = Node()
      element(of: result).isInteger = true
      isA(.number, element(of: result))
      return result
    case "enumerate":
      let result = Node()
      pass(over: read(first))
      unify(part(1, of: element(of: result)), element(of: read(first)))
      let index = part(0, of: element(of: result))
      isA(.number, index)
      index.isInteger = true
      return result
    case "zip":
      let result = Node()
      for (index, value) in positional.enumerated() {
        pass(over: read(value))
        unify(part(index, of: element(of: result)), element(of: read(value)))
      }
      return result
    case "sorted", "list", "tuple", "set", "frozenset", "reversed", "iter":
      let source = read(first)
      pass(over: source)
      if name == "reversed" { source.isSequence = true }
      let sorts: [String: Demand.Sort] = ["sorted": .list, "list": .list, "set": .set, "frozenset": .set]
      let result = Node(sorts[name])
      unify(element(of: result), element(of: source))
      keyed(arguments, element(of: source))
      return result
    case "sum":
      pass(over: read(first))
      if positional.count == 1 { numbers(element(of: read(first))) }
      return positional.count == 1 ? Node(.number) : Node()
    case "min", "max":
      keyed(arguments, positional.count == 1 ? element(of: read(first)) : read(first))
      if positional.count == 1 {
        pass(over: read(first))
        let result = element(of: read(first))
        for case .keyword("default") in arguments.map(\.kind) { return Node() }
        return result
      }
      let result = Node()
      for value in positional { areAlike(read(value), result) }
      result.isInteger = positional.allSatisfy { read($0).isInteger || read($0).isLiteral }
      if positional.contains(where: { read($0).isLiteral }) {
        for value in positional {
          read(value).isBounded = true
          read(value).isSigned = true
        }
      }
      return result
    case "any", "all":
      pass(over: read(first))
      return Node()
    case "abs", "round":
      numbers(read(first))
      if name == "abs" { read(first).isSigned = true }
      return Node(.number, isInteger: read(first).isInteger)
    case "divmod":
      for value in positional { wholeNumber(value) }
      let result = Node(.tuple)
      for index in 0..<2 {
        isA(.number, part(index, of: result))
        part(index, of: result).isInteger = true
      }
      return result
    case "chr":
      wholeNumber(first)
      return Node(.string)
    case "ord":
      isA(.string, read(first))
      return Node(.number, isInteger: true)
    case "int":
      _ = read(first)
      return Node(.number, isInteger: true)
    case "float":
      _ = read(first)
      return Node(.number)
    case "str", "repr":
      _ = read(first)
      return Node(.string)
    case "isinstance", "type", "callable", "hasattr", "getattr", "next", "issubclass":
      isA(.object, read(first))
      others()
      return Node()
    case "map", "filter":
      guard positional.count > 1 else { return Node() }
      let source = read(positional[1])
      pass(over: source)
      let result = Node()
      if case .closure(let procedure) = first { enter(procedure, arguments: [element(of: source)]) }
      if name == "filter" { unify(element(of: result), element(of: source)) }
      return result
    case "dict":
      let result = Node(.dictionary)
      unify(element(of: result), element(of: read(first)))
      return result
    default:
      for argument in arguments { _ = read(argument.value) }
      return Node()
    }
  }

  /// `key=lambda item: ...`.
  private mutating func keyed(_ arguments: [Argument], _ element: Node) {
    for argument in arguments where argument.kind == .keyword("key") {
      if case .closure(let procedure) = argument.value { enter(procedure, arguments: [element]) }
    }
  }

  /// Nil for a method that no type of ours has.
  private mutating func method(_ name: String, of object: Node, _ arguments: [Argument]) -> Node? {
    let object = object.root
    let given = arguments.map { read($0.value) }
    if let result = stringMethod(name, of: object, given) { return result }
    switch name {
    // `ledger.append(transaction, amount)` is none of a list.
    case _ where Self.takesOne.contains(name) && (arguments.count != 1 || isFunction(arguments[0].value)):
      return another(name, object)
    case "append", "add", "appendleft", "discard":
      // Which of its likes this is does not matter to what it holds.
      isA(name == "add" || name == "discard" ? .set : .list, object)
      if let first = given.first { unify(element(of: object), first) }
      return Node()
    case "extend", "insert", "sort", "reverse":
      isA(.list, object)
      if name == "insert", given.count > 1 { unify(element(of: object), given[1]) }
      if name == "extend", let first = given.first {
        pass(over: first)
        unify(element(of: object), element(of: first))
      }
      keyed(arguments, element(of: object))
      return Node()
    case "items", "keys", "values", "get", "setdefault", "popitem", "update":
      // `session.get(url, timeout=3)` gets something else.
      let isLookup = arguments.allSatisfy { $0.kind == .positional }
      if name != "update", name != "get" || isLookup && (arguments.count == 2 || object.isData) {
        isA(.dictionary, object)
      }
      switch name {
      case "items":
        let result = Node()
        unify(part(0, of: element(of: result)), element(of: object))
        unify(part(1, of: element(of: result)), item(of: object))
        return result
      case "keys":
        let result = Node(.set)
        unify(element(of: result), element(of: object))
        return result
      case "values":
        let result = Node()
        unify(element(of: result), item(of: object))
        return result
      case "get", "setdefault":
        var result = item(of: object)
        if case .constant(.string(let key))? = arguments.first?.value {
          object.askedKeys.insert(key)
          result = field(key, of: object)
        }
        if given.count > 1 { unify(result, given[1]) }
        if object.isData { result.root.isData = true }
        return result.root
      default: return Node()
      }
    case "pop", "popleft":
      if let first = arguments.first?.value, case .constant(.string(let key)) = first {
        object.askedKeys.insert(key)
        return field(key, of: object)
      }
      return object.sorts == [.dictionary] ? item(of: object) : element(of: object)
    case "union", "intersection", "difference", "issubset", "issuperset", "symmetric_difference":
      isA(.set, object)
      return Node(.set)
    case "remove", "clear", "copy", "index", "count": return name == "index" || name == "count" ? Node(.number) : Node()
    default: return another(name, object)
    }
  }

  /// Hardly any container keeps functions that are made here: `bus.add(handler)`.
  private func isFunction(_ value: Expression) -> Bool {
    switch value {
    case .closure: true
    case .local(let name): nested[name] != nil
    default: false
    }
  }

  /// Methods of containers with one argument.
  private static let takesOne: Set<String> = ["append", "add", "appendleft", "discard", "extend", "remove"]

  /// A method of something else than a built-in type.
  private func another(_ name: String, _ object: Node) -> Node? {
    isA(.object, object)
    if !name.hasPrefix("__") { object.root.isObject = true }
    return nil
  }

  private mutating func stringMethod(_ name: String, of object: Node, _ given: [Node]) -> Node? {
    switch name {
    case "strip", "lstrip", "rstrip", "lower", "upper", "title", "capitalize", "replace", "zfill", "ljust", "rjust",
      "center", "format", "removeprefix", "removesuffix", "casefold", "swapcase", "expandtabs", "translate":
      isA(.string, object)
      if ["zfill", "ljust", "rjust", "center"].contains(name), let width = given.first {
        numbers(width)
        width.root.isInteger = true
      }
      if name == "replace" { for node in given.prefix(2) { isA(.string, node) } }
      return Node(.string)
    case "startswith", "endswith", "isdigit", "isalpha", "isalnum", "isspace", "isupper", "islower", "isnumeric",
      "isdecimal", "isidentifier":
      isA(.string, object)
      if name.hasSuffix("with"), let first = given.first, first.sorts.isEmpty { isA(.string, first) }
      return Node()
    case "find", "rfind", "rindex":
      isA(.string, object)
      if let first = given.first { isA(.string, first) }
      return Node(.number, isInteger: true)
    case "split", "rsplit", "splitlines", "partition", "rpartition":
      isA(.string, object)
      let result = Node(name.hasSuffix("partition") ? .tuple : .list)
      isA(.string, element(of: result))
      return result
    case "join":
      isA(.string, object)
      if let first = given.first {
        pass(over: first)
        isA(.string, element(of: first))
      }
      return Node(.string)
    default: return nil
    }
  }
}

import BigInt

/// Operations on objects of the world.
extension Machine {
  // MARK: Attributes and items

  /// A name from outside: a module's own or an imported one, nothing more being known.
  func unknownRoot(_ name: String) throws(Unwind) -> Value {
    // What code compares with `is` is an object of its own.
    if world.profile.sentinels.contains(name) { return .object(opaque(name)) }
    if name == "__name__" { return try moduleName() }
    return try answer(name, hint: lastName(name), raising: 0, opaqueShare: 850)
  }

  /// Imported, or run as a program.
  private func moduleName() throws(Unwind) -> Value {
    let isMain = decideQuietly("__name__ == '__main__'", chance: 250)
    return try string(isMain ? "__main__" : "module")
  }

  /// `read` of `self.file.read`, and of `self.file.read@2`, which is asked for after a change.
  func lastName(_ path: String) -> String {
    let bare = path.utf8.last.map { (48...57).contains($0) } == true ? withoutEpoch(path) : path[...]
    guard let dot = bare.utf8.lastIndex(of: UInt8(ascii: ".")) else { return String(bare) }
    return String(bare[bare.utf8.index(after: dot)...])
  }

  private func withoutEpoch(_ path: String) -> Substring {
    guard let mark = path.utf8.lastIndex(of: UInt8(ascii: "@")),
      path.utf8[path.utf8.index(after: mark)...].allSatisfy({ (48...57).contains($0) })
    else { return path[...] }
    return path[..<mark]
  }

  func unknownAttribute(_ object: OpaqueObject, _ name: String) throws(Unwind) -> Value {
    let path = "\(object.path).\(name)"
    // Nothing that code calls changes the methods of another object.
    let isMethod = !world.profile.isContrary && world.profile.hints[name] == .callable
    let epoch = isMethod ? 0 : epoch(of: path)
    if let known = stored[path], known.epoch >= epoch {
      if known.value.isUnbound { throw raise("AttributeError", "object has no attribute '\(name)'") }
      return known.value
    }
    if Library.partlyModelled.contains(object.path), let value = try library(path) { return value }
    if object.isException {
      if name == "args" { return try answer(versioned(path), kind: .tuple, raising: 0) }
      if name == "__cause__" { return object.cause.isUnbound ? .none : object.cause }
      if name == "with_traceback" { throw unsupported("with_traceback") }
    }
    if world.profile.probed.contains(name), !hasUnknownAttribute(object, name) {
      throw raise("AttributeError", "object has no attribute '\(name)'")
    }
    if let function = pureFunction(of: object, name) { return function }
    if world.profile.hasLocks, name == "acquire" || name == "release" { return .object(opaque(versioned(path))) }
    return try answer(
      Self.question(path, epoch), hint: name, opaqueShare: 350, failure: "AttributeError")
  }

  /// Whether `hasattr` finds it; reading it then answers.
  func hasUnknownAttribute(_ object: OpaqueObject, _ name: String) -> Bool {
    let path = "\(object.path).\(name)"
    let epoch = epoch(of: path)
    if let known = stored[path], known.epoch >= epoch { return !known.value.isUnbound }
    let attribute = Literals.string(name.unicodeScalars.map(\.value))
    return decideQuietly(Self.question("hasattr(\(object.path), \(attribute))", epoch), chance: 650)
  }

  func storeUnknownAttribute(_ object: OpaqueObject, _ name: String, _ value: Value) throws(Unwind) {
    let path = "\(object.path).\(name)"
    try noteReach([value])
    if isPlain(path) {
      stored[path] = StoredAnswer(value: value, epoch: isHeld(path) ? .max : epochs.count)
      let answer = answers[shortened(Self.question(path, lastChange(of: path)))]
      if !isHeld(path), let answer, Self.areOne(answer, value) {
        givenBack.insert(path)
      } else {
        givenBack.remove(path)
      }
      return
    }
    try record(.storeAttribute(.opaque(object.path), name, try snapshot(value)))
    stored[path] = StoredAnswer(value: value, epoch: epochs.count)
  }

  func deleteUnknownAttribute(_ object: OpaqueObject, _ name: String) throws(Unwind) {
    let path = "\(object.path).\(name)"
    if let known = stored[path], known.value.isUnbound, known.epoch >= epoch(of: path) {
      throw raise("AttributeError", name)
    }
    try record(.deleteAttribute(.opaque(object.path), name))
    stored[path] = StoredAnswer(value: .unbound, epoch: isHeld(path) ? .max : epochs.count)
  }

  func unknownItem(_ object: OpaqueObject, _ key: Value) throws(Unwind) -> Value {
    let path = "\(object.path)[\(try text(of: key))]"
    let epoch = epoch(of: path)
    if let known = stored[path], known.epoch >= epoch {
      if known.value.isUnbound { throw raise("KeyError", arguments: [key]) }
      return known.value
    }
    return try answer(
      Self.question(path, epoch), hint: lastName(object.path) + "[]", raising: world.profile.readRaising * 4,
      opaqueShare: 350, failure: "KeyError")
  }

  func storeUnknownItem(_ object: OpaqueObject, _ key: Value, _ value: Value) throws(Unwind) {
    let path = "\(object.path)[\(try text(of: key))]"
    try noteReach([key, value])
    try record(.storeItem(.opaque(object.path), try snapshot(key), try snapshot(value)))
    stored[path] = StoredAnswer(value: value, epoch: epochs.count)
  }

  func deleteUnknownItem(_ object: OpaqueObject, _ key: Value) throws(Unwind) {
    let path = "\(object.path)[\(try text(of: key))]"
    if let known = stored[path], known.value.isUnbound, known.epoch >= epoch(of: path) {
      throw raise("KeyError", arguments: [key])
    }
    try record(.deleteItem(.opaque(object.path), try snapshot(key)))
    stored[path] = StoredAnswer(value: .unbound, epoch: epochs.count)
  }

  // MARK: Protocols

  func unknownIndex(_ object: OpaqueObject) throws(Unwind) -> Int? {
    if case .int(let value) = try answer(versioned("int(\(object.path))"), kind: .int, failure: "TypeError") {
      return value
    }
    return nil
  }

  /// How often `isinstance` and `in` raise: a witness that rests on it is true and of no use.
  private var quietRaising: Int { world.profile.isContrary ? world.profile.readRaising : 0 }

  func unknownContains(_ object: OpaqueObject, _ item: Value) throws(Unwind) -> Bool {
    let question = versioned("\(try text(of: item)) in \(object.path)")
    // Nothing is in what is empty.
    let isOpen = world.profile.isContrary || world.profile.overrides[shortened(question)] != nil
    if !isOpen, sizeOfUnknown(object.path, epoch: sizeEpoch(object.path)) == 0 {
      return decideQuietly(question, chance: 0)
    }
    return try decide(question, chance: 450, raising: quietRaising)
  }

  func unknownBinary(_ operation: BinaryOperator, _ left: Value, _ right: Value) throws(Unwind) -> Value {
    let path = "(\(try text(of: left)) \(operation.rawValue) \(try text(of: right)))"
    if operation == .add, let joined = try joinedText(left, right, path) { return joined }
    var kind: Profile.Kind?
    var random = decisions(path + "?")
    for value in [left, right] {
      if number(value) != nil, random.chance(500) { kind = .int }
      if case .object(let object) = value, object is StringObject, random.chance(600) { kind = .string }
    }
    return try answer(versioned(path), kind: kind, opaqueShare: 600, failure: "TypeError")
  }

  /// A text and an object of the world that is one: what a format of the two gives.
  private func joinedText(_ left: Value, _ right: Value, _ path: String) throws(Unwind) -> Value? {
    guard world.profile.overrides[shortened(versioned(path))] == nil else { return nil }
    var values: [UInt32] = []
    for value in [left, right] {
      guard case .object(let object) = value else { return nil }
      if let text = object as? StringObject {
        values += text.values
      } else if let opaque = object as? OpaqueObject, let text = coherentText(of: opaque) {
        values += text
      } else {
        return nil
      }
    }
    return try string(values)
  }

  // MARK: Iteration

  func iterateUnknown(_ object: OpaqueObject) throws(Unwind) -> Value {
    let path = versioned("iter(\(object.path))")
    var random = decisions(path)
    if random.chance(readRaising("TypeError")) {
      consult(path, .raises("TypeError"))
      throw typeError("object is not iterable")
    }
    let iterator = OpaqueIterator(object)
    iterator.epoch = sizeEpoch(object.path)
    iterator.base = Self.question("list(\(object.path))", iterator.epoch)
    return try register(iterator, bytes: 96)
  }

  /// An iterable of the world may be an iterator: then each item comes once.
  private func isOneShot(_ object: OpaqueObject) -> Bool {
    var random = decisions("\(object.path) is an iterator")
    return !object.isPure && random.chance(150)
  }

  func nextUnknown(_ iterator: OpaqueIterator) throws(Unwind) -> Value? {
    if isOneShot(iterator.object) { return try nextUnknown(iterator.object) }
    if !iterator.object.isPure { try record(.next(iterator.object.path)) }
    let count = try countOfUnknown("len(\(iterator.base))", iterator.object.path, epoch: iterator.epoch)
    guard iterator.index < count else { return nil }
    iterator.index += 1
    return try unknownElement(iterator.base, iterator.object, iterator.index - 1)
  }

  func nextUnknown(_ object: OpaqueObject) throws(Unwind) -> Value? {
    if !object.isPure { try record(.next(object.path)) }
    let base = "list(\(object.path))"
    let count = try countOfUnknown("len(\(base))", object.path, epoch: 0)
    let position = iteratorPositions[object.path] ?? 0
    guard position < count else { return nil }
    iteratorPositions[object.path] = position + 1
    return try unknownElement(base, object, position)
  }

  private func unknownElement(_ base: String, _ object: OpaqueObject, _ index: Int) throws(Unwind) -> Value {
    let path = "\(base)[\(index)]"
    // A mapping gives pairs.
    if !world.profile.isContrary, object.path.hasSuffix(".items()"), world.profile.overrides[shortened(path)] == nil {
      return try tuple([
        try answer("\(path)[0]", opaqueShare: 500), try answer("\(path)[1]", opaqueShare: 500),
      ])
    }
    // What comes of a call may fail on the way; what is there does not.
    let raising = world.profile.isContrary || object.path.hasSuffix(")") ? nil : 0
    return try answer(path, hint: lastName(object.path) + "[]", raising: raising, opaqueShare: 500)
  }

  func unknownKeys(_ object: OpaqueObject) throws(Unwind) -> [Value] {
    let path = versioned("dict(\(object.path))")
    let count = try decideCount("len(\(path))")
    var keys: [Value] = []
    for index in 0..<count { keys.append(try string(["a", "b", "c", "d", "e", "f", "g", "h"][index % 8])) }
    return keys
  }

  // MARK: Classes

  func unknownInstance(_ value: Value, of type: OpaqueObject) throws(Unwind) -> Bool {
    if case .object(let opaque as OpaqueObject) = value {
      if opaque.isException { return try unknownMatch(value, type) }
      if opaque.madeBy == type.path { return true }
      return try decide("isinstance(\(opaque.path), \(type.path))", chance: 450, raising: quietRaising)
    }
    if case .object(let object) = value, object is InstanceObject || object is FunctionObject || object is CachedObject
    {
      return try decide("isinstance(<\(typeName(value))>, \(type.path))", chance: 100, raising: quietRaising)
    }
    // Built-in types that are not modelled have none of the modelled ones' values among their instances.
    if ["bytearray", "memoryview", "complex", "staticmethod", "classmethod", "property"].contains(type.path) {
      return false
    }
    // Abstract classes such as `numbers.Number` or `Mapping` have built-in types among their instances.
    return try decide("issubclass(\(typeName(value)), \(type.path))", chance: 80, raising: quietRaising)
  }

  /// The builtin base of an unknown exception class.
  private func base(ofUnknownException object: OpaqueObject) -> TypeObject {
    let name = object.madeBy ?? object.path
    let bases = [
      "Exception", "Exception", "Exception", "Exception", "ValueError", "KeyError", "RuntimeError", "OSError",
      "AttributeError", "TypeError", "LookupError", "ImportError",
    ]
    var random = decisions("base of \(name)")
    return type(bases[random.below(bases.count)])
  }

  func unknownException(_ exception: Value, isA type: TypeObject) throws(Unwind) -> Bool {
    guard case .object(let opaque as OpaqueObject) = exception else { return false }
    if let name = opaque.madeBy, case .object(let own as TypeObject)? = try fixed(.module(name)) {
      return own.isSubclass(of: type)
    }
    if case .program = type.kind {
      return try decide("issubclass(\(opaque.madeBy ?? opaque.path), \(type.name))", chance: 250, raising: 0)
    }
    let result = base(ofUnknownException: opaque).isSubclass(of: type)
    if type.name != "Exception", type.name != "BaseException" {
      consult("isinstance(\(opaque.path), \(type.name))", .value(.bool(result)))
    }
    return result
  }

  func unknownMatch(_ exception: Value, _ type: OpaqueObject) throws(Unwind) -> Bool {
    if case .object(let opaque as OpaqueObject) = exception {
      if opaque === type || opaque.madeBy == type.path { return true }
      return try decide("issubclass(\(opaque.madeBy ?? opaque.path), \(type.path))", chance: 250, raising: 0)
    }
    if case .object(let known as ExceptionObject) = exception {
      // No class of a program is above a builtin one; `socket.error` and its like are other names of one.
      if !world.profile.isContrary, lastName(type.path) != "error" { return false }
      return try decide("issubclass(\(known.type.name), \(type.path))", chance: 150, raising: 0)
    }
    return false
  }

  // MARK: Calls

  func callUnknown(_ callee: OpaqueObject, _ arguments: Arguments) throws(Unwind) -> Value {
    guard callee.isRelease else { return try callUnknown(named: callee.path, arguments, on: [], callee: callee) }
    _ = try callUnknown(named: versioned(callee.path), .none, on: [])
    return .none
  }

  /// An unknown call: an event, and an answer that depends on callee, arguments, changes so far and repetition.
  func callUnknown(
    named name: String, _ arguments: Arguments, on values: [Value], callee: OpaqueObject? = nil, raises: Bool = true,
    hint: String? = nil
  ) throws(Unwind) -> Value {
    try charge(20)
    var texts: [String] = []
    for value in arguments.positional { texts.append(try text(of: value)) }
    for (keyword, value) in arguments.keywords { texts.append("\(keyword)=\(try text(of: value))") }
    let content = shortened("\(name)(\(texts.joined(separator: ", ")))")
    if let callee, callee.isPure, !arguments.hasFunctions {
      return try computed(content, by: callee, arguments, hint: hint)
    }
    var snapshots: [Snapshot] = []
    var keywords: [Event.Keyword] = []
    for value in arguments.positional { snapshots.append(try snapshot(value)) }
    for (keyword, value) in arguments.keywords { keywords.append(Event.Keyword(keyword, try snapshot(value))) }
    try record(.call(name, snapshots, keywords: keywords))
    let count = (callCounts[content] ?? 0) + 1
    callCounts[content] = count
    let path = count == 1 ? content : "\(content)#\(count)"
    var random = decisions(path + "~\(epochs.count)")
    let given = arguments.positional + arguments.keywords.map(\.value)
    try noteReach(given)
    if let dot = name.lastIndex(of: ".") { reach.insert(String(name[..<dot])) }
    let isException = world.profile.hints[lastName(name)] == .exception
    if isException {
      let object = opaque(path)
      object.isException = true
      object.madeBy = name
      return .object(object)
    }
    // Whoever reads a clock or writes to a log changes nothing that the code sees.
    let isLog = World.isLog(name)
    let isQuietCall = !world.profile.isContrary && (isLog || World.isClock(name))
    if isQuietCall, isLog { return .none }
    let changes = !isQuietCall && random.chance(world.profile.mutating)
    if !isQuietCall, try decideChange("\(path) changes", changes) { try mutate(given, path, &random) }
    for value in given where random.chance(world.profile.callbacks) { try callBack(value, path) }
    let raising = raises && !isQuietCall ? world.profile.raising : 0
    var value = try answer(
      path, hint: hint ?? lastName(name) + "()", kind: kind(ofCalling: name), raising: raising, opaqueShare: 250)
    if case .object(let object as OpaqueObject) = value, object.path == path { object.madeBy = name }
    if isQuietCall { value = try laterReading(value, path) }
    return value
  }

  /// A clock never goes back.
  private func laterReading(_ value: Value, _ path: String) throws(Unwind) -> Value {
    guard number(value) != nil else { return value }
    if let last = lastReading, try truth(try compare(.less, value, last)) {
      answers[shortened(path)] = last
      if let index = consulted.firstIndex(where: { $0.path == shortened(path) }) {
        consulted[index].answer = .value(literal(last))
      }
      return last
    }
    lastReading = value
    return value
  }

  /// The same object, or equal plain values.
  private static func areOne(_ left: Value, _ right: Value) -> Bool {
    switch (left, right) {
    case (.none, .none): true
    case (.bool(let x), .bool(let y)): x == y
    case (.int(let x), .int(let y)): x == y
    case (.float(let x), .float(let y)): x.bitPattern == y.bitPattern
    case (.object(let x), .object(let y)): x === y
    default: false
    }
  }

  /// From now on unknown code knows these objects, and what they hold.
  func noteReach(_ values: [Value]) throws(Unwind) {
    var pending = values
    var seen: Set<ObjectIdentifier> = []
    while let value = pending.popLast() {
      guard case .object(let object) = value else { continue }
      switch object {
      case let opaque as OpaqueObject: reach.insert(opaque.path)
      case is StringObject, is BigObject, is BytesObject, is RangeObject, is TypeObject, is ExceptionObject: break
      default:
        guard seen.insert(ObjectIdentifier(object)).inserted else { continue }
        handedOver.insert(ObjectIdentifier(object))
        switch object {
        case let list as ListObject: pending += list.items
        case let tuple as TupleObject: pending += tuple.items
        case let set as SetObject: pending += set.table.values
        case let dictionary as DictObject:
          for entry in dictionary.table.entries { pending += [entry.key, entry.value] }
        case let method as MethodObject: pending.append(method.receiver)
        // What it holds or captures may be anything.
        default: reach.formUnion(roots.map(\.path))
        }
        try charge(1 + pending.count / 64)
      }
    }
  }

  /// No operator stands between its parts.
  private static func isOneRead(_ path: String) -> Bool {
    var depth = 0
    return path.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
      default: break
      }
      return byte != UInt8(ascii: " ") || depth > 0
    }
  }

  /// Whether unknown code that changes this attribute of an argument, or of what a call returned, would have to know
  /// the object from elsewhere.
  func isRemote(_ path: String) -> Bool {
    if let dot = path.lastIndex(of: "."), path[..<dot].hasSuffix(")"), !path.hasSuffix(")"), Self.isOneRead(path) {
      return !reach.contains { known in
        path.hasPrefix(known + ".") && !path[..<dot].dropFirst(known.count).contains("(")
      }
    }
    guard !path.contains(where: { "([ ".contains($0) }) else { return false }
    return roots.contains { path.hasPrefix($0.path + ".") } && !reach.contains { path.hasPrefix($0 + ".") }
  }

  /// Whether a call changes anything; asked for only where it does or is told to.
  private func decideChange(_ question: String, _ changes: Bool) throws(Unwind) -> Bool {
    let question = shortened(question)
    if case .value(.bool(let fixed))? = world.profile.overrides[question] {
      consult(question, .value(.bool(fixed)))
      return fixed
    }
    if changes { consult(question, .value(.bool(true))) }
    return changes
  }

  /// The world changes: answers about what it can reach, and the containers that it can reach.
  private func mutate(_ given: [Value], _ path: String, _ random: inout Decisions) throws(Unwind) {
    epochs.append(StableHash.of(path) &+ UInt64(epochs.count))
    for path in plainAttributes where lastChange(of: path) == epochs.count {
      guard let value = try otherValue(of: path) else { continue }
      stored[path] = StoredAnswer(value: value, epoch: .max)
    }
    for value in given {
      if case .object(let object) = value, random.chance(300) { try mutate(object, path, &random) }
    }
    for object in escaped.prefix(16) where random.chance(120) {
      if !handedOver.contains(ObjectIdentifier(object)) { readsRemotely = true }
      try mutate(object, path, &random)
    }
  }

  /// What unknown code stores into an attribute that held a number or a text; containers it changes in place.
  private func otherValue(of path: String) throws(Unwind) -> Value? {
    var random = decisions("\(path)@\(epochs.count)")
    switch world.attributes[path] {
    case .int(let number): return try integer(number + BigInt(1 + random.below(3)))
    case .float(let bits): return .float(bits.value + 0.5)
    case .bool(let flag): return .bool(!flag)
    case .string(let text): return try string(text.values + [120])
    default: return nil
    }
  }

  private func mutate(_ object: Object, _ path: String, _ random: inout Decisions) throws(Unwind) {
    let added = random.chance(500) ? Value.int(random.below(5)) : .object(opaque("\(path):added"))
    let removes = random.chance(500)
    switch object {
    case let list as ListObject:
      if removes, !list.items.isEmpty { list.items.removeLast() } else { list.items.append(added) }
    case let set as SetObject where !set.isFrozen:
      if let position = set.table.slots.firstIndex(where: { $0.state == 1 }), removes {
        set.table.remove(at: position)
      } else {
        try add(added, to: set)
      }
    case let dictionary as DictObject:
      if removes, let index = dictionary.table.entries.lastIndex(where: { !$0.key.isUnbound }) {
        _ = dictionary.table.remove(at: index)
      } else {
        try setItem(dictionary, try string("added"), added)
      }
    default: break
    }
  }

  /// The world calls a function that it was given, or drains an iterator.
  func callBack(_ value: Value, _ path: String) throws(Unwind) {
    guard case .object(let object) = value else { return }
    let arguments: Arguments
    switch object {
    case is FunctionObject, is CachedObject, is MethodObject:
      guard let (function, skip) = functionCalled(by: object) else { return }
      arguments = callbackArguments(function, skip: skip, path)
    case let generator as GeneratorObject where generator.kind == .generator:
      try drainBack(value, object)
      return
    case is IteratorObject:
      if !(object is OpaqueIterator) { try drainBack(value, object) }
      return
    default: return
    }
    invoked.insert(ObjectIdentifier(object))
    noteNames(of: object)
    let number = number(of: object)
    var shown: [Snapshot] = []
    for item in arguments.positional { shown.append(try snapshot(item)) }
    for keyword in arguments.keywords {
      shown.append(.tuple([.string(CodePoints(keyword.name)), try snapshot(keyword.value)]))
    }
    do throws(Unwind) {
      let result = try callValue(value, arguments)
      try record(.callback(number, shown, .returned(try snapshot(result))))
    } catch {
      guard error == .exception else { throw error }
      let exception = pending
      try record(.callback(number, shown, .raised(try raised(exception, depth: 0))))
      var random = decisions(path + " swallows")
      if random.chance(400) { return }
      pending = exception
      throw error
    }
  }

  /// The function whose parameters a call of this one fills, and how many of them the object itself fills.
  private func functionCalled(by object: Object) -> (function: FunctionObject, bound: Int)? {
    switch object {
    case let function as FunctionObject: return (function, 0)
    case let cache as CachedObject:
      guard case .object(let function as FunctionObject) = cache.function else { return nil }
      return (function, 0)
    case let method as MethodObject:
      guard case .object(let function as FunctionObject) = method.function else { return nil }
      return (function, 1)
    default: return nil
    }
  }

  /// What must be given and, in some calls, what may be.
  private func callbackArguments(_ function: FunctionObject, skip: Int, _ path: String) -> Arguments {
    var random = decisions(path + " gives more")
    let givesMore = random.chance(250)
    var result = Arguments()
    for (index, parameter) in function.code.parameters.enumerated() where index >= skip {
      let isNeeded = !parameter.hasDefault && parameter.kind != .variadic && parameter.kind != .variadicKeyword
      guard isNeeded || givesMore else { continue }
      let value = Value.object(opaque(shortened("\(path):\(parameter.kind.rawValue)\(index - skip)")))
      switch parameter.kind {
      case .positional, .positionalOnly, .variadic: result.positional.append(value)
      case .keywordOnly where parameter.name.hasPrefix("%"): break
      case .keywordOnly: result.keywords.append((parameter.name, value))
      case .variadicKeyword: result.keywords.append(("option", value))
      }
    }
    return result
  }

  /// Notes what a function that somebody else has may be called by. Hardly anyone who is given a function names its first
  /// argument.
  func noteNames(of object: Object, isReturned: Bool = false) {
    guard let (function, bound) = functionCalled(by: object), handedNames.count < 8 else { return }
    let parameters = function.code.parameters.dropFirst(bound)
    let named = parameters.enumerated().filter { index, parameter in
      parameter.kind == .positional && (index > 0 || isReturned) || parameter.kind == .keywordOnly
    }
    // Annotations stand under names that no source has.
    let names = named.map(\.element.name).filter { !$0.hasPrefix("%") }
    if handedNames.last != names { handedNames.append(names) }
  }

  private func drainBack(_ value: Value, _ object: Object) throws(Unwind) {
    if let generator = object as? GeneratorObject, generator.isRunning { return }
    invoked.insert(ObjectIdentifier(object))
    let number = number(of: object)
    var items: [Snapshot] = []
    do throws(Unwind) {
      var end = Outcome.DrainEnd.exhausted(.none)
      while let item = try next(value) {
        items.append(try snapshot(item))
        if items.count >= limits.drained {
          end = .more
          break
        }
      }
      try record(.callback(number, [], .yielded(items, end: end)))
    } catch {
      guard error == .exception else { throw error }
      let exception = pending
      try record(.callback(number, [], .yielded(items, end: .raised(try raised(exception, depth: 0)))))
      pending = exception
      throw error
    }
  }
}

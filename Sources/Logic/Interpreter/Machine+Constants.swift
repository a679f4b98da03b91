/// A container of a constant of the module, as it was when it was last looked at.
struct WatchedContainer {
  let name: String
  let object: Object
  var content: [Value]
  /// It can be reached from outside, and that has been told.
  var isShared = false
}

/// What the file fixes of the names that it binds: functions whose bodies run, and constants. Each run makes its own
/// constants, at the first look at them; what it does to them is seen, since the module keeps them.
extension Machine {
  func fixed(_ reference: Reference) throws(Unwind) -> Value? {
    if let function = functions[reference] { return function }
    if let code = program.helpers[reference] {
      let function = FunctionObject(code: code, cells: [], defaults: try program.defaults(of: code, self))
      var value = try register(function, bytes: 96)
      if let own = program.program.ownName, own.reference == reference, own.isCached { value = try cached(value) }
      functions[reference] = value
      return value
    }
    if let value = constants[reference] { return value }
    guard let maker = program.constantMakers[reference] else { return nil }
    // Making it is no work of the unit; one that needs itself does not come to an end here.
    let fuelBefore = fuel.pointee
    let wasQuiet = isQuiet
    isQuiet = true
    defer { isQuiet = wasQuiet }
    let value: Value
    do throws(Unwind) {
      value = try run(try makeFrame(FunctionObject(code: maker, cells: [], defaults: [])))
    } catch {
      throw error == .stop ? error : unsupported("a module that does not load")
    }
    fuel.pointee = fuelBefore
    constants[reference] = value
    if case .module(let name) = reference { watch(value, name) }
    if case .imported(let name) = reference { watch(value, name) }
    return value
  }

  private func watch(_ value: Value, _ name: String) {
    var pending = [value]
    while let next = pending.popLast() {
      guard case .object(let object) = next else { continue }
      if let tuple = object as? TupleObject { pending += tuple.items }
      guard let content = Self.content(of: object), !watched.contains(where: { $0.object === object }) else { continue }
      watched.append(WatchedContainer(name: name, object: object, content: content))
      pending += content
    }
  }

  private static func content(of object: Object) -> [Value]? {
    switch object {
    case let list as ListObject: list.items
    case let dictionary as DictObject:
      dictionary.table.entries.filter { !$0.key.isUnbound }.flatMap { [$0.key, $0.value] }
    case let set as SetObject: set.isFrozen ? nil : set.table.values
    case let deque as DequeObject: deque.items
    default: nil
    }
  }

  private static func isUnchanged(_ left: Value, _ right: Value) -> Bool {
    switch (left, right) {
    case (.none, .none), (.unbound, .unbound), (.ellipsis, .ellipsis), (.notImplemented, .notImplemented): true
    case (.bool(let x), .bool(let y)): x == y
    case (.int(let x), .int(let y)): x == y
    case (.float(let x), .float(let y)): x.bitPattern == y.bitPattern
    case (.object(let x), .object(let y)):
      x === y || (x as? StringObject).map { text in (y as? StringObject)?.values == text.values } ?? false
    default: false
    }
  }

  /// Adds to the trace what has become of the constants: another content, or someone outside who holds one.
  func noteConstants() throws(Unwind) {
    guard !watched.isEmpty, !isQuiet else { return }
    for index in watched.indices {
      let item = watched[index]
      let content = Self.content(of: item.object) ?? []
      try charge(1 + content.count / 16)
      if content.count != item.content.count || !zip(content, item.content).allSatisfy(Self.isUnchanged) {
        watched[index].content = content
        // Its number is given by then, so that later changes are seen with what is reachable.
        trace.append(.storeGlobal(item.name, try snapshot(.object(item.object))))
        watched[index].isShared = true
      } else if item.object.number != 0, !item.isShared {
        watched[index].isShared = true
        trace.append(.shareGlobal(item.name))
      }
    }
  }
}

/// Classes of the program, instances, and `isinstance`.
extension Machine {
  func beginClass(_ frame: Frame, code index: Int, site: Int, into target: Int) throws(Unwind) -> Frame {
    let code = frame.code.codes[index]
    let site = frame.code.sites[site]
    let arguments = try gather(site, frame.registers)
    if !arguments.keywords.isEmpty { throw unsupported("keywords of a class") }
    guard case .object(let object) = try makeClosure(frame, code: index, defaults: 0),
      let function = object as? FunctionObject
    else { throw unsupported("a class") }
    let entered = try makeFrame(function)
    let namespace = NamespaceObject()
    _ = try register(namespace, bytes: 64)
    entered.namespace = namespace
    entered.mode = .classBody(target, PendingClass(name: code.name, bases: arguments.positional))
    return entered
  }

  func makeClass(_ pendingClass: PendingClass, _ namespace: NamespaceObject?) throws(Unwind) -> Value {
    let type = TypeObject(name: pendingClass.name, kind: .program)
    var bases: [TypeObject] = []
    for base in pendingClass.bases {
      guard case .object(let object) = base else { throw typeError("bases must be types") }
      guard let baseType = object as? TypeObject else { throw unsupported("a class with an unknown base") }
      if case .builtin(let builtin) = baseType.kind {
        if builtin == .object { continue }
        if builtin == .tuple, pendingClass.bases.count == 1, let fields = fieldNames(namespace) {
          type.fields = fields
          continue
        }
        throw unsupported("a class derived from \(builtin.rawValue)")
      }
      bases.append(baseType)
    }
    type.setOrder([type] + (try linearize(bases)) + (type.fields.isEmpty ? [] : [self.type(.tuple)]))
    for name in namespace?.names ?? [] {
      guard let value = namespace?.values[name] else { continue }
      if ["__metaclass__", "__new__", "__init_subclass__", "__getattribute__", "__set_name__"].contains(name) {
        throw unsupported("\(name) in a class")
      }
      type.names.append(name)
      type.attributes[name] = value
    }
    for base in type.order.dropFirst() where base.attributes["__init_subclass__"] != nil {
      throw unsupported("__init_subclass__")
    }
    return try register(type, bytes: 256)
  }

  /// What the body of a named tuple's class says that its fields are called.
  private func fieldNames(_ namespace: NamespaceObject?) -> [String]? {
    guard case .object(let names as TupleObject)? = namespace?.values["_fields"] else { return nil }
    let texts = names.items.compactMap { if case .object(let text as StringObject) = $0 { text } else { nil } }
    return texts.isEmpty ? nil : texts.map { CodePoints($0.values).string }
  }

  /// `collections.namedtuple`: a tuple of the arguments, by position or by name, and of defaults.
  private func makeNamedTuple(_ type: TypeObject, _ arguments: Arguments) throws(Unwind) -> Value {
    var items = [Value](repeating: .unbound, count: type.fields.count)
    guard arguments.positional.count <= items.count else {
      throw typeError("\(type.name)() takes \(items.count) arguments but \(arguments.positional.count) were given")
    }
    for (index, value) in arguments.positional.enumerated() { items[index] = value }
    for (name, value) in arguments.keywords {
      guard let index = type.fields.firstIndex(of: name), items[index].isUnbound else {
        throw typeError("\(type.name)() got an unexpected argument '\(name)'")
      }
      items[index] = value
    }
    for (index, name) in type.fields.enumerated() where items[index].isUnbound {
      guard case .object(let defaults as DictObject)? = type.attributes["_field_defaults"],
        let place = try find(defaults, try string(name))
      else { throw typeError("\(type.name)() missing a required argument: '\(name)'") }
      items[index] = defaults.table.entries[place].value
    }
    return try register(TupleObject(items, type: type), bytes: 64 + 16 * items.count)
  }

  /// C3 linearization of the bases.
  private func linearize(_ bases: [TypeObject]) throws(Unwind) -> [TypeObject] {
    var lists = bases.map(\.order)
    lists.append(bases)
    var result: [TypeObject] = []
    while true {
      lists.removeAll { $0.isEmpty }
      guard !lists.isEmpty else { return result }
      let candidate = lists.first { list in
        lists.allSatisfy { other in !other.dropFirst().contains { $0 === list[0] } }
      }
      guard let head = candidate?.first else {
        throw typeError("Cannot create a consistent method resolution order (MRO) for bases")
      }
      result.append(head)
      lists = lists.map { $0.first === head ? Array($0.dropFirst()) : $0 }
    }
  }

  func instantiate(_ type: TypeObject, _ arguments: Arguments) throws(Unwind) -> Called {
    switch type.kind {
    case .builtin(let builtin): return .value(try construct(builtin, arguments))
    case .exception: return .value(try makeException(type, arguments))
    case .program where !type.fields.isEmpty: return .value(try makeNamedTuple(type, arguments))
    case .program:
      let instance: Value
      if type.isException {
        instance = try register(ExceptionObject(type, arguments.positional, implicit: false), bytes: 128)
      } else {
        instance = try register(InstanceObject(type), bytes: 96)
      }
      guard let initializer = type.lookup("__init__") else {
        if !type.isException, !arguments.positional.isEmpty || !arguments.keywords.isEmpty {
          throw typeError("\(type.name)() takes no arguments")
        }
        return .value(instance)
      }
      var arguments = arguments
      arguments.positional.insert(instance, at: 0)
      switch try prepare(initializer, arguments) {
      case .frame(let frame): return .construct(frame, instance)
      case .value: return .value(instance)
      case .construct(let frame, _): return .construct(frame, instance)
      }
    }
  }

  func makeException(_ type: TypeObject, _ arguments: Arguments) throws(Unwind) -> Value {
    if !arguments.keywords.isEmpty {
      if type.isSubclass(of: self.type("ImportError")) || type.isSubclass(of: self.type("AttributeError"))
        || type.isSubclass(of: self.type("NameError"))
      {
        throw unsupported("keyword arguments of \(type.name)")
      }
      throw typeError("\(type.name)() takes no keyword arguments")
    }
    return try register(ExceptionObject(type, arguments.positional, implicit: false), bytes: 128)
  }

  // MARK: isinstance

  func isInstance(_ value: Value, _ type: Value) throws(Unwind) -> Bool {
    guard case .object(let object) = type else {
      throw typeError("isinstance() arg 2 must be a type, a tuple of types, or a union")
    }
    switch object {
    case let tuple as TupleObject:
      try descend()
      defer { ascend() }
      for member in tuple.items {
        if try isInstance(value, member) { return true }
      }
      return false
    case let type as TypeObject:
      if case .object(let opaque as OpaqueObject) = value {
        if case .builtin(.object) = type.kind { return true }
        if opaque.isException, type.name == "BaseException" || type.name == "Exception" { return true }
        if case .program = type.kind, type.isException { return try unknownException(value, isA: type) }
        // An object of the world is never one of a built-in data type: those come as inputs and answers.
        return false
      }
      guard let actual = typeOf(value) else { return type.name == "object" }
      return actual.isSubclass(of: type)
    case let opaque as OpaqueObject: return try unknownInstance(value, of: opaque)
    default: throw typeError("isinstance() arg 2 must be a type, a tuple of types, or a union")
    }
  }

  func isSubclass(_ value: Value, _ type: Value) throws(Unwind) -> Bool {
    if case .object(let tuple as TupleObject) = type {
      try descend()
      defer { ascend() }
      for member in tuple.items {
        if try isSubclass(value, member) { return true }
      }
      return false
    }
    if case .object(let left as TypeObject) = value, case .object(let right as TypeObject) = type {
      return left.isSubclass(of: right)
    }
    if case .object(let left as OpaqueObject) = value, case .object(let right) = type {
      if right is TypeObject || right is OpaqueObject {
        return try decide("issubclass(\(left.path), \(try represent(type)))", chance: 300)
      }
    }
    throw typeError("issubclass() arg 1 must be a class")
  }

  // MARK: Exceptions

  /// `except type`: whether the exception in flight matches.
  func matches(_ exception: Value, _ type: Value) throws(Unwind) -> Bool {
    guard case .object(let object) = type else {
      throw typeError("catching classes that do not inherit from BaseException is not allowed")
    }
    switch object {
    case let tuple as TupleObject:
      try descend()
      defer { ascend() }
      for member in tuple.items {
        if try matches(exception, member) { return true }
      }
      return false
    case let type as TypeObject:
      guard type.isException else {
        throw typeError("catching classes that do not inherit from BaseException is not allowed")
      }
      if case .object(let raised as ExceptionObject) = exception { return raised.type.isSubclass(of: type) }
      return try unknownException(exception, isA: type)
    case let opaque as OpaqueObject: return try unknownMatch(exception, opaque)
    default: throw typeError("catching classes that do not inherit from BaseException is not allowed")
    }
  }

  /// The exception that `raise value` raises.
  func exception(from value: Value) throws(Unwind) -> Value {
    guard case .object(let object) = value else { throw typeError("exceptions must derive from BaseException") }
    switch object {
    case is ExceptionObject: return value
    case let type as TypeObject where type.isException:
      return try callValue(value, Arguments.none)
    case let opaque as OpaqueObject:
      // A class or an instance: both are one to the world, which knows no difference.
      opaque.isException = true
      return value
    default: throw typeError("exceptions must derive from BaseException")
    }
  }

  func raise(_ value: Value, cause: Value?) throws(Unwind) -> Unwind {
    let raised = try exception(from: value)
    if let cause {
      let from: Value = cause.isNone ? .none : try exception(from: cause)
      if case .object(let object as ExceptionObject) = raised { object.cause = from }
      if case .object(let object as OpaqueObject) = raised { object.cause = from }
    }
    pending = raised
    return .exception
  }

  func attribute(of exception: ExceptionObject, _ value: Value, _ name: String) throws(Unwind) -> Value? {
    if let own = exception.attributes[name] { return own }
    if let member = exception.type.lookup(name) { return try bind(member, to: value, type: exception.type) }
    switch name {
    case "args":
      noteWording(exception)
      return try tuple(exception.arguments)
    case "__cause__": return exception.cause.isUnbound ? Value.none : exception.cause
    case "__class__": return .object(exception.type)
    case "value" where exception.type.name == "StopIteration": return exception.arguments.first ?? Value.none
    case "with_traceback": return try register(BuiltinObject(.method(.withTraceback), receiver: value), bytes: 48)
    case "__traceback__", "__context__", "__notes__", "__suppress_context__", "errno", "strerror", "filename", "name",
      "msg", "obj", "code", "lineno", "add_note":
      throw unsupported("the attribute \(name) of an exception")
    default: return nil
    }
  }

  /// The wording of built-in messages differs between versions.
  func noteWording(_ exception: ExceptionObject) {
    if exception.isImplicit, !exception.isOfWorld, exception.type.name != "KeyError",
      exception.type.name != "StopIteration"
    {
      versionDependent = true
    }
  }
}

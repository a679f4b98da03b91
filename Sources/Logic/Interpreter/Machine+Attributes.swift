extension Machine {
  func typeName(_ value: Value) -> String { typeOf(value)?.name ?? "object" }

  /// The type of a value; nil for objects of the world.
  func typeOf(_ value: Value) -> TypeObject? {
    switch value {
    case .none, .unbound: return type(.noneType)
    case .ellipsis: return type(.ellipsis)
    case .notImplemented: return type("NotImplementedType")
    case .bool: return type(.bool)
    case .int: return type(.int)
    case .float: return type(.float)
    case .object(let object):
      switch object {
      case is BigObject: return type(.int)
      case is StringObject: return type(.str)
      case is BytesObject: return type(.bytes)
      case is ListObject: return type(.list)
      case let tuple as TupleObject: return tuple.type ?? type(.tuple)
      case let dictionary as DictObject:
        switch dictionary.flavor {
        case .plain: return type(.dict)
        case .defaultDict: return type(.defaultdict)
        case .counter: return type(.counter)
        case .ordered: return type(.orderedDict)
        }
      case let set as SetObject: return type(set.isFrozen ? .frozenset : .set)
      case is DequeObject: return type(.deque)
      case is RangeObject: return type(.range)
      case is SliceObject: return type(.slice)
      case is ViewObject: return type(.view)
      case is FunctionObject: return type(.function)
      case is CachedObject: return type(.function)
      case is MethodObject: return type(.method)
      case is BuiltinObject: return type(.builtinFunction)
      case is TypeObject: return type(.type)
      case is ModuleObject: return type(.module)
      case let generator as GeneratorObject: return type(generator.kind == .generator ? .generator : .coroutine)
      case is EnumerateIterator: return type(.enumerate)
      case is ZipIterator: return type(.zip)
      case is MapIterator: return type(.map)
      case is FilterIterator: return type(.filter)
      case is OpaqueIterator: return nil
      case is IteratorObject: return type(.iterator)
      case let instance as InstanceObject: return instance.type
      case let exception as ExceptionObject: return exception.type
      case let descriptor as DescriptorObject:
        switch descriptor.kind {
        case .property: return type(.property)
        case .staticMethod: return type(.staticmethod)
        case .classMethod: return type(.classmethod)
        }
      default: return nil
      }
    }
  }

  // MARK: Reading

  /// Nil where there is no such attribute.
  func findAttribute(_ value: Value, _ name: String) throws(Unwind) -> Value? {
    if case .object(let object) = value {
      switch object {
      case let opaque as OpaqueObject: return try unknownAttribute(opaque, name)
      case let instance as InstanceObject: return try attribute(of: instance, value, name)
      case let exception as ExceptionObject: if let found = try attribute(of: exception, value, name) { return found }
      case let type as TypeObject: if let found = try attribute(of: type, value, name) { return found }
      case let pattern as PatternObject: return try attribute(of: pattern, value, name)
      case let match as MatchObject: if let found = try attribute(of: match, value, name) { return found }
      case let module as ModuleObject: return try libraryAttribute(module.name, name)
      case let function as FunctionObject:
        if let found = function.attributes[name] { return found }
        if name == "__name__" || name == "__qualname__" { return try string(function.code.name) }
        if name.hasPrefix("__") { throw unsupported("the attribute \(name) of a function") }
        return nil
      case let cache as CachedObject:
        if name == "__wrapped__" { return cache.function }
        if name == "cache_clear" { return try register(BuiltinObject(.cacheClear, receiver: value), bytes: 48) }
        if name == "__name__" || name == "__qualname__" { return try findAttribute(cache.function, name) }
        throw unsupported("the attribute \(name) of a cache")
      case let method as MethodObject:
        if name == "__self__" { return method.receiver }
        if name == "__func__" { return method.function }
        try descend()
        defer { ascend() }
        return try findAttribute(method.function, name)
      case let proxy as SuperObject: return try attribute(of: proxy, name)
      case let descriptor as DescriptorObject:
        if name == "setter" { return try register(BuiltinObject(.method(.setter), receiver: value), bytes: 48) }
        if descriptor.kind == .property, name == "fget" { return descriptor.getter }
        return nil
      case let builtin as BuiltinObject:
        if case .library(.chain) = builtin.kind, name == "from_iterable" {
          return try libraryAttribute("itertools.chain", name)
        }
      case let dictionary as DictObject:
        if dictionary.flavor == .defaultDict, name == "default_factory" { return dictionary.factory }
      case let deque as DequeObject:
        if name == "maxlen" { return deque.limit.map { .int($0) } ?? Value.none }
      case let range as RangeObject:
        if name == "start" { return .int(range.start) }
        if name == "stop" { return .int(range.stop) }
        if name == "step" { return .int(range.step) }
      case let tuple as TupleObject:
        guard let type = tuple.type else { break }
        if let index = type.fields.firstIndex(of: name) { return tuple.items[index] }
        if let member = type.lookup(name) { return try bind(member, to: value, type: type) }
      case let slice as SliceObject:
        if let index = ["start", "stop", "step"].firstIndex(of: name) { return slice.parts[index] }
      default: break
      }
    }
    if name == "__class__" { return typeOf(value).map { .object($0) } }
    if name == "real", number(value) != nil { return try unary(.plus, value) }
    if name == "imag", number(value) != nil { return .int(0) }
    if name == "numerator", number(value)?.asBig != nil { return try unary(.plus, value) }
    if name == "denominator", number(value)?.asBig != nil { return .int(1) }
    if let method = Method.named[name], hasMethod(value, method) {
      return try register(BuiltinObject(.method(method), receiver: value), bytes: 48)
    }
    if name.hasPrefix("__"), name.hasSuffix("__") { throw unsupported("the attribute \(name) of a built-in type") }
    if mayHave(value, name) { throw unsupported("the attribute \(name) of \(typeName(value))") }
    return nil
  }

  func getAttribute(_ value: Value, _ name: String) throws(Unwind) -> Value {
    if let found = try findAttribute(value, name) { return found }
    throw raise("AttributeError", "'\(typeName(value))' object has no attribute '\(name)'")
  }

  /// The method for a call: `.unbound` when it is a built-in method of the receiver, to be called without binding.
  func loadMethod(_ value: Value, _ name: String, _ method: Method?) throws(Unwind) -> Value {
    if let method, case .object(let object) = value, !(object is InstanceObject), !(object is OpaqueObject),
      !(object is TypeObject), !(object is ExceptionObject), hasMethod(value, method)
    {
      return .unbound
    }
    return try getAttribute(value, name)
  }

  private func attribute(of instance: InstanceObject, _ value: Value, _ name: String) throws(Unwind) -> Value? {
    let inClass = instance.type.lookup(name)
    if case .object(let descriptor as DescriptorObject)? = inClass, descriptor.kind == .property {
      return try callValue(descriptor.getter, value)
    }
    if let own = instance.attributes[name] { return own }
    if let inClass { return try bind(inClass, to: value, type: instance.type) }
    if name == "__class__" { return .object(instance.type) }
    if name == "__dict__" { throw unsupported("__dict__") }
    if let fallback = instance.type.lookup("__getattr__") {
      return try callValue(fallback, value, try string(name))
    }
    return nil
  }

  /// What a value found in a class becomes when it is read through an instance.
  func bind(_ member: Value, to receiver: Value, type: TypeObject) throws(Unwind) -> Value {
    guard case .object(let object) = member else { return member }
    if object is FunctionObject || object is CachedObject {
      return try register(MethodObject(receiver: receiver, function: member), bytes: 48)
    }
    if let descriptor = object as? DescriptorObject {
      switch descriptor.kind {
      case .property: return try callValue(descriptor.getter, receiver)
      case .staticMethod: return descriptor.getter
      case .classMethod:
        return try register(MethodObject(receiver: .object(type), function: descriptor.getter), bytes: 48)
      }
    }
    return member
  }

  private func attribute(of type: TypeObject, _ value: Value, _ name: String) throws(Unwind) -> Value? {
    if let member = type.lookup(name) {
      guard case .object(let object) = member, let descriptor = object as? DescriptorObject else { return member }
      switch descriptor.kind {
      case .property: return member
      case .staticMethod: return descriptor.getter
      case .classMethod: return try register(MethodObject(receiver: value, function: descriptor.getter), bytes: 48)
      }
    }
    if name == "__name__" || name == "__qualname__" { return try string(type.name) }
    if name == "__class__" { return .object(self.type(.type)) }
    if case .builtin(let builtin) = type.kind {
      if builtin == .dict, name == "fromkeys" {
        return try register(BuiltinObject(.unboundMethod(.dict, .fromkeys), receiver: value), bytes: 48)
      }
      if let method = Method.named[name], Self.methods(of: builtin).contains(method) {
        return try register(BuiltinObject(.unboundMethod(builtin, method)), bytes: 48)
      }
      throw unsupported("the attribute \(name) of the type \(type.name)")
    }
    if name.hasPrefix("__") || type.isException { throw unsupported("the attribute \(name) of a class") }
    return nil
  }

  private func attribute(of proxy: SuperObject, _ name: String) throws(Unwind) -> Value? {
    let receiverType: TypeObject
    if case .object(let instance as InstanceObject) = proxy.receiver {
      receiverType = instance.type
    } else if case .object(let exception as ExceptionObject) = proxy.receiver {
      receiverType = exception.type
    } else {
      throw unsupported("super")
    }
    var isAfter = false
    for type in receiverType.order {
      if isAfter, let member = type.attributes[name] { return try bind(member, to: proxy.receiver, type: receiverType) }
      if type === proxy.start { isAfter = true }
    }
    if name == "__init__" {
      return try register(BuiltinObject(.method(.baseInit), receiver: proxy.receiver), bytes: 48)
    }
    throw unsupported("super().\(name)")
  }

  // MARK: Writing

  func setAttribute(_ target: Value, _ name: String, _ value: Value) throws(Unwind) {
    guard case .object(let object) = target else {
      throw raise("AttributeError", "'\(typeName(target))' object has no attribute '\(name)'")
    }
    switch object {
    case let opaque as OpaqueObject: try storeUnknownAttribute(opaque, name, value)
    case let instance as InstanceObject:
      if case .object(let descriptor as DescriptorObject)? = instance.type.lookup(name), descriptor.kind == .property {
        if descriptor.setter.isUnbound { throw raise("AttributeError", "can't set attribute '\(name)'") }
        _ = try callValue(descriptor.setter, target, value)
        return
      }
      if let method = instance.type.lookup("__setattr__") {
        _ = try callValue(method, target, try string(name), value)
        return
      }
      if instance.type.lookup("__slots__") != nil { throw unsupported("__slots__") }
      try allocate(32)
      if instance.attributes.updateValue(value, forKey: name) == nil { instance.names.append(name) }
    case let exception as ExceptionObject:
      if name == "args" {
        exception.arguments = try items(of: value)
      } else if name == "__cause__" {
        exception.cause = value
      } else {
        exception.attributes[name] = value
      }
    case let function as FunctionObject: function.attributes[name] = value
    case let type as TypeObject:
      guard case .program = type.kind else { throw typeError("cannot set '\(name)' attribute of immutable type") }
      if type.attributes.updateValue(value, forKey: name) == nil { type.names.append(name) }
    case is ModuleObject: throw unsupported("a store in a library module")
    default: throw raise("AttributeError", "'\(typeName(target))' object has no attribute '\(name)'")
    }
  }

  func deleteAttribute(_ target: Value, _ name: String) throws(Unwind) {
    guard case .object(let object) = target else {
      throw raise("AttributeError", "'\(typeName(target))' object has no attribute '\(name)'")
    }
    switch object {
    case let opaque as OpaqueObject: try deleteUnknownAttribute(opaque, name)
    case let instance as InstanceObject:
      if instance.type.lookup("__delattr__") != nil { throw unsupported("__delattr__") }
      guard instance.attributes.removeValue(forKey: name) != nil else {
        throw raise("AttributeError", "'\(typeName(target))' object has no attribute '\(name)'")
      }
      instance.names.removeAll { $0 == name }
    case let function as FunctionObject where function.attributes.removeValue(forKey: name) != nil: break
    case let exception as ExceptionObject where exception.attributes.removeValue(forKey: name) != nil: break
    case is TypeObject, is ModuleObject: throw unsupported("deletion of an attribute of a class")
    default: throw raise("AttributeError", "'\(typeName(target))' object has no attribute '\(name)'")
    }
  }
}

import Logic

extension ByteForm {
  mutating func add(tag: UInt8, _ value: Expression) {
    add(tag: tag)
    add(value)
  }

  mutating func add(tag: UInt8, _ text: String) {
    add(tag: tag)
    add(text)
  }

  mutating func add(_ value: Expression?) { add(optional: value) { $0.add($1) } }

  mutating func add(_ values: [Expression]) { add(all: values) { $0.add($1) } }

  mutating func add(_ arguments: [Argument]) {
    add(all: arguments) { form, argument in
      switch argument.kind {
      case .positional: form.add(tag: 0)
      case .keyword(let name): form.add(tag: 1, name)
      case .spread: form.add(tag: 2)
      case .spreadKeywords: form.add(tag: 3)
      }
      form.add(argument.value)
    }
  }

  package mutating func add(_ reference: Reference) {
    switch reference {
    case .builtin(let name): add(tag: 0, name)
    case .module(let name): add(tag: 1, name)
    case .imported(let name): add(tag: 2, name)
    case .unresolved(let name): add(tag: 3, name)
    }
  }

  mutating func add(_ value: Expression) {
    switch value {
    case .constant(let constant):
      add(tag: 0)
      add(constant)
    case .local(let name): add(tag: 1, name)
    case .captured(let name): add(tag: 2, name)
    case .global(let reference):
      add(tag: 3)
      add(reference)
    case .namespace(let name): add(tag: 4, name)
    case .unary(let operation, let operand):
      add(tag: 5, operand)
      add(operation.rawValue)
    case .binary(let operation, let left, let right):
      add(tag: 6, left)
      add(right)
      add(operation.rawValue)
    case .compare(let operation, let left, let right):
      add(tag: 7, left)
      add(right)
      add(operation.rawValue)
    case .chain(let operands, let operations):
      add(tag: 8)
      add(operands)
      add(all: operations) { $0.add($1.rawValue) }
    case .not(let operand): add(tag: 9, operand)
    case .and(let operands):
      add(tag: 10)
      add(operands)
    case .or(let operands):
      add(tag: 11)
      add(operands)
    case .conditional(let test, let then, let otherwise):
      add(tag: 12, test)
      add(then)
      add(otherwise)
    case .attribute(let object, let name):
      add(tag: 13, object)
      add(name)
    case .item(let object, let index):
      add(tag: 14, object)
      add(index)
    case .slice(let low, let high, let step):
      add(tag: 15)
      for part in [low, high, step] { add(part) }
    case .call(let callee, let arguments):
      add(tag: 16, callee)
      add(arguments)
    case .list(let elements): add(tag: 17, elements)
    case .tuple(let elements): add(tag: 18, elements)
    case .set(let elements): add(tag: 19, elements)
    case .dictionary(let items):
      add(tag: 20)
      add(all: items) { form, item in
        switch item {
        case .pair(let key, let value):
          form.add(tag: 0, key)
          form.add(value)
        case .spread(let value): form.add(tag: 1, value)
        }
      }
    case .format(let parts):
      add(tag: 21)
      add(parts)
    case .comprehension(let comprehension):
      add(tag: 22)
      add(comprehension)
    case .closure(let procedure):
      add(tag: 23)
      add(procedure)
    case .definition(let definition):
      add(tag: 24)
      add(definition.kind.rawValue)
      add(definition.name)
      add(definition.arguments)
    case .named(let target, let value):
      add(tag: 25, value)
      add(target)
    case .yield(let value):
      add(tag: 26)
      add(value)
    case .yieldFrom(let value): add(tag: 27, value)
    case .await(let value): add(tag: 28, value)
    case .importModule(let name, let leaf):
      add(tag: 29, name)
      add(leaf)
    case .importName(let module, let name):
      add(tag: 30, module)
      add(name)
    }
  }

  private mutating func add(tag: UInt8, _ elements: [Element]) {
    add(tag: tag)
    add(all: elements) { form, element in
      switch element {
      case .single(let value): form.add(tag: 0, value)
      case .spread(let value): form.add(tag: 1, value)
      }
    }
  }

  private mutating func add(_ constant: Constant) {
    switch constant {
    case .none: add(tag: 0)
    case .ellipsis: add(tag: 1)
    case .notImplemented: add(tag: 2)
    case .bool(let flag):
      add(tag: 3)
      add(flag)
    case .int(let number): add(tag: 4, String(number, radix: 16))
    case .float(let bits):
      add(tag: 5)
      add(Int(bitPattern: UInt(bits.bitPattern)))
    case .imaginary(let bits):
      add(tag: 6)
      add(Int(bitPattern: UInt(bits.bitPattern)))
    case .string(let points):
      add(tag: 7)
      add(points)
    case .bytes(let bytes):
      add(tag: 8)
      add(all: bytes) { $0.add(tag: $1) }
    }
  }

  private mutating func add(_ points: CodePoints) { add(all: points.values) { $0.add(Int($1)) } }

  private mutating func add(_ parts: [FormatPart]) {
    add(all: parts) { form, part in
      switch part {
      case .literal(let points):
        form.add(tag: 0)
        form.add(points)
      case .value(let value, let conversion, let specification):
        form.add(tag: 1, value)
        form.add(optional: conversion) { $0.add(String($1)) }
        form.add(optional: specification) { $0.add($1) }
      }
    }
  }

  private mutating func add(_ comprehension: Comprehension) {
    add(comprehension.kind.rawValue)
    add(comprehension.key)
    add(comprehension.element)
    add(all: comprehension.clauses) { form, clause in
      switch clause {
      case .each(let target, let items, let isAsync):
        form.add(tag: 0, items)
        form.add(target)
        form.add(isAsync)
      case .filter(let test): form.add(tag: 1, test)
      }
    }
  }
}

import Logic

/// Bytes that stand for one value and no other: what cache keys are hashed from.
///
/// Every enumeration is written with a tag and every list with its length, so that two values which differ anywhere,
/// source lines included, have different bytes. Each `switch` names every case and each structure every member; a test
/// counts the members, so that a new one cannot be forgotten here.
package struct ByteForm {
  package private(set) var bytes: [UInt8] = []

  package init() {}

  mutating func add(tag: UInt8) { bytes.append(tag) }

  mutating func add(_ number: Int) {
    var bits = UInt64(bitPattern: Int64(number))
    // Seven bits a byte, the last without its high bit.
    while bits >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: bits) | 0x80)
      bits >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: bits))
  }

  mutating func add(_ flag: Bool) { bytes.append(flag ? 1 : 0) }

  package mutating func add(_ text: String) {
    add(text.utf8.count)
    bytes.append(contentsOf: text.utf8)
  }

  mutating func add<Item>(all items: some Collection<Item>, _ body: (inout ByteForm, Item) -> Void) {
    add(items.count)
    for item in items { body(&self, item) }
  }

  mutating func add<Item>(optional item: Item?, _ body: (inout ByteForm, Item) -> Void) {
    add(item != nil)
    if let item { body(&self, item) }
  }

  mutating func add(set texts: Set<String>) {
    add(all: texts.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }) { $0.add($1) }
  }

  /// Pairs in the order of their keys' bytes, whatever order the dictionary has today.
  package mutating func add<Key, Value>(
    table: [Key: Value], _ key: (inout ByteForm, Key) -> Void, _ value: (inout ByteForm, Value) -> Void
  ) {
    let rows = table.map { row -> (key: [UInt8], value: [UInt8]) in
      var (left, right) = (ByteForm(), ByteForm())
      key(&left, row.key)
      value(&right, row.value)
      return (left.bytes, right.bytes)
    }
    add(rows.count)
    for row in rows.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
      add(row.key.count)
      bytes.append(contentsOf: row.key)
      add(row.value.count)
      bytes.append(contentsOf: row.value)
    }
  }
}

// MARK: Procedures

extension ByteForm {
  package mutating func add(_ procedure: Procedure) {
    add(procedure.name)
    add(procedure.kind.rawValue)
    add(procedure.language.rawValue)
    add(all: procedure.parameters) { form, parameter in
      form.add(parameter.name)
      form.add(parameter.kind.rawValue)
      form.add(optional: parameter.defaultValue) { $0.add($1) }
      form.add(optional: parameter.hint) { $0.add($1) }
    }
    add(procedure.body)
  }

  mutating func add(_ hint: TypeHint) {
    switch hint {
    case .any: add(tag: 0)
    case .none: add(tag: 1)
    case .bool: add(tag: 2)
    case .int: add(tag: 3)
    case .float: add(tag: 4)
    case .string: add(tag: 5)
    case .bytes: add(tag: 6)
    case .list(let inner): add(tag: 7, inner)
    case .set(let inner): add(tag: 8, inner)
    case .frozenSet(let inner): add(tag: 9, inner)
    case .dictionary(let key, let value):
      add(tag: 10, key)
      add(value)
    case .tuple(let parts):
      add(tag: 11)
      add(all: parts) { $0.add($1) }
    case .variadicTuple(let inner): add(tag: 12, inner)
    case .iterable(let inner): add(tag: 13, inner)
    case .callable: add(tag: 14)
    case .union(let parts):
      add(tag: 15)
      add(all: parts) { $0.add($1) }
    case .named(let name):
      add(tag: 16)
      add(name)
    case .literal(let constants):
      add(tag: 17)
      add(all: constants) { $0.add(.constant($1)) }
    }
  }

  private mutating func add(tag: UInt8, _ hint: TypeHint) {
    add(tag: tag)
    add(hint)
  }

  mutating func add(_ block: [Statement]) {
    add(all: block) { form, statement in
      form.add(statement.line)
      form.add(statement.kind)
    }
  }

  private mutating func add(_ kind: Statement.Kind) {
    switch kind {
    case .expression(let value): add(tag: 0, value)
    case .assign(let targets, let value):
      add(tag: 1, value)
      add(all: targets) { $0.add($1) }
    case .augment(let target, let operation, let value):
      add(tag: 2, value)
      add(target)
      add(operation.rawValue)
    case .delete(let target):
      add(tag: 3)
      add(target)
    case .branch(let test, let then, let otherwise):
      add(tag: 4, test)
      add(then)
      add(otherwise)
    case .whileLoop(let test, let body, let otherwise):
      add(tag: 5, test)
      add(body)
      add(otherwise)
    case .forLoop(let target, let items, let body, let otherwise, let isAsync):
      add(tag: 6, items)
      add(target)
      add(body)
      add(otherwise)
      add(isAsync)
    case .breakLoop: add(tag: 7)
    case .continueLoop: add(tag: 8)
    case .returnValue(let value):
      add(tag: 9)
      add(value)
    case .raise(let value, let cause):
      add(tag: 10)
      add(value)
      add(cause)
    case .assert(let test, let message):
      add(tag: 11, test)
      add(message)
    case .tryBlock(let body, let handlers, let otherwise, let finally):
      add(tag: 12)
      add(body)
      add(all: handlers) { form, handler in
        form.add(handler.type)
        form.add(optional: handler.name) { $0.add($1) }
        form.add(handler.body)
        form.add(handler.isGroup)
        form.add(handler.line)
      }
      add(otherwise)
      add(finally)
    case .with(let manager, let target, let body, let isAsync):
      add(tag: 13, manager)
      add(optional: target) { $0.add($1) }
      add(body)
      add(isAsync)
    case .match(let subject, let cases):
      add(tag: 14, subject)
      add(all: cases) { form, item in
        form.add(item.pattern)
        form.add(item.guardTest)
        form.add(item.body)
      }
    case .defineClass(let target, let definition):
      add(tag: 15)
      add(target)
      add(definition.name)
      add(definition.arguments)
      add(definition.body)
      add(definition.decorators)
    }
  }

  mutating func add(_ target: Target) {
    switch target {
    case .local(let name): add(tag: 0, name)
    case .captured(let name): add(tag: 1, name)
    case .global(let name): add(tag: 2, name)
    case .namespace(let name): add(tag: 3, name)
    case .attribute(let object, let name):
      add(tag: 4, name)
      add(object)
    case .item(let object, let index):
      add(tag: 5, object)
      add(index)
    case .unpack(let targets, let starred):
      add(tag: 6)
      add(all: targets) { $0.add($1) }
      add(optional: starred) { $0.add($1) }
    }
  }

  private mutating func add(_ pattern: Pattern) {
    switch pattern {
    case .wildcard: add(tag: 0)
    case .value(let value): add(tag: 1, value)
    case .capture(let target):
      add(tag: 2)
      add(target)
    case .sequence(let parts):
      add(tag: 3)
      add(all: parts) { $0.add($1) }
    case .star(let target):
      add(tag: 4)
      add(optional: target) { $0.add($1) }
    case .mapping(let items, let rest):
      add(tag: 5)
      add(all: items) { form, item in
        form.add(item.key)
        form.add(item.pattern)
      }
      add(optional: rest) { $0.add($1) }
    case .classType(let type, let parts, let keywords):
      add(tag: 6, type)
      add(all: parts) { $0.add($1) }
      add(all: keywords) { form, keyword in
        form.add(keyword.name)
        form.add(keyword.pattern)
      }
    case .either(let parts):
      add(tag: 7)
      add(all: parts) { $0.add($1) }
    case .alias(let inner, let target):
      add(tag: 8)
      add(inner)
      add(target)
    }
  }
}

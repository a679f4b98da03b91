import BigInt
import Logic
import OrderedCollections

/// What values to try at a place first. It directs the search and is never an assumption: later rounds try everything.
package indirect enum Shape: Hashable, Sendable {
  case any, none, bool, int, float, string, bytes
  case list(Shape)
  case tuple([Shape])
  case set(Shape)
  case dictionary(Shape, Shape)
  /// A dictionary with known keys.
  case record([Field])
  case made(Input.Made, Shape)
  /// One pass only.
  case iterator(Shape)
  case callable
  case opaque
  /// One of these.
  case literals([Input])
  /// The likeliest first.
  case union([Shape])

  package struct Field: Hashable, Sendable {
    package var key: CodePoints
    package var shape: Shape
    /// The code asks whether it is there.
    package var isOptional = false
  }
}

/// Shapes of parameters, and of what is read from outside, as both versions use them.
struct Shapes: Sendable {
  /// By parameter name.
  private(set) var parameters: [String: Shape] = [:]
  /// By the last name read: `limit` for `self.limit`, `limit()` for results of calling it, `limit[]` for its items.
  private(set) var outer: OrderedDictionary<String, Shape> = [:]
  /// String keys used on a parameter's value.
  private(set) var keys: [String: [CodePoints]] = [:]
  private(set) var parameterConstants: [String: [Constant]] = [:]

  init(_ procedures: [Procedure]) {
    let table = UseTable(procedures)
    for parameter in procedures.flatMap(\.parameters) where parameters[parameter.name] == nil {
      let place = Place(root: parameter.name)
      var shape = table.shape(at: place)
      if let value = parameter.defaultValue, let byDefault = Shape(of: value), byDefault != shape {
        shape = Shape.choice([shape, byDefault])
      }
      if let hint = parameter.hint, let hinted = Shape(hint) { shape = hinted.refined(by: shape) }
      parameters[parameter.name] = shape
      keys[parameter.name] = table.uses[place].map { $0.keys.sorted { $0.string < $1.string } }
      parameterConstants[parameter.name] = table.uses[place].map { $0.constants.sorted { $0.text < $1.text } }
    }
    let roots = Set(parameters.keys)
    for place in table.uses.keys.sorted(by: { $0.sortKey < $1.sortKey }) {
      guard let name = place.outerName(parameters: roots) else { continue }
      let shape = table.shape(at: place)
      if shape != .any, outer[name] == nil || outer[name] == .opaque { outer[name] = shape }
    }
  }
}

extension Place {
  fileprivate var sortKey: String { root + steps.map { "\($0)" }.joined() }

  /// How answers of the unknown are named, nil for a bare parameter or its elements.
  fileprivate func outerName(parameters: Set<String>) -> String? {
    var suffix = ""
    for step in steps.reversed() {
      switch step {
      case .attribute(let name): return name + suffix
      case .result: suffix = "()" + suffix
      case .item, .iterated, .part: suffix = "[]" + suffix
      }
    }
    return parameters.contains(root) ? nil : root + suffix
  }
}

private let stringMethods: Set<String> = [
  "strip", "lstrip", "rstrip", "split", "rsplit", "splitlines", "lower", "upper", "title", "capitalize", "startswith",
  "endswith", "replace", "join", "encode", "format", "isdigit", "isalpha", "isalnum", "isspace", "isupper", "islower",
  "partition", "rpartition", "zfill", "ljust", "rjust", "casefold", "removeprefix", "removesuffix", "find", "rfind",
]
private let listMethods: Set<String> = ["append", "extend", "insert", "sort", "reverse"]
private let dictionaryMethods: Set<String> = ["items", "keys", "values", "get", "setdefault", "popitem"]
private let setMethods: Set<String> = [
  "add", "discard", "union", "intersection", "difference", "symmetric_difference", "issubset", "issuperset",
]
private let sharedMethods: Set<String> = ["pop", "remove", "clear", "copy", "update", "index", "count"]

private let otherMethods: Set<String> = [
  "appendleft", "popleft", "extendleft", "rotate", "most_common", "elements", "move_to_end", "bit_count", "bit_length",
  "is_integer", "decode", "isdecimal", "isnumeric", "isidentifier", "translate", "expandtabs", "center", "swapcase",
]

/// Whether texts, numbers or containers have a method of that name.
func isMethodOfBuiltin(_ name: String) -> Bool {
  [stringMethods, listMethods, dictionaryMethods, setMethods, sharedMethods, otherMethods].contains {
    $0.contains(name)
  }
    || name.hasPrefix("__")
}

extension UseTable {
  func shape(at place: Place, depth: Int = 0) -> Shape {
    guard depth < 4, let uses = uses[place] else { return .any }
    var shapes = [shapeByUse(uses, at: place, depth: depth)]
    shapes += uses.types.sorted().compactMap { Shape(builtin: $0) }
    if uses.constants.contains(.none) { shapes.append(.none) }
    return shapes.count == 1 ? shapes[0] : Shape.choice(shapes + (depth == 0 ? [.any] : []))
  }

  private func shapeByUse(_ uses: Uses, at place: Place, depth: Int) -> Shape {
    func next(_ step: Place.Step) -> Shape {
      guard let inner = place.adding(step) else { return .any }
      return shape(at: inner, depth: depth + 1)
    }
    func element() -> Shape { Shape.join([next(.iterated), next(.item)]) }

    let constants = uses.constants.compactMap { Shape(of: .constant($0)) }.filter { $0 != .none }
    let known = uses.methods
    if !known.isDisjoint(with: stringMethods) { return .string }
    if !known.isDisjoint(with: listMethods) { return .list(element()) }
    if !known.isDisjoint(with: dictionaryMethods) { return .dictionary(next(.iterated), next(.item)) }
    if !known.isDisjoint(with: setMethods) { return .set(next(.iterated)) }
    if !uses.attributes.subtracting(sharedMethods).isEmpty || uses.awaited { return .opaque }
    if uses.called { return .callable }
    if let count = uses.unpacked { return .tuple((0..<count).map { next(.part($0)) }) }
    if !uses.keys.isEmpty, uses.indexed || uses.searched { return .dictionary(.string, next(.item)) }
    if uses.indexed || uses.indexedByInteger || uses.itemStored {
      if uses.indexedByInteger || uses.measured, !uses.searched { return .union([.list(element()), .string]) }
      return .union([.list(element()), .dictionary(next(.iterated), next(.item)), .string])
    }
    if uses.iterated || uses.measured {
      return constants.contains(.string) ? .string : .union([.list(element()), .string])
    }
    if uses.searched { return .union([.list(element()), .set(element()), .string]) }
    if !constants.isEmpty { return Shape.join(Array(OrderedSet(constants.sorted { "\($0)" < "\($1)" }))) }
    if uses.arithmetic { return .union([.int, .float]) }
    if uses.ordered { return .union([.int, .float, .string]) }
    if uses.added { return .union([.int, .list(.any), .string, .float]) }
    return .any
  }
}

extension Shape {
  /// One of several, `any` last.
  static func choice(_ shapes: [Shape]) -> Shape {
    let known = join(shapes)
    guard shapes.contains(where: \.mayBeAnything), known != .any else { return known }
    if case .union(let parts) = known { return .union(parts.filter { $0 != .any } + [.any]) }
    return .union([known, .any])
  }

  private var mayBeAnything: Bool {
    if case .union(let parts) = self { parts.contains { $0.mayBeAnything } } else { self == .any }
  }

  /// One shape for several, `any` giving way.
  static func join(_ shapes: [Shape]) -> Shape {
    var result: OrderedSet<Shape> = []
    for shape in shapes {
      if case .union(let parts) = shape { result.append(contentsOf: parts) } else { result.append(shape) }
    }
    if result.count > 1 { result.remove(.any) }
    return result.count == 1 ? result[0] : .union(Array(result))
  }

  /// Of a built-in type by name.
  init?(builtin name: String) {
    switch name {
    case "int": self = .int
    case "bool": self = .bool
    case "float": self = .float
    case "str": self = .string
    case "bytes": self = .bytes
    case "list": self = .list(.any)
    case "tuple": self = .tuple([.any, .any])
    case "set", "frozenset": self = .set(.any)
    case "dict": self = .dictionary(.any, .any)
    default: return nil
    }
  }

  /// Of a value written in the source, such as a default.
  init?(of expression: Expression) {
    switch expression {
    case .constant(.none): self = .none
    case .constant(.bool): self = .bool
    case .constant(.int), .unary(_, .constant(.int)): self = .int
    case .constant(.float), .unary(_, .constant(.float)): self = .float
    case .constant(.string): self = .string
    case .constant(.bytes): self = .bytes
    case .list: self = .list(.any)
    case .tuple: self = .list(.any)
    case .set: self = .set(.any)
    case .dictionary: self = .dictionary(.any, .any)
    default: return nil
    }
  }

  init?(_ hint: TypeHint) {
    switch hint {
    case .any: return nil
    case .none: self = .none
    case .bool: self = .bool
    case .int: self = .int
    case .float: self = .union([.float, .int])
    case .string: self = .string
    case .bytes: self = .bytes
    case .list(let element): self = .list(Shape(element) ?? .any)
    case .set(let element), .frozenSet(let element): self = .set(Shape(element) ?? .any)
    case .dictionary(let key, let value): self = .dictionary(Shape(key) ?? .any, Shape(value) ?? .any)
    case .tuple(let parts): self = .tuple(parts.map { Shape($0) ?? .any })
    case .variadicTuple(let element): self = .list(Shape(element) ?? .any)
    case .iterable(let element):
      let inner = Shape(element) ?? .any
      self = .union([.list(inner), .iterator(inner)])
    case .callable: self = .callable
    case .union(let parts):
      let shapes = parts.map { Shape($0) ?? .any }
      self = shapes.isEmpty ? .any : .union(shapes)
    case .literal(let constants): self = .literals(constants.compactMap { Input($0) })
    case .named: self = .opaque
    }
  }

  /// The annotated shape, its unknown parts filled from use.
  func refined(by use: Shape) -> Shape {
    switch (self, use) {
    case (.any, _): use
    case (.list(let element), .list(let used)): .list(element.refined(by: used))
    case (.list(let element), .union(let parts)):
      parts.lazy.compactMap { if case .list(let used) = $0 { Shape.list(element.refined(by: used)) } else { nil } }
        .first ?? self
    case (.list(let element), .tuple(let parts)): .list(element.refined(by: Shape.join(parts)))
    case (.set(let element), .set(let used)), (.set(let element), .list(let used)): .set(element.refined(by: used))
    case (.tuple(let parts), .tuple(let used)) where parts.count == used.count:
      .tuple(zip(parts, used).map { $0.refined(by: $1) })
    case (.made(let kind, let content), .made(_, let used)), (.made(let kind, let content), let used):
      .made(kind, content.refined(by: used))
    case (.dictionary, .record): use
    case (.dictionary(let key, let value), .dictionary(let usedKey, let usedValue)):
      .dictionary(key.refined(by: usedKey), value.refined(by: usedValue))
    case (.union(let parts), _): .union(parts.map { $0 == .none ? $0 : $0.refined(by: use) })
    case (.opaque, .any), (.opaque, .opaque): .opaque
    default: self
    }
  }
}

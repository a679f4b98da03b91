import Syntax

/// One pass over a file for what its classes and module code do to names: properties, descriptors, attribute hooks,
/// literal constants, writes to the namespace that no binding shows.
struct ModuleSurvey {
  private(set) var managedAttributes: Set<String> = []
  private(set) var hooksAttributes = false
  private(set) var writesNamespace = false
  private(set) var postponesAnnotations = false
  private(set) var readsModuleText = false
  private(set) var constants: [String: SyntaxNode] = [:]

  private let bindings: ModuleBindings
  private var descriptorClasses: Set<String> = []
  private var classAssignments: [(name: String, callee: String)] = []
  /// Names of the module that are bound to the result of a call, and what is called.
  private var moduleCalls: [String: String] = [:]
  private var bases: [String: Set<String>] = [:]
  private var classAliases: [(name: String, value: String)] = []
  /// Calls in class bodies whose result has a name there.
  private var seenProperties: Set<Int> = []
  private(set) var storedAttributes: Set<String> = []
  /// Those that are stored in something else than a receiver: it may be this very module.
  private(set) var attributesStoredElsewhere: Set<String> = []
  /// Classes whose methods may be other functions than their bodies say.
  private(set) var openClasses: Set<String> = []
  /// Classes that may change those derived from them.
  private var openBases: Set<String> = []
  private var replacesAnyMethod = false

  init(root: SyntaxNode, bindings: ModuleBindings) {
    self.bindings = bindings
    var pending = [root]
    while let node = pending.popLast() {
      visit(node)
      for child in node.children where child.isNamed && child.childCount > 0 { pending.append(child) }
      for child in node.children where child.kind == "identifier" && child.text == "__doc__" {
        if child.field != "attribute" { readsModuleText = true }
      }
      // Called by another name, they cannot be followed.
      for child in node.children where child.kind == "identifier" && ["globals", "exec"].contains(child.text) {
        // A module of that name is none of them.
        let isModule = node.field == "module_name" || node.parent?.kind == "relative_import"
        if node.kind == "dotted_name", isModule { continue }
        let isCalled = node.kind == "call" && child.field == "function"
        if !isCalled, child.field != "attribute", child.field != "name" { writesNamespace = true }
      }
    }
    descriptorClasses = withSubclasses(descriptorClasses)
    openClasses.formUnion(withSubclasses(openBases))
    for item in classAssignments where mayMakeDescriptor(item.callee) { managedAttributes.insert(item.name) }
    for item in classAliases where moduleCalls[item.value].map(mayMakeDescriptor) ?? false {
      managedAttributes.insert(item.name)
    }
    // `y = x` of a property.
    var count = -1
    while count != managedAttributes.count {
      count = managedAttributes.count
      for item in classAliases where managedAttributes.contains(item.value) { managedAttributes.insert(item.name) }
    }
  }

  /// Whether code of this file may put something else in the place of a method of one of its classes.
  func mayReplace(_ method: String, of type: String) -> Bool {
    replacesAnyMethod || storedAttributes.contains(method) || openClasses.contains(type)
  }

  /// A function of this file may get another body or other defaults.
  var replacesCode: Bool { !storedAttributes.isDisjoint(with: ["__code__", "__defaults__", "__kwdefaults__"]) }

  private mutating func visit(_ node: SyntaxNode) {
    switch node.kind {
    case "class_definition": classBody(node)
    case "call": call(node)
    case "subscript": moduleTable(node)
    case "exec_statement": writesNamespace = true
    case "future_import_statement":
      if node.children(field: "name").contains(where: { $0.text == "annotations" }) { postponesAnnotations = true }
    case "assignment":
      constant(node)
      if let left = node.child(field: "left"), left.kind == "identifier",
        let callee = node.child(field: "right")?.child(field: "function")
      {
        moduleCalls[left.text] = callee.text
      }
    // A module answers for its attributes too (PEP 562).
    case "function_definition" where node.child(field: "name")?.text == "__getattr__": hooksAttributes = true
    case "attribute": attribute(node)
    default: break
    }
  }

  /// The namespace of a module by way of a function, a frame, an enumeration that becomes names (`_convert_`).
  private static let namespaces: Set<String> = ["__globals__", "f_globals", "_convert_", "_convert"]

  /// Whether it is stored or deleted is told by where it stands.
  private mutating func attribute(_ node: SyntaxNode) {
    guard let name = node.child(field: "attribute")?.text else { return }
    // A method of one's own may be called like that.
    let isOwn = name.hasPrefix("_convert") && ["self", "cls"].contains(node.child(field: "object")?.text)
    if Self.namespaces.contains(name), !isOwn { writesNamespace = true }
    let isStored =
      node.field == "left" || node.field == "alias"
      || [
        "pattern_list", "tuple_pattern", "list_pattern", "list_splat_pattern", "delete_statement", "as_pattern_target",
      ]
      .contains(node.parent?.kind ?? "") || node.parent?.kind == "expression_list" && node.parent?.field == "left"
    guard isStored || isDeleted(node) else { return }
    storedAttributes.insert(name)
    if !["self", "cls"].contains(node.child(field: "object")?.text) { attributesStoredElsewhere.insert(name) }
    if Self.hooks.contains(name) { hooksAttributes = true }
    if let owner = node.child(field: "object"), isClass(owner), let assignment = node.parent {
      if assignment.kind == "assignment", let value = assignment.child(field: "right") {
        classValue(value, of: [name])
      } else {
        managedAttributes.insert(name)
      }
    }
    if isBuiltins(node.child(field: "object")) { writesNamespace = true }
  }

  private func isBuiltins(_ node: SyntaxNode?) -> Bool {
    guard let node, node.kind == "identifier" else { return false }
    return node.text == "__builtins__" || bindings.origin(of: node.text) == "builtins"
  }

  /// By its look: `Shape`, `cls`, `shapes.Shape`.
  private func isClass(_ node: SyntaxNode) -> Bool {
    node.text == "cls" || node.text.split(separator: ".").last?.first?.isUppercase ?? false
  }

  private func isDeleted(_ node: SyntaxNode) -> Bool {
    node.parent?.kind == "expression_list" && node.parent?.parent?.kind == "delete_statement"
  }

  // MARK: Classes

  private static let plainDecorators: Set<String> = [
    "staticmethod", "classmethod", "abstractmethod", "abc.abstractmethod", "override", "typing.override", "final",
    "typing.final", "overload", "typing.overload",
  ]

  /// A name of the file's own may be anything.
  private func isPlainDecorator(_ text: String) -> Bool {
    let first = String(text.prefix { $0 != "." })
    let isForeign = bindings.bindings[first]?.allSatisfy { $0.origin != nil } ?? true
    return isForeign && Self.plainDecorators.contains(text)
  }

  private mutating func classBody(_ node: SyntaxNode) {
    guard let body = node.child(field: "body") else { return }
    let className = node.child(field: "name")?.text ?? ""
    let decorators = Definitions.decorators(of: node).compactMap(\.namedChildren.first)
    let names = decorators.map { ($0.child(field: "function") ?? $0).text }
    let keywords = (node.child(field: "superclasses")?.namedChildren ?? []).filter { $0.kind == "keyword_argument" }
    let metaclasses = keywords.map { $0.child(field: "value")?.text ?? "" }
    if !names.allSatisfy(Self.transparentDecorators.contains) || !metaclasses.allSatisfy(Self.plainMetaclasses.contains)
    {
      openClasses.insert(className)
    }
    if !metaclasses.allSatisfy(Self.plainMetaclasses.contains) { openBases.insert(className) }
    bases[className, default: []].formUnion((node.child(field: "superclasses")?.namedChildren ?? []).map(\.text))
    for statement in Self.statements(of: body) {
      let definition = Definitions.core(of: statement)
      if definition.kind == "function_definition", let name = definition.child(field: "name")?.text {
        let decorators = Definitions.decorators(of: definition).compactMap(\.namedChildren.first)
        if !decorators.allSatisfy({ isPlainDecorator($0.text) }) { managedAttributes.insert(name) }
        switch name {
        case "__getattr__", "__setattr__", "__delattr__": hooksAttributes = true
        case "__getattribute__":
          hooksAttributes = true
          openBases.insert(className)
        case "__get__", "__set__", "__delete__": descriptorClasses.insert(className)
        case "__init_subclass__": openBases.insert(className)
        default: break
        }
      }
      // Whatever is gone through, entered or taken apart may be a descriptor.
      if ["for_statement", "with_item", "named_expression"].contains(statement.kind) { boundInPassing(statement) }
      guard statement.kind == "expression_statement", let assignment = statement.namedChildren.first else { continue }
      classAssignment(assignment, className)
    }
  }

  /// The statements of a block and of the blocks in it, functions and classes not looked into.
  private static func statements(of block: SyntaxNode) -> [SyntaxNode] {
    var found: [SyntaxNode] = []
    var pending = [block]
    while let node = pending.popLast() {
      for child in node.namedChildren {
        switch child.kind {
        case "function_definition", "class_definition", "decorated_definition": found.append(child)
        case "lambda": break
        case "expression_statement", "for_statement", "with_item", "named_expression":
          found.append(child)
          pending.append(child)
        default: pending.append(child)
        }
      }
    }
    return found
  }

  /// The classes and all that are derived from them in this file.
  private func withSubclasses(_ classes: Set<String>) -> Set<String> {
    var result = classes
    var count = -1
    while count != result.count {
      count = result.count
      for (name, parents) in bases where !parents.isDisjoint(with: result) { result.insert(name) }
    }
    return result
  }

  private static let hooks: Set<String> = ["__getattr__", "__getattribute__", "__setattr__", "__delattr__"]

  /// `x = property(...)`, `x = y = property(...)`, `y = x`, `x, y = D(), D()`.
  private mutating func classAssignment(_ node: SyntaxNode, _ className: String) {
    var names: [String] = []
    var value: SyntaxNode? = node
    while let assignment = value, assignment.kind == "assignment" {
      guard let left = assignment.child(field: "left"),
        ["identifier", "pattern_list", "tuple_pattern", "list_pattern"].contains(left.kind)
      else { return }
      names += left.kind == "identifier" ? [left.text] : left.namedChildren.map(\.text)
      value = assignment.child(field: "right")
    }
    if !Self.hooks.isDisjoint(with: names) { hooksAttributes = true }
    if !["__get__", "__set__", "__delete__"].allSatisfy({ !names.contains($0) }) {
      descriptorClasses.insert(className)
    }
    guard let value else { return }
    let values = ["expression_list", "tuple", "list"].contains(value.kind) ? value.namedChildren : [value]
    for value in values { classValue(value, of: names) }
  }

  private mutating func classValue(_ value: SyntaxNode, of names: [String]) {
    switch value.kind {
    case "call":
      guard let callee = value.child(field: "function") else { return }
      for name in names { classAssignments.append((name, callee.text)) }
      seenProperties.insert(value.index)
    case "identifier": for name in names { classAliases.append((name, value.text)) }
    case "attribute":
      let last = value.child(field: "attribute")?.text ?? ""
      for name in names { classAliases.append((name, last)) }
    case "conditional_expression", "boolean_operator", "parenthesized_expression", "named_expression":
      for part in value.namedChildren { classValue(part, of: names) }
    case "subscript", "await": managedAttributes.formUnion(names)
    default: break
    }
  }

  private mutating func boundInPassing(_ node: SyntaxNode) {
    let target =
      switch node.kind {
      case "for_statement": node.child(field: "left")
      case "named_expression": node.child(field: "name")
      default: node.descendants.first { $0.kind == "as_pattern_target" }
      }
    guard let target else { return }
    if target.childCount == 0 { managedAttributes.insert(target.text) }
    for part in target.descendants where part.kind == "identifier" { managedAttributes.insert(part.text) }
  }

  private static let plainMetaclasses: Set<String> = ["ABCMeta", "abc.ABCMeta", "type"]

  /// They leave the methods of a class as they are.
  private static let transparentDecorators: Set<String> = [
    "dataclass", "dataclasses.dataclass", "total_ordering", "functools.total_ordering", "final", "typing.final",
    "unique", "enum.unique", "runtime_checkable", "typing.runtime_checkable",
  ]

  /// Whether what a call gives, as the attribute of a class, may be more than a stored value: all but what is known to
  /// make none, and classes of this file that are derived from none of another.
  private func mayMakeDescriptor(_ callee: String) -> Bool {
    if descriptorClasses.contains(callee) { return true }
    let parts = callee.split(separator: ".", maxSplits: 1).map(String.init)
    guard let first = parts.first else { return true }
    if let parents = bases[callee], bindings.bindings[callee]?.count == 1 {
      return !parents.allSatisfy { $0 == "object" || $0 == "Exception" || bases[$0] != nil }
    }
    let origin = bindings.bindings[first] == nil ? "builtins.\(first)" : bindings.origin(of: first)
    return !Self.plainMakers.contains(([origin ?? ""] + parts.dropFirst()).joined(separator: "."))
  }

  private static let plainMakers: Set<String> = [
    "builtins.list", "builtins.dict", "builtins.set", "builtins.frozenset", "builtins.tuple", "builtins.int",
    "builtins.str", "builtins.float", "builtins.bool", "builtins.bytes", "builtins.bytearray", "builtins.object",
    "builtins.range", "builtins.len", "builtins.sorted", "builtins.open", "collections.namedtuple",
    "collections.defaultdict", "collections.OrderedDict", "collections.Counter", "collections.deque",
    "dataclasses.field", "datetime.date", "datetime.datetime", "datetime.timedelta", "decimal.Decimal", "enum.auto",
    "fractions.Fraction", "functools.partial", "itertools.count", "logging.getLogger", "operator.attrgetter",
    "operator.itemgetter", "pathlib.Path", "re.compile", "struct.Struct", "threading.Event", "threading.Lock",
    "threading.RLock", "threading.local", "typing.TypeVar", "weakref.WeakKeyDictionary",
    "weakref.WeakValueDictionary",
  ]

  // MARK: The namespace

  private static let readers: Set<String> = ["get", "keys", "values", "items", "copy", "__getitem__", "__contains__"]

  private mutating func call(_ node: SyntaxNode) {
    if isOwnModule(node) { writesNamespace = true }
    // `type.__setattr__(C, "name", value)`
    if let callee = node.child(field: "function"), callee.child(field: "attribute")?.text == "__setattr__" {
      let arguments = node.child(field: "arguments")?.namedChildren.filter { $0.kind == "string" } ?? []
      if arguments.isEmpty { replacesAnyMethod = true }
      for name in arguments { storedAttributes.insert(name.text.trimmingQuotes) }
    }
    // `builtins.exec(...)`
    if let callee = node.child(field: "function"), callee.kind == "attribute",
      isBuiltins(callee.child(field: "object")),
      ["exec", "eval", "globals", "vars", "setattr"].contains(callee.child(field: "attribute")?.text ?? "")
    {
      writesNamespace = true
    }
    guard let callee = node.child(field: "function"), callee.kind == "identifier" else { return }
    let arguments = node.child(field: "arguments")?.namedChildren.count ?? 0
    if ["exec", "locals", "vars"].contains(callee.text), let name = enclosingClass(of: node) {
      openClasses.insert(name)
      hooksAttributes = true
    }
    switch callee.text {
    // What is evaluated may ask for `globals()`.
    case "exec", "eval": writesNamespace = true
    // One that is made elsewhere may become an attribute of any name.
    case "property" where !seenProperties.contains(node.index) && node.parent?.kind != "decorator":
      hooksAttributes = true
    case "setattr", "delattr": attributeCall(node)
    case "globals" where arguments == 0: writesNamespace = writesNamespace || !isRead(node)
    case "vars" where arguments == 0, "locals" where arguments == 0:
      if isModuleLevel(node) { writesNamespace = writesNamespace || !isRead(node) }
    default: break
    }
  }

  /// `setattr(C, "name", value)`.
  private mutating func attributeCall(_ node: SyntaxNode) {
    let arguments = node.child(field: "arguments")?.namedChildren.filter { !$0.isExtra } ?? []
    guard arguments.count >= 2 else { return }
    if isBuiltins(arguments[0]) { writesNamespace = true }
    if arguments[1].kind == "string" {
      storedAttributes.insert(arguments[1].text.trimmingQuotes)
      if isClass(arguments[0]) { managedAttributes.insert(arguments[1].text.trimmingQuotes) }
    } else if isModuleLevel(node) || isClass(arguments[0]) {
      replacesAnyMethod = true
      hooksAttributes = true
    } else if arguments[0].text != "self" {
      replacesAnyMethod = true
    }
  }

  /// A namespace dictionary that is only looked into.
  private func isRead(_ node: SyntaxNode) -> Bool {
    guard let parent = node.parent else { return false }
    switch parent.kind {
    case "subscript":
      guard node.field == "value", let outer = parent.parent else { return false }
      let stores =
        ["assignment", "augmented_assignment", "for_statement"].contains(outer.kind) && parent.field == "left"
      return !stores && !["delete_statement", "pattern_list", "tuple_pattern", "list_pattern"].contains(outer.kind)
    case "attribute":
      return Self.readers.contains(parent.child(field: "attribute")?.text ?? "")
    case "comparison_operator": return true
    case "argument_list":
      guard let call = parent.parent, let callee = call.child(field: "function")?.text else { return false }
      return ["sorted", "list", "set", "dict", "tuple", "len", "eval"].contains(callee)
    case "binary_operator": return parent.child(field: "operator")?.text == "%"
    default: return false
    }
  }

  /// The class in whose body, and in no function of it, a node stands.
  private func enclosingClass(of node: SyntaxNode) -> String? {
    var ancestor = node.parent
    while let current = ancestor {
      if ["function_definition", "lambda"].contains(current.kind) { return nil }
      if current.kind == "class_definition" { return current.child(field: "name")?.text }
      ancestor = current.parent
    }
    return nil
  }

  private func isModuleLevel(_ node: SyntaxNode) -> Bool {
    var ancestor = node.parent
    while let current = ancestor {
      if ["function_definition", "lambda", "class_definition"].contains(current.kind) { return false }
      ancestor = current.parent
    }
    return true
  }

  /// `sys.modules.get(__name__)`, `importlib.import_module(__name__)`.
  private func isOwnModule(_ node: SyntaxNode) -> Bool {
    guard let callee = node.child(field: "function")?.text,
      ["modules.get", "import_module", "__import__"].contains(where: { callee.hasSuffix($0) })
    else { return false }
    return node.child(field: "arguments")?.namedChildren.contains { $0.text == "__name__" } ?? false
  }

  /// `sys.modules[__name__]` is the module as an object, and anything may be stored in it. Under another key it may be
  /// this module too.
  private mutating func moduleTable(_ node: SyntaxNode) {
    guard let table = node.child(field: "value"), table.kind == "attribute" || table.kind == "identifier",
      table.text == "sys.modules" || bindings.origin(of: table.text) == "sys.modules"
    else { return }
    writesNamespace = true
  }

  // MARK: Constants

  private mutating func constant(_ node: SyntaxNode) {
    guard let statement = node.parent, statement.kind == "expression_statement", statement.parent?.index == 0,
      let left = node.child(field: "left"), left.kind == "identifier", let right = node.child(field: "right"),
      Self.isLiteral(right) || right.kind == "binary_operator" && WholeArithmetic.isShape(right),
      bindings.bindings[left.text]?.count == 1
    else { return }
    constants[left.text] = right
  }

  private static func isLiteral(_ node: SyntaxNode) -> Bool {
    guard node.subtree.count < 200 else { return false }
    switch node.kind {
    case "integer", "float", "true", "false", "none": return true
    // Built-in classes, wherever nothing binds their names: `NUMERIC = (int, float)`.
    case "identifier":
      return ["int", "float", "str", "bool", "bytes", "list", "tuple", "dict", "set"].contains(node.text)
    case "string": return !node.namedChildren.contains { $0.kind == "interpolation" }
    case "concatenated_string": return node.namedChildren.allSatisfy(isLiteral)
    case "unary_operator": return node.child(field: "argument").map(isLiteral) ?? false
    case "tuple", "parenthesized_expression":
      return node.namedChildren.allSatisfy { $0.isExtra || ($0.kind != "tuple" && isLiteral($0)) }
    default: return false
    }
  }
}

extension String {
  /// The text of a plain string literal.
  fileprivate var trimmingQuotes: String {
    String(drop { $0 != "\"" && $0 != "'" }.drop { $0 == "\"" || $0 == "'" }.prefix { $0 != "\"" && $0 != "'" })
  }
}

import Logic
import Syntax

/// The variables of one procedure that is being built. Comprehensions inside share it.
final class Frame {
  /// Names that a new local must not have.
  private var used: Set<String>
  /// The first parameter, for `super()`.
  var firstParameter: String?

  init(used: Set<String>) {
    self.used = used
  }

  /// `name`, or `name_2`, `name_3`, ... when it is taken.
  func claim(_ name: String) -> String {
    var result = name
    var number = 1
    while !used.insert(result).inserted {
      number += 1
      result = "\(name)_\(number)"
    }
    return result
  }
}

/// A block of code, what it binds, and the blocks around it.
final class Scope {
  let kind: ScopeFacts.Kind
  let parent: Scope?
  let frame: Frame
  let privateClass: String?
  let locals: Set<String>
  let globals: Set<String>
  let nonlocals: Set<String>
  /// Variables of a comprehension and the locals that they became.
  var renamed: [String: String] = [:]
  /// The unit that is being lowered is a function, so that definitions in it keep their bodies.
  var isInsideFunctionUnit: Bool

  init(_ facts: ScopeFacts, kind: ScopeFacts.Kind? = nil, parent: Scope?, frame: Frame) {
    self.kind = kind ?? facts.kind
    self.parent = parent
    self.frame = frame
    privateClass = facts.privateClass
    locals = facts.locals
    globals = facts.globals
    nonlocals = facts.nonlocals
    isInsideFunctionUnit = self.kind == .function || (parent?.isInsideFunctionUnit ?? false)
  }

  /// The scope at `index` with all that are around it, each a procedure of its own.
  static func chain(to index: Int, in context: ModuleContext) -> Scope {
    var indices: [Int] = []
    var next: Int? = index
    while let current = next {
      indices.append(current)
      next = context.scopes[current].parent
    }
    var scope: Scope?
    for index in indices.reversed() {
      let facts = context.scopes[index]
      let kind: ScopeFacts.Kind = facts.kind == .comprehension ? .function : facts.kind
      scope = Scope(facts, kind: kind, parent: scope, frame: frame(for: facts))
    }
    return scope ?? Scope(context.scopes[0], parent: nil, frame: Frame(used: []))
  }

  /// Names in it that closures look up further out must not become locals: they would catch what is looked up.
  static func frame(for facts: ScopeFacts) -> Frame {
    let own = facts.kind == .function ? facts.locals : []
    return Frame(used: own.union(facts.innerMentions))
  }

  /// A function runs this code; comprehensions are seen through.
  var isFunctionCode: Bool {
    var scope = self
    while scope.kind == .comprehension, let parent = scope.parent { scope = parent }
    return scope.kind == .function
  }
}

/// Where a name leads from a scope (Language Reference, 4.2.2).
enum Resolution: Hashable {
  case local(String)
  case captured(String)
  case namespace(String)
  case outside(String)
}

extension Scope {
  func resolve(_ name: String) -> Resolution {
    var current: Scope? = self
    var isDirect = true
    while let scope = current {
      switch scope.kind {
      case .module: return .outside(name)
      case .classBody:
        if isDirect {
          if scope.globals.contains(name) { return .outside(name) }
          if scope.locals.contains(name) || name == "__module__" || name == "__qualname__" { return .namespace(name) }
        } else if name == "__class__" {
          return .captured(name)
        }
      case .comprehension:
        if let local = scope.renamed[name] { return scope.frame === frame ? .local(local) : .captured(local) }
      case .function:
        if scope.globals.contains(name) { return .outside(name) }
        if scope.locals.contains(name) { return scope.frame === frame ? .local(name) : .captured(name) }
      }
      isDirect = false
      current = scope.parent
    }
    return .outside(name)
  }
}

extension Lowerer {
  /// The name of an identifier, as the language compares it: mangled, and refused when NFKC may change it.
  func name(_ node: SyntaxNode) throws(LoweringError) -> String {
    skip(node)
    return PrivateNames.mangle(try plainName(node), in: scope.privateClass)
  }

  func plainName(_ node: SyntaxNode) throws(LoweringError) -> String {
    skip(node)
    let text = node.text
    guard Identifiers.isNormal(text) else { throw LoweringError(Messages.identifier(text), line: node.startLine) }
    return text
  }

  func read(_ name: String) -> Expression {
    switch scope.resolve(name) {
    case .local(let name): return .local(name)
    case .captured(let name): return .captured(name)
    case .namespace(let name):
      if name == "__qualname__" { looksAtItself = true }
      references.insert(context.resolve(name))
      return .namespace(name)
    case .outside(let name):
      let reference = context.resolve(name)
      references.insert(reference)
      note(reference)
      if reference == .builtin("NotImplemented") { return .constant(.notImplemented) }
      if reference == .builtin("Ellipsis") { return .constant(.ellipsis) }
      return .global(reference)
    }
  }

  func store(_ name: String) -> Target {
    switch scope.resolve(name) {
    case .local(let name): return .local(name)
    case .captured(let name): return .captured(name)
    case .namespace(let name): return .namespace(name)
    case .outside(let name):
      references.insert(.module(name))
      return .global(name)
    }
  }

  /// Names by which code reads its own frame or text.
  private func note(_ reference: Reference) {
    switch reference {
    case .builtin(let name), .unresolved(let name):
      if Builtins.mirrors.contains(name) { looksAtItself = true }
    case .imported(let origin):
      if Builtins.looksAtFrames(origin) { looksAtItself = true }
    case .module(let name):
      if name == "__doc__" || name == "__annotations__" || name == "__builtins__" { looksAtItself = true }
    }
  }
}

/// Python compares identifiers in the normal form NFKC (Language Reference, 2.3).
enum Identifiers {
  /// Whether NFKC leaves the identifier alone. Conservative: combining marks and letters of other shape are refused.
  static func isNormal(_ text: String) -> Bool {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return true }
    return text.unicodeScalars.allSatisfy { scalar in
      if scalar.isASCII { return true }
      let properties = scalar.properties
      guard properties.canonicalCombiningClass == .notReordered, !(0x1100...0x11FF).contains(scalar.value) else {
        return false
      }
      if !properties.changesWhenNFKCCaseFolded { return true }
      // A capital changes by folding alone when its small letter leads back to it and folds to itself.
      let small = properties.lowercaseMapping.unicodeScalars
      guard small.count == 1, let letter = small.first, letter != scalar else { return false }
      return !letter.properties.changesWhenNFKCCaseFolded
        && letter.properties.uppercaseMapping.unicodeScalars.elementsEqual([scalar])
    }
  }
}

import Logic
import Lowering
import Syntax

/// One side of one changed file, parsed and lowered.
struct SideAnalysis: Sendable {
  let tree: SyntaxTree
  let units: [Unit]
  let context: ModuleContext
  /// Dotted path of the module, as far as the file's path tells.
  let moduleName: [String]
  /// Lowered units or why not, in the order of `units`.
  let lowered: [Result<LoweredUnit, LoweringError>]
  let surelyBoundNames: Set<String>
  /// Names of the module that stand for one value in every run.
  let fixedValues: [String: Expression]
  /// Classes whose instances an execution may make.
  let knownClasses: [String: ClassDefinition]
  private let positions: [Int: Int]

  enum Failure: Error {
    /// The file as a whole: its reason.
    case notAnalysed(String)
  }

  init(_ bytes: [UInt8], language: Language, lowering: any LanguageLowering.Type, path: String) throws(Failure) {
    do {
      tree = try SyntaxTree(parsing: bytes, language: language, path: path)
    } catch {
      throw .notAnalysed(Messages.parsing(error))
    }
    if let refusal = lowering.refusal(of: tree) { throw .notAnalysed(refusal.description) }
    units = Units.extract(tree)
    moduleName = Self.moduleName(of: path)
    context = lowering.context(of: tree, units: units, package: Self.package(of: path))
    surelyBoundNames = context.surelyBoundNames
    var lowered: [Result<LoweredUnit, LoweringError>] = []
    lowered.reserveCapacity(units.count)
    for unit in units {
      if let problem = unit.problem {
        lowered.append(.failure(LoweringError(problem.message, line: problem.line)))
        continue
      }
      do throws(LoweringError) {
        lowered.append(.success(try lowering.lower(unit: unit, in: context)))
      } catch {
        lowered.append(.failure(error))
      }
    }
    self.lowered = lowered
    let (bound, context) = (surelyBoundNames, context)
    knownClasses = KnownClasses.all(units: units, lowered: lowered) { bound.contains($0) && context.isBoundOnce($0) }
    if let index = units.firstIndex(where: { $0.kind == .module }), case .success(let module) = lowered[index] {
      let stable = surelyBoundNames.filter(context.keeps)
      fixedValues = FixedValues.of(
        module.procedure, units: lowered, bound: stable, plain: Set(knownClasses.filter { $0.value.isPlainData }.keys))
    } else {
      fixedValues = [:]
    }
    var positions: [Int: Int] = [:]
    for (index, unit) in units.enumerated() { positions[unit.wholeNode.index] = index }
    self.positions = positions
  }

  /// Names that the file reads and nothing in it binds.
  var missingNames: Set<String> {
    var names: Set<String> = []
    for case .success(let unit) in lowered {
      for reference in unit.references {
        switch reference {
        case .module(let name), .unresolved(let name): names.insert(name)
        case .builtin, .imported: break
        }
      }
    }
    return names.subtracting(context.boundNames)
  }

  /// Whether annotations of the functions in a class or module, which are evaluated where these stand, call something or
  /// read names that it defines itself.
  func annotatesWithItsOwn(_ index: Int) -> Bool {
    if context.postponesAnnotations { return false }
    let inner = units.filter { $0.parent == index && $0.kind != .lambda }
    let names = Set(inner.map(\.name))
    return inner.contains { unit in
      let header = [unit.node.child(field: "parameters"), unit.node.child(field: "return_type")].compactMap { $0 }
      return header.contains { part in
        ([part] + Array(part.descendants)).contains { type in
          type.kind == "type"
            && type.descendants.contains {
              $0.kind == "call" || $0.kind == "identifier" && $0.field != "attribute" && names.contains($0.text)
            }
        }
      }
    }
  }

  func index(of unit: Unit) -> Int? { positions[unit.wholeNode.index] }

  /// Folders on the way to the file. A leading `src` or `lib` is a place for packages, not one.
  private static func package(of path: String) -> [String]? {
    var parts = path.split(separator: "/").dropLast().map(String.init)
    while parts.count > 1, ["src", "lib", ".", ".."].contains(parts[0]) { parts.removeFirst() }
    return parts.isEmpty ? nil : parts
  }

  static func moduleName(of path: String) -> [String] {
    let file = path.split(separator: "/").last.map(String.init) ?? ""
    let stem = file.lastIndex(of: ".").map { String(file[..<$0]) } ?? file
    return (package(of: path) ?? []) + (stem == "__init__" ? [] : [stem])
  }

  /// Lines of the file that belong to the unit and to no unit inside it that is `told` for itself, with their numbers
  /// from 1.
  func ownLines(of index: Int, told: Set<Int>) -> [Int] {
    let unit = units[index]
    var isNested = Set<Int>()
    for (position, inner) in units.enumerated() where inner.parent == index && inner.kind != .lambda {
      // Module code and class bodies are about everything but their definitions.
      let isApart = unit.kind == .module || unit.kind == .classBody || told.contains(position)
      if isApart { isNested.formUnion(inner.lines) }
    }
    return unit.lines.filter { !isNested.contains($0) }
  }

  /// Lines of a unit that hold something other than comments, docstrings and white space.
  func meaningfulLines(of index: Int) -> Set<Int> {
    let rules = tree.language.rules
    let dropsDocumentation = !rules.readsDocumentation(tree.source)
    var lines: Set<Int> = []
    var pending = [units[index].wholeNode]
    while let node = pending.popLast() {
      let role = rules.role(ofKind: node.kind)
      if node.isExtra && !node.isError { continue }
      if dropsDocumentation, role == .statement, rules.isDocumentation(node) { continue }
      if node.childCount == 0 || role == .verbatim {
        lines.formUnion(node.startLine...node.endLine)
      } else {
        pending.append(contentsOf: node.children)
      }
    }
    return lines
  }

  /// The lines of the file without their ends.
  func lineTable() -> [ArraySlice<UInt8>] {
    tree.source.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
  }
}

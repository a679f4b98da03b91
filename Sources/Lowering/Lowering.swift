import Logic
import Syntax

/// Puts units of one source language into the common language. A new language is a folder here with a type that
/// conforms, and a line in `Lowerings.all`.
package protocol LanguageLowering: Sendable {
  /// What the rest of the file says about the names in it; made once for each file.
  ///
  /// - Parameter package: the dotted path of the package that holds the file, for relative imports; nil when unknown.
  static func context(of tree: SyntaxTree, units: [Unit], package: [String]?) -> ModuleContext

  /// Why the file as a whole is nothing that the language runs, where no unit shows it.
  static func refusal(of tree: SyntaxTree) -> LoweringError?

  /// The unit in the common language, every token of it accounted for.
  ///
  /// - Throws: `LoweringError` for the first thing that is not understood: the unit is then `not-analysed`.
  static func lower(unit: Unit, in context: ModuleContext) throws(LoweringError) -> LoweredUnit
}

/// The languages that can be lowered.
package enum Lowerings {
  package static let all: [(language: String, lowering: any LanguageLowering.Type)] = [
    (Language.python.name, PythonLowering.self)
  ]

  package static func lowering(for language: Language) -> (any LanguageLowering.Type)? {
    all.first { $0.language == language.name }?.lowering
  }
}

/// Why a unit cannot be put into the common language.
package struct LoweringError: Error, Hashable, Sendable, CustomStringConvertible {
  package var reason: String
  /// 1-based line in the source file.
  package var line: Int
  package var description: String { "line \(line): \(reason)" }

  package init(_ reason: String, line: Int) {
    self.reason = reason
    self.line = line
  }
}

/// A unit in the common language, with what callers see of it.
package struct LoweredUnit: Hashable, Sendable {
  package var procedure: Procedure
  package var interface: UnitInterface
  /// Every name from outside that the unit uses, closures in it, decorators and annotations included. Two revisions
  /// whose text is equal differ where these differ.
  package var references: Set<Reference>
  /// The unit reads its own frame, source or signature (`locals`, `eval`, `f"{x=}"`, ...): its local names have meaning.
  package var looksAtItself: Bool

  package init(procedure: Procedure, interface: UnitInterface, references: Set<Reference>, looksAtItself: Bool) {
    self.procedure = procedure
    self.interface = interface
    self.references = references
    self.looksAtItself = looksAtItself
  }
}

/// What a caller sees of a unit. Expressions are text with single spaces and without comments, in which an imported
/// name is written as its origin, and a name of the module that hides a builtin as `<module>.name`; so equal text
/// means the same thing.
package struct UnitInterface: Hashable, Sendable {
  package struct Parameter: Hashable, Sendable {
    package var name: String
    package var kind: Logic.Parameter.Kind
    package var defaultText: String?
    package var annotation: String?
  }

  package var parameters: [Parameter] = []
  /// First to last, as written.
  package var decorators: [String] = []
  package var returnAnnotation: String?
  /// Bases and keywords of a class.
  package var bases: [String] = []
  package var isAsync = false
  package var isGenerator = false
  package var isStaticMethod = false
  package var isClassMethod = false

  package init() {}
}

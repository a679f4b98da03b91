import Logic
import Syntax

/// `super(C, self)` in a method of `C`, where the other version writes `super()`:
///
///     super(C, self) = super()
///
/// The name must still lead to the class that is being defined, so it needs `stable-names`; a class decorator may have put
/// another one in its place.
struct ExplicitSuper {
  private(set) var old: Procedure
  private(set) var new: Procedure
  private(set) var assumptions: [Assumption] = []

  init(old: Procedure, new: Procedure, _ candidate: Candidate) {
    (self.old, self.new) = (old, new)
    let sides = [
      (candidate.old, candidate.oldUnit, old), (candidate.new, candidate.newUnit, new),
    ]
    let written = sides.map { Self.explicit($0.2, in: $0.0, $0.1) }
    guard written.contains(where: { $0 == nil }), written.contains(where: { $0 != nil }) else { return }
    self.old = written[0] ?? old
    self.new = written[1] ?? new
    assumptions = [.stableNames]
  }

  /// With `super()` in its place; nil where there is none, or the class may be another one.
  private static func explicit(_ procedure: Procedure, in side: SideAnalysis, _ unit: Unit) -> Procedure? {
    let parts = unit.qualifiedName.split(separator: ".").map(String.init)
    // A class that is bound once offers its methods; of another one the name may lead elsewhere.
    guard unit.kind == .method, parts.count == 2, side.context.methods[parts[0]] != nil,
      let receiver = procedure.parameters.first?.name,
      let place = side.units.firstIndex(where: { $0.kind == .classBody && $0.qualifiedName == parts[0] }),
      case .success(let body) = side.lowered[place], body.interface.decorators.isEmpty,
      !rebinds(receiver, in: procedure)
    else { return nil }
    var found = false
    let result = Rewriter { expression in
      guard case .call(.global(.builtin("super")), let arguments) = expression, arguments.count == 2,
        arguments[0] == Argument(.global(.module(parts[0]))), arguments[1] == Argument(.local(receiver))
      else { return expression }
      found = true
      return .call(.global(.builtin("super")), [Argument(.captured("__class__")), arguments[1]])
    }.procedure(procedure)
    return found ? result : nil
  }

  private static func rebinds(_ name: String, in procedure: Procedure) -> Bool {
    var found = false
    var walk = Walk()
    walk.target = { if $0 == .local(name) { found = true } }
    walk(procedure.body)
    return found
  }
}

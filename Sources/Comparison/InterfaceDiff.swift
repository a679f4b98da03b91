import Logic
import Lowering

/// What a caller sees differently in two revisions of a unit.
enum InterfaceDiff {
  static func edits(_ old: UnitInterface, _ new: UnitInterface) -> [InterfaceEdit] {
    var edits: [InterfaceEdit] = []
    if old.isAsync != new.isAsync { edits.append(toggled("async", new.isAsync)) }
    if old.isGenerator != new.isGenerator { edits.append(toggled("generator", new.isGenerator)) }
    edits += decorators(old.decorators, new.decorators)
    if old.bases != new.bases {
      edits.append(
        InterfaceEdit("bases (\(old.bases.joined(separator: ", "))) -> (\(new.bases.joined(separator: ", ")))"))
    }
    edits += parameters(old.parameters, new.parameters)
    if old.returnAnnotation != new.returnAnnotation {
      edits.append(replaced("return annotation", old.returnAnnotation, new.returnAnnotation))
    }
    return edits
  }

  private static func toggled(_ what: String, _ isOn: Bool) -> InterfaceEdit {
    InterfaceEdit(isOn ? "is now \(what)" : "is no longer \(what)")
  }

  private static func replaced(_ what: String, _ old: String?, _ new: String?) -> InterfaceEdit {
    InterfaceEdit("\(what) \(old ?? "none") -> \(new ?? "none")")
  }

  // MARK: Decorators

  private static func decorators(_ old: [String], _ new: [String]) -> [InterfaceEdit] {
    let (old, new) = (old.map(DecoratorText.init), new.map(DecoratorText.init))
    guard old != new else { return [] }
    var (gone, come) = (old, new)
    for decorator in old {
      guard let place = come.firstIndex(of: decorator), let other = gone.firstIndex(of: decorator) else { continue }
      come.remove(at: place)
      gone.remove(at: other)
    }
    if gone.isEmpty, come.isEmpty { return [InterfaceEdit("decorators in another order")] }
    var edits: [InterfaceEdit] = []
    // The most alike first: the same name with other arguments, then another name.
    for least in [3, 2, 1] {
      for decorator in gone {
        guard let place = come.firstIndex(where: { decorator.likeness(to: $0) >= least }),
          let other = gone.firstIndex(of: decorator)
        else { continue }
        edits.append(decorator.edit(to: come[place]))
        come.remove(at: place)
        gone.remove(at: other)
      }
    }
    // One that went and one that came: one took the other's place, however little they have in common.
    if gone.count == 1, come.count == 1 { return edits + [gone[0].edit(to: come[0])] }
    edits += gone.map { InterfaceEdit("decorator @\($0.text) removed", pattern: "decorator @\($0.name) removed") }
    edits += come.map { InterfaceEdit("decorator @\($0.text) added") }
    return edits
  }

  // MARK: Parameters

  private static func parameters(
    _ old: [UnitInterface.Parameter], _ new: [UnitInterface.Parameter]
  ) -> [InterfaceEdit] {
    let pairs = ParameterPairing.pair(old.map { ($0.name, $0.kind) }, new.map { ($0.name, $0.kind) })
    var edits: [InterfaceEdit] = []
    for pair in pairs {
      switch (pair.old.map { old[$0] }, pair.new.map { new[$0] }) {
      case (let left?, let right?): edits += parameter(left, right)
      case (let left?, nil): edits.append(InterfaceEdit("parameter \(left.name) removed"))
      case (nil, let right?):
        let standing = right.defaultText.map { " (default \($0))" } ?? ""
        edits.append(InterfaceEdit("parameter \(right.name)\(standing) added"))
      case (nil, nil): break
      }
    }
    if pairs.contains(where: { pair in pair.old.map { old in pair.new.map { $0 != old } ?? false } ?? false }),
      edits.isEmpty
    {
      edits.append(InterfaceEdit("parameters in another order"))
    }
    return edits
  }

  private static func parameter(_ old: UnitInterface.Parameter, _ new: UnitInterface.Parameter) -> [InterfaceEdit] {
    var edits: [InterfaceEdit] = []
    if old.name != new.name { edits.append(InterfaceEdit("parameter \(old.name) -> \(new.name)")) }
    if old.kind != new.kind {
      edits.append(replaced("parameter \(new.name)", words(old.kind), words(new.kind)))
    }
    if old.defaultText != new.defaultText {
      edits.append(replaced("default of \(new.name)", old.defaultText, new.defaultText))
    }
    if old.annotation != new.annotation {
      edits.append(replaced("annotation of \(new.name)", old.annotation, new.annotation))
    }
    return edits
  }

  private static func words(_ kind: Parameter.Kind) -> String {
    switch kind {
    case .positionalOnly: "by position only"
    case .positional: "by position or name"
    case .variadic: "all further positions"
    case .keywordOnly: "by name only"
    case .variadicKeyword: "all further names"
    }
  }
}

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
    guard old != new else { return [] }
    if old.count == new.count {
      return zip(old, new).filter { $0 != $1 }.map { decorator($0, $1) }
    }
    var (gone, come) = (old, new)
    for text in old {
      guard let place = come.firstIndex(of: text), let other = gone.firstIndex(of: text) else { continue }
      come.remove(at: place)
      gone.remove(at: other)
    }
    var edits = zip(gone, come).map { decorator($0, $1) }
    edits += gone.dropFirst(come.count).map { InterfaceEdit("decorator @\(bare($0)) removed") }
    edits += come.dropFirst(gone.count).map { InterfaceEdit("decorator @\(bare($0)) added") }
    return edits.isEmpty ? [InterfaceEdit("decorators in another order")] : edits
  }

  private static func bare(_ text: String) -> Substring { text.hasPrefix("@") ? text.dropFirst() : text[...] }

  private static func decorator(_ old: String, _ new: String) -> InterfaceEdit {
    let (left, right) = (bare(old), bare(new))
    let text = "@\(left) -> @\(right)"
    // The same arguments under another decorator are one kind of edit, whatever the arguments are.
    let (oldName, newName) = (left.prefix { $0 != "(" }, right.prefix { $0 != "(" })
    let sameArguments = left.dropFirst(oldName.count) == right.dropFirst(newName.count)
    return InterfaceEdit(text, pattern: sameArguments ? "@\(oldName) -> @\(newName)" : text)
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

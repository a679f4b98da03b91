import Checking
import Logic
import Lowering
import Syntax

extension Candidate {
  /// Parameters that stand for instances of classes of this file: the receiver of a method, and what is annotated so.
  func instances(old: Procedure, new: Procedure) -> [Instances] {
    var byClass: [String: [String]] = [:]
    if let name = newUnit.className(in: self.new), oldUnit.className(in: self.old) == name,
      case .success(let oldLowered) = self.old.lowered[oldIndex], oldLowered.interface.takesReceiver,
      case .success(let newLowered) = self.new.lowered[newIndex], newLowered.interface.takesReceiver,
      let receiver = new.parameters.first?.name, old.parameters.first?.name == receiver
    {
      byClass[name, default: []].append(receiver)
    }
    for (left, right) in zip(old.parameters, new.parameters) where left.name == right.name {
      if case .named(let name)? = right.hint, left.hint == right.hint { byClass[name, default: []].append(right.name) }
    }
    return byClass.sorted { $0.key < $1.key }.compactMap { name, parameters in
      guard let left = self.old.facts(ofClass: name), let right = self.new.facts(ofClass: name) else { return nil }
      return Instances(parameters: parameters, old: left, new: right)
    }
  }
}

extension UnitInterface {
  fileprivate var takesReceiver: Bool { !isStaticMethod && !isClassMethod }
}

extension Unit {
  /// The class of which this is a method.
  fileprivate func className(in side: SideAnalysis) -> String? {
    guard let parent, side.units[parent].kind == .classBody else { return nil }
    return side.units[parent].qualifiedName
  }
}

extension SideAnalysis {
  /// What the file says of a class's attributes; nil where it has no such class, or the class answers for itself.
  fileprivate func facts(ofClass name: String) -> ClassFacts? {
    guard !context.hooksAttributes,
      let position = units.firstIndex(where: { $0.kind == .classBody && $0.qualifiedName == name })
    else { return nil }
    var methods: [Procedure] = []
    var others: [Procedure] = []
    var body: Procedure?
    for (index, unit) in units.enumerated() {
      guard case .success(let lowered) = self.lowered[index] else { continue }
      if index == position {
        body = lowered.procedure
      } else if unit.parent == position, lowered.interface.takesReceiver, unit.kind != .classBody {
        methods.append(lowered.procedure)
      } else {
        others.append(lowered.procedure)
      }
    }
    return ClassFacts(methods: methods, body: body, others: others, managed: context.managedAttributes)
  }
}

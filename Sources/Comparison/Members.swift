import Logic
import Lowering
import Syntax

/// A member of the class around a method, as the method reaches it through its first parameter. Only executions look at
/// it: a proof rests on less.
struct Member: Hashable, Sendable {
  enum Binding: String, Hashable, Sendable {
    case instance, staticMethod, classMethod, property, contextManager
  }

  var procedure: Procedure
  var binding: Binding
}

enum Members {
  /// What the class of a method defines once, by name.
  static func of(_ unit: Unit, in side: SideAnalysis) -> [String: Member] {
    guard unit.kind == .method, binding(of: unit) != .staticMethod, binding(of: unit) != .classMethod,
      !takesTheClass.contains(unit.name), let parent = unit.parent, side.units[parent].kind == .classBody
    else { return [:] }
    var found: [String: Member] = [:]
    var seen: Set<String> = []
    for (other, lowered) in zip(side.units, side.lowered) where other.parent == parent && other.kind == .method {
      guard seen.insert(other.name).inserted else {
        found[other.name] = nil
        continue
      }
      guard let binding = binding(of: other), !takesTheClass.contains(other.name), case .success(let lowered) = lowered,
        !lowered.looksAtItself, [.function, .generator, .coroutine].contains(lowered.procedure.kind)
      else { continue }
      found[other.name] = Member(procedure: lowered.procedure, binding: binding)
    }
    return found
  }

  /// Methods that the language makes static or class methods by themselves (Data model, 3.3).
  private static let takesTheClass: Set<String> = ["__new__", "__init_subclass__", "__class_getitem__"]

  /// `contextlib.contextmanager` makes a context manager of it.
  static func isManager(_ unit: Unit) -> Bool { binding(of: unit) == .contextManager }

  /// Nil where a decorator makes something else of it.
  private static func binding(of unit: Unit) -> Member.Binding? {
    if unit.decorators.isEmpty { return .instance }
    guard unit.decorators.count == 1 else { return nil }
    switch unit.decorators[0].text.filter({ !$0.isWhitespace }) {
    case "@staticmethod": return .staticMethod
    case "@classmethod": return .classMethod
    case "@property": return .property
    case "@contextmanager", "@contextlib.contextmanager": return .contextManager
    default: return nil
    }
  }
}

/// Calls of known coroutines that are waited for where they stand, written as calls of functions: nothing comes between.
struct Awaited {
  /// By the names under which they are called.
  private(set) var functions: [Reference: Procedure] = [:]
  private var names: [Reference: Reference] = [:]

  init(_ helpers: [Reference: Procedure]) {
    for (reference, helper) in helpers where helper.kind == .coroutine {
      switch reference {
      case .module(let name): names[reference] = .module("await \(name)")
      case .imported(let name): names[reference] = .imported("await \(name)")
      case .builtin, .unresolved: break
      }
    }
    for (reference, name) in names {
      guard var helper = helpers[reference] else { continue }
      helper.kind = .function
      functions[name] = rewritten(helper)
    }
  }

  func rewritten(_ procedure: Procedure) -> Procedure {
    if names.isEmpty { return procedure }
    return Rewriter { value in
      guard case .await(.call(.global(let reference), let arguments)) = value, let name = names[reference] else {
        return value
      }
      return .call(.global(name), arguments)
    }.procedure(procedure)
  }
}

/// Uses of members through the first parameter, written as calls of functions.
struct BoundMembers {
  let members: [String: Member]

  static func reference(_ name: String) -> Reference { .module("self.\(name)") }

  /// The procedures under those names, as they are called.
  var functions: [Reference: Procedure] {
    var result: [Reference: Procedure] = [:]
    for (name, member) in members {
      var procedure = rewritten(member.procedure, hasReceiver: member.binding != .staticMethod)
      // Waiting for it runs it on the spot.
      if procedure.kind == .coroutine { procedure.kind = .function }
      result[Self.reference(name)] = procedure
    }
    return result
  }

  func rewritten(_ procedure: Procedure, hasReceiver: Bool = true) -> Procedure {
    guard !members.isEmpty, hasReceiver, let receiver = procedure.parameters.first?.name else { return procedure }
    return Rewriter { rewritten($0, receiver) }.procedure(procedure)
  }

  private func rewritten(_ value: Expression, _ receiver: String) -> Expression {
    switch value {
    case .attribute(.local(receiver), let name):
      guard members[name]?.binding == .property else { return value }
      return .call(.global(Self.reference(name)), [Argument(.local(receiver))])
    case .call(.attribute(.local(receiver), let name), let arguments):
      guard let member = members[name], member.procedure.kind != .coroutine else { return value }
      return call(name, member, arguments, receiver) ?? value
    case .await(.call(.attribute(.local(receiver), let name), let arguments)):
      guard let member = members[name], member.procedure.kind == .coroutine else { return value }
      return call(name, member, arguments, receiver) ?? value
    default: return value
    }
  }

  private func call(_ name: String, _ member: Member, _ arguments: [Argument], _ receiver: String) -> Expression? {
    let callee = Expression.global(Self.reference(name))
    switch member.binding {
    case .instance, .contextManager: return .call(callee, [Argument(.local(receiver))] + arguments)
    case .staticMethod: return .call(callee, arguments)
    case .classMethod: return .call(callee, [Argument(.attribute(.local(receiver), "__class__"))] + arguments)
    case .property: return nil
    }
  }
}

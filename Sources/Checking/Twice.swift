import Logic

extension Program {
  /// With the function called twice in the place of the function; calls of itself run it once.
  var calledTwice: Program? {
    guard let twice = procedure.calledTwice, ownName?.isCached != true else { return nil }
    var result = with(twice)
    if let own = ownName {
      result.functions[own.reference] = procedure
      result.ownName = nil
    }
    return result
  }

  /// Makes all constants, in order of their names.
  var constantsMade: Procedure {
    let values = constants.sorted { $0.key.text < $1.key.text }.map(\.value)
    return Procedure(name: "", body: values.map { Statement(.expression($0)) })
  }
}

extension Reference {
  fileprivate var text: String {
    switch self {
    case .builtin(let name), .module(let name), .imported(let name), .unresolved(let name): name
    }
  }
}

extension Procedure {
  /// Defines this function and calls it twice with the same arguments, every default left standing; nil where no
  /// default can keep anything from one call to the next.
  var calledTwice: Procedure? {
    guard kind == .function, outerVariables.isEmpty,
      parameters.contains(where: { $0.defaultValue?.makesObject ?? false })
    else { return nil }
    let passed = parameters.filter {
      $0.defaultValue == nil && $0.kind != .variadic && $0.kind != .variadicKeyword
    }
    let call = Expression.call(
      .local("$function"),
      passed.map { Argument(.local($0.name), kind: $0.kind == .keywordOnly ? .keyword($0.name) : .positional) })
    return Procedure(
      name: name, language: language, parameters: passed,
      body: [
        Statement(.assign([.local("$function")], .closure(self))),
        Statement(.assign([.local("$first")], call)),
        Statement(.returnValue(.tuple([.single(.local("$first")), .single(call)]))),
      ])
  }
}

extension Expression {
  /// A mutable object is made when this is evaluated.
  fileprivate var makesObject: Bool {
    switch self {
    case .list, .set, .dictionary, .comprehension, .call: true
    default: false
    }
  }
}

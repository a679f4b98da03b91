import Logic

/// The procedure that plays with an object.
struct Play {
  let name: String
  /// Of the initializer.
  let parameters: [Parameter]
  /// Attributes that the object has from elsewhere, and the variable that holds what each is at first.
  let given: [(attribute: String, variable: String)]
  /// What methods store: at first it may be missing.
  let stored: Set<String>
  let attributes: [String]
  let uses: [Outside.Use]
  private let sharesContainers: Bool
  /// What calls give, one for each name of a parameter.
  private let columns: [Parameter]
  /// The variable for each.
  private let variables: [String: String]
  /// Others of the play.
  private let (calls, use, it, second): (String, String, String, String)
  private let (result, seen, error): (String, String, String)
  private let (before, last): (String, String)
  /// What another object is made of, by the parameter of the initializer, where some use takes two.
  private var others: [String: String] = [:]

  init(
    name: String, parameters: [Parameter], given: [String], stored: Set<String>, attributes: [String],
    uses: [Outside.Use], sharesContainers: Bool
  ) {
    (self.name, self.parameters, self.attributes, self.uses) = (name, parameters, attributes, uses)
    self.stored = stored
    self.sharesContainers = sharesContainers
    var columns: [Parameter] = []
    for parameter in uses.flatMap(\.parameters) {
      if let known = columns.firstIndex(where: { $0.name == parameter.name }) {
        if columns[known].hint != parameter.hint { columns[known].hint = nil }
      } else {
        columns.append(Parameter(parameter.name, hint: parameter.hintOfRest ?? parameter.hint))
      }
    }
    self.columns = columns
    var taken = Set(parameters.map(\.name) + [name])
    func fresh(_ wanted: String) -> String {
      var name = wanted
      while !taken.insert(name).inserted { name += "_" }
      return name
    }
    self.given = given.map { ($0, fresh($0)) }
    (calls, use, it, second) = (fresh("calls"), fresh("use"), fresh("it"), fresh("second"))
    (result, seen, error) = (fresh("result"), fresh("seen"), fresh("error"))
    (before, last) = (fresh("before"), fresh("last"))
    if uses.contains(where: \.isOfTwo) {
      others = Dictionary(uniqueKeysWithValues: parameters.map { ($0.name, fresh("other_\($0.name)")) })
    }
    variables = Dictionary(uniqueKeysWithValues: columns.map { ($0.name, fresh($0.name)) })
  }

  func procedure(of definition: ClassDefinition) -> Procedure {
    // Mostly, it is used.
    let labels = uses.map(\.label) + uses.map(\.label) + events.map(\.label)
    let parts = [TypeHint.literal(labels.map { .string(CodePoints($0)) })] + columns.map { $0.hint ?? .any }
    let script = Parameter(calls, kind: .keywordOnly, hint: .list(.tuple(parts)))
    let objects = given.map { attribute, variable in
      Parameter(
        variable, kind: .keywordOnly, defaultValue: stored.contains(attribute) ? .constant(.none) : nil)
    }
    let another = parameters.compactMap { parameter in
      others[parameter.name].map { Parameter($0, defaultValue: parameter.defaultValue, hint: parameter.hint) }
    }
    return Procedure(
      name: name, parameters: (parameters + another).map(passed) + objects + [script], body: body(closed(definition)))
  }

  /// By position or by name alike; what may be left out stands behind what may not.
  private func passed(_ parameter: Parameter) -> Parameter {
    var result = parameter
    result.kind = .keywordOnly
    return result
  }

  /// The class with its own name a variable of the play, and with what its objects have from elsewhere.
  private func closed(_ definition: ClassDefinition) -> ClassDefinition {
    var result = definition
    result.body = Rewriter { value in
      if case .global(.module(definition.name)) = value { .captured(definition.name) } else { value }
    }.procedure(definition.body)
    result.body.body += given.map { Statement(.assign([.namespace($0.attribute)], .captured($0.variable))) }
    return result
  }

  private func body(_ definition: ClassDefinition) -> [Statement] {
    let object = Expression.local(it)
    func made(_ variable: (String) -> String) -> Expression {
      .call(
        .local(name),
        parameters.map { parameter in
          let kind: Argument.Kind = parameter.kind == .keywordOnly ? .keyword(parameter.name) : .positional
          return Argument(.local(variable(parameter.name)), kind: kind)
        })
    }
    let other = uses.contains(where: \.isOfTwo) ? [Statement(.assign([.local(second)], made { others[$0] ?? $0 }))] : []
    // Written so that nothing is said to be of one sort with all that is kept.
    func keep(_ value: Expression) -> Statement {
      Statement(.assign([.local(seen)], .list([.spread(.local(seen)), .single(value)])))
    }
    var choice: [Statement] = []
    let ways =
      uses.map { ($0.label, steps(of: $0, object, keep)) } + events.map { ($0.label, steps(of: $0, made { $0 })) }
    for (label, steps) in ways.reversed() {
      let test = Expression.compare(.equal, .local(use), .constant(.string(CodePoints(label))))
      choice = [Statement(.branch(test, then: steps, otherwise: choice))]
    }
    // What is raised is what the call gives; where the code itself fails, the play is over.
    let failure = Expression.local(error)
    let handler = Handler(
      type: .global(.builtin("Exception")), name: .local(error),
      body: [
        Statement(
          .branch(
            .call(.global(.builtin("$fails")), [Argument(failure)]), then: [Statement(.raise(nil, cause: nil))],
            otherwise: [])),
        keep(.call(.global(.builtin("$kept")), [Argument(failure)])),
      ])
    let call = Statement(.tryBlock(choice, handlers: [handler], otherwise: [], finally: []))
    let kept = Statement(
      .assign([.local(last)], .tuple(columns.map { .single(.local(variables[$0.name] ?? $0.name)) })))
    let targets = [Target.local(use)] + columns.map { .local(variables[$0.name] ?? $0.name) }
    let shown = attributes.map { name in
      keep(
        copied(
          .call(
            .global(.builtin("getattr")),
            [Argument(object), Argument(.constant(.string(CodePoints(name)))), Argument(.constant(.none))])))
    }
    return [
      Statement(.defineClass(.local(name), definition)),
      Statement(.assign([.local(it)], made { $0 })),
      Statement(.assign([.local(before)], object)),
      Statement(.assign([.local(seen)], .list([]))),
      Statement(.assign([.local(last)], .tuple([]))),
    ] + other + [
      Statement(
        .forLoop(
          .unpack(targets, starred: nil), .call(.global(.builtin("list")), [Argument(.local(calls))]),
          body: [call, kept] + shown, otherwise: [], isAsync: false)),
      Statement(.returnValue(.local(seen))),
    ]
  }

  private func steps(of use: Outside.Use, _ object: Expression, _ keep: (Expression) -> Statement) -> [Statement] {
    if use.kind == .store, let value = use.parameters.first {
      return [Statement(.assign([.attribute(object, use.name)], .local(variables[value.name] ?? value.name)))]
    }
    let value = value(of: use, object)
    guard use.mayGiveObject else { return [keep(value)] }
    // Another object of the class is what is played with from then on.
    let given = "\(result) of \(use.label)"
    let isAnother = Expression.call(
      .global(.builtin("isinstance")), [Argument(.local(given)), Argument(.local(name))])
    return [
      Statement(.assign([.local(given)], value)), keep(.local(given)),
      Statement(
        .branch(
          isAnother,
          then: [
            Statement(.assign([.local(before)], object)), Statement(.assign([.local(it)], .local(given))),
          ], otherwise: [])),
    ]
  }

  /// What happens besides uses of the object.
  private enum Happening {
    /// Lists grow that the object was given, or that it shows.
    case change
    /// Another object is made, and the one before it is played with again.
    case another, turn

    var label: String {
      switch self {
      case .change: "change"
      case .another: "another"
      case .turn: "the one before"
      }
    }
  }

  private var events: [Happening] {
    let hasAnother = sharesContainers || uses.contains(where: \.mayGiveObject)
    return [.change] + (sharesContainers ? [.another] : []) + (hasAnother ? [.turn] : [])
  }

  private func steps(of event: Happening, _ made: Expression) -> [Statement] {
    let object = Expression.local(it)
    switch event {
    case .change:
      let given = [Expression.local(last)] + parameters.map { .local($0.name) }
      let shown = attributes.map { name in
        Expression.call(
          .global(.builtin("getattr")),
          [Argument(object), Argument(.constant(.string(CodePoints(name)))), Argument(.constant(.none))])
      }
      return [Statement(.expression(.call(.global(.builtin("$grow")), (given + shown).map { Argument($0) })))]
    case .another:
      return [Statement(.assign([.local(before)], object)), Statement(.assign([.local(it)], made))]
    case .turn:
      let result = "\(result) of a turn"
      return [
        Statement(.assign([.local(result)], object)), Statement(.assign([.local(it)], .local(before))),
        Statement(.assign([.local(before)], .local(result))),
      ]
    }
  }

  /// What a container holds now, whatever of its likes it is and whether it is a new one.
  private func copied(_ value: Expression) -> Expression {
    ["dict", "list", "set"].reduce(value) { otherwise, name in
      let type = Expression.global(.builtin(name))
      return .conditional(
        test: .call(.global(.builtin("isinstance")), [Argument(value), Argument(type)]),
        then: .call(type, [Argument(value)]), otherwise: otherwise)
    }
  }

  private func value(of use: Outside.Use, _ it: Expression) -> Expression {
    let given = use.parameters.map { parameter in
      let kind: Argument.Kind =
        switch parameter.kind {
        case .keywordOnly: .keyword(parameter.name)
        case .variadic: .spread
        case .variadicKeyword: .spreadKeywords
        default: .positional
        }
      return Argument(.local(variables[parameter.name] ?? parameter.name), kind: kind)
    }
    func builtin(_ name: String) -> Expression { .call(.global(.builtin(name)), [Argument(it)]) }
    func argument(_ index: Int) -> Expression { index < given.count ? given[index].value : .constant(.none) }
    if let operation = Outside.Use.operators[use.name] {
      return .binary(operation, it, given.first?.value ?? .local(second))
    }
    if let operation = Outside.Use.comparisons[use.name] {
      return .compare(operation, it, given.first?.value ?? .local(second))
    }
    switch use.name {
    case "__neg__": return .unary(.negate, it)
    case "__abs__": return builtin("abs")
    case "__hash__": return builtin("hash")
    case "__len__": return builtin("len")
    case "__iter__": return builtin("list")
    case "__next__": return .call(.global(.builtin("next")), [Argument(it), Argument(.constant(.none))])
    case "__bool__": return builtin("bool")
    case "__str__": return builtin("str")
    case "__repr__": return builtin("repr")
    case "__contains__": return .compare(.contains, argument(0), it)
    case "__getitem__": return .item(it, argument(0))
    case "__call__": return .call(it, given)
    default: break
    }
    switch use.kind {
    case .property, .store: return .attribute(it, use.name)
    case .call: return .call(.attribute(it, use.name), given)
    case .generator: return .call(.global(.builtin("list")), [Argument(.call(.attribute(it, use.name), given))])
    }
  }
}

extension Parameter {
  /// Of what is given to a parameter for all further arguments.
  fileprivate var hintOfRest: TypeHint? {
    switch (kind, hint) {
    case (.variadic, .variadicTuple(let element)?): .list(element)
    case (.variadic, _): .list(.any)
    case (.variadicKeyword, .dictionary?): hint
    case (.variadicKeyword, _): .dictionary(.string, .any)
    default: nil
    }
  }
}

import Logic

// Methods of texts. Of a receiver that is surely a text the method is that of `str`: reading it does nothing, and on plain
// arguments it is a function of its operands.

extension Builder {
  /// A call of a method of a text; nil where the receiver may be anything else, and nothing has been evaluated then.
  func textMethod(
    _ receiver: NodeID, _ name: String, _ arguments: [Argument], _ frame: Frame, _ state: inout State
  ) throws(Failure) -> NodeID? {
    guard graph.type(receiver) == .string, let method = TextMethod.all[name],
      arguments.allSatisfy({ $0.kind == .positional }), method.counts.contains(arguments.count)
    else { return nil }
    var values: [NodeID] = []
    for argument in arguments { values.append(try evaluate(argument.value, frame, &state)) }
    note(.textMethod)
    if method.takesChoice, case .tuple = graph.op(values[0]),
      graph.arguments(values[0]).allSatisfy({ graph.type($0) == .string })
    {
      return graph.arguments(values[0]).reduce(graph.no) { found, text in
        graph.disjunction(found, graph.node(.pureCall("str.\(name)"), [receiver, text], types: .bool))
      }
    }
    if !method.mayRaise, values.allSatisfy({ graph.type($0) == .string }) {
      return graph.node(.pureCall("str.\(name)"), [receiver] + values, types: method.result)
    }
    let function = graph.node(.pureCall("str.\(name)"), [receiver])
    let isPlain = values.allSatisfy { graph.type($0).within([.none, .bool, .int, .float, .string, .bytes]) }
    return effect(
      .call(values.map { _ in .positional }), [function] + values, &state,
      types: method.result == .bool ? .unknown : method.result, foreign: !isPlain)
  }
}

/// What is known of a method of `str`.
private struct TextMethod {
  var counts: ClosedRange<Int>
  var result: ValueTypes
  /// Also where all arguments are texts.
  var mayRaise = false
  /// Takes a tuple of texts for one of them.
  var takesChoice = false

  static let all: [String: TextMethod] = {
    var result: [String: TextMethod] = [:]
    for name in ["lower", "upper", "title", "capitalize", "swapcase", "casefold"] {
      result[name] = TextMethod(counts: 0...0, result: .string)
    }
    for name in [
      "isalpha", "isdigit", "isupper", "islower", "isspace", "isalnum", "isnumeric", "isdecimal", "isidentifier",
      "istitle",
    ] {
      result[name] = TextMethod(counts: 0...0, result: .bool)
    }
    for name in ["strip", "lstrip", "rstrip"] { result[name] = TextMethod(counts: 0...1, result: .string) }
    for name in ["find", "rfind", "count"] { result[name] = TextMethod(counts: 1...1, result: .int) }
    for name in ["startswith", "endswith"] {
      result[name] = TextMethod(counts: 1...1, result: .bool, takesChoice: true)
    }
    result["replace"] = TextMethod(counts: 2...2, result: .string)
    result["join"] = TextMethod(counts: 1...1, result: .string, mayRaise: true)
    result["split"] = TextMethod(counts: 0...1, result: .list, mayRaise: true)
    result["zfill"] = TextMethod(counts: 1...1, result: .string, mayRaise: true)
    return result
  }()
}

import Logic

extension Builder {
  // MARK: Text

  func format(_ parts: [FormatPart], _ frame: Frame, _ state: inout State) throws(Failure) -> NodeID {
    var pieces: [NodeID] = []
    for part in parts {
      switch part {
      case .literal(let text): pieces.append(graph.constant(.string(text)))
      case .value(let expression, let conversion, let specification):
        let value = try evaluate(expression, frame, &state)
        let detail = try specification.map { s throws(Failure) in try self.format(s, frame, &state) }
        pieces.append(formatted(value, conversion, detail, &state))
      }
    }
    return text(of: pieces)
  }

  /// Text put together from pieces is a str, while one piece alone is what its `__format__` gave.
  private func text(of pieces: [NodeID]) -> NodeID {
    let whole = concatenate(pieces)
    guard pieces.count > 1, pieces.contains(whole), !graph.type(whole).within(.string) else { return whole }
    return graph.node(.pureCall("concatenate"), [whole], types: .string)
  }

  private func formatted(_ value: NodeID, _ conversion: Character?, _ detail: NodeID?, _ state: inout State) -> NodeID {
    if conversion == nil, detail == nil, case .constant(.string) = graph.op(value) { return value }
    // `__format__` may give a subclass of str. The text of a number may be longer than Python allows.
    let isNumber = graph.type(value).within([.bool, .int, .float])
    return effect(
      .format(conversion: conversion, hasSpecification: detail != nil), [value] + (detail.map { [$0] } ?? []),
      &state, types: isNumber ? .string : .unknown, foreign: !isNumber)
  }

  /// Text that is written here, or that a local holds.
  private func literal(_ object: Expression, _ frame: Frame, _ state: State) -> CodePoints? {
    switch object {
    case .constant(.string(let text)): return text
    case .local(let name) where !frame.cells.contains(name):
      guard case .string(let text)? = state.variables[frame.slot(name)].flatMap(graph.constantValue) else { return nil }
      return text
    default: return nil
    }
  }

  /// `"{}: {}".format(a, b)`   =   `f"{a}: {b}"`, once the arguments are there.
  func formatCall(_ callee: Expression, _ arguments: [Argument], _ frame: Frame, _ state: inout State) throws(Failure)
    -> NodeID?
  {
    guard case .attribute(let object, "format") = callee, let template = literal(object, frame, state),
      let fields = FormatTemplate(template), let positions = fields.positions(of: arguments.map(\.kind))
    else { return nil }
    var values: [NodeID] = []
    for argument in arguments { values.append(try evaluate(argument.value, frame, &state)) }
    note(.formatMethod)
    var pieces: [NodeID] = []
    var next = 0
    for piece in fields.pieces {
      switch piece {
      case .literal(let text): pieces.append(graph.constant(.string(CodePoints(text))))
      case .field(_, let conversion, let specification):
        let detail = specification.isEmpty ? nil : graph.constant(.string(CodePoints(specification)))
        pieces.append(formatted(values[positions[next]], conversion, detail, &state))
        next += 1
      }
    }
    return text(of: pieces)
  }
}

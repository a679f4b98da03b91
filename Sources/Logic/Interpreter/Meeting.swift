/// Values that a run held against each other, so that a search may learn what one of them would have to be for the run
/// to go another way: input-to-state correspondence (Aschermann et al., REDQUEEN, NDSS 2019).
package enum Meeting: Hashable, Sendable {
  case compared(ComparisonOperator, Input, Input)
  /// A container, as it was given to the run, was asked for a key or a member.
  case asked(Input, for: Input)
  /// A sequence, as it was given to the run, was read at a position that it has not.
  case overrun(Input, at: Int)
  /// A text was searched for parts.
  case searched(CodePoints, for: [CodePoints], at: Position)
  /// A text was tested for its characters, or read as a number: `isdigit`, `int`.
  case tested(CodePoints, String)
  /// A side of a decision was taken for the first time.
  case decided(Int)

  package enum Position: Hashable, Sendable { case start, end, anywhere }
}

/// What one run notes of its meetings.
final class MeetingNotes {
  private(set) var all: [Meeting] = []
  private var seen: Set<Meeting> = []
  private var inputs: [ObjectIdentifier: Input] = [:]
  static let limit = 300

  func note(_ meeting: Meeting) {
    guard all.count < Self.limit, seen.insert(meeting).inserted else { return }
    all.append(meeting)
  }

  /// The container was made of this. Texts and numbers do not outlive their use, so another may stand in their place.
  func noteMade(_ value: Value, of input: Input) {
    guard case .object(let object) = value else { return }
    switch object {
    case is StringObject, is BytesObject, is BigObject: break
    default: inputs[ObjectIdentifier(object)] = input
    }
  }

  func input(of object: Object) -> Input? { inputs[ObjectIdentifier(object)] }
}

extension Machine {
  /// Notes what is compared where both sides are data.
  @inline(__always)
  func meet(_ operation: ComparisonOperator, _ left: Value, _ right: Value) {
    guard let meetings else { return }
    guard let left = met(left), let right = met(right), left != right else { return }
    meetings.note(.compared(operation, left, right))
  }

  @inline(__always)
  func meet(_ container: Object, askedFor key: Value) {
    guard let meetings, !(container is StringObject), let key = met(key) else { return }
    if let input = meetings.input(of: container) ?? met(.object(container)) { meetings.note(.asked(input, for: key)) }
  }

  @inline(__always)
  func meet(_ sequence: Object, readAt position: Int) {
    guard let meetings, let input = meetings.input(of: sequence) else { return }
    meetings.note(.overrun(input, at: position))
  }

  /// - Parameter method: of a text, called with these arguments.
  func meet(_ text: [UInt32], _ method: Method, _ arguments: Arguments) {
    guard let meetings, text.count <= 400 else { return }
    let parts: [CodePoints]
    switch arguments.positional.first {
    case .object(let part as StringObject): parts = [CodePoints(part.values)]
    case .object(let tuple as TupleObject):
      parts = tuple.items.compactMap { item in
        if case .object(let part as StringObject) = item { CodePoints(part.values) } else { nil }
      }
    default: parts = []
    }
    switch method {
    case .startswith, .removeprefix: meetings.note(.searched(CodePoints(text), for: parts, at: .start))
    case .endswith, .removesuffix: meetings.note(.searched(CodePoints(text), for: parts, at: .end))
    case .find, .rfind, .index, .rindex, .count, .partition, .rpartition, .replace, .split, .rsplit:
      if !parts.isEmpty { meetings.note(.searched(CodePoints(text), for: parts, at: .anywhere)) }
    case .strip, .lstrip, .rstrip:
      meetings.note(.searched(CodePoints(text), for: parts.isEmpty ? [CodePoints(" ")] : parts, at: .anywhere))
    default: if method.rawValue.hasPrefix("is") { meetings.note(.tested(CodePoints(text), method.rawValue)) }
    }
  }

  func meet(_ text: [UInt32], readAs type: String) {
    guard let meetings, text.count <= 400 else { return }
    meetings.note(.tested(CodePoints(text), type))
  }

  /// Data as an input has it; nil for what is unknown, large or code.
  private func met(_ value: Value, depth: Int = 0) -> Input? {
    func all(_ items: [Value]) -> [Input]? {
      guard items.count <= 8, depth < 2 else { return nil }
      var result: [Input] = []
      for item in items {
        guard let input = met(item, depth: depth + 1) else { return nil }
        result.append(input)
      }
      return result
    }
    switch value {
    case .none, .bool, .int, .float: return literal(value)
    case .object(let object):
      if let input = meetings?.input(of: object) { return input }
      switch object {
      case is BigObject: return literal(value)
      case let text as StringObject: return text.values.count <= 400 ? literal(value) : nil
      case let bytes as BytesObject: return bytes.values.count <= 400 ? literal(value) : nil
      case let tuple as TupleObject: return all(tuple.items).map(Input.tuple)
      case let list as ListObject: return all(list.items).map(Input.list)
      case let set as SetObject: return all(set.table.slots.filter { $0.state == 1 }.map(\.key)).map(Input.set)
      case let dictionary as DictObject:
        return all(dictionary.table.entries.map(\.key).filter { !$0.isUnbound }).map(Input.set)
      default: return nil
      }
    default: return nil
    }
  }
}

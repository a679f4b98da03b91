/// What one run may use. A run that stops at a limit says nothing about behaviour.
package struct Limits: Hashable, Sendable {
  /// Interpreter steps: instructions, and work done inside built-in operations.
  package var steps: Int
  /// Bytes allocated in all, freed ones included.
  package var bytes: Int
  /// Frames on the call stack.
  package var depth: Int
  /// Items taken from a returned generator or iterator.
  package var drained: Int
  /// Sets give their items in the opposite order.
  package var turnsSets = false
  /// The run notes what it holds against each other.
  package var notesMeetings = false
  /// A program that asks for more of standard input than there is waits for it, rather than seeing its end.
  package var awaitsLines = false
  package init(steps: Int = 1_000_000, bytes: Int = 64 << 20, depth: Int = 400, drained: Int = 200) {
    self.steps = steps
    self.bytes = bytes
    self.depth = depth
    self.drained = drained
  }
}

package enum StopReason: Hashable, Sendable, CustomStringConvertible {
  case fuel, memory, depth
  /// A program waits for a line of standard input, in this place of those that read.
  case line(Int)
  /// Something outside what the interpreter understands; says what.
  case unsupported(String)

  package var description: String {
    switch self {
    case .fuel: "ran past the step limit"
    case .memory: "ran past the memory limit"
    case .depth: "nested too deeply"
    case .line: "waits for a line of standard input"
    case .unsupported(let what): "not modelled: \(what)"
    }
  }
}

/// An exception that left the code.
package indirect enum Raised: Hashable, Sendable, CustomStringConvertible {
  /// `arguments` is nil for an exception that a built-in operation raised: its wording is not observed.
  case exception(type: String, arguments: [Snapshot]?, cause: Raised?)
  /// `raise ... from None`.
  case suppressed
  /// An exception object of the world.
  case opaque(String, cause: Raised?)

  package var description: String {
    switch self {
    case .exception(let type, let arguments, let cause):
      type + (arguments.map { "(" + $0.map(\.description).joined(separator: ", ") + ")" } ?? "")
        + (cause.map { " from \($0)" } ?? "")
    case .suppressed: "None"
    case .opaque(let path, let cause): path + (cause.map { " from \($0)" } ?? "")
    }
  }
}

package enum Outcome: Hashable, Sendable, CustomStringConvertible {
  case returned(Snapshot)
  /// A generator or iterator was returned: what it yielded, and how it ended.
  case yielded([Snapshot], end: DrainEnd)
  case raised(Raised)
  case stopped(StopReason)

  package enum DrainEnd: Hashable, Sendable {
    case exhausted(Snapshot)
    case raised(Raised)
    /// The limit of drained items was reached.
    case more
  }

  package var isStopped: Bool { if case .stopped = self { true } else { false } }

  package var description: String {
    switch self {
    case .returned(let value): return "returns \(value)"
    case .yielded(let items, let end):
      let text = "yields [" + items.map(\.description).joined(separator: ", ") + "]"
      switch end {
      case .exhausted(.none): return text
      case .exhausted(let value): return text + ", then returns \(value)"
      case .raised(let raised): return text + ", then raises \(raised)"
      case .more: return text + ", ..."
      }
    case .raised(let raised): return "raises \(raised)"
    case .stopped(let reason): return reason.description
    }
  }
}

/// An effect that the world outside the code can see, in order.
package enum Event: Hashable, Sendable, CustomStringConvertible {
  /// A call that the program does not define; arguments as they were at the call.
  case call(String, [Snapshot], keywords: [Keyword])
  /// A function of the program that the world called back, and what came of it.
  case callback(Int, [Snapshot], Outcome)
  /// `next` on an iterator of the world.
  case next(String)
  case storeAttribute(Snapshot, String, Snapshot)
  case deleteAttribute(Snapshot, String)
  case storeItem(Snapshot, Snapshot, Snapshot)
  case deleteItem(Snapshot, Snapshot)
  case storeGlobal(String, Snapshot)
  case deleteGlobal(String)
  /// A container that the module made once can be reached from outside now.
  case shareGlobal(String)
  /// What the code can reach of its arguments and of what it gave away, where that changed before the next event.
  case state([Snapshot])
  case output([Snapshot])
  case importModule(String)

  package struct Keyword: Hashable, Sendable {
    package var name: String
    package var value: Snapshot
    package init(_ name: String, _ value: Snapshot) {
      self.name = name
      self.value = value
    }
  }

  package var description: String {
    switch self {
    case .call(let callee, let arguments, let keywords):
      let parts = arguments.map(\.description) + keywords.map { "\($0.name)=\($0.value)" }
      return "\(callee)(" + parts.joined(separator: ", ") + ")"
    case .callback(_, let arguments, let outcome):
      return "<function>(" + arguments.map(\.description).joined(separator: ", ") + ") \(outcome)"
    case .next(let path): return "next(\(path))"
    case .storeAttribute(let object, let name, let value): return "\(object).\(name) = \(value)"
    case .deleteAttribute(let object, let name): return "del \(object).\(name)"
    case .storeItem(let object, let key, let value): return "\(object)[\(key)] = \(value)"
    case .deleteItem(let object, let key): return "del \(object)[\(key)]"
    case .storeGlobal(let name, let value): return "\(name) = \(value)"
    case .deleteGlobal(let name): return "del \(name)"
    case .shareGlobal(let name): return "gives away \(name)"
    case .output(let parts): return "print(" + parts.map(\.description).joined(separator: ", ") + ")"
    case .state(let values): return "reachable: " + values.map(Self.shown).joined(separator: ", ")
    case .importModule(let name): return "import \(name)"
    }
  }

  /// What is reachable, by its path where it has one.
  private static func shown(_ state: Snapshot) -> String {
    if case .tuple(let parts) = state, parts.count == 2, case .opaque(let path) = parts[0] {
      return "\(path) = \(parts[1])"
    }
    return state.description
  }
}

extension Event {
  /// The same event with other values.
  package func with(_ other: (Snapshot) -> Snapshot) -> Event {
    switch self {
    case .call(let callee, let arguments, let keywords):
      .call(callee, arguments.map(other), keywords: keywords.map { Keyword($0.name, other($0.value)) })
    case .callback(let number, let arguments, let outcome): .callback(number, arguments.map(other), outcome)
    case .storeAttribute(let object, let name, let value): .storeAttribute(object, name, other(value))
    case .storeItem(let object, let key, let value): .storeItem(object, other(key), other(value))
    case .deleteItem(let object, let key): .deleteItem(object, other(key))
    case .storeGlobal(let name, let value): .storeGlobal(name, other(value))
    case .output(let parts): .output(parts.map(other))
    case .state(let values): .state(values.map(other))
    case .next, .deleteAttribute, .deleteGlobal, .shareGlobal, .importModule: self
    }
  }
}

/// What can be told apart from outside: two runs in one world with equal observations behave the same.
package struct Observation: Hashable, Sendable {
  package var outcome: Outcome
  package var trace: [Event]
  /// The arguments after the run.
  package var arguments: [Snapshot]
  /// Results of the follow-up calls of a returned function.
  package var followUps: [Outcome]
}

package struct Execution: Sendable {
  package var observation: Observation
  package var outcome: Outcome { observation.outcome }
  package var trace: [Event] { observation.trace }
  /// The answers of the world that the run asked for, each once, in order of first use.
  package var consulted: [Consultation]
  /// Decisions taken: `2 * decision` when true, `2 * decision + 1` when false.
  package var branches: Set<Int>
  /// For each of them, one more than the number of consultations that came before it was first taken; 0 for others.
  package var takenAfter: [Int32]
  /// How often each side was taken, up to 255.
  package var times: [UInt8]
  /// A hash of the sides of decisions in the order in which they were taken: which way the run went.
  package var way: UInt64
  package var steps: Int
  /// The result rests on something that differs between Python versions, such as the sum of floats.
  package var versionDependent: Bool
  /// The result rests on the order of a set whose order Python leaves open.
  package var orderDependent: Bool
  /// The text or number that unknown objects equal which were hashed, by their path: a dictionary or set keeps one of
  /// the two.
  package var hashedLike: [String: Snapshot]
  /// Unknown code has changed an attribute of an argument that it was never given, and the run went by that.
  package var readsRemotely: Bool
  /// Of each function that was returned or that unknown code has called: the names of the parameters by which whoever
  /// has it may call it; of one that was given away, not the first.
  package var handedNames: [[String]] = []
  /// What it held against each other, in order, where limits ask for that.
  package var meetings: [Meeting] = []
}

/// An answer of the world, by the source form of its question.
package struct Consultation: Hashable, Sendable, CustomStringConvertible {
  package var path: String
  package var answer: Answer
  /// What sort of question it is, as `AnswerPools` has them.
  package var name: String?
  package init(path: String, answer: Answer, name: String? = nil) {
    self.path = path
    self.answer = answer
    self.name = name
  }
  package var description: String {
    switch answer {
    case .value(let value): "\(path) = \(value)"
    case .raises(let name): "\(path) raises \(name)"
    }
  }
}

package enum Answer: Hashable, Sendable {
  case value(Input)
  /// A builtin exception by name, or one of the world by its path.
  case raises(String)
}

import BigInt

/// Why control leaves a native operation: an exception of the program (in `pending`), or the end of the run (in
/// `stopReason`).
enum Unwind: Error { case exception, stop }

/// One run of a program.
final class Machine {
  let program: CompiledProgram
  let world: World
  let limits: Limits
  /// What the run holds against each other, where that is wanted.
  let meetings: MeetingNotes?

  /// Steps that are left; behind a pointer because the loop counts at every instruction.
  let fuel: UnsafeMutablePointer<Int>
  var bytesLeft: Int
  var depth = 0
  /// Containers whose representation is being made.
  var representing: [Object] = []
  /// Nesting of data in comparisons, hashes, representations.
  var dataDepth = 0
  /// Native frames of the run loop, which recursion through built-in functions needs.
  var nesting = 0
  static let maximumNesting = 40

  var pending: Value = .none
  /// What a generator returned when `resume` gave nil.
  var generatorResult: Value = .none
  var stopReason: StopReason = .fuel
  /// Registered objects that hold values; emptied at the end.
  var arena: [Object] = []

  var trace: [Event] = []
  var consulted: [Consultation] = []
  var consultedPaths: Set<String> = []
  /// For each side of each decision, one more than the number of answers that had been asked for when it was first
  /// taken; 0 where it was not.
  let coverage: UnsafeMutablePointer<Int32>
  /// How often each side was taken, up to 255.
  let times: UnsafeMutablePointer<UInt8>
  /// A hash of the sides taken, in order: FNV-1a (Fowler, Noll, Vo), one side a step.
  var way: UInt64 = 0xcbf2_9ce4_8422_2325
  var versionDependent = false
  var orderDependent = false
  /// Of unknown objects that were hashed: what they equal.
  var hashedLike: [String: Snapshot] = [:]

  var globals: [String: StoredAnswer] = [:]
  var functions: [Reference: Value] = [:]
  var constants: [Reference: Value] = [:]
  /// What a clock of the world said last.
  var lastReading: Value?
  var watched: [WatchedContainer] = []
  var types: [String: TypeObject] = [:]
  var builtins: [String: Value] = [:]
  var libraries: [String: Value] = [:]

  // The world as this run has met it.
  var answers: [String: Value] = [:]
  var raisedAnswers: [String: Value] = [:]
  var opaqueObjects: [String: OpaqueObject] = [:]
  var stored: [String: StoredAnswer] = [:]
  /// Paths of the attributes that are plain variables, and the objects that they held at first.
  lazy var plainAttributes = world.attributes.keys.sorted()
  var firstHeld: [Value] = []
  var callCounts: [String: Int] = [:]
  var epochs: [UInt64] = []
  /// Paths of objects that unknown code was given or that its functions belong to.
  var reach: Set<String> = []
  /// Containers that unknown code was given.
  var handedOver: Set<ObjectIdentifier> = []
  /// It changed an attribute or a container that it was never given.
  var readsRemotely = false
  /// Attributes that hold what the world answered for them, as if nobody had stored into them.
  var givenBack: Set<String> = []
  var roots: [OpaqueObject] = []
  var escaped: [Object] = []
  /// Functions and iterators that escaped, and those of them that the world has called.
  var escapedFunctions: [Object] = []
  var invoked: Set<ObjectIdentifier> = []
  /// Captured variables, and what they held at first.
  var outer: [(name: String, cell: CellObject, before: Snapshot?)] = []
  /// `Execution.handedNames`.
  var handedNames: [[String]] = []
  var lastState: [Snapshot] = []
  var held: [HeldAnswer] = []
  var iteratorPositions: [String: Int] = [:]
  var relations: [String: Relation] = [:]
  var likenesses: [String: Likeness] = [:]
  var sizes: [String: Int] = [:]
  lazy var constraints = world.profile.overrides.isEmpty ? [:] : world.profile.comparisonConstraints

  var constantStrings: [CodePoints: Value] = [:]
  /// While defaults are evaluated: that happened before the run.
  var isQuiet = false
  var nextNaN = 0
  var nextNumber = 1
  var nextSerial = 1

  init(_ program: CompiledProgram, world: World, limits: Limits) {
    self.program = program
    self.world = world
    self.limits = limits
    meetings = limits.notesMeetings ? MeetingNotes() : nil
    fuel = .allocate(capacity: 1)
    fuel.initialize(to: limits.steps)
    bytesLeft = limits.bytes
    let count = max(1, program.decisions.count * 2)
    coverage = .allocate(capacity: count)
    coverage.initialize(repeating: 0, count: count)
    times = .allocate(capacity: count)
    times.initialize(repeating: 0, count: count)
  }

  deinit {
    for object in arena { object.clear() }
    fuel.deallocate()
    coverage.deallocate()
    times.deallocate()
  }

  @inline(__always)
  func cover(_ side: Int) {
    way = (way ^ UInt64(truncatingIfNeeded: side)) &* 0x0000_0100_0000_01b3
    if times[side] < .max { times[side] &+= 1 }
    if coverage[side] == 0 {
      coverage[side] = Int32(truncatingIfNeeded: consulted.count + 1)
      meetings?.note(.decided(side))
    }
  }

  // MARK: Limits

  func stop(_ reason: StopReason) -> Unwind {
    stopReason = reason
    return .stop
  }

  func unsupported(_ what: String) -> Unwind { stop(.unsupported(what)) }

  /// Work done inside a built-in operation.
  func charge(_ steps: Int) throws(Unwind) {
    fuel.pointee -= steps
    if fuel.pointee < 0 { throw stop(.fuel) }
  }

  func allocate(_ bytes: Int) throws(Unwind) {
    bytesLeft -= bytes
    if bytesLeft < 0 { throw stop(.memory) }
  }

  func register(_ object: Object, bytes: Int) throws(Unwind) -> Value {
    try allocate(bytes)
    arena.append(object)
    return .object(object)
  }

  // MARK: Making values

  func list(_ items: [Value]) throws(Unwind) -> Value {
    try register(ListObject(items), bytes: 64 + 16 * items.count)
  }

  func tuple(_ items: [Value]) throws(Unwind) -> Value {
    try register(TupleObject(items), bytes: 48 + 16 * items.count)
  }

  func string(_ values: [UInt32]) throws(Unwind) -> Value {
    try allocate(48 + 4 * values.count)
    if values.count > 64 { try charge(values.count / 64) }
    return .object(StringObject(values))
  }

  func string(_ text: String) throws(Unwind) -> Value { try string(text.unicodeScalars.map(\.value)) }

  func integer(_ value: BigInt) throws(Unwind) -> Value {
    if let small = Int(exactly: value) { return .int(small) }
    let words = value.magnitude.words.count
    try allocate(32 + 8 * words)
    if words > 32 { try charge(words / 32) }
    return .object(BigObject(value))
  }

  func bytes(_ values: [UInt8]) throws(Unwind) -> Value {
    try allocate(48 + values.count)
    return .object(BytesObject(values))
  }

  // MARK: Raising

  func type(_ name: String) -> TypeObject {
    if let type = types[name] { return type }
    let kind: TypeObject.Kind
    var base: TypeObject?
    if name == "BaseException" {
      kind = .exception
    } else if let parent = ExceptionHierarchy.base[name] {
      kind = .exception
      base = self.type(parent)
    } else {
      kind = .builtin(BuiltinType.named[name] ?? .object)
    }
    let type = TypeObject(name: name, kind: kind)
    type.setOrder([type] + (base?.order ?? []))
    types[name] = type
    arena.append(type)
    return type
  }

  func type(_ builtin: BuiltinType) -> TypeObject { type(builtin.rawValue) }

  /// An exception that a built-in operation raises.
  func raise(_ name: String, _ message: String = "") -> Unwind {
    let text = Value.object(StringObject(message.unicodeScalars.map(\.value)))
    return raise(name, arguments: message.isEmpty ? [] : [text])
  }

  func raise(_ name: String, arguments: [Value]) -> Unwind {
    let exception = ExceptionObject(type(name), arguments, implicit: true)
    arena.append(exception)
    bytesLeft -= 128
    pending = .object(exception)
    return .exception
  }

  func typeError(_ message: String) -> Unwind { raise("TypeError", message) }

  /// Takes the pending exception if it is one of the builtin class `name`; it stays pending otherwise.
  func pendingIs(_ name: String) -> Bool {
    guard case .object(let object) = pending, let exception = object as? ExceptionObject else { return false }
    return exception.type.isSubclass(of: type(name))
  }
}

/// A value stored in the unknown, and the number of changes that the world had seen then.
struct StoredAnswer {
  /// `.unbound` when it was deleted.
  var value: Value
  var epoch: Int
}

/// A call in progress.
final class Frame {
  enum Mode {
    /// Called from native code, which waits.
    case native
    /// The result goes to a register of the caller.
    case value(Int)
    /// `__init__`: the instance goes to a register of the caller.
    case construct(Int, Value)
    /// A generator resumed by a `for`: item register, exit, decision.
    case forNext(item: Int, exit: Int, decision: Int)
    /// A generator resumed by `yield from` or `await`.
    case delegate(Int)
    /// A class body: the class goes to a register of the caller.
    case classBody(Int, PendingClass)
  }
  let code: Code
  let registers: UnsafeMutablePointer<Value>
  /// Text may name a parameter twice, which no source does: there are at least as many registers as parameters.
  private let capacity: Int
  var pc = 0
  var caller: Frame?
  var mode: Mode = .native
  var namespace: NamespaceObject?
  var generator: GeneratorObject?
  /// The class body or module that is the unit itself: its stores are effects.
  var isUnit = false
  /// Where its result is kept.
  var memo: (cache: CachedObject, key: Value)?

  init(_ code: Code) {
    self.code = code
    capacity = max(1, code.registers, code.parameters.count)
    registers = .allocate(capacity: capacity)
    registers.initialize(repeating: .unbound, count: capacity)
  }

  deinit {
    registers.deinitialize(count: capacity)
    registers.deallocate()
  }

  /// Binds `__class__` in the class body that has just run.
  func setClassCell(_ type: Value) {
    for register in code.ownCells where code.variables[register] == "__class__" {
      if case .object(let cell as CellObject) = registers[register] { cell.value = type }
    }
  }

  func clear() {
    for index in 0..<capacity { registers[index] = .unbound }
    caller = nil
  }
}

/// The names of a class body that runs.
final class NamespaceObject: Object {
  var names: [String] = []
  var values: [String: Value] = [:]
  func set(_ name: String, _ value: Value) {
    if values.updateValue(value, forKey: name) == nil { names.append(name) }
  }
  func remove(_ name: String) {
    values[name] = nil
    names.removeAll { $0 == name }
  }
  override func clear() {
    values = [:]
    names = []
  }
}

struct PendingClass {
  var name: String
  var bases: [Value]
}

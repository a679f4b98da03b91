/// What the matcher does, one step each. Execution goes on with the next instruction unless it says otherwise.
///
/// Registers hold the starts and ends of groups and the counters of loops; slot `2i` and `2i + 1` are those of
/// group `i + 1`, then come `lastIndex` and the greatest slot marked, then what the compiler hands out.
enum Instruction {
  case one(CharacterTest)
  case position(Position, ascii: Bool)
  /// Notes the place as one side of a group.
  case mark(slot: Int)
  /// Goes on; at failure, tries `other`.
  case fork(other: Int)
  case jump(Int)
  /// A single character repeated, greedily or possessively.
  case run(CharacterTest, Bounds)
  /// The least count of a single character; at failure, the `extend` that comes next adds one, and so on.
  case lazyRun(CharacterTest, Bounds)
  case extend(CharacterTest)
  /// Begins a repetition, whose `loop` stands at the target.
  case enter(Loop, at: Int)
  /// Decides after each round whether another follows.
  case loop(Loop)
  /// Another round of a lazy loop, after what follows it failed.
  case again(Loop)
  /// Begins what does not backtrack once matched; the register keeps the height of the stack.
  case hold(Int)
  case commit(Int)
  /// Begins a lookahead or lookbehind; the second register keeps the place.
  case look(register: Int, back: Int)
  case endLook(Int)
  /// Begins a negative one, whose failure goes on at `onward`.
  case lookNot(register: Int, back: Int, onward: Int)
  case endLookNot(Int)
  case reference(group: Int, CaseFolding)
  case branchUnless(group: Int, to: Int)
  case end
  /// Stands last.
  case fail
}

/// A repetition of more than a single character.
struct Loop {
  var bounds: Bounds
  /// Where a round begins.
  var body = 0
  /// How many rounds have begun.
  var count: Int
  /// Where the last optional round began: one that consumed nothing is the last.
  var last: Int { count + 1 }
  /// The height of the stack before a round, for possessive loops.
  var height: Int { count + 2 }
}

/// A compiled pattern.
struct Program {
  var instructions: [Instruction] = []
  /// By instruction, whether a failure that returns to it takes back marks that had been set before, too. CPython does
  /// so only inside greedy and lazy loops; a stale mark shows only where `showsStaleMarks`.
  var savesMarks: [Bool] = []
  /// Whether the pattern has possessive loops or conditions: in `(?:(a)b|.)++`, say, group 1 may end up as the failed
  /// first alternative left it. Elsewhere every mark is set again before it is looked at.
  var showsStaleMarks = false
  var sets: [CharacterSet] = []
  var groupCount: Int
  var registerCount: Int
  /// No match is shorter.
  var leastWidth: Int
  /// What the first character of every match passes, where the pattern begins with such a test.
  var firstTest: CharacterTest?

  var failure: Int { instructions.count - 1 }

  var lastIndexSlot: Int { 2 * groupCount }
  var lastMarkSlot: Int { 2 * groupCount + 1 }

  init(groupCount: Int, leastWidth: Int) {
    self.groupCount = groupCount
    self.leastWidth = leastWidth
    registerCount = 2 * groupCount + 2
  }
}

/// Register code: what a `Procedure` is compiled to, once, before it runs many times.
///
/// Registers hold locals first, then temporaries. A variable that nested functions share lives in a cell that its
/// register holds. Exceptions find their handler through a table of ranges, so that `try` costs nothing.
enum Operation: UInt8 {
  case move, loadConstant, checkBound, unbind, deleteLocal
  case newCell, loadCell, storeCell, deleteCell
  case loadGlobal, storeGlobal, deleteGlobal
  case loadNamespace, storeNamespace, deleteNamespace
  case unary, add, subtract, multiply, binary, inPlace
  case compare, not
  /// `a` target; `b`, `c` operands; `d` decision; `x` operator: jumps when the comparison is false.
  case jumpUnlessCompare
  case jump
  /// `a` target, `b` operand, `d` decision.
  case jumpIfFalse, jumpIfTrue
  case cover
  case getAttribute, setAttribute, deleteAttribute, loadMethod
  case getItem, setItem, deleteItem, makeSlice
  case makeList, makeTuple, makeSet, makeDictionary
  case listAppend, listExtend, setAdd, setUpdate, dictionarySet, dictionaryMerge, listToTuple
  case formatValue, joinStrings
  case call, callMethod
  case getIterator, forNext, unpack
  case yield, yieldFromStep, await, asyncIterator
  case makeClosure, makeClass, definition
  case returnValue
  case raise, reraise, reraiseCurrent, checkCause, matchException, exceptionTriple
  case enterWith, jumpTable
  case importModule, importName
  case assertFail
  case matchSequence, matchStar, matchLength, matchMapping, matchKeys, matchRest, matchClass
  case unsupported
}

struct Instruction {
  var operation: Operation
  var x: UInt8 = 0
  var a: Int32 = 0
  var b: Int32 = 0
  var c: Int32 = 0
  var d: Int32 = -1
}

/// A range of instructions and where an exception raised in it goes. Inner ranges come first.
struct ExceptionRange {
  var start: Int
  var end: Int
  var handler: Int
  var register: Int
}

struct CallSite: Sendable {
  enum Kind: Hashable, Sendable {
    case positional, spread, spreadKeywords
    case keyword(String)
  }
  /// Arguments are in consecutive registers from here.
  var start: Int
  var kinds: [Kind]
  /// Only positional arguments.
  var isSimple: Bool
  /// The source form of the callee, where it is a dotted name.
  var method: Method?
  var name: String
}

struct CodeParameter: Sendable {
  var name: String
  var kind: Parameter.Kind
  var isCell: Bool
  var hasDefault: Bool
}

final class Code: @unchecked Sendable {
  let name: String
  let kind: Procedure.Kind
  /// A generator expression: its only parameter is the first iterator.
  let isGeneratorExpression: Bool
  let parameters: [CodeParameter]
  /// The instructions, which live as long as the code.
  let start: UnsafeMutablePointer<Instruction>
  private let count: Int
  let lines: [Int32]
  let constants: [Constant]
  let names: [String]
  /// The built-in method of each name, where there is one.
  let methods: [Method?]
  let references: [Reference]
  let sites: [CallSite]
  let codes: [Code]
  let definitions: [Definition]
  let ranges: [ExceptionRange]
  let registers: Int
  /// Names of registers that hold variables, for messages.
  let variables: [String]
  /// Registers of this code whose variables live in cells that it makes itself.
  let ownCells: [Int]
  /// Names of the enclosing variables that the code uses, and the registers that hold their cells.
  let free: [(name: String, register: Int)]
  /// For each nested code, the registers of this code that hold the cells it needs.
  let closures: [[Int]]
  /// Only positional parameters without cells: a call may copy its arguments.
  let isSimple: Bool

  init(_ builder: CodeBuilder) {
    name = builder.procedure.name
    kind = builder.kind
    isGeneratorExpression = builder.isGeneratorExpression
    parameters = builder.parameters
    count = builder.instructions.count
    start = .allocate(capacity: max(1, builder.instructions.count))
    start.initialize(from: builder.instructions, count: builder.instructions.count)
    lines = builder.lines
    constants = builder.constants
    names = builder.names
    methods = builder.names.map { Method.named[$0] }
    references = builder.references
    sites = builder.sites
    codes = builder.codes
    definitions = builder.definitions
    ranges = builder.ranges
    registers = builder.maximum
    variables = builder.variableNames
    ownCells = builder.ownCells
    free = builder.free
    closures = builder.closures
    isSimple = builder.parameters.allSatisfy {
      ($0.kind == .positional || $0.kind == .positionalOnly) && !$0.isCell
    }
  }

  deinit { start.deallocate() }

  /// The innermost handler around an instruction.
  func handler(at position: Int) -> ExceptionRange? {
    for range in ranges where range.start <= position && position < range.end { return range }
    return nil
  }
}

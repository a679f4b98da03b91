import BigInt
import Foundation

/// Functions of library modules that are modelled, by their dotted name.
enum Library: String, CaseIterable {
  case sqrt = "math.sqrt"
  case floor = "math.floor"
  case ceil = "math.ceil"
  case trunc = "math.trunc"
  case gcd = "math.gcd"
  case factorial = "math.factorial"
  case isqrt = "math.isqrt"
  case comb = "math.comb"
  case fabs = "math.fabs"
  case isnan = "math.isnan"
  case isinf = "math.isinf"
  case isfinite = "math.isfinite"
  case exp = "math.exp"
  case log = "math.log"
  case log2 = "math.log2"
  case log10 = "math.log10"
  case sin = "math.sin"
  case cos = "math.cos"
  case tan = "math.tan"
  case atan2 = "math.atan2"
  case pow = "math.pow"
  case hypot = "math.hypot"
  case copysign = "math.copysign"
  case prod = "math.prod"
  case lcm = "math.lcm"
  case perm = "math.perm"
  case fmod = "math.fmod"
  case degrees = "math.degrees"
  case radians = "math.radians"
  case isclose = "math.isclose"
  case reduce = "functools.reduce"
  case chain = "itertools.chain"
  case chainFromIterable = "itertools.chain.from_iterable"
  case islice = "itertools.islice"
  case count = "itertools.count"
  case cycle = "itertools.cycle"
  case `repeat` = "itertools.repeat"
  case zipLongest = "itertools.zip_longest"
  case takewhile = "itertools.takewhile"
  case dropwhile = "itertools.dropwhile"
  case filterfalse = "itertools.filterfalse"
  case starmap = "itertools.starmap"
  case accumulate = "itertools.accumulate"
  case product = "itertools.product"
  case permutations = "itertools.permutations"
  case combinations = "itertools.combinations"
  case combinationsWithReplacement = "itertools.combinations_with_replacement"
  case groupby = "itertools.groupby"
  case pairwise = "itertools.pairwise"
  case compress = "itertools.compress"
  case tee = "itertools.tee"
  case bisect = "bisect.bisect"
  case bisectLeft = "bisect.bisect_left"
  case bisectRight = "bisect.bisect_right"
  case insort = "bisect.insort"
  case insortLeft = "bisect.insort_left"
  case insortRight = "bisect.insort_right"
  case heappush = "heapq.heappush"
  case heappop = "heapq.heappop"
  case heapify = "heapq.heapify"
  case heappushpop = "heapq.heappushpop"
  case heapreplace = "heapq.heapreplace"
  case nlargest = "heapq.nlargest"
  case nsmallest = "heapq.nsmallest"
  case heapMerge = "heapq.merge"
  case cache = "functools.cache"
  case lruCache = "functools.lru_cache"
  case comparisonKey = "functools.cmp_to_key"
  case copy = "copy.copy"
  case deepCopy = "copy.deepcopy"
  case itemgetter = "operator.itemgetter"
  case attrgetter = "operator.attrgetter"
  case add = "operator.add"
  case sub = "operator.sub"
  case mul = "operator.mul"
  case mod = "operator.mod"
  case truediv = "operator.truediv"
  case floordiv = "operator.floordiv"
  case operatorPow = "operator.pow"
  case lshift = "operator.lshift"
  case rshift = "operator.rshift"
  case and = "operator.and_"
  case or = "operator.or_"
  case xor = "operator.xor"
  case matmul = "operator.matmul"
  case iadd = "operator.iadd"
  case isub = "operator.isub"
  case imul = "operator.imul"
  case ior = "operator.ior"
  case iand = "operator.iand"
  case ixor = "operator.ixor"
  case lt = "operator.lt"
  case le = "operator.le"
  case gt = "operator.gt"
  case ge = "operator.ge"
  case eq = "operator.eq"
  case ne = "operator.ne"
  case isSame = "operator.is_"
  case isNot = "operator.is_not"
  case neg = "operator.neg"
  case pos = "operator.pos"
  case inv = "operator.inv"
  case invert = "operator.invert"
  case not = "operator.not_"
  case truth = "operator.truth"
  case contains = "operator.contains"
  case concat = "operator.concat"
  case getitem = "operator.getitem"
  case setitem = "operator.setitem"
  case delitem = "operator.delitem"
  case methodcaller = "operator.methodcaller"
  case cast = "typing.cast"
  case fspath = "os.fspath"
  case fsdecode = "os.fsdecode"

  case patternCompile = "re.compile"
  case patternMatch = "re.match"
  case patternFullMatch = "re.fullmatch"
  case patternSearch = "re.search"
  case patternFindAll = "re.findall"
  case patternFindIter = "re.finditer"
  case patternSub = "re.sub"
  case patternSubn = "re.subn"
  case patternSplit = "re.split"
  case patternEscape = "re.escape"

  static let named = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })

  /// Modules of which some functions are modelled and the rest is unknown.
  static let partlyModelled: Set<String> = ["typing", "os", "re"]
}

extension Machine {
  private static let modules: Set<String> = [
    "math", "functools", "itertools", "operator", "collections", "bisect", "heapq", "string", "copy", "re",
  ]
  private static let texts: [String: String] = [
    "string.ascii_lowercase": "abcdefghijklmnopqrstuvwxyz", "string.ascii_uppercase": "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "string.ascii_letters": "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "string.digits": "0123456789",
    "string.hexdigits": "0123456789abcdefABCDEF", "string.octdigits": "01234567",
    "string.punctuation": "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", "string.whitespace": " \t\n\r\u{0B}\u{0C}",
  ]
  private static let types: [String: BuiltinType] = [
    "collections.Counter": .counter, "collections.defaultdict": .defaultdict, "collections.deque": .deque,
    "collections.OrderedDict": .orderedDict, "functools.partial": .partial,
  ]
  private static let constants: [String: Double] = [
    "math.pi": .pi, "math.e": M_E, "math.inf": .infinity, "math.nan": .nan, "math.tau": 2 * .pi,
  ]

  /// The modelled meaning of an imported name, nil when there is none.
  func library(_ name: String) throws(Unwind) -> Value? {
    if let value = libraries[name] { return value }
    let value: Value
    if name == "typing.TYPE_CHECKING" {
      value = .bool(false)
    } else if let constant = Self.constants[name] {
      value = .float(constant)
    } else if let flags = Self.patternFlags[name] {
      value = .int(flags)
    } else if let text = Self.texts[name] {
      value = try string(text)
    } else if let type = Self.types[name] {
      value = .object(self.type(type))
    } else if let function = Library.named[name] {
      value = try register(BuiltinObject(.library(function)), bytes: 48)
    } else if Self.modules.contains(name) {
      value = try register(ModuleObject(name), bytes: 48)
    } else {
      return nil
    }
    libraries[name] = value
    return value
  }

  func libraryAttribute(_ module: String, _ name: String) throws(Unwind) -> Value {
    try library("\(module).\(name)") ?? .object(opaque("\(module).\(name)"))
  }

  func call(_ function: Library, _ arguments: Arguments) throws(Unwind) -> Value {
    let name = function.rawValue
    let values = arguments.positional
    for case .object(let object) in values where object is OpaqueObject && name.hasPrefix("math.") {
      // A number made of an unknown object: an answer, not an effect.
      return try answerOperation(
        "\(name)(\(try paths(values)))", on: values, kind: function == .floor || function == .ceil ? .int : .float)
    }
    switch function {
    case .patternCompile, .patternMatch, .patternFullMatch, .patternSearch, .patternFindAll, .patternFindIter,
      .patternSub, .patternSubn, .patternSplit, .patternEscape:
      return try patternFunction(function, arguments)
    case .reduce: return try reduce(arguments)
    case .cast: return try parse(arguments, "cast", ["typ", "val"], required: 2)[1] ?? .none
    case .fspath, .fsdecode: return try fileName(function, arguments)
    case .floor, .ceil, .trunc:
      let value = try one(arguments, name)
      switch number(value) {
      case .float(let float):
        return try truncate(float.rounded(function == .floor ? .down : function == .ceil ? .up : .towardZero))
      case nil:
        if case .object(let object) = value, object is InstanceObject { throw unsupported(name) }
        throw typeError("must be real number, not \(typeName(value))")
      default: return try unary(.plus, value)
      }
    case .gcd, .lcm, .factorial, .isqrt, .comb, .perm: return try integerFunction(function, values)
    case .isclose: return try isClose(arguments)
    case .prod:
      let parsed = try parse(arguments, "prod", ["iterable", "start"], required: 1, positionalOnly: 1)
      var total = parsed[1] ?? .int(1)
      let source = try iterator(parsed[0] ?? .none)
      while let item = try next(source) { total = try binary(.multiply, total, item) }
      return total
    case .chain, .chainFromIterable, .islice, .count, .cycle, .repeat, .zipLongest, .takewhile, .dropwhile,
      .filterfalse, .starmap, .accumulate, .product, .permutations, .combinations, .combinationsWithReplacement,
      .groupby, .pairwise, .compress, .tee:
      return try iterationTool(function, arguments)
    case .bisect, .bisectLeft, .bisectRight, .insort, .insortLeft, .insortRight:
      return try bisection(function, arguments)
    case .heappush, .heappop, .heapify, .heappushpop, .heapreplace, .nlargest, .nsmallest, .heapMerge:
      return try heapFunction(function, arguments)
    case .cache, .lruCache: return try cacheFunction(function, arguments)
    case .comparisonKey: return try comparisonKey(arguments)
    case .copy, .deepCopy: return try copyFunction(function, arguments)
    default:
      return try name.hasPrefix("operator.")
        ? operatorFunction(function, arguments) : floatFunction(function, values)
    }
  }

  /// Of text it is the text itself; what else a path may be is unknown.
  private func fileName(_ function: Library, _ arguments: Arguments) throws(Unwind) -> Value {
    if arguments.keywords.isEmpty, arguments.positional.count == 1, case .object(let object) = arguments.positional[0],
      object is StringObject || (object is BytesObject && function == .fspath)
    {
      return arguments.positional[0]
    }
    return try callUnknown(named: function.rawValue, arguments, on: [])
  }

  func paths(_ values: [Value]) throws(Unwind) -> String {
    var parts: [String] = []
    for value in values { parts.append(try text(of: value)) }
    return parts.joined(separator: ", ")
  }

  private func reduce(_ arguments: Arguments) throws(Unwind) -> Value {
    let values = try parse(arguments, "reduce", ["function", "iterable", "initial"], required: 2, positionalOnly: 3)
    let source = try iterator(values[1] ?? .none)
    var total: Value
    if let initial = values[2] {
      total = initial
    } else if let first = try next(source) {
      total = first
    } else {
      throw typeError("reduce() of empty iterable with no initial value")
    }
    while let item = try next(source) {
      try charge(1)
      total = try callValue(values[0] ?? .none, total, item)
    }
    return total
  }

  private func integerFunction(_ function: Library, _ values: [Value]) throws(Unwind) -> Value {
    var numbers: [BigInt] = []
    for value in values {
      guard let number = number(value)?.asBig else {
        throw typeError("'\(typeName(value))' object cannot be interpreted as an integer")
      }
      numbers.append(number)
    }
    switch function {
    case .gcd:
      var result = BigInt(0)
      for number in numbers { result = result.greatestCommonDivisor(with: number) }
      return try integer(result)
    case .lcm:
      var result = BigInt(1)
      for number in numbers {
        let divisor = result.greatestCommonDivisor(with: number)
        result = divisor == 0 ? 0 : BigInt((result / divisor * number).magnitude)
      }
      return try integer(result)
    case .isqrt:
      guard numbers.count == 1 else { throw typeError("isqrt() takes exactly one argument") }
      if numbers[0].sign == .minus { throw raise("ValueError", "isqrt() argument must be nonnegative") }
      return try integer(BigInt(numbers[0].magnitude.squareRoot()))
    case .factorial:
      guard numbers.count == 1 else { throw typeError("factorial() takes exactly one argument") }
      if numbers[0].sign == .minus { throw raise("ValueError", "factorial() not defined for negative values") }
      guard let count = Int(exactly: numbers[0]), count < 5000 else { throw stop(.memory) }
      var result = BigInt(1)
      for factor in stride(from: 2, through: count, by: 1) {
        try charge(1 + result.magnitude.words.count / 8)
        result *= BigInt(factor)
      }
      return try integer(result)
    case .perm:
      if numbers.count == 1 { return try integerFunction(.factorial, values) }
      guard numbers.count == 2 else { throw typeError("perm expected 1 or 2 arguments") }
      if numbers.contains(where: { $0.sign == .minus }) {
        throw raise("ValueError", "must be a non-negative integer")
      }
      if numbers[1] > numbers[0] { return .int(0) }
      guard let count = Int(exactly: numbers[1]), count < 5000 else { throw stop(.memory) }
      var result = BigInt(1)
      for index in 0..<count {
        try charge(1 + result.magnitude.words.count / 4)
        result *= numbers[0] - BigInt(index)
      }
      return try integer(result)
    default:
      guard numbers.count == 2 else { throw typeError("comb() takes exactly 2 arguments") }
      if numbers.contains(where: { $0.sign == .minus }) {
        throw raise("ValueError", "must be a non-negative integer")
      }
      if numbers[1] > numbers[0] { return .int(0) }
      guard let count = Int(exactly: min(numbers[1], numbers[0] - numbers[1])), count < 5000 else {
        throw stop(.memory)
      }
      var result = BigInt(1)
      for index in 0..<count {
        try charge(1 + result.magnitude.words.count / 4)
        result = result * (numbers[0] - BigInt(index)) / BigInt(index + 1)
      }
      return try integer(result)
    }
  }

  private func floatFunction(_ function: Library, _ values: [Value]) throws(Unwind) -> Value {
    var x: [Double] = []
    for value in values {
      if let number = number(value) {
        if function == .log || function == .log2 || function == .log10, case .big = number {
          throw unsupported("the logarithm of a large integer")
        }
        x.append(try double(number))
      } else if case .object(let instance as InstanceObject) = value, instance.type.lookup("__float__") != nil {
        throw unsupported(function.rawValue)
      } else {
        throw typeError("must be real number, not \(typeName(value))")
      }
    }
    let isBinary = function == .atan2 || function == .pow || function == .copysign || function == .fmod
    if function != .hypot, function != .log, x.count != (isBinary ? 2 : 1) {
      throw typeError("\(function.rawValue) got \(x.count) arguments")
    }
    let domain = raiseLater("ValueError", "math domain error")
    var result: Double
    switch function {
    case .isnan: return .bool(x[0].isNaN)
    case .isinf: return .bool(x[0].isInfinite)
    case .isfinite: return .bool(x[0].isFinite)
    case .fabs: result = x[0].magnitude
    case .sqrt:
      if x[0] < 0 { throw domain() }
      result = x[0].squareRoot()
    case .fmod:
      if x[0].isInfinite || x[1] == 0, !x[0].isNaN, !x[1].isNaN { throw domain() }
      result = Foundation.fmod(x[0], x[1])
    case .degrees: result = x[0] * (180 / .pi)
    case .radians: result = x[0] * (.pi / 180)
    case .copysign: result = Foundation.copysign(x[0], x[1])
    case .hypot:
      versionDependent = versionDependent || x.count > 2
      result = x.count == 2 ? Foundation.hypot(x[0], x[1]) : x.reduce(0) { $0 + $1 * $1 }.squareRoot()
    case .log, .log2, .log10:
      if x.isEmpty || x.count > 2 { throw typeError("log expected 1 or 2 arguments") }
      if x.contains(where: { $0 <= 0 }) { throw domain() }
      result =
        function == .log ? Foundation.log(x[0]) : function == .log2 ? Foundation.log2(x[0]) : Foundation.log10(x[0])
      if x.count == 2 {
        let base = Foundation.log(x[1])
        if base == 0 { throw raise("ZeroDivisionError", "float division by zero") }
        result /= base
      }
    case .exp:
      result = Foundation.exp(x[0])
      if result.isInfinite, x[0].isFinite { throw raise("OverflowError", "math range error") }
    case .sin, .cos, .tan:
      if x[0].isInfinite { throw domain() }
      result = function == .sin ? Foundation.sin(x[0]) : function == .cos ? Foundation.cos(x[0]) : Foundation.tan(x[0])
    case .atan2: result = Foundation.atan2(x[0], x[1])
    case .pow:
      result = Foundation.pow(x[0], x[1])
      if result.isNaN, !x[0].isNaN, !x[1].isNaN { throw domain() }
      if result.isInfinite, x[0].isFinite, x[1].isFinite {
        if x[0] == 0 { throw domain() }
        throw raise("OverflowError", "math range error")
      }
    default: throw unsupported(function.rawValue)
    }
    return .float(result)
  }

  private func isClose(_ arguments: Arguments) throws(Unwind) -> Value {
    var parts: [Double] = []
    func float(_ value: Value) throws(Unwind) -> Double {
      guard let number = number(value) else { throw typeError("must be real number, not \(typeName(value))") }
      return try double(number)
    }
    guard arguments.positional.count <= 2 else { throw typeError("isclose() takes 2 positional arguments") }
    let values = try parse(arguments, "isclose", ["a", "b", "rel_tol", "abs_tol"], required: 2)
    for (value, fallback) in zip(values, [0, 0, 1e-09, 0]) {
      parts.append(try value.map { value throws(Unwind) in try float(value) } ?? fallback)
    }
    if parts[2] < 0 || parts[3] < 0 { throw raise("ValueError", "tolerances must be non-negative") }
    if parts[0] == parts[1] { return .bool(true) }
    if parts[0].isInfinite || parts[1].isInfinite { return .bool(false) }
    let distance = (parts[1] - parts[0]).magnitude
    return .bool(
      distance <= (parts[2] * parts[1]).magnitude || distance <= (parts[2] * parts[0]).magnitude
        || distance <= parts[3])
  }

  private func raiseLater(_ name: String, _ message: String) -> () -> Unwind {
    { self.raise(name, message) }
  }
}

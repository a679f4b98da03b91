import Foundation
import Logic

/// An asymptotic cost that the structure of the loops and counted steps agree on.
package struct Cost: Hashable, Sendable, CustomStringConvertible {
  /// `O(n^2)`.
  package var text: String
  /// `n = length of nodes`, one for each letter.
  package var sizes: [String]
  /// Steps counted at `measuredSizes` of the first letter.
  package var steps: [Int]
  package static let measuredSizes = [16, 32, 64, 128]

  package var description: String { sizes.isEmpty ? text : text + ", " + sizes.joined(separator: ", ") }

  /// Nil where structure and counts disagree, or where one of them says nothing.
  package static func estimate(_ procedure: Procedure, functions: [Reference: Procedure] = [:]) -> Cost? {
    guard procedure.kind == .function, let growths = StaticCost.bound(of: procedure), let first = growths.first else {
      return nil
    }
    let symbols = Array(Set(growths.flatMap(\.powers.keys))).sorted { left, right in
      procedure.order(of: left) < procedure.order(of: right)
    }
    guard symbols.count <= 3, symbols.allSatisfy({ symbol in procedure.parameters.contains { $0.name == symbol } })
    else { return nil }
    let meter = CostMeter(procedure, functions: functions)
    var counted: [Int] = []
    for symbol in symbols {
      let wanted = growths.map { $0.powers[symbol] ?? 0 }.max() ?? 0
      let logs = growths.contains { $0.powers[symbol] == wanted && ($0.logs[symbol] ?? 0) > 0 }
      guard let measured = meter.exponent(of: symbol, sized: symbols) else { return nil }
      // Lower terms pull the measured exponent down at small sizes, logarithms up.
      guard measured.exponent > Double(wanted) - 0.3, measured.exponent < Double(wanted) + (logs ? 0.5 : 0.3) else {
        return nil
      }
      if counted.isEmpty { counted = measured.steps }
    }
    if symbols.isEmpty { return first == .constant ? Cost(text: "O(1)", sizes: [], steps: []) : nil }
    let letters = Dictionary(uniqueKeysWithValues: zip(symbols, ["n", "m", "k"]))
    let terms = growths.map { growth in
      symbols.compactMap { symbol -> String? in
        guard let power = growth.powers[symbol], let letter = letters[symbol] else { return nil }
        let base = power == 1 ? letter : "\(letter)^\(power)"
        return (growth.logs[symbol] ?? 0) > 0 ? "\(base) log \(letter)" : base
      }.joined(separator: "*")
    }
    let sizes = symbols.map { symbol in
      "\(letters[symbol] ?? "n") = " + (meter.isNumber(symbol) ? symbol : "length of \(symbol)")
    }
    return Cost(text: "O(\(terms.filter { !$0.isEmpty }.joined(separator: " + ")))", sizes: sizes, steps: counted)
  }
}

extension Procedure {
  fileprivate func order(of name: String) -> Int { parameters.firstIndex { $0.name == name } ?? Int.max }
}

/// Counts interpreter steps at growing sizes.
private struct CostMeter {
  let program: CompiledProgram
  let shapes: Shapes

  init(_ procedure: Procedure, functions: [Reference: Procedure]) {
    program = Interpreter.compile(Program(procedure, functions: functions))
    shapes = Shapes([procedure])
  }

  func isNumber(_ name: String) -> Bool { Self.isNumber(shapes.parameters[name] ?? .any) }

  private static func isNumber(_ shape: Shape) -> Bool {
    switch shape {
    case .int, .float: true
    case .union(let shapes): shapes.first.map(isNumber) ?? false
    default: false
    }
  }

  /// The growth exponent in one size, others held small, from the steepest of several data shapes.
  func exponent(of symbol: String, sized: [String]) -> (exponent: Double, steps: [Int])? {
    var best: [Int] = []
    for pattern in 0..<3 {
      var counts: [Int] = []
      for size in Cost.measuredSizes {
        let arguments = program.program.procedure.parameters.map { parameter in
          let own = parameter.name == symbol ? size : sized.contains(parameter.name) ? 6 : 3
          return value(parameter.name, size: own, pattern: pattern)
        }
        var profile = Profile.calm
        profile.weights = [.opaque: 1]
        let execution = Interpreter.run(
          program, arguments: arguments, world: World(seed: 7, profile: profile), limits: Limits(steps: 3_000_000))
        if execution.outcome.isStopped || execution.outcome.isRaised { break }
        counts.append(execution.steps)
      }
      if counts.count == 4, counts[3] > (best.last ?? 0) { best = counts }
    }
    guard best.count == 4, best[0] > 0 else { return nil }
    // Differences cancel the constant part.
    let late = Double(best[3] - best[2])
    let early = Double(best[2] - best[1])
    guard early > 0, late > 0 else { return (0, best) }
    if best[3] < best[0] * 5 / 4 { return (0, best) }
    return (log2(late / early), best)
  }

  private func value(_ name: String, size: Int, pattern: Int) -> Input {
    func make(_ shape: Shape, depth: Int) -> Input {
      func element(_ index: Int, _ inner: Shape) -> Input {
        if depth == 0, inner == .any || Self.isNumber(inner) {
          return .int(pattern == 0 ? index + 1 : pattern == 1 ? 1 : size - index)
        }
        if inner == .string { return .string(pattern == 1 ? "a" : "w\(pattern == 0 ? index : size - index)") }
        return depth < 2 ? make(inner, depth: depth + 1) : .int(index)
      }
      switch shape {
      case .int, .float: return .int(size)
      case .bool: return .bool(pattern == 1)
      case .string: return .string(String(repeating: pattern == 1 ? "a" : "ab ", count: size).prefixed(size))
      case .list(let inner), .iterator(let inner): return .list((0..<size).map { element($0, inner) })
      case .set(let inner): return .set((0..<size).map { inner == .string ? .string("w\($0)") : .int($0) })
      case .dictionary(let key, let inner):
        return .dictionary(
          (0..<size).map { .init(key == .string ? .string("w\($0)") : .int($0), element($0, inner)) })
      case .record(let fields):
        return .dictionary(fields.map { .init(.string($0.key), make($0.shape, depth: depth + 1)) })
      case .made(let kind, let content): return .made(kind, make(content, depth: depth))
      case .tuple(let parts): return .tuple(parts.map { make($0, depth: depth + 1) })
      case .union(let shapes): return make(shapes.first ?? .any, depth: depth)
      case .any: return depth == 0 ? .int(size) : .int(1)
      case .none: return .none
      case .bytes: return .bytes([UInt8](repeating: 97, count: size))
      case .literals(let known): return known.first ?? .none
      case .callable, .opaque: return .opaque(name)
      }
    }
    return make(shapes.parameters[name] ?? .any, depth: 0)
  }
}

extension String {
  fileprivate func prefixed(_ count: Int) -> String { String(prefix(count)) }
}

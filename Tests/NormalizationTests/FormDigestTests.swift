import Foundation
import Logic
import Normalization
import Testing

/// Gives each text a number of its own: a hash without collisions, so a test sees what the encoding itself does.
private final class Numbers: @unchecked Sendable {
  private var known: [[UInt8]: Int] = [:]
  private let lock = NSLock()

  func number(_ bytes: [UInt8]) -> [UInt8] {
    lock.withLock {
      let number = known[bytes] ?? known.count
      known[bytes] = number
      return withUnsafeBytes(of: UInt64(number).bigEndian) { Array($0) }
    }
  }
}

@Suite("Digests of normal forms")
struct FormDigestTests {
  private func digest(_ source: String, unit: String? = nil, _ numbers: Numbers) throws -> FormDigest.Outcome {
    let file = try LoweredFile(source, unit: unit)
    return FormDigest.of(
      file.unit.procedure, boundNames: file.boundNames, nonPlainAttributes: file.nonPlain, hash: numbers.number)
  }

  @Test("Each side of a pair that is proved without assumptions has the same one", arguments: Pair.load("same.pairs"))
  func equal(_ pair: Pair) throws {
    guard case .same(let assumptions, _) = try prove(pair), assumptions.isEmpty else { return }
    let numbers = Numbers()
    let (old, new) = (try digest(pair.old, numbers), try digest(pair.new, numbers))
    guard case .digest = old else {
      Issue.record("no digest: \(old)")
      return
    }
    #expect(old == new)
  }

  @Test("Sides that behave differently never have the same one", arguments: Pair.load("never-same.pairs"))
  func different(_ pair: Pair) throws {
    let numbers = Numbers()
    let old = try digest(pair.old, unit: pair.unit, numbers)
    let new = try digest(pair.new, unit: pair.unit, numbers)
    guard case .digest(let left) = old, case .digest(let right) = new else { return }
    // Names of locals are meaning there, and whoever asks for a digest has to keep them.
    if try LoweredFile(pair.new, unit: pair.unit).unit.looksAtItself { return }
    #expect(left != right)
  }

  @Test("The rules' own examples: alike where no assumption is needed, apart where they must be")
  func examples() throws {
    var outright = 0
    for rule in Rule.all {
      for (old, new) in rule.fires + rule.mustNotFire {
        let numbers = Numbers()
        let (left, right) = (try digest(old, numbers), try digest(new, numbers))
        let isProved = try isProvedOutright(old, new)
        #expect((left == right) == isProved, "\(rule.name):\n\(old)--- against\n\(new)")
        outright += isProved ? 1 : 0
      }
    }
    #expect(outright > 5)
  }

  @Test("Edits of made-up functions: the same digest exactly where the two are proved the same outright")
  func edits() throws {
    var (same, different) = (0, 0)
    for seed in UInt64(1)...150 {
      var source = FuzzSource(seed: seed)
      let old = source.function()
      let new = SourceMutation.apply(to: old, &source.dice)
      let numbers = Numbers()
      guard let left = try? digest(old, numbers), let right = try? digest(new, numbers), case .digest = left,
        case .digest = right
      else { continue }
      let isProved = try isProvedOutright(old, new)
      #expect((left == right) == isProved, "seed \(seed):\n\(old)--- against\n\(new)")
      if isProved { same += 1 } else { different += 1 }
    }
    #expect(same > 5 && different > 50, "\(same) same, \(different) different")
  }

  private func isProvedOutright(_ old: String, _ new: String) throws -> Bool {
    if case .same(let assumptions, _) = try prove(Pair(name: "", expectation: "", old: old, new: new)) {
      return assumptions.isEmpty
    }
    return false
  }

  @Test("The name of a module's function or constant is part of it, the names of locals are not")
  func names() throws {
    let numbers = Numbers()
    func of(_ source: String) throws -> FormDigest.Outcome { try digest(source, numbers) }
    let one = try of("def f(x):\n    y = g(x)\n    return y\n")
    #expect(try one == of("def f(z):\n    return g(z)\n"))
    #expect(try one != of("def f(z):\n    return h(z)\n"))
    #expect(
      try of("from a import g\ndef f(z):\n    return g(z)\n") != of("from b import g\ndef f(z):\n    return g(z)\n"))
  }
}

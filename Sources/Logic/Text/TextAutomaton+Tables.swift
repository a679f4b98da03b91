extension TextAutomaton {
  /// A set of at most 128 terminals.
  package struct Terminals: Hashable, Sendable {
    var low: UInt64 = 0
    var high: UInt64 = 0

    static func one(_ index: UInt8) -> Terminals {
      index < 64 ? Terminals(low: 1 << UInt64(index)) : Terminals(high: 1 << UInt64(index & 63))
    }
    func contains(_ index: UInt8) -> Bool { (index < 64 ? low >> UInt64(index) : high >> UInt64(index & 63)) & 1 == 1 }
    var isEmpty: Bool { low | high == 0 }
    func union(_ other: Terminals) -> Terminals { Terminals(low: low | other.low, high: high | other.high) }
    func intersection(_ other: Terminals) -> Terminals { Terminals(low: low & other.low, high: high & other.high) }
    func subtracting(_ other: Terminals) -> Terminals { Terminals(low: low & ~other.low, high: high & ~other.high) }
  }

  /// Bytes that lead to terminals: keywords or symbols as a tree.
  struct Spellings: Sendable {
    struct Node: Sendable {
      var hasChildren = false
      var terminal: UInt8?
      /// Whether the terminal is a name where the rules ask for none of its kind.
      var isContextual = false
      /// Terminals at or below this node.
      var reach = Terminals()
    }
    private(set) var nodes = [Node()]
    /// `[node][byte]`, 0 where there is no child.
    private var children = [UInt8](repeating: 0, count: 256)

    func child(of node: UInt8, _ byte: UInt8) -> UInt8? {
      let child = children[Int(node) << 8 | Int(byte)]
      return child == 0 ? nil : child
    }

    mutating func add(_ spelling: String, terminal: UInt8, isContextual: Bool = false) {
      var at = 0
      for byte in spelling.utf8 {
        nodes[at].reach = nodes[at].reach.union(.one(terminal))
        if let child = child(of: UInt8(at), byte) {
          at = Int(child)
        } else {
          nodes[at].hasChildren = true
          children[at << 8 | Int(byte)] = UInt8(truncatingIfNeeded: nodes.count)
          at = nodes.count
          nodes.append(Node())
          children += [UInt8](repeating: 0, count: 256)
        }
      }
      nodes[at].reach = nodes[at].reach.union(.one(terminal))
      nodes[at].terminal = terminal
      nodes[at].isContextual = isContextual
    }
  }

  /// The rules as tables. Symbols below `terminalCount` are terminals.
  struct Tables: Sendable {
    private(set) var names: [String] = []
    private(set) var terminalCount = 0
    private(set) var words = Spellings()
    private(set) var symbols = Spellings()
    /// By nonterminal: alternatives, each reversed, ready to be pushed.
    private(set) var alternatives: [[[UInt8]]] = []
    private var growing: [[Bool]] = []
    private var yielding: [[Bool]] = []
    private(set) var nullable: [Bool] = []
    /// What can start a nonterminal, while the stack is low and while it is high.
    private(set) var first: [[Terminals]] = [[], []]
    /// The alternative for a terminal, or -1; `[mode][nonterminal][terminal]`.
    private(set) var choice: [[[Int8]]] = [[], []]
    /// Pairs of alternatives that one terminal could start.
    private(set) var conflicts: [String] = []
    /// The alternative that ends soonest, by nonterminal.
    private(set) var shortest: [Int] = []
    private(set) var samples: [String] = []
    private var index: [String: UInt8] = [:]

    func symbol(_ name: String) -> UInt8 { index[name] ?? 0 }

    init(_ rules: String) {
      let lines = rules.split(separator: "\n").map { line in
        line.split(separator: " ", omittingEmptySubsequences: false).map(String.init).filter { !$0.isEmpty }
      }
      let heads = Set(lines.compactMap(\.first))
      addTerminals(lines.joined().filter { !heads.contains($0) && !["=", "|", "+", "@", "~"].contains($0) })
      for line in lines { _ = intern(line[0]) }
      _ = intern("@")
      for line in lines {
        var options: [[UInt8]] = [[]]
        var grows = [false]
        var yields = [false]
        for item in line.dropFirst(2) {
          switch item {
          case "|":
            options.append([])
            grows.append(false)
            yields.append(false)
          case "+": grows[grows.count - 1] = true
          case "~": yields[yields.count - 1] = true
          default: options[options.count - 1].append(symbol(item))
          }
        }
        alternatives.append(options.map { $0.reversed() })
        growing.append(grows)
        yielding.append(yields)
      }
      alternatives.append([[]])
      growing.append([false])
      yielding.append([false])
      solve()
    }

    private mutating func intern(_ name: String) -> UInt8 {
      if let known = index[name] { return known }
      let new = UInt8(truncatingIfNeeded: names.count)
      names.append(name)
      index[name] = new
      return new
    }

    private mutating func addTerminals(_ items: [String]) {
      var members: [String: String] = [:]
      for (name, spellings) in TextAutomaton.classes {
        for spelling in spellings { members[spelling] = name }
      }
      for item in items where index[item] == nil { _ = intern(item) }
      terminalCount = names.count
      for (terminal, name) in names.enumerated() {
        let isLiteral = name.hasPrefix("'")
        let spelling = isLiteral ? String(name.dropFirst().dropLast()) : name
        samples.append(isLiteral ? spelling : TextAutomaton.samples[name] ?? "")
        if isLiteral { add(spelling, UInt8(terminal)) }
      }
      for (spelling, name) in members.sorted(by: { $0.key < $1.key }) { add(spelling, symbol(name)) }
      for (spelling, name) in TextAutomaton.contextual.sorted(by: { $0.key < $1.key }) {
        words.add(spelling, terminal: symbol(name), isContextual: true)
      }
      // The others are keywords all the same, though no rule asks for them: a terminal that nothing allows.
      let unused = intern("(unused)")
      terminalCount = names.count
      samples.append("")
      for keyword in Grammar.keywords.sorted() where index["'\(keyword)'"] == nil && members[keyword] == nil {
        words.add(keyword, terminal: unused)
      }
    }

    private mutating func add(_ spelling: String, _ terminal: UInt8) {
      if spelling.utf8.first.map(Lexer.startsWord) == true {
        words.add(spelling, terminal: terminal)
      } else {
        symbols.add(spelling, terminal: terminal)
      }
    }

    // MARK: Analysis

    private mutating func solve() {
      let count = alternatives.count
      nullable = Array(repeating: false, count: count)
      repeatUntilStable { tables in
        var changed = false
        for rule in 0..<count where !tables.nullable[rule] {
          if tables.alternatives[rule].contains(where: { $0.allSatisfy { tables.isNullable($0) } }) {
            tables.nullable[rule] = true
            changed = true
          }
        }
        return changed
      }
      for mode in 0...1 {
        first[mode] = Array(repeating: Terminals(), count: count)
        repeatUntilStable { tables in
          var changed = false
          for rule in 0..<count {
            var set = tables.first[mode][rule]
            for option in tables.open(rule, mode) {
              set = set.union(tables.starts(tables.alternatives[rule][option], mode))
            }
            if set != tables.first[mode][rule] {
              tables.first[mode][rule] = set
              changed = true
            }
          }
          return changed
        }
        choice[mode] = (0..<count).map { choices(rule: $0, mode) }
      }
      solveShortest()
    }

    private mutating func repeatUntilStable(_ step: (inout Tables) -> Bool) {
      while step(&self) {}
    }

    private func open(_ rule: Int, _ mode: Int) -> [Int] {
      alternatives[rule].indices.filter { mode == 0 || !growing[rule][$0] }
    }

    private func isNullable(_ symbol: UInt8) -> Bool {
      Int(symbol) >= terminalCount && nullable[Int(symbol) - terminalCount]
    }

    private func starts(_ reversed: [UInt8], _ mode: Int) -> Terminals {
      var result = Terminals()
      for symbol in reversed.reversed() {
        if Int(symbol) < terminalCount { return result.union(.one(symbol)) }
        result = result.union(first[mode][Int(symbol) - terminalCount])
        if !isNullable(symbol) { break }
      }
      return result
    }

    private mutating func choices(rule: Int, _ mode: Int) -> [Int8] {
      var result = [Int8](repeating: -1, count: terminalCount)
      for option in open(rule, mode) {
        let set = starts(alternatives[rule][option], mode)
        for terminal in 0..<UInt8(terminalCount) where set.contains(terminal) {
          if result[Int(terminal)] >= 0 {
            if yielding[rule][option] { continue }
            conflicts.append("\(names[terminalCount + rule]) on \(names[Int(terminal)])")
          } else {
            result[Int(terminal)] = Int8(option)
          }
        }
      }
      return result
    }

    /// By the count of tokens, over what is open while the stack is high.
    private mutating func solveShortest() {
      let unknown = 1_000_000
      var cost = Array(repeating: unknown, count: alternatives.count)
      shortest = Array(repeating: 0, count: alternatives.count)
      repeatUntilStable { tables in
        var changed = false
        for rule in tables.alternatives.indices {
          for option in tables.open(rule, 1) {
            let total = tables.alternatives[rule][option].reduce(0) { sum, symbol in
              sum + (Int(symbol) < tables.terminalCount ? 1 : cost[Int(symbol) - tables.terminalCount])
            }
            if total < cost[rule] {
              cost[rule] = total
              tables.shortest[rule] = option
              changed = true
            }
          }
        }
        return changed
      }
      unproductive = cost.indices.filter { cost[$0] >= unknown && !open($0, 1).isEmpty }.map {
        names[terminalCount + $0]
      }
      if words.nodes.count > 254 || names.count > 255 || terminalCount > 128 { unproductive.append("too many symbols") }
    }
    /// Nonterminals that cannot end while the stack is high.
    private(set) var unproductive: [String] = []
  }
}

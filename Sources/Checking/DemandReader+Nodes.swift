import Logic

/// What is known of values, as nodes of a union-find: two that turn out to be one value are joined, with all that was
/// learned of either.
extension DemandReader {
  final class Node {
    var link: Node?
    var sorts: Set<Demand.Sort> = []
    var isInteger = false
    var isSize = false
    var measure: Measure?
    var span: SpanEnd?
    /// Told from what is below zero.
    var isSigned = false
    /// The length of an item at a fixed position is taken, and of the value itself.
    var isMeasuredByItem = false
    var isMeasured = false
    var isBounded = false
    var mayBeNone = false
    var isCharacter = false
    var isOrdered = false
    var isSequence = false
    var isStored = false
    var isCollection = false
    var isTested = false
    var isObject = false
    /// Stands alone behind `%`.
    var isFormatted = false
    var passes = 0
    var minimumCount = 0
    var counts: Set<Int> = []
    /// Keys that are read whether they are there or not, and keys that are asked for or stored.
    var readKeys: Set<CodePoints> = []
    var askedKeys: Set<CodePoints> = []
    /// Searched by halves.
    var isSorted = false
    /// A whole number written in the source: no evidence that others are whole.
    var isLiteral = false
    /// Read from JSON or the like: numbers, texts, lists and dictionaries.
    var isData = false
    var element: Node?
    var item: Node?
    var parts: [Int: Node] = [:]
    var fields: [CodePoints: Node] = [:]
    /// Of an object of a class whose methods are known, and what is in its attributes.
    var instanceOf: KnownClass?
    var attributes: [String: Node] = [:]

    init(_ sort: Demand.Sort? = nil, isInteger: Bool = false) {
      if let sort { sorts = [sort] }
      self.isInteger = isInteger
    }

    /// What a name says of it.
    init(named name: String) {
      measure = Measure(named: name)
      span = SpanEnd(named: name)
    }

    var root: Node {
      var node = self
      while let next = node.link { node = next }
      return node
    }

    /// Whether the other is a part of it, at most four steps inside.
    func leads(to other: Node, depth: Int = 4) -> Bool {
      guard depth > 0 else { return false }
      let inner = [element, item].compactMap { $0 } + parts.values + fields.values
      return inner.contains { $0.root === other || $0.root.leads(to: other, depth: depth - 1) }
    }
  }

  func unify(_ left: Node, _ right: Node, depth: Int = 0) {
    let (kept, other) = (left.root, right.root)
    guard kept !== other, depth < 20 else { return }
    other.link = kept
    kept.sorts.formUnion(other.sorts)
    kept.isInteger = kept.isInteger || other.isInteger
    kept.isSize = kept.isSize || other.isSize
    kept.measure = Measure.common(kept.measure, other.measure)
    kept.span = SpanEnd.common(kept.span, other.span)
    kept.isSigned = kept.isSigned || other.isSigned
    kept.isMeasuredByItem = kept.isMeasuredByItem || other.isMeasuredByItem
    kept.isMeasured = kept.isMeasured || other.isMeasured
    kept.isBounded = kept.isBounded || other.isBounded
    kept.mayBeNone = kept.mayBeNone || other.mayBeNone
    kept.isCharacter = kept.isCharacter || other.isCharacter
    kept.isOrdered = kept.isOrdered || other.isOrdered
    kept.isSequence = kept.isSequence || other.isSequence
    kept.isStored = kept.isStored || other.isStored
    kept.isCollection = kept.isCollection || other.isCollection
    kept.isTested = kept.isTested || other.isTested
    kept.isObject = kept.isObject || other.isObject
    kept.isFormatted = kept.isFormatted || other.isFormatted
    kept.passes = max(kept.passes, other.passes)
    kept.minimumCount = max(kept.minimumCount, other.minimumCount)
    kept.counts.formUnion(other.counts)
    kept.readKeys.formUnion(other.readKeys)
    kept.askedKeys.formUnion(other.askedKeys)
    kept.isSorted = kept.isSorted || other.isSorted
    kept.isLiteral = kept.isLiteral && other.isLiteral
    kept.isData = kept.isData || other.isData
    func join(_ one: Node?, _ two: Node?) -> Node? {
      guard let one, let two else { return one ?? two }
      unify(one, two, depth: depth + 1)
      return one
    }
    kept.element = join(kept.element, other.element)
    kept.item = join(kept.item, other.item)
    for (index, part) in other.parts { kept.parts[index] = join(kept.parts[index], part) }
    for (key, field) in other.fields { kept.fields[key] = join(kept.fields[key], field) }
    kept.instanceOf = kept.instanceOf ?? other.instanceOf
    for (name, node) in other.attributes { kept.attributes[name] = join(kept.attributes[name], node) }
  }

  func element(of node: Node) -> Node {
    let node = node.root
    if node.element == nil { node.element = Node() }
    return node.element!.root
  }

  func item(of node: Node) -> Node {
    let node = node.root
    if node.sorts == [.list] || node.isSequence { return element(of: node) }
    if node.item == nil { node.item = Node() }
    return node.item!.root
  }

  func part(_ index: Int, of node: Node) -> Node {
    let node = node.root
    if node.parts[index] == nil { node.parts[index] = Node() }
    return node.parts[index]!.root
  }

  func field(_ key: CodePoints, of node: Node) -> Node {
    let node = node.root
    if node.fields[key] == nil { node.fields[key] = Node(named: key.string) }
    return node.fields[key]!.root
  }

  func isA(_ sort: Demand.Sort, _ node: Node) { node.root.sorts.insert(sort) }

  // MARK: What nodes learn from each other

  mutating func settle() {
    spread()
    for (left, right, result) in subtractions {
      let nodes = [left.root, right.root, result.root]
      let isOfSets = nodes.contains { $0.sorts.contains(.set) || $0.element != nil || $0.isCollection }
      for node in nodes where node.sorts.isEmpty { node.sorts = [isOfSets ? .set : .number] }
    }
    spread()
    spreadWholeness()
  }

  /// What gives a whole number together with a whole number is one.
  private func spreadWholeness() {
    func isWhole(_ node: Node) -> Bool { node.isInteger || node.isLiteral }
    func isNumber(_ node: Node) -> Bool { node.sorts.isSubset(of: [.number]) }
    for _ in 0..<8 {
      var isChanged = false
      for (left, right, result) in sums {
        let (a, b, c) = (left.root, right.root, result.root)
        for (one, two, three) in [(a, b, c), (b, a, c), (c, a, b)] {
          guard !one.isInteger, !one.isLiteral, isNumber(one), isWhole(two), isWhole(three),
            two.isInteger || three.isInteger
          else { continue }
          one.isInteger = true
          isChanged = true
        }
      }
      if !isChanged { return }
    }
  }

  private func spread() {
    for _ in 0..<8 {
      var isChanged = false
      for group in alike {
        let roots = group.map(\.root)
        let known = roots.reduce(into: Set<Demand.Sort>()) { $0.formUnion($1.sorts) }.intersection([
          .number, .string, .list, .set,
        ])
        guard known.count == 1 else { continue }
        for node in roots where node.sorts.isEmpty {
          node.sorts = known
          isChanged = true
        }
      }
      if !isChanged { return }
    }
  }

  /// What a node has learned, as the demand that it amounts to.
  mutating func demand(_ node: Node, depth: Int) -> Demand {
    let node = node.root
    var result = Demand()
    partsLeft -= 1
    guard depth < 5, partsLeft > 0 else { return result }
    // Either will do, `()` for nothing among them.
    if node.sorts == [.list, .tuple] {
      node.sorts = [.list]
      node.counts = []
    }
    if node.element != nil || node.isSequence, node.counts.isEmpty {
      for (_, part) in node.parts.sorted(by: { $0.key < $1.key }) { unify(element(of: node), part) }
      node.parts = [:]
    }
    result.sort = node.sorts.count == 1 ? node.sorts.first : node.sorts.isEmpty ? nil : .object
    result.isInteger = node.isInteger
    result.isSize = node.isSize
    result.measure = node.measure
    result.span = node.span
    result.isSigned = node.isSigned
    result.isMeasuredByItem = node.isMeasuredByItem
    result.isMeasured = node.isMeasured
    result.isBounded = node.isBounded
    result.mayBeNone = node.mayBeNone
    result.isCharacter = node.isCharacter
    result.isOrdered = node.isOrdered
    result.isSequence = node.isSequence
    result.isStored = node.isStored
    result.isIterated = node.passes > 0
    result.isCollection = node.isCollection || node.passes > 1
    result.isTested = node.isTested
    result.isObject = node.isObject
    result.isFormatted = node.isFormatted
    result.minimumCount = node.minimumCount
    result.exactCount = node.counts.count == 1 ? node.counts.first : nil
    result.requiredKeys = node.readKeys.subtracting(node.askedKeys)
    result.isSorted = node.isSorted
    let positions = Set(node.parts.keys)
    if node.element == nil, !node.isSequence, !node.isCollection, node.passes == 0, node.counts.count < 2,
      let last = positions.max(), positions.count > 1 || node.counts.count == 1
    {
      result.arity = max(last + 1, node.counts.first ?? 0)
    }
    if node.sorts == [.number] { return result }
    if let element = node.element { result.element = [demand(element, depth: depth + 1)] }
    if let item = node.item { result.item = [demand(item, depth: depth + 1)] }
    for (index, part) in node.parts.sorted(by: { $0.key < $1.key }) {
      result.parts[index] = demand(part, depth: depth + 1)
    }
    for (key, field) in node.fields.sorted(by: { $0.key.string < $1.key.string }) {
      result.fields[key] = demand(field, depth: depth + 1)
    }
    return result
  }
}

/// Gammas with their conditions in the order of their digests.
///
/// The graph orders conditions as it met them, which two versions of a function need not do alike. Here each gamma is
/// put into the order that the conditions' own digests give (a reduced ordered decision diagram with many ends: Bryant
/// 1986; Bahar et al. 1993), so that one function of the same conditions has one digest.
struct DecisionDiagrams {
  typealias Digest = [UInt8]

  let yes: Digest
  let no: Digest
  private let hash: ([UInt8]) -> [UInt8]

  private enum Node: Hashable {
    case end(Digest)
    case decision(Digest, then: Int, otherwise: Int)
  }
  private struct Question: Hashable {
    var condition: Digest
    var then: Int
    var otherwise: Int
  }

  private var nodes: [Node] = []
  private var digests: [Digest] = []
  private var indices: [Node: Int] = [:]
  private var answers: [Question: Int] = [:]
  /// Diagrams of the graph's gammas, and of its values that are conditions themselves.
  private var diagrams: [NodeID: Int] = [:]
  /// An order that makes a diagram explode is left as the graph has it: then fewer forms are equal, none wrongly so.
  private static let limit = 50_000

  init(hash: @escaping ([UInt8]) -> [UInt8], yes: Digest, no: Digest) {
    self.hash = hash
    self.yes = yes
    self.no = no
  }

  /// `condition = gamma(condition, true, false)`, for a value that is surely a bool.
  mutating func noteCondition(_ digest: Digest, _ id: NodeID) {
    diagrams[id] = decision(digest, then: add(.end(yes)), otherwise: add(.end(no)))
  }

  /// The digest of gamma `id`; `digest` gives that of any older node.
  mutating func gamma(
    _ id: NodeID, condition: Digest, then: NodeID, otherwise: NodeID, digest: (NodeID) -> Digest
  ) -> Digest {
    guard nodes.count < Self.limit else {
      return hash(framed([Array("met in this order".utf8), condition, digest(then), digest(otherwise)]))
    }
    let yes = diagrams[then] ?? add(.end(digest(then)))
    let no = diagrams[otherwise] ?? add(.end(digest(otherwise)))
    let made = choice(condition, yes, no)
    diagrams[id] = made
    return digests[made]
  }

  private mutating func choice(_ condition: Digest, _ then: Int, _ otherwise: Int) -> Int {
    if then == otherwise { return then }
    let question = Question(condition: condition, then: then, otherwise: otherwise)
    if let known = answers[question] { return known }
    var top = condition
    for index in [then, otherwise] {
      if case .decision(let other, _, _) = nodes[index], other.lexicographicallyPrecedes(top) { top = other }
    }
    let (a, b) = (split(then, by: top), split(otherwise, by: top))
    let result: Int
    if top == condition {
      result = decision(top, then: a.then, otherwise: b.otherwise)
    } else {
      let whenTrue = choice(condition, a.then, b.then)
      let whenFalse = choice(condition, a.otherwise, b.otherwise)
      result = decision(top, then: whenTrue, otherwise: whenFalse)
    }
    answers[question] = result
    return result
  }

  private func split(_ index: Int, by condition: Digest) -> (then: Int, otherwise: Int) {
    if case .decision(condition, let then, let otherwise) = nodes[index] { return (then, otherwise) }
    return (index, index)
  }

  private mutating func decision(_ condition: Digest, then: Int, otherwise: Int) -> Int {
    then == otherwise ? then : add(.decision(condition, then: then, otherwise: otherwise))
  }

  private mutating func add(_ node: Node) -> Int {
    if let known = indices[node] { return known }
    let digest: Digest
    switch node {
    case .end(let own): digest = own
    case .decision(let condition, let then, let otherwise):
      digest =
        digests[then] == yes && digests[otherwise] == no
        ? condition : hash(framed([Array("gamma".utf8), condition, digests[then], digests[otherwise]]))
    }
    nodes.append(node)
    digests.append(digest)
    indices[node] = nodes.count - 1
    return nodes.count - 1
  }
}

import Logic
import OrderedCollections

extension AnswerPools {
  /// Values for each question of which the use of its answers says what sort they are of: small ones first, and others.
  convenience init(_ demands: [String: Demand], values: Values, seed: UInt64) {
    var pools: [String: [Input]] = [:]
    for (name, demand) in demands {
      let shape = Shape(demand)
      guard !shape.isVague else { continue }
      var random = Random(seed: StableHash.combine(seed, StableHash.of(name)))
      let near = (values.constants.compared[name] ?? []).filter { demand.fits($0, isStrict: true) }
      var pool = OrderedSet(near + values.small(shape, name: "", near: [], keys: []))
      for _ in 0..<24 { pool.append(values.random(shape, name: "", using: &random)) }
      pools[name] = OrderedSet(pool.map { $0.measured(by: [demand]) }).filter { demand.fits($0, isStrict: true) }
      if pools[name]?.isEmpty == true { pools[name] = nil }
    }
    self.init(pools, objects: Set(demands.filter { $0.value.isObject && $0.value.sort == .object }.keys))
  }
}

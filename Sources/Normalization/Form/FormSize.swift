import Logic

/// How large the graph of one procedure grows.
package enum FormSize {
  /// The nodes made on the way to the normal form, or nil where rules reach none.
  package static func nodes(
    of procedure: Procedure, boundNames: Set<String>, nonPlainAttributes: Set<String>, budget: Int = 200_000
  ) -> Int? {
    let graph = ValueGraph(budget: budget)
    let scope = Builder.Scope(boundNames: boundNames, nonPlainAttributes: nonPlainAttributes)
    let builder = Builder(
      graph: graph, allowed: [], scope: scope,
      parameterTypes: Array(repeating: .unknown, count: procedure.parameters.count),
      elementTypes: Array(repeating: .unknown, count: procedure.parameters.count))
    let root = try? builder.root(of: procedure, roles: procedure.parameters.indices.map { .shared($0) })
    return root == nil || graph.isExhausted ? nil : graph.count
  }
}

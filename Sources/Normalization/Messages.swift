import Logic

/// Reasons that a reader of a report meets.
enum Messages {
  static let formsDiffer = "the normal forms differ"
  static let parametersDiffer = "the parameters differ, and one that was added or removed has no constant default"
  static let identities = "it asks whether numbers, texts or tuples are the same object"
  static func kindsDiffer(_ old: Procedure.Kind, _ new: Procedure.Kind) -> String {
    "a \(old.rawValue) became a \(new.rawValue)"
  }
  static func budget(_ nodes: Int) -> String { "its normal form has more than \(nodes) nodes" }

  static func noDigest(_ what: String) -> String { "its form has a part without a text: \(what)" }
}

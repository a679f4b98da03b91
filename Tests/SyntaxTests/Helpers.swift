import Syntax

func parse(_ source: String, path: String = "a.py") throws -> SyntaxTree {
  try SyntaxTree(parsing: Array(source.utf8), language: .python, path: path)
}

func units(_ source: String, path: String = "a.py") throws -> [Unit] {
  Units.extract(try parse(source, path: path))
}

func unit(_ name: String, in source: String) throws -> Unit? {
  try units(source).first { $0.qualifiedName == name }
}

/// `old -> new state` of every pair but the module's.
func describe(_ pairs: [UnitPair]) -> [String] {
  pairs.filter { ($0.new ?? $0.old)?.kind != .module }.map { pair in
    let name = (pair.new ?? pair.old)?.qualifiedName ?? ""
    switch pair.state {
    case .matched: return "\(name) \(pair.hasSameOwnTokens ? "equal" : "edited")"
    case .renamed(let from): return "\(from) -> \(name)"
    case .moved(let path, let from): return "\(path) \(from) -> \(name)"
    case .added: return "+\(name)"
    case .removed: return "-\(name)"
    }
  }
}

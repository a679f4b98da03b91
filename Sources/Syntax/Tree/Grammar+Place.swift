extension Language {
  /// The file that its grammar was loaded from, for `doctor`.
  package func grammarFile() throws(SyntaxError) -> String {
    _ = try Grammar.load(grammar)
    return try Libraries.find("tree-sitter-\(grammar)", in: Libraries.folders())
  }
}

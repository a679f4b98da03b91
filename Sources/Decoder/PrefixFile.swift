/// What a model computed for the beginning that its prompts share, kept between runs: whole pages of keys and values,
/// mapped. A file is named for the model (weights, adapter with its scale, kernels) and for the tokens.
struct PrefixFile {
  private static let title = "logicdiff prefix 1\n"
  private static let limit = 8
  /// Tokens from which on keeping a beginning saves more than it costs.
  static let least = 256

  let folder: String
  /// The decoder's name, which tells all that its answers follow from.
  let model: String

  init(folder: String, model: String) {
    self.folder = joined(folder, "prefixes")
    self.model = model
  }

  private func file(_ tokens: ArraySlice<Int>) -> KeptFile {
    KeptFile(folder: folder, name: "\(tokens.count)-\(digest(tokens)).prefix")
  }

  private func digest(_ tokens: ArraySlice<Int>) -> String {
    Checkpoint.digest { digest in
      digest.add(model.utf8)
      for token in tokens { digest.add(token) }
    }
  }

  private func mark(_ tokens: ArraySlice<Int>) -> [UInt8] {
    // two hashes with nothing in common: what one takes for equal the other does not
    let second = Checkpoint.digest { digest in
      for token in tokens.reversed() { digest.add(token &* 2_654_435_761) }
      digest.add(model.utf8)
    }
    return Array("\(Self.title)\(digest(tokens)) \(second)\n".utf8)
  }

  /// The longest kept beginning of `prompt`, its last token left out.
  func find(_ prompt: [Int], _ shape: PageShape) -> (tokens: [Int], pages: [Memory])? {
    let counts = Set(KeptFile.names(in: folder, ending: ".prefix").compactMap { Int($0.prefix { $0 != "-" }) })
    for count in counts.sorted(by: >) where count < prompt.count && count % PageShape.positions == 0 && count > 0 {
      let tokens = prompt[..<count]
      let page = shape.floats * 4
      let step = KeptFile.padded(page)
      guard let file = file(tokens).open(mark: mark(tokens), size: count / PageShape.positions * step) else { continue }
      let pages = (0..<count / PageShape.positions).map { index in
        let start = KeptFile.header + index * step
        return Memory(UnsafeRawBufferPointer(rebasing: file.bytes[start..<start + page]), of: file)
      }
      return (Array(tokens), pages)
    }
    return nil
  }

  func keep(_ tokens: [Int], _ pages: [Memory], _ shape: PageShape) {
    let bytes = pages.map { UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer($0.bytes)[..<(shape.floats * 4)]) }
    file(tokens[...]).keep(mark: mark(tokens[...]), bytes, limit: Self.limit)
  }
}

/// What the word after `--decoder` stands for.
package enum DecoderPlace: Sendable, Equatable {
  case embedded
  case none
  /// A directory with a checkpoint, or a GGUF file.
  case checkpoint(String)
  case server(ServerAddress)

  /// Nil for a word that means nothing; an error for one whose meaning is clear and that leads nowhere.
  package init?(_ word: String, cache: HubCache = HubCache()) throws(DecoderError) {
    switch word {
    case "embedded": self = .embedded
    case "none": self = .none
    case _ where word.hasPrefix("hf:"):
      guard let name = HubCache.Name(String(word.dropFirst(3))) else { throw .notAName(word) }
      self = .checkpoint(try cache.place(of: name))
    case _ where word.hasPrefix("http://") || word.hasPrefix("https://"):
      self = .server(try ServerAddress(word))
    case _ where word.contains("://"): return nil
    case _
    where word.contains("/") || word.hasPrefix(".") || word.hasSuffix(".gguf") || isReadable(word + "/config.json"):
      self = .checkpoint(word)
    default: return nil
    }
  }
}

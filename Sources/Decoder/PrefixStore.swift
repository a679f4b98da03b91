#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The beginnings of prompts that were read, so that what prompts share is computed once.
///
/// Prompts of one kind begin with the same system prompt and examples. While one of them is read whose beginning nobody
/// has read before, the others wait, since they may begin alike; what follows the common part they read together.
final class PrefixStore: @unchecked Sendable {
  private struct Kept {
    var tokens: [Int]
    /// The prompt that they began.
    var prompt: [Int]
    /// What it has seen is `tokens`, whole pages that are never written again.
    var session: Session
  }

  /// Prompts that are kept, the last ones that were used.
  private static let limit = 8
  /// Beginnings that one process writes.
  private static let writes = 4
  /// Tokens that one prompt may have of its own and still be read beside others.
  private static let ownTokens = 256

  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private var kept: [Kept] = []
  /// Where beginnings are kept between runs.
  private let file: PrefixFile?
  private var stored: Set<[Int]> = []

  init(file: PrefixFile? = nil) {
    self.file = file
    mutex = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  /// A session that has read a part of `prompt`, never its last token: the scores are those after it. `read` computes
  /// what is missing.
  func session(
    _ model: Transformer, for prompt: [Int], capacity: Int,
    read: (Session, [Int]) throws(DecoderError) -> Void
  ) throws(DecoderError) -> Session {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    func shared(_ tokens: [Int]) -> Int { zip(prompt.dropLast(), tokens).prefix { $0 == $1 }.count }
    let best = kept.indices.max { shared(kept[$0].tokens) < shared(kept[$1].tokens) }
    var session = Session(model, capacity: capacity)
    if let best {
      let found = kept.remove(at: best)
      kept.append(found)
      session = found.session.restored(Array(prompt[..<shared(found.tokens)]), capacity: capacity)
      // a further try shares all with the one before, which is no beginning that others have
      if found.prompt != prompt { keep(session) }
    }
    if prompt.count - session.tokens.count <= Self.ownTokens { return session }
    if let found = file?.find(prompt, session.cache.shape), found.tokens.count > session.tokens.count {
      session = Session(model, capacity: capacity, tokens: found.tokens, pages: found.pages)
      stored.insert(found.tokens)
      if prompt.count - session.tokens.count <= Self.ownTokens {
        remember(found.tokens, of: prompt, session)
        return session
      }
    }
    // whole pages only, so that what is kept is what the session has seen
    let whole = (prompt.count - 1) / PageShape.positions * PageShape.positions
    try read(session, Array(prompt[session.tokens.count..<whole]))
    remember(Array(prompt[..<whole]), of: prompt, session)
    return session
  }

  private func remember(_ tokens: [Int], of prompt: [Int], _ session: Session) {
    kept.append(Kept(tokens: tokens, prompt: prompt, session: session.restored(tokens, capacity: tokens.count)))
    if kept.count > Self.limit { kept.removeFirst() }
  }

  /// Writes what two prompts had in common, once.
  private func keep(_ session: Session) {
    let tokens = session.tokens
    guard let file, tokens.count >= PrefixFile.least, stored.count < Self.writes, stored.insert(tokens).inserted else {
      return
    }
    file.keep(tokens, session.cache.pages, session.cache.shape)
  }
}

/// What `model info` prints about a checkpoint.
package struct CheckpointInfo: Sendable {
  package var directory: String
  package var architecture: String
  package var parameters: Int
  /// Element types in use, with how many tensors each.
  package var types: [(type: ElementType, tensors: Int)]
  package var weightBytes: Int
  package var context: Int
  package var vocabulary: Int
  package var tiedEmbeddings: Bool
  package var template: ChatTemplate
  package var fingerprint: String
  package var config: ModelConfig
}

extension Checkpoint {
  package var info: CheckpointInfo {
    let used = tensors.values
    return CheckpointInfo(
      directory: directory, architecture: config.architecture.rawValue, parameters: config.parameters,
      types: ElementType.allCases.compactMap { type in
        let count = used.count { $0.type == type }
        return count > 0 ? (type, count) : nil
      }, weightBytes: used.reduce(0) { $0 + $1.bytes.count }, context: config.context,
      vocabulary: config.vocabularySize, tiedEmbeddings: config.tiedEmbeddings, template: template,
      fingerprint: fingerprint, config: config)
  }

  /// Lets the system take back what was read of the weights' files.
  func forgetFiles() {
    var seen: Set<ObjectIdentifier> = []
    for tensor in tensors.values where seen.insert(ObjectIdentifier(tensor.file)).inserted { tensor.file.forget() }
  }

  /// The format in memory that comes nearest to what most of the weights are stored in.
  var storedFormat: WeightFormat {
    let types = Set(tensors.values.lazy.filter { $0.shape.count > 1 }.map(\.type))
    if types.allSatisfy({ $0.block == nil }) { return .float }
    return types.contains(.q4x0) ? .q4x0 : .q8x0
  }

  /// Sixteen hexadecimal digits that stand for the content: all of it where weights are small, else the ends of every
  /// tensor. Tells checkpoints apart in cache keys; it is no defence against forgery.
  package var fingerprint: String {
    Self.digest { digest in
      let whole = tensors.values.reduce(0) { $0 + $1.bytes.count } <= 64 << 20
      for name in tensors.keys.sorted() {
        guard let tensor = tensors[name] else { continue }
        digest.add(name.utf8)
        for size in tensor.shape { digest.add(size) }
        let end = min(tensor.bytes.count, whole ? .max : 4_096)
        digest.add(UnsafeRawBufferPointer(rebasing: tensor.bytes[..<end]))
        if !whole { digest.add(UnsafeRawBufferPointer(rebasing: tensor.bytes.suffix(4_096))) }
      }
      digest.add(config.ropeTheta.bitPattern)
      digest.add(config.rmsEpsilon.bitPattern)
      digest.add(config.heads)
      if config.positionScaling != .none { digest.add("\(config.positionScaling)".utf8) }
      for id in 0...max(tokenizer.highestID, 0) { digest.add(tokenizer.tokenBytes(id)) }
    }
  }

  /// Sixteen hexadecimal digits of what `body` adds.
  static func digest(_ body: (inout Digest) -> Void) -> String {
    var digest = Digest()
    body(&digest)
    let digits = String(digest.hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  struct Digest {
    fileprivate var hash: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func add(_ value: some BinaryInteger) {
      hash = (hash ^ UInt64(truncatingIfNeeded: value)) &* 0x9E37_79B9_7F4A_7C15
      hash ^= hash >> 29
    }

    mutating func add(_ bytes: some Sequence<UInt8>) {
      Array(bytes).withUnsafeBytes { add($0) }
    }

    mutating func add(_ bytes: UnsafeRawBufferPointer) {
      add(bytes.count)
      var at = 0
      while at + 8 <= bytes.count {
        add(bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self))
        at += 8
      }
      for byte in bytes[at...] { add(byte) }
    }
  }

  /// Reads every weight: an element that is not finite is an error that names its tensor. Then one step is run, so
  /// that what `verify` passes does generate.
  package func verify(engine: EngineChoice = .automatic) throws(DecoderError) {
    for name in tensors.keys.sorted() {
      guard let tensor = tensors[name] else { continue }
      if let index = tensor.firstNotFinite() {
        throw .malformed(
          tensor.file.path, subject: name, expected: "finite weights", found: "a value that is not, at index \(index)")
      }
    }
    let session = Session(try Transformer(self, engine: engine), capacity: 2)
    try session.prefill([config.endOfText.first ?? 0])
    if session.logits.contains(where: { !$0.isFinite }) {
      throw .malformed(directory, subject: "logits", expected: "finite values after one step", found: "others")
    }
  }
}

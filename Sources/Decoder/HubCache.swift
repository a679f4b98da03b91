#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The checkpoints that Hugging Face's tools keep on this machine, read as they lay them out
/// (https://huggingface.co/docs/huggingface_hub/guides/manage-cache):
/// `models--ORG--NAME/refs/main` holds a commit, `snapshots/COMMIT/` links to the files. Nothing is ever fetched.
package struct HubCache: Sendable {
  package let directory: String

  /// The folder that the environment names, or the one that the tools use when it names none.
  package init(environment: (String) -> String? = { getenv($0).map { String(cString: $0) } }) {
    func named(_ variable: String) -> String? { environment(variable).flatMap { $0.isEmpty ? nil : $0 } }
    let home = named("HOME") ?? "/"
    func expanded(_ path: String) -> String { path.hasPrefix("~/") ? joined(home, String(path.dropFirst(2))) : path }
    if let hub = named("HF_HUB_CACHE") ?? named("HUGGINGFACE_HUB_CACHE") {
      directory = expanded(hub)
    } else if let base = named("HF_HOME") {
      directory = joined(expanded(base), "hub")
    } else {
      directory = joined(expanded(named("XDG_CACHE_HOME") ?? joined(home, ".cache")), "huggingface/hub")
    }
  }

  /// A model on the hub, as `hf:ORG/NAME`, `hf:ORG/NAME@REVISION` and `hf:ORG/NAME/FILE.gguf` write it.
  package struct Name: Sendable, Equatable {
    package var repository: String
    package var revision: String?
    /// One file of the repository; nil for all of it.
    package var file: String?

    /// Nil where a part could lead out of the cache, or is none.
    package init?(_ word: String) {
      var rest = Substring(word)
      if let at = rest.lastIndex(of: "@") {
        let revision = String(rest[rest.index(after: at)...])
        guard Self.isPlain(revision) else { return nil }
        self.revision = revision
        rest = rest[..<at]
      }
      var parts = rest.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
      if parts.count > 1, parts[parts.count - 1].hasSuffix(".gguf") { file = parts.removeLast() }
      guard (1...2).contains(parts.count), parts.allSatisfy(Self.isPlain), file.map(Self.isPlain) ?? true else {
        return nil
      }
      repository = parts.joined(separator: "/")
    }

    private static func isPlain(_ part: String) -> Bool {
      !part.isEmpty && part != "." && part != ".." && !part.contains("--")
        && part.utf8.allSatisfy { byte in
          switch byte {
          case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
          default: false
          }
        }
    }

    package var folder: String { "models--" + repository.split(separator: "/").joined(separator: "--") }

    /// The command that brings it here.
    package var download: String {
      "hf download \(repository)" + (file.map { " \($0)" } ?? "") + (revision.map { " --revision \($0)" } ?? "")
    }
  }

  /// The directory of the checkpoint, or the GGUF file, that `name` stands for.
  package func place(of name: Name) throws(DecoderError) -> String {
    let root = joined(directory, name.folder)
    let snapshots = joined(root, "snapshots")
    let kept = entries(of: snapshots)
    if kept.isEmpty { throw .notInCache(name, cache: directory, found: "no such model") }
    let wanted = name.revision ?? "main"
    let snapshot: String
    if let commit = try commit(joined(root, "refs/\(wanted)")), kept.contains(commit) {
      snapshot = commit
    } else if name.revision != nil {
      guard let exact = kept.first(where: { $0 == wanted }) else {
        throw .notInCache(name, cache: directory, found: "no revision \(wanted)")
      }
      snapshot = exact
    } else {
      guard kept.count == 1 else {
        throw .notInCache(name, cache: directory, found: "\(kept.count) revisions, none of them its main one")
      }
      snapshot = kept[0]
    }
    let place = joined(snapshots, snapshot)
    let files = entries(of: place)
    if let file = name.file {
      if !isReadable(joined(place, file)) { throw .notInCache(name, cache: directory, found: "no \(file) in it") }
      return joined(place, file)
    }
    if isReadable(joined(place, "config.json")) {
      let weights = ["model.safetensors", "model.safetensors.index.json"]
      if weights.contains(where: { isReadable(joined(place, $0)) }) { return place }
    }
    let packed = files.filter { $0.hasSuffix(".gguf") }
    if packed.count == 1, isReadable(joined(place, packed[0])) { return joined(place, packed[0]) }
    if packed.count > 1 {
      throw .notInCache(
        name, cache: directory,
        found: "\(packed.count) GGUF files; name one, as in hf:\(name.repository)/\(packed[0])")
    }
    throw .notInCache(name, cache: directory, found: "a model without config.json or without weights")
  }

  /// Names of all models in the cache, in order.
  package func names() -> [Name] {
    entries(of: directory).compactMap { folder in
      guard folder.hasPrefix("models--") else { return nil }
      return Name(String(folder.dropFirst("models--".count)).replacing("--", with: "/", maxReplacements: 1))
    }
  }

  /// The commit that a reference holds; nil where there is no such reference.
  private func commit(_ path: String) throws(DecoderError) -> String? {
    if !isReadable(path) { return nil }
    let text = String(decoding: try MappedFile.contents(of: path).prefix(200), as: UTF8.self)
    let commit = String(text.prefix { $0.isHexDigit })
    return commit.isEmpty ? nil : commit
  }
}

/// What lies in a directory, in order, hidden entries left out; nothing where it cannot be read.
func entries(of directory: String) -> [String] {
  guard let stream = opendir(directory) else { return [] }
  defer { closedir(stream) }
  var names: [String] = []
  while let entry = readdir(stream) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) {
      $0.withMemoryRebound(to: CChar.self, capacity: 1) { String(cString: $0) }
    }
    if !name.hasPrefix(".") { names.append(name) }
  }
  return names.sorted()
}

import Decoder
import Foundation
import Testing

@Suite("Checkpoints in Hugging Face's cache")
struct HubCacheTests {
  /// A cache with one model, laid out as the hub's own tools do; removed with its owner.
  private final class Cache {
    let root = FileManager.default.temporaryDirectory.appending(path: "hub-\(UUID().uuidString)")
    let commit = "0123456789abcdef0123456789abcdef01234567"

    init(_ fixture: Fixture = .tied, reference: String? = "main", folder: String = "models--org--name") throws {
      let files = FileManager.default
      let model = root.appending(path: folder)
      let snapshot = model.appending(path: "snapshots/\(commit)")
      try files.createDirectory(at: model.appending(path: "blobs"), withIntermediateDirectories: true)
      try files.createDirectory(at: snapshot, withIntermediateDirectories: true)
      for name in try files.contentsOfDirectory(atPath: fixture.directory) {
        let blob = model.appending(path: "blobs/\(name.hashValue.magnitude)")
        try files.copyItem(at: URL(filePath: fixture.directory).appending(path: name), to: blob)
        try files.createSymbolicLink(
          atPath: snapshot.appending(path: name).path, withDestinationPath: "../../blobs/\(blob.lastPathComponent)")
      }
      guard let reference else { return }
      let place = model.appending(path: "refs/\(reference)")
      try files.createDirectory(at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(commit.utf8).write(to: place)
    }

    deinit { try? FileManager.default.removeItem(at: root) }

    var hub: HubCache { HubCache { $0 == "HF_HUB_CACHE" ? self.root.path : nil } }

    func place(_ word: String) throws -> String { try hub.place(of: try #require(HubCache.Name(word))) }
  }

  private func message(_ body: () throws -> String) -> String {
    do {
      return "none: \(try body())"
    } catch {
      return "\(error)"
    }
  }

  @Test("A model opens through its reference and links")
  func opens() throws {
    let cache = try Cache()
    let place = try cache.place("org/name")
    #expect(place.hasSuffix(cache.commit))
    #expect(try Checkpoint(directory: place).config == Checkpoint(directory: Fixture.tied.directory).config)
    #expect(try cache.place("org/name@main") == place)
    #expect(try cache.place("org/name@\(cache.commit)") == place)
    #expect(cache.hub.names().map(\.repository) == ["org/name"])
  }

  @Test("A model without a reference opens where there is one snapshot only")
  func oneSnapshot() throws {
    let cache = try Cache(.tied, reference: nil)
    #expect(try cache.place("org/name").hasSuffix(cache.commit))
  }

  @Test("The environment decides where the cache is")
  func environment() {
    func directory(_ variables: [String: String]) -> String { HubCache { variables[$0] }.directory }
    #expect(directory(["HOME": "/h"]) == "/h/.cache/huggingface/hub")
    #expect(directory(["HOME": "/h", "XDG_CACHE_HOME": "/x"]) == "/x/huggingface/hub")
    #expect(directory(["HOME": "/h", "XDG_CACHE_HOME": "/x", "HF_HOME": "~/own"]) == "/h/own/hub")
    #expect(directory(["HF_HOME": "/own", "HF_HUB_CACHE": "/hub"]) == "/hub")
  }

  @Test("A model that is not there names the command that brings it")
  func missing() throws {
    let cache = try Cache()
    for (word, command) in [
      ("org/other", "hf download org/other"), ("org/name@v2", "hf download org/name --revision v2"),
      ("org/name/x.gguf", "hf download org/name x.gguf"),
    ] {
      let text = message { try cache.place(word) }
      #expect(text.contains(command) && text.contains(cache.root.path), "\(text)")
    }
  }

  @Test("A link that leads nowhere is told as a missing file")
  func dangling() throws {
    let cache = try Cache()
    for blob in try FileManager.default.contentsOfDirectory(atPath: cache.root.path + "/models--org--name/blobs") {
      try FileManager.default.removeItem(atPath: cache.root.path + "/models--org--name/blobs/\(blob)")
    }
    #expect(message { try cache.place("org/name") }.contains("without config.json"))
  }

  @Test("No name leads out of the cache", arguments: ["../x", "a/../b", "a/b/c", "", "a/", "/etc", "a@../b", "a--b/c"])
  func outside(word: String) {
    #expect(HubCache.Name(word) == nil)
  }
}

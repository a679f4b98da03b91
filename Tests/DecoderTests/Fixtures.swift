import Decoder
import Foundation
import Testing

/// The committed checkpoints and the reference libraries' answers (Scripts/make-decoder-fixtures).
enum Fixture: String, CaseIterable, Sendable, CustomTestStringConvertible {
  case tied, untied, llama, llama3, mistral

  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fixtures/decoder")

  var testDescription: String { rawValue }
  var directory: String { Self.root.appending(path: rawValue).path }

  func expected() throws -> [ExpectedAnswer] {
    let data = try Data(contentsOf: Self.root.appending(path: "\(rawValue)/expected.json"))
    return try JSONDecoder().decode([ExpectedAnswer].self, from: data)
  }
}

struct ExpectedAnswer: Decodable {
  var system: String
  var user: String
  var tokens: [Int]
  var logits: Data
  var middle: Int
  var middleLogits: Data
  var greedy: [Int]
  var text: Data
}

extension Data {
  var floats: [Float] {
    withUnsafeBytes { raw in (0..<count / 4).map { raw.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self) } }
  }
}

/// A copy of a fixture that a test may spoil; removed with its owner.
final class SpoiledCheckpoint {
  let directory: String

  init(_ fixture: Fixture = .tied) throws {
    let target = FileManager.default.temporaryDirectory.appending(path: "decoder-\(UUID().uuidString)")
    try FileManager.default.copyItem(at: Fixture.root.appending(path: fixture.rawValue), to: target)
    directory = target.path
  }

  deinit { try? FileManager.default.removeItem(atPath: directory) }

  func url(_ name: String) -> URL { URL(filePath: directory).appending(path: name) }

  func read(_ name: String) throws -> Data { try Data(contentsOf: url(name)) }

  func write(_ data: Data, _ name: String) throws { try data.write(to: url(name)) }

  func remove(_ name: String) throws { try FileManager.default.removeItem(at: url(name)) }

  func editText(_ name: String, _ old: String, _ new: String) throws -> Bool {
    let text = String(decoding: try read(name), as: UTF8.self)
    try write(Data(text.replacingOccurrences(of: old, with: new).utf8), name)
    return text.contains(old)
  }

  /// Replaces the safetensors header, keeping the data that follows it.
  func editHeader(_ edit: (inout [String: Any]) -> Void) throws {
    let file = try read("model.safetensors")
    let length = Int(file.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) })
    let object = try JSONSerialization.jsonObject(with: file.subdata(in: 8..<8 + length))
    var header = object as? [String: Any] ?? [:]
    edit(&header)
    try writeHeader(JSONSerialization.data(withJSONObject: header), body: file.subdata(in: (8 + length)..<file.count))
  }

  func writeHeader(_ header: Data, body: Data) throws {
    var out = Data()
    withUnsafeBytes(of: UInt64(header.count).littleEndian) { out.append(contentsOf: $0) }
    try write(out + header + body, "model.safetensors")
  }
}

/// The error that opening and loading `directory` ends in, or nil when it succeeds.
func openingError(_ directory: String) -> DecoderError? {
  do throws(DecoderError) {
    _ = try CheckpointDecoder(directory: directory)
    return nil
  } catch {
    return error
  }
}

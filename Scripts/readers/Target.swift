// What libFuzzer calls. Scripts/fuzz-readers compiles this file as a part of the module Decoder, so that no build of the
// package knows of it.

import Foundation

/// A reader of files that come from outside, fed with the bytes of one file.
enum Reader: String {
  case json, config, safetensors, index, gguf, tokenizer, template
  case adapterConfig = "adapter-config"
  case adapterWeights = "adapter-weights"
  case prefix, panels

  /// What the run is about, from the environment.
  static func setting(_ name: String) -> String {
    guard let value = ProcessInfo.processInfo.environment["LOGICDIFF_FUZZ_\(name)"] else {
      fatalError("Scripts/fuzz-readers sets LOGICDIFF_FUZZ_\(name)")
    }
    return value
  }

  static let chosen: Reader = {
    guard let reader = Reader(rawValue: setting("READER")) else { fatalError("no such reader") }
    return reader
  }()

  /// The file that is replaced, among valid ones: a checkpoint, its adapter in `adapter`, kept files in their folders.
  func file(in place: Place) -> String {
    switch self {
    case .json, .config, .safetensors, .gguf: joined(place.folder, "fed")
    case .index: joined(place.folder, "model.safetensors.index.json")
    case .tokenizer: joined(place.folder, "tokenizer.json")
    case .template: joined(place.folder, "tokenizer_config.json")
    case .adapterConfig: joined(place.adapter, "adapter_config.json")
    case .adapterWeights: joined(place.adapter, "adapter_model.safetensors")
    case .prefix: place.kept("prefixes")
    case .panels: place.kept("weights")
    }
  }

  /// Reads the file and looks at all that it may have brought.
  func read(_ place: Place, _ path: String) throws(DecoderError) {
    switch self {
    case .json: _ = try Checkpoint.readJSON(path)
    case .config:
      let config = try ModelConfig(json: Checkpoint.readJSON(path), file: path)
      precondition(config.parameters > 0 && !Checkpoint.expectedShapes(config).isEmpty)
      _ = KeyValueCache.bytes(config: config, positions: config.context)
      _ = Rotations(config).covering(1)
    case .safetensors: look(at: try SafeTensors(path: path).tensors)
    case .index, .template: look(at: try Checkpoint(directory: place.folder))
    case .gguf:
      let file = try GGUF(path: path)
      look(at: file.tensors)
      // each part alone first, since one that is wrong hides the others
      attempt { () throws(DecoderError) in look(at: try Tokenizer(file)) }
      attempt { () throws(DecoderError) in _ = file.namedTensors(try ModelConfig(file)) }
      look(at: try Checkpoint(directory: path))
    case .tokenizer: look(at: try Tokenizer(path: path))
    case .adapterConfig, .adapterWeights:
      let adapter = try Adapter(directory: place.adapter, for: place.checkpoint)
      _ = try Transformer(place.base, of: place.checkpoint, adapter: adapter)
    case .prefix:
      for page in place.prefixes.find(place.tokens + [0], place.shape)?.pages ?? [] { sum(page.bytes) }
    case .panels:
      let reader = place.panels.open(size: place.page.bytes.count)
      while let part = reader?.next(1_000) { sum(part.bytes) }
    }
  }

  private func look(at checkpoint: Checkpoint) {
    precondition(checkpoint.info.parameters > 0)
    look(at: checkpoint.tensors)
    look(at: checkpoint.tokenizer)
    _ = checkpoint.template.tokens(of: Prompt(system: "a", user: "b\n"), by: checkpoint.tokenizer)
  }

  private func look(at tensors: [String: Tensor]) {
    for tensor in tensors.values { _ = tensor.firstNotFinite() }
  }

  private func look(at tokenizer: Tokenizer) {
    // a long word too, since the merges of such a word are found in another way
    for text in ["def fold(values, start=0):\n", String(repeating: "ab", count: 40)] {
      let tokens = tokenizer.encodeWithAddedTokens(Array(text.utf8))
      precondition(tokens.allSatisfy { (0...tokenizer.highestID).contains($0) })
      _ = tokenizer.decode(tokens)
    }
  }

  private func sum(_ bytes: UnsafeMutableRawBufferPointer) {
    precondition(bytes.reduce(0) { $0 + Int($1) } >= 0)
  }
}

/// Runs `body`; an error has to say something, in letters that a terminal shows and within a screen.
func attempt(_ body: () throws(DecoderError) -> Void) {
  do throws(DecoderError) {
    try body()
  } catch {
    let text = error.description
    let isSilent = error.expected.isEmpty || error.remedy.isEmpty || text.hasSuffix("found . \(error.remedy)")
    precondition(!isSilent, "an error without words: \(text)")
    precondition(text.utf8.count < 4_000, "an error of \(text.utf8.count) bytes")
    precondition(text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }, "control characters: \(text)")
  }
}

/// The folder of this run.
struct Place: @unchecked Sendable {
  let folder: String
  let adapter: String
  let checkpoint: Checkpoint
  let base: Transformer
  let tokens = Array(0..<PageShape.positions)
  let shape: PageShape
  let page: Memory
  let prefixes: PrefixFile
  let panels: PanelFile

  /// Opens what is valid there, and keeps a file of each kind.
  init(_ folder: String) throws(DecoderError) {
    self.folder = folder
    adapter = joined(folder, "adapter")
    checkpoint = try Checkpoint(directory: folder)
    base = try Transformer(checkpoint, engine: .fixedOrder, threads: 1)
    shape = PageShape(checkpoint.config)
    page = Memory(floats: shape.floats)
    prefixes = PrefixFile(folder: folder, model: "model")
    panels = PanelFile(folder: folder, checkpoint: checkpoint, format: .q8x0)
    prefixes.keep(tokens, [page], shape)
    panels.keep([page])
  }

  /// The one file in a folder of kept ones.
  func kept(_ name: String) -> String {
    let folder = joined(folder, name)
    guard let file = KeptFile.names(in: folder, ending: "").first(where: { !$0.hasPrefix(".") }) else {
      fatalError("nothing was kept in \(folder)")
    }
    return joined(folder, file)
  }
}

/// What stays from one call to the next.
struct Run {
  static let shared: Run = {
    do throws(DecoderError) {
      return Run(place: try Place(Reader.setting("FOLDER")))
    } catch {
      fatalError(error.description)
    }
  }()

  let place: Place
  let path: String
  private let file: Int32
  /// The valid file that stood there, where there was one.
  private let valid: [UInt8]

  private init(place: Place) {
    self.place = place
    path = Reader.chosen.file(in: place)
    valid = (try? MappedFile.contents(of: path)) ?? []
    file = open(path, O_RDWR | O_CREAT, 0o600)
    precondition(file >= 0, "cannot open \(path)")
  }

  /// Reads `bytes`. A kept file begins with a digest that no mutation would meet, so an odd first byte stands for the
  /// valid file with the other bytes laid over it.
  func feed(_ bytes: UnsafeBufferPointer<UInt8>) {
    var content = Array(bytes)
    if !valid.isEmpty, Reader.chosen == .prefix || Reader.chosen == .panels, let first = content.first, first & 1 == 1 {
      content = valid
      for (place, byte) in bytes.dropFirst().prefix(valid.count).enumerated() { content[place] ^= byte }
    }
    precondition(ftruncate(file, 0) == 0 && pwrite(file, content, content.count, 0) == content.count)
    attempt { () throws(DecoderError) in try Reader.chosen.read(place, path) }
  }
}

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  Run.shared.feed(UnsafeBufferPointer(start: bytes, count: count))
  return 0
}

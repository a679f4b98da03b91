import Foundation
import Testing

@Suite("Choosing a decoder")
struct DecoderChoiceTests {
  private static let checkout = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  private let program: Program
  private let folder: URL

  init() throws {
    program = try Program()
    folder = FileManager.default.temporaryDirectory.appending(path: "choice-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let old = "def total(xs):\n    s = 0\n    for x in xs:\n        s += x\n    return s\n"
    try Data(old.utf8).write(to: folder.appending(path: "a.py"))
    try Data(old.replacing("s += x", with: "s += x + 1").utf8).write(to: folder.appending(path: "b.py"))
  }

  private func fixture(_ name: String) -> String {
    Self.checkout.appending(path: "Fixtures/decoder/\(name)").path
  }

  private func compare(_ words: String..., environment: [String: String] = [:]) throws -> Program.Result {
    defer { try? FileManager.default.removeItem(at: folder) }
    return try Program.execute(
      program.path, ["files", folder.appending(path: "a.py").path, folder.appending(path: "b.py").path] + words,
      in: "/",
      environment: environment)
  }

  @Test("A checkpoint is asked about what changed, under a budget that is announced first")
  func announced() throws {
    let result = try compare("--decoder", fixture("gguf-qwen2/model.gguf"))
    #expect(result.status == 0 && result.err.contains("2 versions of 1 function"), "\(result.err)")
    #expect(result.err.contains("100000 tokens") && result.out.contains("changed"))
    // random weights write nothing of use, and the user is told so
    #expect(result.err.contains("wrote 0 of 1 summaries"), "\(result.err)")
    #expect(result.err.contains("total the procedure's own text is shown: "))
  }

  @Test("A budget that is too small leaves versions out, and says so")
  func leftOut() throws {
    let result = try compare("--decoder", fixture("gguf-qwen2/model.gguf"), "--decoder-budget", "200")
    #expect(result.status == 0 && result.err.contains("beyond that"), "\(result.err)")
  }

  @Test("The prompt is shown with its tokens, and nothing is asked")
  func shown() throws {
    let result = try compare("--show-prompt", "--decoder", "embedded")
    #expect(result.status == 0 && result.out.contains("total, new:") && result.out.contains("tokens"))
    #expect(result.out.contains("for c in a do") && result.err.contains("Nothing was asked"))
  }

  @Test("A model that is not in the cache names the command that brings it")
  func absent() throws {
    let result = try compare("--decoder", "hf:org/name", environment: ["HF_HUB_CACHE": folder.path])
    #expect(result.status == 2 && result.err.contains("hf download org/name"))
  }

  @Test("A server that is not there is told before work starts, with what would have been sent")
  func server() throws {
    let result = try compare("--decoder", "http://127.0.0.1:9")
    #expect(result.status == 2 && result.err.contains("curl") && result.err.contains("nothing else is sent"))
  }

  @Test("An adapter needs its checkpoint, and goes with it")
  func adapter() throws {
    let alone = try program.run("files", "/dev/null", "/dev/null", "--adapter", fixture("adapter"))
    #expect(alone.status == 2 && alone.err.contains("--adapter"))
    let info = try program.run("model", "info", fixture("tied"), "--adapter", fixture("adapter"))
    #expect(info.status == 0 && info.out.contains("Qwen2ForCausalLM") && info.out.contains("adapter"))
    let foreign = try compare("--decoder", fixture("untied"), "--adapter", fixture("adapter"))
    #expect(foreign.status == 2 && foreign.err.contains("adapter_model.safetensors"))
  }

  @Test("Of several adapters one is for a language, or chosen by its name; all are checked")
  func severalAdapters() throws {
    let (own, foreign) = (fixture("adapter"), folder.appending(path: "absent").path)
    func refused(_ words: String..., saying text: String) throws {
      let place = folder.appending(path: "a.py").path
      let result = try Program.execute(
        program.path, ["files", place, place, "--decoder", fixture("tied")] + words, in: "/", environment: [:])
      #expect(result.status == 2 && result.err.contains(text), "\(words): \(result.err)")
    }
    try refused("--adapter", own, "--adapter", own, saying: "NAME=FOLDER")
    try refused("--adapter", "a=\(own)", "--adapter", "a=\(own)", "--use-adapter", "a", saying: "a second")
    try refused("--adapter", "a=\(own)", "--use-adapter", "b", saying: "--use-adapter to be a,")
    try refused("--use-adapter", "b", saying: "--adapter b=FOLDER")
    try refused("--adapter", "pyhton=\(own)", saying: "\"pyhton\"")
    try refused("--adapter", "python=\(own)", "--adapter", foreign, saying: "absent")
    try refused("--adapter", "a=\(own)", "--adapter", "b=\(foreign)", "--use-adapter", "a", saying: "absent")
    let chosen = try compare(
      "--decoder", fixture("tied"), "--adapter", "python=\(own)", "--adapter", "other=\(own)", "--use-adapter", "other")
    #expect(chosen.status == 0 && chosen.out.contains("changed"), "\(chosen.err)")
  }

  @Test("Checkpoints are listed, and a damaged one does not verify")
  func verified() throws {
    #expect(try program.run("model", "list").out.contains("embedded"))
    let good = try program.run("model", "verify", fixture("gguf-llama/model.gguf"))
    #expect(good.status == 0 && good.out.contains("20 tensors"))
    let cut = folder.appending(path: "cut.gguf")
    let whole = try Data(contentsOf: URL(filePath: fixture("gguf-llama/model.gguf")))
    try whole.prefix(whole.count - 500).write(to: cut)
    let bad = try program.run("model", "verify", cut.path)
    #expect(bad.status == 2 && bad.err.contains("truncated") && !bad.crashed)
    try? FileManager.default.removeItem(at: folder)
  }
}

import Foundation
import Logic
import Lowering
import Summaries
import Syntax

/// Lowers functions and writes the prompts that the specialist sees for them.
struct Forms {
  let arguments: [String]

  /// One function, and the function that it was rewritten from: what the specialist should answer.
  struct Request: Codable {
    var id: String
    var source: String
    var target: String?
    /// `odd` where nothing is to be said, so that the answer is empty.
    var kind: String?
  }
  struct Answer: Codable {
    var id: String
    var name: String
    var prompt: String
    var answer: String?
  }

  /// `--propose`: the specialist's proposals are counted instead, with `--show` also written out; `--every N` takes
  /// each Nth function, `--checkpoint FOLDER` another specialist.
  func run() -> Never {
    if arguments.contains("--propose") { measure() }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var out = Data()
    func flush() {
      FileHandle.standardOutput.write(out)
      out.removeAll(keepingCapacity: true)
    }
    forEachRequest { request in
      let targets = request.target.map { procedures($0, path: request.id) }
      for (index, procedure) in procedures(request.source, path: request.id).enumerated() {
        let prompt = SummaryPrompt(procedure)
        var answer: String?
        if let targets, index < targets.count { answer = prompt.answer(for: targets[index]) }
        // A copy is worth nothing.
        if request.kind == "odd" || answer != nil && answer == prompt.answer(for: procedure) { answer = "" }
        let record = Answer(
          id: request.id, name: procedure.name, prompt: prompt.prompt(.form).user, answer: answer)
        guard let line = try? encoder.encode(record) else { continue }
        out += line
        out.append(UInt8(ascii: "\n"))
        if out.count > 1 << 16 { flush() }
      }
    }
    flush()
    exit(0)
  }

  private func value(of option: String) -> String? {
    arguments.firstIndex(of: option).flatMap { $0 + 1 < arguments.count ? arguments[$0 + 1] : nil }
  }

  private func measure() -> Never {
    let candidates = value(of: "--checkpoint").map { [$0] } ?? Specialist.candidates()
    let every = max(1, value(of: "--every").flatMap { Int($0) } ?? 1)
    switch Specialist.open(candidates: candidates) {
    case .failure(let missing):
      FileHandle.standardError.write(Data("logicdiff-forms: \(missing.reason)\n".utf8))
      exit(2)
    case .success(let decoder):
      var result = Measure()
      var index = 0
      let proposer = Proposer(decoder, style: .form)
      forEachRequest { request in
        let targets = request.target.map { procedures($0, path: request.id) }
        for (place, procedure) in procedures(request.source, path: request.id).enumerated() {
          defer { index += 1 }
          if index % every != 0 { continue }
          let target = targets.flatMap { place < $0.count ? $0[place] : nil }
          result.count(procedure, target: target, proposer, shows: arguments.contains("--show"))
        }
      }
      result.write()
      exit(0)
    }
  }

  /// Lines of standard input, or the files below the folders that the arguments name.
  func forEachRequest(_ body: (Request) -> Void) {
    let options = ["--every", "--checkpoint"]
    let folders = arguments.indices.filter { index in
      !arguments[index].hasPrefix("--") && !(index > 0 && options.contains(arguments[index - 1]))
    }.map { arguments[$0] }
    if folders.isEmpty {
      let decoder = JSONDecoder()
      while let line = readLine() {
        if let request = try? decoder.decode(Request.self, from: Data(line.utf8)) { body(request) }
      }
    }
    for folder in folders {
      let files = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
      for file in files.sorted() where file.hasSuffix(".py") {
        guard let data = FileManager.default.contents(atPath: folder + "/" + file) else { continue }
        body(Request(id: file, source: String(decoding: data, as: UTF8.self)))
      }
    }
  }

  /// The functions and methods of a file. Nested functions are in the form of what holds them.
  func procedures(_ source: String, path: String) -> [Procedure] {
    guard let tree = try? SyntaxTree(parsing: Array(source.utf8), language: .python, path: path) else { return [] }
    let units = Units.extract(tree)
    let context = PythonLowering.context(of: tree, units: units, package: nil)
    return units.compactMap { unit in
      guard unit.kind == .function || unit.kind == .method, let parent = unit.parent,
        [.classBody, .module].contains(units[parent].kind),
        let lowered = try? PythonLowering.lower(unit: unit, in: context), !lowered.looksAtItself
      else { return nil }
      return lowered.procedure
    }
  }
}

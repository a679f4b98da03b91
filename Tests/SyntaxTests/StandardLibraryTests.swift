import Foundation
import Syntax
import Testing

@Suite("Python's standard library")
struct StandardLibraryTests {
  /// The modules of the python3 that is there, or none.
  static let files: [URL] = {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", "import sysconfig; print(sysconfig.get_paths()['stdlib'])"]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return [] }
    let path = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let folder = URL(fileURLWithPath: path.trimmingCharacters(in: .whitespacesAndNewlines))
    let packages = ["", "asyncio", "json", "email", "unittest", "concurrent/futures", "xml/dom"]
    return packages.flatMap { package in
      (try? FileManager.default.contentsOfDirectory(
        at: folder.appendingPathComponent(package), includingPropertiesForKeys: nil)) ?? []
    }.filter { $0.pathExtension == "py" }.sorted { $0.path < $1.path }
  }()

  @Test("Every module parses, and its units pair with themselves", .enabled(if: !files.isEmpty))
  func everyModule() throws {
    var unitCount = 0
    for file in Self.files {
      let data = try Data(contentsOf: file)
      let tree: SyntaxTree
      do throws(SyntaxError) {
        tree = try SyntaxTree(parsing: data, language: .python, path: file.path)
      } catch {
        guard case .notAnalysed = error else { throw error }
        continue
      }
      #expect(!tree.hasError, "\(file.lastPathComponent)")
      let units = Units.extract(tree)
      unitCount += units.count
      let pairs = Pairing.pair(old: units, new: units)
      #expect(pairs.count == units.count, "\(file.lastPathComponent)")
      #expect(pairs.allSatisfy { $0.state == .matched && $0.hasSameOwnTokens }, "\(file.lastPathComponent)")
    }
    #expect(unitCount > 1000)
  }

  @Test("A file cut anywhere gives units or a reason, never a crash", .enabled(if: !files.isEmpty))
  func truncated() throws {
    let data = try Data(contentsOf: #require(Self.files.first { $0.lastPathComponent == "dataclasses.py" }))
    for step in 1..<12 {
      let part = data.prefix(data.count * step / 12 + step * 7)
      guard let tree = try? SyntaxTree(parsing: part, language: .python) else { continue }
      #expect(Units.extract(tree)[0].kind == .module)
    }
  }
}

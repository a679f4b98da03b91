import Foundation
import Lowering
import Syntax
import Testing

/// The library of whatever Python is installed here: real code of many hands.
private let library: String? = {
  let folders = ["/usr/lib", "/usr/local/lib", "/opt/homebrew/lib"]
  for folder in folders {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder))?.sorted().reversed() ?? []
    where name.hasPrefix("python3.") && FileManager.default.fileExists(atPath: "\(folder)/\(name)/argparse.py") {
      return "\(folder)/\(name)"
    }
  }
  return nil
}()

@Suite("Real code")
struct LibraryTests {
  @Test("Nearly all of the standard library is understood", .enabled(if: library != nil))
  func standardLibrary() throws {
    let folder = try #require(library)
    let names = ["calendar", "enum", "fractions", "functools", "heapq", "statistics"]
    var understood = 0
    var refused: [String] = []
    for name in names {
      guard let data = FileManager.default.contents(atPath: "\(folder)/\(name).py") else { continue }
      let tree = try SyntaxTree(parsing: data, language: .python)
      let units = Units.extract(tree)
      let context = ModuleContext(tree: tree, units: units)
      for unit in units {
        do {
          _ = try PythonLowering.lower(unit: unit, in: context)
          understood += 1
        } catch {
          refused.append("\(name).py \(error)")
        }
      }
    }
    #expect(understood > 200)
    #expect(refused.count * 100 < understood, "\(refused)")
  }
}

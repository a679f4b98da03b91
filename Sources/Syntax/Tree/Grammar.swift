import CTreeSitter
import Foundation

/// A tree-sitter grammar that was loaded: its names, and the pointer that the parser wants.
final class Grammar: Sendable {
  /// A `TSLanguage` of static storage, valid as long as the process lives.
  nonisolated(unsafe) let pointer: UnsafeRawPointer
  private let symbolNames: [String]
  private let fieldNames: [String]
  private let fieldNumbers: [String: UInt16]

  private static let loaded = Loaded()

  /// Loads the grammar `name`, once per process.
  static func load(_ name: String) throws(SyntaxError) -> Grammar {
    if let grammar = loaded.grammar(name) { return grammar }
    return loaded.keep(try open(name, in: Libraries.folders()), name)
  }

  /// Opens core and grammar from the first of `folders` that has the file.
  static func open(_ name: String, in folders: [String]) throws(SyntaxError) -> Grammar {
    let core = try Libraries.find("tree-sitter", in: folders)
    let file = try Libraries.find("tree-sitter-\(name)", in: folders)
    let load = ldts_load(core, file, name)
    let text = withUnsafeBytes(of: load.text) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    switch load.status {
    case LDTSLoaded:
      guard let language = load.language else { throw .unusableLibrary(file: file, reason: Messages.noLanguage) }
      return Grammar(language)
    case LDTSIncompatible:
      throw .unusableLibrary(
        file: file, reason: Messages.incompatible(found: load.found, oldest: load.oldest, newest: load.newest))
    case LDTSNoSymbol:
      let lacking = text == "tree_sitter_\(name)" ? file : core
      throw .unusableLibrary(file: lacking, reason: Messages.noSymbol(text))
    default:
      throw .unusableLibrary(file: file, reason: text)
    }
  }

  private init(_ language: UnsafeRawPointer) {
    pointer = language
    var symbols: [String] = []
    while symbols.count < Int(UInt16.max), let name = ldts_symbol_name(language, UInt16(symbols.count)) {
      symbols.append(String(cString: name))
    }
    var fields = [""]  // field 0 means none
    while fields.count < Int(UInt16.max), let name = ldts_field_name(language, UInt16(fields.count)) {
      fields.append(String(cString: name))
    }
    symbolNames = symbols
    fieldNames = fields
    var numbers: [String: UInt16] = [:]
    for (number, name) in fields.enumerated().dropFirst() { numbers[name] = UInt16(number) }
    fieldNumbers = numbers
  }

  func symbolName(_ symbol: UInt16) -> String {
    // tree-sitter gives its error node a number past the table.
    Int(symbol) < symbolNames.count ? symbolNames[Int(symbol)] : "ERROR"
  }

  func fieldName(_ field: UInt16) -> String? {
    field > 0 && Int(field) < fieldNames.count ? fieldNames[Int(field)] : nil
  }

  func fieldNumber(_ name: String) -> UInt16? { fieldNumbers[name] }

  var allSymbolNames: [String] { symbolNames }
}

/// The grammars that were loaded so far. `Mutex` would do, but needs macOS 15.
private final class Loaded: @unchecked Sendable {
  private let lock = NSLock()
  private var grammars: [String: Grammar] = [:]

  func grammar(_ name: String) -> Grammar? { lock.withLock { grammars[name] } }

  /// Keeps the first of two that were loaded at once, and gives it.
  func keep(_ grammar: Grammar, _ name: String) -> Grammar {
    lock.withLock {
      let first = grammars[name] ?? grammar
      grammars[name] = first
      return first
    }
  }
}

/// Where tree-sitter's libraries are looked for.
package enum Libraries {
  #if os(macOS)
    static let fileExtension = "dylib"
  #else
    static let fileExtension = "so"
  #endif

  /// The folders that may hold the libraries, first to last: beside the installed program, then the one that
  /// `LOGICDIFF_LIB` names, else the checkout that the program was built in.
  ///
  /// Never the working directory: it belongs to the code under review.
  package static func folders(
    program: String? = programPath, environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> [String] {
    var folders: [String] = []
    let program = program.map { URL(fileURLWithPath: $0).deletingLastPathComponent().standardizedFileURL }
    if let program {
      folders.append(program.deletingLastPathComponent().appendingPathComponent("lib/logicdiff").path)
    }
    if let named = environment["LOGICDIFF_LIB"], !named.isEmpty {
      folders.append(named)
    } else if var folder = program {
      while folder.path != "/", !folder.path.isEmpty {
        let candidate = folder.appendingPathComponent(".deps/lib").path
        if FileManager.default.fileExists(atPath: candidate) { folders.append(candidate) }
        folder = folder.deletingLastPathComponent()
      }
    }
    return folders
  }

  /// The absolute path of the running program, symbolic links resolved.
  package static var programPath: String? {
    var buffer = [CChar](repeating: 0, count: 4096)
    guard ldts_program_path(&buffer, buffer.count) else { return nil }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Opens tree-sitter and the grammar of `language`, and gives the two files that were used.
  package static func check(
    _ language: Language, in folders: [String] = folders()
  ) throws(SyntaxError) -> [String] {
    _ = try Grammar.open(language.grammar, in: folders)
    return [try find("tree-sitter", in: folders), try find("tree-sitter-\(language.grammar)", in: folders)]
  }

  static func find(_ library: String, in folders: [String]) throws(SyntaxError) -> String {
    let file = "lib\(library).\(fileExtension)"
    for folder in folders {
      let path = folder + "/" + file
      if FileManager.default.fileExists(atPath: path) { return path }
    }
    throw .missingLibrary(file: file, searched: folders)
  }
}

import Foundation
import Syntax
import Testing

@Suite("Languages and their libraries")
struct LanguageTests {
  @Test(
    "A file's language is told by its name, else by its first line",
    arguments: [
      ("a/b.py", ""), ("b.PYI", ""), ("run", "#!/usr/bin/python\n"), ("bin/run", "#!/usr/bin/env -S python3.11 -u\nx"),
      ("r", "#! /usr/local/bin/pypy3 \r\n"),
    ])
  func recognised(path: String, text: String) {
    #expect(Language.of(path: path, firstBytes: Array(text.utf8)) == .python)
  }

  @Test(
    "Other files have none",
    arguments: [
      ("a.txt", "#!/usr/bin/python\n"), (".py", ""), ("Makefile", "all:\n"), ("run", "#!/bin/sh\n"), ("x", "#!"),
    ])
  func unrecognised(path: String, text: String) {
    #expect(Language.of(path: path, firstBytes: Array(text.utf8)) == nil)
  }

  @Test("A missing library is named, with the folders that were searched and the remedy")
  func missing() throws {
    let error = try #require(throws: SyntaxError.self) { try Libraries.check(.python, in: ["/nowhere/lib"]) }
    #expect("\(error)".contains("libtree-sitter."))
    #expect("\(error)".contains("/nowhere/lib"))
    #expect("\(error)".contains("Scripts/setup"))
  }

  @Test("A file that is no library is reported and not used")
  func unusable() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("logicdiff-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let used = try Libraries.check(.python)
    let core = folder.appendingPathComponent(URL(fileURLWithPath: used[0]).lastPathComponent)
    let grammar = folder.appendingPathComponent(URL(fileURLWithPath: used[1]).lastPathComponent)
    try FileManager.default.copyItem(atPath: used[0], toPath: core.path)

    #expect(
      "\(try #require(throws: SyntaxError.self) { try Libraries.check(.python, in: [folder.path]) })".contains("python")
    )
    try Data("not a library".utf8).write(to: grammar)
    let broken = try #require(throws: SyntaxError.self) { try Libraries.check(.python, in: [folder.path]) }
    guard case .unusableLibrary = broken else {
      Issue.record(broken)
      return
    }
    try FileManager.default.removeItem(at: grammar)
    try FileManager.default.copyItem(atPath: used[0], toPath: grammar.path)
    let foreign = try #require(throws: SyntaxError.self) { try Libraries.check(.python, in: [folder.path]) }
    #expect("\(foreign)".contains("tree_sitter_python"))
  }

  @Test("Libraries lie beside the program, else where LOGICDIFF_LIB says; never in the working directory")
  func folders() {
    let named = Libraries.folders(program: "/opt/x/bin/logicdiff", environment: ["LOGICDIFF_LIB": "/libs"])
    #expect(named == ["/opt/x/lib/logicdiff", "/libs"])
    #expect(Libraries.folders(program: "/opt/x/bin/logicdiff", environment: [:]) == ["/opt/x/lib/logicdiff"])
  }
}

import Foundation
import Testing

@Suite("git difftool with logicdiff as the tool")
struct DifftoolTests {
  let repository: GitRepository

  init() throws {
    repository = try GitRepository()
    try repository.expect([
      "config", "difftool.logicdiff.cmd", #"logicdiff files --decoder none --path "$MERGED" "$LOCAL" "$REMOTE""#,
    ])
    try repository.write("sub/code.py", Sample.old)
    try repository.write("gone.py", "def f():\n    return 1\n")
    try repository.commit("first")
    try repository.write("sub/code.py", Sample.changed)
    try repository.expect(["rm", "--quiet", "gone.py"])
    try repository.write("new file.py", "class Nothing:\n    answer = 'something else'\n")
    try repository.expect(["add", "--all"])
  }

  @Test("File after file, each under its path in the repository")
  func files() throws {
    let result = try repository.git(["difftool", "-y", "-t", "logicdiff", "HEAD"])
    #expect(result.status == 0, "\(result.err)")
    #expect(result.out.contains("sub/code.py\n  changed    limit"))
    #expect(result.out.contains("gone.py  deleted\n") && result.out.contains("new file.py  new file\n"))
    #expect(!result.out.contains("/tmp/") && !result.out.contains("_LOCAL_"))
  }

  @Test("All files at once, where the new side is links into the working tree")
  func folders() throws {
    let result = try repository.git(["difftool", "-d", "--symlinks", "-t", "logicdiff", "HEAD"])
    #expect(result.status == 0, "\(result.err)")
    #expect(result.out.contains("sub/code.py\n  changed    limit"))
    #expect(result.out.contains("gone.py  deleted\n") && result.out.contains("new file.py  new file\n"))
    let copied = try repository.git(["difftool", "-d", "--no-symlinks", "-t", "logicdiff", "HEAD"])
    #expect(copied.out == result.out)
  }

  @Test("Links and submodules in the folders are compared as what git makes of them")
  func specialFiles() throws {
    try FileManager.default.createSymbolicLink(atPath: repository.path + "/link.py", withDestinationPath: "nowhere")
    let commit = try repository.commit()
    try FileManager.default.removeItem(atPath: repository.path + "/link.py")
    try FileManager.default.createSymbolicLink(atPath: repository.path + "/link.py", withDestinationPath: "elsewhere")
    try repository.expect(["update-index", "--add", "--cacheinfo", "160000,\(commit),module"])
    let result = try repository.git(["difftool", "-d", "-t", "logicdiff", "--cached", "HEAD"])
    #expect(result.status == 0, "\(result.err)")
    #expect(result.out.contains("module\n") && result.out.contains("Subproject commit \(commit)"))
    let tree = try repository.git(["difftool", "-d", "-t", "logicdiff", "HEAD"])
    #expect(tree.status == 0 && tree.out.contains("link.py"), "\(tree.err)\(tree.out)")
  }

  @Test("--trust-exit-code stops at what needs a look, and only where --exit-code is asked for")
  func trustedStatus() throws {
    let command = ["difftool", "-y", "--trust-exit-code", "-t", "logicdiff", "HEAD"]
    #expect(try repository.git(command).status == 0)
    let stopped = try repository.git(command, environment: ["LOGICDIFF_EXIT_CODE": "1"])
    #expect(stopped.status != 0)
    #expect(stopped.out.contains("gone.py") && !stopped.out.contains("sub/code.py"))
  }
}

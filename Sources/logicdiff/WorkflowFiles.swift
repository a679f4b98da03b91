import Comparison
import Report

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The files that GitHub's runner gives to a step: `GITHUB_STEP_SUMMARY` takes Markdown that is shown with the run,
/// `GITHUB_OUTPUT` takes values for later steps. Outside of a runner neither is set and nothing is written.
enum WorkflowFiles {
  /// The runner drops summaries above a mebibyte; several steps may share a job.
  private static let summaryBudget = 200_000

  static func write(_ report: ComparisonReport, conclusion: Conclusion) throws {
    let environment = ProcessInfo.processInfo.environment
    if let path = environment["GITHUB_STEP_SUMMARY"], !path.isEmpty, MarkdownReport.hasNews(report) {
      var options = MarkdownReport.Options()
      options.budget = summaryBudget
      try append(MarkdownReport.render(report, options: options) + "\n", to: path)
    }
    if let path = environment["GITHUB_OUTPUT"], !path.isEmpty {
      try append("conclusion=\(conclusion.rawValue)\n", to: path)
    }
  }

  private static func append(_ text: String, to path: String) throws {
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Failure(Messages.cannotWrite(path, reason: String(cString: strerror(errno)))) }
    defer { close(descriptor) }
    let isWhole = FileDescriptorWriter.write(Array(text.utf8), to: descriptor)
    guard isWhole else { throw Failure(Messages.cannotWrite(path, reason: String(cString: strerror(errno)))) }
  }
}

/// Writes all bytes, however many calls it takes.
enum FileDescriptorWriter {
  /// False where the system refused; `errno` says why.
  static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes { buffer in
        #if canImport(Glibc)
          Glibc.write(descriptor, buffer.baseAddress, buffer.count)
        #else
          Darwin.write(descriptor, buffer.baseAddress, buffer.count)
        #endif
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }
}

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

enum Memory {
  /// The most that was resident at once.
  static var peakMegabytes: Int {
    var usage = rusage()
    #if canImport(Glibc)
      guard getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 else { return 0 }
      return usage.ru_maxrss / 1024  // kilobytes on Linux, bytes on macOS
    #else
      guard getrusage(RUSAGE_SELF, &usage) == 0 else { return 0 }
      return usage.ru_maxrss / 1_048_576
    #endif
  }
}

// swift-tools-version: 6.1
import PackageDescription

// Targets stand in pipeline order: a module imports only modules above it.
let package = Package(
  name: "logicdiff",
  platforms: [.macOS(.v14)],
  products: [
    .executable(name: "logicdiff", targets: ["logicdiff"])
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
    .package(url: "https://github.com/attaswift/BigInt", exact: "6.0.1"),
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
  ],
  targets: [
    // C: system libraries behind thin shims, each opened or linked as ARCHITECTURE.md says.
    .systemLibrary(name: "CGit2", pkgConfig: "libgit2", providers: [.apt(["libgit2-dev"]), .brew(["libgit2"])]),
    .target(name: "CTreeSitter"),
    .target(name: "COpenBLAS"),
    // C: our own float kernels, compiled for each instruction set and chosen at run time.
    .target(name: "CKernels", linkerSettings: [.linkedLibrary("m")]),

    // Reading: two revisions in, pairs of units out.
    .target(name: "Repository", dependencies: ["CGit2"]),
    .target(name: "Syntax", dependencies: ["CTreeSitter"]),

    // Keeping: what an earlier run found out, under the hash of everything it rests on.
    .target(name: "Cache", dependencies: [.product(name: "GRDB", package: "GRDB.swift")]),

    // Meaning: the common language, what puts source into it, and its normal form.
    .target(name: "TextPatterns"),
    .target(name: "Logic", dependencies: ["TextPatterns", .product(name: "BigInt", package: "BigInt")]),
    .target(name: "Lowering", dependencies: ["Syntax", "Logic"]),
    .target(name: "Normalization", dependencies: ["Logic"]),

    // Disposing: execution refutes what it can.
    .target(
      name: "Checking",
      dependencies: [
        "TextPatterns", "Logic", .product(name: "OrderedCollections", package: "swift-collections"),
      ]),

    // Proposing: the decoder, and the summaries that it writes and execution checks.
    .target(name: "Decoder", dependencies: ["COpenBLAS", "CKernels"]),
    .target(name: "Summaries", dependencies: ["Logic", "Decoder", "Checking"], exclude: ["Resources"]),

    // Telling: verdicts and how they are shown.
    .target(
      name: "Comparison",
      dependencies: [
        "Repository", "Cache", "Syntax", "Logic", "Lowering", "Normalization", "Summaries", "Checking",
      ]),
    .target(name: "Report", dependencies: ["Repository", "Comparison"]),
    // Review comments kept up to date on GitHub and GitLab.
    .target(name: "Posting"),
    .executableTarget(
      name: "logicdiff",
      dependencies: [
        "Repository", "Cache", "Syntax", "Comparison", "Report", "Posting", "Logic", "Decoder", "Summaries",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    // Forms of many functions at once, for the scripts that train and measure the specialist.
    .executableTarget(
      name: "logicdiff-forms",
      dependencies: ["Syntax", "Logic", "Lowering", "Normalization", "Decoder", "Summaries", "Checking"]),

    // Scores and tokens on request, for the script that compares the decoder with the reference libraries.
    .executableTarget(name: "logicdiff-logits", dependencies: ["Logic", "Decoder", "Summaries"]),

    // Matches on request, for the script that compares regular expressions with Python's.
    .executableTarget(name: "logicdiff-patterns", dependencies: ["TextPatterns"]),

    // How long a pair takes from source text to normal form, for Scripts/benchmark.
    .executableTarget(name: "logicdiff-bench", dependencies: ["Syntax", "Logic", "Lowering", "Normalization"]),

    // Tests: one target a module, and the installed program from the outside.
    .testTarget(name: "RepositoryTests", dependencies: ["Repository"]),
    .testTarget(name: "CacheTests", dependencies: ["Cache"]),
    .testTarget(name: "SyntaxTests", dependencies: ["Syntax"]),
    .testTarget(name: "LogicTests", dependencies: ["Logic"]),
    .testTarget(name: "LoweringTests", dependencies: ["Lowering", "Logic", "Syntax"]),
    .testTarget(
      name: "NormalizationTests", dependencies: ["Normalization", "Lowering", "Syntax", "Logic", "Checking"]),
    .testTarget(name: "DecoderTests", dependencies: ["Decoder", "CKernels"]),
    .testTarget(
      name: "SummariesTests", dependencies: ["Summaries", "Checking", "Decoder", "Logic", "Lowering", "Syntax"]),
    .testTarget(name: "CheckingTests", dependencies: ["Checking", "Logic", "Lowering", "Syntax"]),
    .testTarget(
      name: "ComparisonTests", dependencies: ["Comparison", "Cache", "Logic", "Normalization", "Summaries"]),
    .testTarget(name: "ReportTests", dependencies: ["Report"]),
    .testTarget(name: "CommandTests", dependencies: ["Repository"]),
  ],
  swiftLanguageModes: [.v6]
)

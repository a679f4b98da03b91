import Comparison
import Summaries

/// The sentences of the command line: what was expected, what was found, and the next command to type.
enum Messages {
  static let badBudget =
    "Expected --budget to be a number of seconds from 0 (proofs alone) to 86400. Type for example `logicdiff --budget 2`."
  static let badCacheSize =
    "Expected the size of the cache to be a number of megabytes from 1 to 1048576. "
    + "Type for example `git config logicdiff.cacheSize 256`."
  static let badJobs = "Expected --jobs to be a number from 1 to 1024. Type for example `logicdiff --jobs 4`."

  static func adapterTwice(_ found: String) -> String {
    "Expected one adapter for each name and one without, and found a second, \"\(found)\". "
      + "Give it another name: `--adapter NAME=FOLDER`."
  }

  static func noSuchAdapter(_ name: String, known: [String]) -> String {
    "Expected --use-adapter to be \(known.isEmpty ? "the name of an adapter" : list(known)), and found \"\(name)\". "
      + "Type for example `--adapter \(name)=FOLDER --use-adapter \(name)`."
  }

  static func unusedAdapter(_ name: String) -> String {
    "Expected an adapter's name to be a language (python) or what --use-adapter says, and found \"\(name)\". "
      + "Type `--use-adapter \(name)` to use it."
  }

  static let notGitsWords =
    "Expected the words by which git calls a diff driver: a path, or PATH OLD-FILE OLD-HEX OLD-MODE NEW-FILE NEW-HEX "
    + "NEW-MODE. Type `git config diff.logicdiff.command 'logicdiff ext-diff'` and let git call it."

  static func otherCacheKey(_ found: String) -> String {
    "git's cache of summaries is of version \(found), and this is \(Version.current). "
      + "Type `logicdiff install` again."
  }

  static func badShard(_ found: String) -> String {
    "Expected --shard to be i/n with i from 1 to n, and found \"\(found)\". Type for example `--shard 1/4`."
  }

  static func notARange(_ words: [String]) -> String {
    "Expected a range of commits, and found \"\(words.joined(separator: " "))\". "
      + "Type for example `logicdiff log v1.0..HEAD`."
  }

  static func notALog(_ path: String) -> String {
    "Expected \"\(path)\" to hold lines of an earlier `logicdiff log`, and found something else; it stays as it is. "
      + "Name another file with --output."
  }

  static func badSetting(_ place: String, found: String, expected: [String]) -> String {
    let remedy =
      place.hasPrefix("git config")
      ? "`git config --unset \(place.dropFirst("git config ".count))`"
      : "`unset \(place.dropFirst("the variable ".count))`"
    return "Expected \(place) to be \(list(expected)), and found \"\(found)\". Mend it, or type \(remedy)."
  }

  static func cannotWrite(_ path: String, reason: String) -> String {
    "Expected to write the report to \"\(path)\", and could not: \(reason). Name another file with --output."
  }

  static func viewerFailed(_ program: String, status: Int32) -> String {
    status == 127
      ? "Expected a program to show two files, and the shell found none by \"\(program)\". "
        + "Install it, or name another: `logicdiff view vimdiff OLD NEW`."
      : "\"\(program)\" ended with status \(status). See its own message above."
  }

  static func cannotRead(_ path: String, reason: String) -> String {
    "Expected to read \"\(path)\", and could not: \(reason). See what is there with `ls -l`."
  }

  static func notTwoOfAKind(_ old: String, _ new: String) -> String {
    "Expected two files or two directories, and found one of each (\"\(old)\", \"\(new)\"). "
      + "Name two of a kind: `logicdiff files OLD NEW`."
  }

  static func unknownLanguage(_ path: String) -> String {
    "Expected a file in a language that logicdiff reads, and found \"\(path)\". "
      + "This version reads Python (.py, .pyi); see `logicdiff doctor`."
  }

  static func noSuchFunction(_ name: String, in path: String, known: [String]) -> String {
    let some = known.prefix(8).joined(separator: ", ")
    let rest = known.isEmpty ? "The file defines none." : "It defines \(some)\(known.count > 8 ? ", ..." : "")."
    return "Expected a function called \"\(name)\" in \"\(path)\", and found none. \(rest) "
      + "Type `logicdiff summarize \(path)` for all of them."
  }

  static func notAnalysed(_ path: String, reason: String) -> String {
    "\"\(path)\" could not be analysed: \(reason)."
  }

  static let badDecoderBudget =
    "Expected --decoder-budget to be a number of tokens from 0 to 100000000. "
    + "Type for example `logicdiff --decoder-budget 200000`."

  static func asking(_ plan: AskingPlan) -> String {
    "asks \(plan.decoder) about \(plan.asked) versions of \(plan.units) functions that end changed or unproven, new "
      + "versions first: at most \(plan.tokens) of \(plan.budget) tokens, prompts, answers and further tries together."
  }

  static func asked(_ result: AskingResult, _ first: (unit: String, reason: String)) -> String {
    "\(result.decoder) wrote \(result.written) of \(result.asked) summaries that it was asked for. "
      + ownText(first.unit, first.reason)
  }

  static func ownText(_ unit: String, _ reason: String) -> String {
    "Of \(unit) the procedure's own text is shown: \(reason)"
  }

  static let nothingAsked = "No decoder would be asked: no function ends changed or unproven, or none fits its context."

  static func notAsked(_ unit: String) -> String {
    "=== \(unit): not asked, since it is no function or does not fit\n"
  }

  static func prompt(of unit: String, _ question: Question) -> String {
    "=== \(unit): \(question.promptTokens) tokens, with answers and further tries at most \(question.mostTokens)\n"
  }

  static func allPrompts(tokens: Int, budget: Int) -> String {
    "all of this would take at most \(tokens) tokens; --decoder-budget allows \(budget). Nothing was asked."
  }

  static func leftOut(_ plan: AskingPlan) -> String {
    "\(plan.leftOut) versions are beyond that and show their own text; raise it with --decoder-budget."
  }

  static let readThroughGit = ", read through git, since libgit2 cannot open it"

  static let binary = "binary file"
  static let conflicted = "a merge of it is not finished; resolve it and `git add` it"

  static func symbolicLink(_ target: [UInt8]) -> String {
    "a symbolic link to \(String(decoding: target, as: UTF8.self))"
  }
  static func submodule(_ commit: String) -> String { "a submodule at \(commit.prefix(12))" }
  static func tooLarge(_ bytes: Int) -> String {
    "the file has \(bytes) bytes, more than the \(FileTree.sizeLimit) that are analysed"
  }

  private static func list(_ words: [String]) -> String {
    words.count > 1 ? words.dropLast().joined(separator: ", ") + " or " + (words.last ?? "") : words.first ?? ""
  }

  // The review comment.
  static let checkWithoutPost = "Expected --check together with --post github. Type `logicdiff comment --help`."
  static let nothingToSay = "No function, class or module code differs."

  static func posted(_ outcome: String, number: Int) -> String {
    switch outcome {
    case "created": "made the comment on number \(number)\n"
    case "updated": "brought the comment on number \(number) up to date\n"
    case "unchanged": "the comment on number \(number) says the same already\n"
    default: "nothing to say on number \(number)\n"
    }
  }

  static func checkTitle(_ conclusion: Conclusion) -> String {
    switch conclusion {
    case .success: "Every changed function does the same"
    case .failure: "Some functions need a look"
    case .neutral: "No function was changed"
    }
  }

  static func badReport(_ path: String, reason: String) -> String {
    "Expected \"\(path)\" to be a report of `logicdiff --format json`, and could not read it: \(reason). "
      + "Make it again with `logicdiff --format json --output REPORT.json`."
  }

  static func reportTooLarge(_ path: String, limit: Int) -> String {
    "Expected \"\(path)\" to be a report of at most \(limit) bytes, and it is longer. "
      + "Compare fewer paths: `logicdiff A B --format json -- PATH`."
  }

  // The cache.
  static let noCache = "none: there is no folder that it could be in; set XDG_CACHE_HOME to one"

  static func cacheInfo(path: String, entries: Int, bytes: Int, limit: Int) -> String {
    "\(path): \(entries) \(entries == 1 ? "entry" : "entries"), \(bytes) bytes of at most \(limit)"
  }

  static func cacheNotCleared(_ path: String) -> String {
    "Expected to empty the cache at \"\(path)\", and could not. Remove the file: `rm \(path)*`."
  }
}

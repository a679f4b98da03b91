import Decoder
import Summaries

/// Which writer the word after `--decoder` stands for.
enum SummaryWriters {
  /// A folder is opened at once, so that a damaged checkpoint is told before work starts.
  static func writer(_ word: String, canonicalNames: Bool) throws -> any SummaryWriter {
    switch word {
    case "none": return ProcedureText(canonicalNames: canonicalNames)
    case "embedded": return DecoderWriter.embedded(canonicalNames: canonicalNames)
    default:
      guard word.contains("/") || word.hasPrefix("."), !word.contains("://") else {
        throw Failure(Messages.unknownDecoder(word))
      }
      do throws(DecoderError) {
        _ = try Checkpoint(directory: word)
      } catch {
        throw Failure(error.description)
      }
      return DecoderWriter.checkpoint(word, canonicalNames: canonicalNames)
    }
  }
}

import Cache
import Comparison
import Decoder
import Summaries

/// Which writer the settings ask for.
enum SummaryWriters {
  /// A checkpoint's headers, its adapter and a server's list of models are read at once, so that what is wrong with them
  /// is told before work starts.
  static func writer(_ settings: Settings) throws -> any SummaryWriter {
    let canonicalNames = settings.canonicalNames
    do throws(DecoderError) {
      guard let place = try DecoderPlace(settings.decoder) else {
        throw DecoderError.unknownDecoder(settings.decoder)
      }
      switch place {
      case .none, .embedded, .server:
        if !settings.adapters.isEmpty { throw DecoderError.adapterAlone(settings.decoder) }
      case .checkpoint: break
      }
      switch place {
      case .none: return ProcedureText(canonicalNames: canonicalNames)
      case .embedded: return DecoderWriter.embedded(canonicalNames: canonicalNames)
      case .checkpoint(let path):
        let checkpoint = try Checkpoint(directory: path)
        for folder in settings.adapters.folders { _ = try Adapter(directory: folder, for: checkpoint) }
        return DecoderWriter.checkpoint(
          checkpoint, name: settings.decoder, adapter: settings.adapters.general,
          adapters: settings.adapters.byLanguage, format: settings.weights.format,
          cache: settings.cache ? Store.folder() : nil, canonicalNames: canonicalNames)
      case .server(let address):
        Terminal.err("logicdiff: \(ServerDecoder.notice(address))\n")
        return DecoderWriter.server(try ServerDecoder(address), canonicalNames: canonicalNames)
      }
    } catch {
      throw Failure(error.description)
    }
  }

  /// Says what will be asked, before it is.
  static func announce(_ plan: AskingPlan) {
    var text = Messages.asking(plan)
    if plan.leftOut > 0 { text += " " + Messages.leftOut(plan) }
    Terminal.err("logicdiff: \(text)\n")
  }

  /// Says what came of it, where not all summaries could be written.
  static func conclude(_ result: AskingResult) {
    guard let first = result.first else { return }
    Terminal.err("logicdiff: \(Messages.asked(result, first))\n")
  }
}

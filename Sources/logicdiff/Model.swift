import ArgumentParser
import Decoder
import Summaries

/// What is known about checkpoints on this machine.
struct Model: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List, describe or check the checkpoints that --decoder can name.",
    subcommands: [List.self, Info.self, Verify.self], defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the checkpoint that comes with the program, and those in Hugging Face's cache.")

    func run() throws {
      Terminal.out("embedded\t\(Specialist.description())\n")
      let cache = HubCache()
      let names = cache.names()
      for name in names {
        let word = "hf:\(name.repository)"
        do throws(DecoderError) {
          let info = try Checkpoint(directory: cache.place(of: name)).info
          Terminal.out("\(word)\t\(info.architecture), \(Self.size(info))\n")
        } catch {
          Terminal.out("\(word)\tcannot be used: expected \(error.expected), found \(error.found)\n")
        }
      }
      if names.isEmpty { Terminal.out("no others in \(cache.directory); the user's own go by their path\n") }
    }

    static func size(_ info: CheckpointInfo) -> String {
      "\(info.parameters) parameters, \(info.weightBytes >> 20) MB, context \(info.context)"
    }
  }

  struct Place: ParsableArguments {
    @Argument(
      help: ArgumentHelp("As --decoder takes it: embedded, a folder, a GGUF file, hf:ORG/NAME.", valueName: "decoder"))
    var word = "embedded"

    @Option(help: ArgumentHelp("A PEFT adapter's folder.", valueName: "folder"))
    var adapter: String?

    /// The checkpoint's directory or file.
    func path() throws -> String {
      do throws(DecoderError) {
        guard let place = try DecoderPlace(word) else { throw DecoderError.unknownDecoder(word) }
        switch place {
        case .checkpoint(let path): return path
        case .embedded: return Specialist.directory() ?? Specialist.candidates().first ?? "specialist"
        case .none, .server: throw DecoderError.unknownDecoder(word)
        }
      } catch {
        throw Failure(error.description)
      }
    }
  }

  struct Info: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Say what a checkpoint is, from its headers.")
    @OptionGroup var place: Place

    func run() throws {
      let path = try place.path()
      do throws(DecoderError) {
        let checkpoint = try Checkpoint(directory: path)
        let info = checkpoint.info
        let config = info.config
        func say(_ topic: String, _ text: String) {
          Terminal.out(topic + String(repeating: " ", count: max(1, 14 - topic.count)) + text + "\n")
        }
        say("checkpoint", info.directory)
        say("architecture", info.architecture)
        say("parameters", "\(info.parameters)")
        say("shape", "\(config.layers) layers, hidden \(config.hiddenSize), feed-forward \(config.intermediateSize)")
        say("heads", "\(config.heads) on \(config.keyValueHeads) key-value heads of size \(config.headSize)")
        say("positions", "\(info.context), theta \(config.ropeTheta), scaling \(config.positionScaling.name)")
        say("vocabulary", "\(info.vocabulary)\(info.tiedEmbeddings ? ", embeddings tied" : "")")
        say("weights", info.types.map { "\($0.tensors) \($0.type.rawValue)" }.joined(separator: ", "))
        say("size", "\(info.weightBytes) bytes")
        say("template", info.template.rawValue)
        say("fingerprint", info.fingerprint)
        if let folder = place.adapter {
          say("adapter", "\(folder), fingerprint \(try Adapter(directory: folder, for: checkpoint).fingerprint)")
        }
      } catch {
        throw Failure(error.description)
      }
    }
  }

  struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Read every weight of a checkpoint and run one step.")
    @OptionGroup var place: Place

    func run() throws {
      let path = try place.path()
      do throws(DecoderError) {
        let checkpoint = try Checkpoint(directory: path)
        try checkpoint.verify()
        if let folder = place.adapter { _ = try CheckpointDecoder(checkpoint, adapter: folder) }
        Terminal.out("\(path): \(checkpoint.tensors.count) tensors are well, fingerprint \(checkpoint.fingerprint)\n")
      } catch {
        throw Failure(error.description)
      }
    }
  }
}

import Decoder
import Foundation
import Testing

@Suite("A server that the user named")
struct ServerTests {
  private static let models =
    LoopbackServer.Reply.json(#"{"data": [{"id": "first", "max_model_len": 4096}, {"id": "second"}]}"#)

  private static func chat(_ text: String) -> LoopbackServer.Reply {
    let content = String(decoding: (try? JSONEncoder().encode(text)) ?? Data(), as: UTF8.self)
    return .json(
      #"{"choices": [{"message": {"role": "assistant", "content": \#(content)}, "finish_reason": "stop"}], "#
        + #""usage": {"prompt_tokens": 7}}"#)
  }

  private static func decoder(
    _ server: LoopbackServer, path: String = "", key: String? = nil, answer: Double = 5
  ) throws -> ServerDecoder {
    var patience = ServerDecoder.Patience()
    patience.firstWait = 0.01
    patience.answer = answer
    return try ServerDecoder(
      ServerAddress("http://127.0.0.1:\(server.port)\(path)"), key: key, patience: patience)
  }

  private static func grammar() throws -> PushdownGrammar {
    try PushdownGrammar(
      start: "answer",
      rules: ["answer": .sequence([.text("yes"), .repeated(.oneOf(.digits), 1...3), .text("\n")])])
  }

  @Test("A question is put as chat, and its answer read")
  func chat() throws {
    let server = try LoopbackServer([Self.models, Self.chat("hello")])
    let decoder = try Self.decoder(server, key: "secret")
    #expect(decoder.model == "first" && decoder.context == 4_096 && decoder.name.contains("first@http://127.0.0.1"))
    let sampling = Sampling(temperature: 0.5, topP: 0.9, seed: 11)
    let options = GenerationOptions(sampling: sampling, maximumTokens: 33)
    let answer = try decoder.generate(Prompt(system: "be brief", user: "a \"question\""), options: options)
    #expect(answer.text == "hello" && answer.promptTokens == 7 && answer.finish == .ended)
    let request = server.requests[1]
    #expect(request.line.hasPrefix("POST /v1/chat/completions"))
    #expect(request.head.contains("Bearer secret"))
    #expect(try request.field("max_tokens") as? Int == 33 && request.field("seed") as? Int == 11)
    let messages = try #require(try request.field("messages") as? [[String: String]])
    #expect(messages.map { $0["content"] } == ["be brief", "a \"question\""])
  }

  @Test("A question is put as one text where the address says so")
  func completion() throws {
    let server = try LoopbackServer([Self.models, .json(#"{"choices": [{"text": "ok", "finish_reason": "length"}]}"#)])
    let decoder = try Self.decoder(server, path: "/v1/completions#second")
    let answer = try decoder.generate(Prompt(system: "s", user: "u"))
    #expect(answer.text == "ok" && answer.finish == .length && decoder.model == "second")
    #expect(server.requests[1].line.hasPrefix("POST /v1/completions "))
    #expect(try server.requests[1].field("prompt") as? String == "s\n\nu")
  }

  @Test("Failures that pass are tried again: too many requests, a broken server, half an answer, garbage")
  func faults() throws {
    let faults: [LoopbackServer.Reply] = [
      .status(429, "{}", headers: "Retry-After: 0\r\n"), .status(500, "oops"), .status(503, ""), .cutOff, .garbage,
      .json("{\"choices\": "),
    ]
    for fault in faults {
      let server = try LoopbackServer([Self.models, fault, fault, Self.chat("there")])
      #expect(try Self.decoder(server).generate(Prompt(user: "q")).text == "there", "\(fault)")
      #expect(server.requests.count == 4)
    }
  }

  @Test("A failure that stays is told with the address, the status and what the server said")
  func lasting() throws {
    let server = try LoopbackServer([Self.models, .status(500, #"{"error": {"message": "out of memory"}}"#)])
    let error = #expect(throws: DecoderError.self) { try Self.decoder(server).generate(Prompt(user: "q")) }
    let text = try #require(error?.description)
    #expect(text.contains("status 500: out of memory") && text.contains("127.0.0.1:\(server.port)"))
    #expect(server.requests.count == 5)
  }

  @Test("What asking again cannot mend is not asked again")
  func refused() throws {
    let server = try LoopbackServer([Self.models, .status(401, #"{"detail": "no key"}"#)])
    let error = #expect(throws: DecoderError.self) { try Self.decoder(server).generate(Prompt(user: "q")) }
    #expect(error?.description.contains("status 401: no key") == true && server.requests.count == 2)
  }

  @Test("A server that does not answer is given up on")
  func silent() throws {
    let server = try LoopbackServer([Self.models, .silence(60)])
    var patience = ServerDecoder.Patience()
    // Long enough for a busy machine to list the models.
    (patience.tries, patience.answer) = (1, 10)
    let decoder = try ServerDecoder(ServerAddress("http://127.0.0.1:\(server.port)"), patience: patience)
    let error = #expect(throws: DecoderError.self) { try decoder.generate(Prompt(user: "q")) }
    #expect(error?.kind == .server)
  }

  @Test("Nobody there, and no models, are errors with a command")
  func nobody() throws {
    var patience = ServerDecoder.Patience()
    patience.tries = 1
    let error = #expect(throws: DecoderError.self) {
      try ServerDecoder(ServerAddress("http://127.0.0.1:9"), patience: patience)
    }
    #expect(error?.remedy.contains("curl http://127.0.0.1:9/v1/models") == true)
    let server = try LoopbackServer([.json(#"{"data": [{"id": "other"}]}"#)])
    let missing = #expect(throws: DecoderError.self) { try Self.decoder(server, path: "#mine") }
    #expect(missing?.description.contains("mine") == true && missing?.description.contains("other") == true)
  }

  @Test("Waiting for a server ends when the work is cancelled")
  func cancelled() throws {
    let server = try LoopbackServer([Self.models, .silence(20)])
    let decoder = try Self.decoder(server)
    let start = ContinuousClock.now
    let options = GenerationOptions(isCancelled: { ContinuousClock.now - start > .milliseconds(100) })
    let error = #expect(throws: DecoderError.self) { try decoder.generate(Prompt(user: "q"), options: options) }
    #expect(error?.kind == .cancelled)
  }

  @Test("An answer is held to the grammar: fences and thoughts go, what does not fit is asked for again")
  func held() throws {
    let server = try LoopbackServer([
      Self.models, Self.chat("I think so"), Self.chat("<think>hm, yes1?</think>\n```text\nyes12\n```\nDone."),
    ])
    let answer = try Self.decoder(server).generate(Prompt(user: "q"), grammar: Self.grammar())
    #expect(answer.text == "yes12\n")
    let seeds = try server.requests.dropFirst().map { try $0.field("seed") as? Int }
    #expect(Set(seeds).count == 2)
    let lines = try PushdownGrammar(start: "a", rules: ["a": .repeated(.text("yes\n"), 2...2)])
    let blanks = try LoopbackServer([Self.models, Self.chat("yes  \nyes ")])
    #expect(try Self.decoder(blanks).generate(Prompt(user: "q"), grammar: lines).text == "yes\nyes\n")
    let never = try LoopbackServer([Self.models, Self.chat("no")])
    let error = #expect(throws: DecoderError.self) {
      try Self.decoder(never).generate(Prompt(user: "q"), grammar: Self.grammar())
    }
    #expect(error?.description.contains("3 attempts") == true)
  }

  @Test("The grammar is sent, and left out once a server refused it")
  func grammarField() throws {
    let server = try LoopbackServer([
      Self.models, .status(400, #"{"message": "guided_grammar?"}"#), Self.chat("yes1\n"),
    ])
    let decoder = try Self.decoder(server)
    for _ in 0..<2 {
      #expect(try decoder.generate(Prompt(user: "q"), grammar: Self.grammar()).text == "yes1\n")
    }
    let sent = try server.requests.dropFirst().map { try $0.field("guided_grammar") as? String }
    #expect(sent.map { $0 != nil } == [true, false, false])
    #expect(sent[0]?.contains("root ::= r-answer") == true && sent[0]?.contains("{1,3}") == true)
  }

  @Test("A redirection is not followed: what is sent goes to the server that was named")
  func redirected() throws {
    let other = try LoopbackServer([Self.chat("stolen")])
    let place = "Location: http://127.0.0.1:\(other.port)/v1/chat/completions\r\n"
    let server = try LoopbackServer([Self.models, .status(307, "", headers: place)])
    #expect(throws: DecoderError.self) { try Self.decoder(server).generate(Prompt(user: "q")) }
    #expect(other.requests.isEmpty)
  }

  @Test("A prompt that does not fit is told before anything is sent")
  func tooLong() throws {
    let server = try LoopbackServer([Self.models, Self.chat("x")])
    let decoder = try Self.decoder(server)
    let error = #expect(throws: DecoderError.self) {
      try decoder.generate(Prompt(user: String(repeating: "word ", count: 5_000)))
    }
    #expect(error?.kind == .promptTooLong && server.requests.count == 1)
  }

  @Test("Several threads ask one server")
  func concurrent() async throws {
    let server = try LoopbackServer([Self.models, Self.chat("yes")])
    let decoder = try Self.decoder(server)
    let answers = await withTaskGroup(of: String?.self) { group in
      for index in 0..<8 { group.addTask { try? decoder.generate(Prompt(user: "\(index)")).text } }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(answers == Array(repeating: "yes", count: 8))
  }

  @Test(
    "An address says what it means or is refused",
    arguments: [
      ("http://h", "http://h/v1/chat/completions"), ("http://h:8000/", "http://h:8000/v1/chat/completions"),
      ("https://h/api/v1", "https://h/api/v1/chat/completions"),
      ("http://h/v1/completions", "http://h/v1/completions"),
      ("http://h/v1/chat/completions#m", "http://h/v1/chat/completions"), ("http://", ""),
      ("http://user:word@h", ""), ("http://h?key=1", ""),
    ])
  func addresses(word: String, endpoint: String) {
    let address = try? ServerAddress(word)
    #expect((address?.endpoint.absoluteString ?? "") == endpoint)
  }
}

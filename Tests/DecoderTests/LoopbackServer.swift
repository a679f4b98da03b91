import Foundation
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A server on this machine that answers each request as the next line of a script says, and keeps what it was sent.
final class LoopbackServer: Sendable {
  enum Reply: Sendable {
    case json(String)
    case status(Int, String, headers: String = "")
    /// A body shorter than announced, then the end of the connection.
    case cutOff
    /// Nothing for so many seconds.
    case silence(Double)
    case garbage
  }

  struct Request: Sendable {
    var line: String
    var head: String
    var body: Data

    func field(_ key: String) throws -> Any? {
      try (JSONSerialization.jsonObject(with: body) as? [String: Any])?[key]
    }
  }

  let port: UInt16
  private let listener: Int32
  private let state: Mutex<(replies: [Reply], requests: [Request])>

  struct NoPort: Error {}

  /// The last reply is given again and again.
  init(_ replies: [Reply]) throws {
    state = Mutex((replies, []))
    #if canImport(Glibc)
      let opened = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #else
      let opened = socket(AF_INET, SOCK_STREAM, 0)
    #endif
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(opened, address, size) == 0 && listen(opened, 16) == 0 && getsockname(opened, address, &size) == 0
      }
    }
    listener = opened
    port = UInt16(bigEndian: address.sin_port)
    if !bound { throw NoPort() }
    Thread.detachNewThread { [weak self] in
      while true {
        let connection = accept(opened, nil, nil)
        if connection < 0 { return }
        guard let self else {
          close(connection)
          return
        }
        Thread.detachNewThread { self.serve(connection) }
      }
    }
  }

  deinit {
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }

  var requests: [Request] { state.withLock { $0.requests } }

  private func serve(_ connection: Int32) {
    defer { close(connection) }
    var received = Data()
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      if let end = received.range(of: Data("\r\n\r\n".utf8)) {
        let head = String(decoding: received[..<end.lowerBound], as: UTF8.self)
        let length =
          head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
          .flatMap { Int($0.split(separator: ":")[1].trimmingCharacters(in: .whitespaces)) } ?? 0
        let body = received[end.upperBound...]
        if body.count >= length {
          let line = head.split(separator: "\r\n").first.map(String.init) ?? ""
          answer(connection, Request(line: line, head: head, body: Data(body)))
          return
        }
      }
      let count = recv(connection, &buffer, buffer.count, 0)
      if count <= 0 { return }
      received.append(contentsOf: buffer[..<count])
    }
  }

  private func answer(_ connection: Int32, _ request: Request) {
    let reply = state.withLock { state in
      state.requests.append(request)
      return state.replies.count > 1 ? state.replies.removeFirst() : state.replies[0]
    }
    switch reply {
    case .json(let text): write(connection, 200, text)
    case .status(let code, let text, let headers): write(connection, code, text, headers: headers)
    case .cutOff: write(connection, 200, #"{"choices": [{"mess"#, announced: 4_000)
    case .silence(let seconds): Thread.sleep(forTimeInterval: seconds)
    case .garbage: send("\u{1}\u{2}\u{3} not http at all\r\n\r\n", to: connection)
    }
  }

  private func write(
    _ connection: Int32, _ status: Int, _ body: String, headers: String = "", announced: Int? = nil
  ) {
    send(
      "HTTP/1.1 \(status) Word\r\nContent-Type: application/json\r\nContent-Length: \(announced ?? body.utf8.count)\r\n"
        + "\(headers)Connection: close\r\n\r\n\(body)", to: connection)
  }

  private func send(_ text: String, to connection: Int32) {
    let bytes = Array(text.utf8)
    var sent = 0
    while sent < bytes.count {
      #if canImport(Glibc)
        let flags = Int32(MSG_NOSIGNAL)
      #else
        let flags: Int32 = 0
      #endif
      let count = bytes[sent...].withUnsafeBytes { Foundation.send(connection, $0.baseAddress, $0.count, flags) }
      if count <= 0 { return }
      sent += count
    }
  }
}

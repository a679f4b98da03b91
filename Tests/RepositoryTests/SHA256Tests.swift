import Repository
import Testing

@Suite("SHA-256")
struct SHA256Tests {
  /// Examples of FIPS 180-4, and every length around a block against the same bytes in two pieces.
  @Test("It gives the standard's answers, in one piece or many")
  func answers() {
    func hash(_ bytes: [UInt8]...) -> String {
      var hash = SHA256()
      for part in bytes { hash.update(part) }
      return hash.hex()
    }
    #expect(hash([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(hash(Array("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      hash(Array("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8))
        == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
    #expect(
      hash([UInt8](repeating: 97, count: 1_000_000))
        == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    for length in 0..<200 {
      let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0) }
      #expect(hash(Array(bytes.prefix(length / 3)), Array(bytes.dropFirst(length / 3))) == hash(bytes))
    }
  }

  @Test("Lists of texts that read alike in a row have different hashes")
  func parts() {
    func hash(_ texts: [String]) -> String {
      var hash = SHA256()
      for text in texts { hash.update(text: text) }
      return hash.hex()
    }
    #expect(hash(["ab", "c"]) != hash(["a", "bc"]))
    #expect(hash(["ab"]) != hash(["ab", ""]))
  }
}

import Decoder
import Foundation

// One request a line of standard input, one answer a line of standard output, for the scripts that compare the decoder
// with the reference libraries. A request names a checkpoint and what to do with it:
//   {"checkpoint": PATH, "engine": "automatic", "tokens": [...], "positions": [...], "greedy": 16}
//   {"tokenizer": PATH, "texts": [base64, ...]}
//   {"checkpoint": PATH, "format": "q8_0", "measure": {"kind": "prefill", "count": 512, "repetitions": 3}}

while let line = readLine() {
  do {
    let request = try JSONDecoder().decode(Request.self, from: Data(line.utf8))
    print(String(decoding: try JSONEncoder().encode(try request.answer()), as: UTF8.self))
  } catch {
    print(#"{"error": \#(String(reflecting: "\(error)"))}"#)
  }
  fflush(nil)
}

import CKernels
import Decoder
import Foundation
import Testing

@Suite("Weights in blocks")
struct BlockTests {
  private struct Cases: Decodable {
    /// Blocks and the floats that the reference library reads from them.
    var read: [String: [Data]]
    /// Floats and the blocks that it writes.
    var written: [String: [Data]]
  }

  private static func cases() throws -> Cases {
    try JSONDecoder().decode(Cases.self, from: Data(contentsOf: Fixture.root.appending(path: "blocks.json")))
  }

  private static let names = [
    "Q4_0": CK_Q4_0, "Q4_1": CK_Q4_1, "Q5_0": CK_Q5_0, "Q5_1": CK_Q5_1, "Q8_0": CK_Q8_0, "Q4_K": CK_Q4_K,
    "Q5_K": CK_Q5_K, "Q6_K": CK_Q6_K,
  ]

  @Test("Blocks become the reference library's floats, to the bit", arguments: names.keys.sorted())
  func dequantized(name: String) throws {
    let block = try #require(Self.names[name])
    let pair = try #require(try Self.cases().read[name])
    let expected = pair[1].floats
    var floats = [Float](repeating: .nan, count: expected.count)
    pair[0].withUnsafeBytes { ck_dequantize(block, $0.baseAddress, floats.count, &floats) }
    #expect(expected.count >= 256 && floats.map(\.bitPattern) == expected.map(\.bitPattern))
  }

  @Test("Floats become the reference library's blocks, to the bit", arguments: ["Q8_0", "Q4_0"])
  func quantized(name: String) throws {
    let block = try #require(Self.names[name])
    let pair = try #require(try Self.cases().written[name])
    let floats = pair[0].floats
    var blocks = [UInt8](repeating: 0, count: pair[1].count)
    ck_quantize(block, floats, floats.count, &blocks)
    #expect(Data(blocks) == pair[1])
  }

  @Test("Half floats round to nearest even, over all of their range")
  func halves() {
    for bits in stride(from: UInt32(0), to: 0x4800_0000, by: 9_973) {
      let value = Float(bitPattern: bits)
      #expect(ck_float_to_half(value) == Float16(value).bitPattern && ck_float_to_half(-value) >> 15 == 1)
    }
    #expect(ck_float_to_half(1e9) == 0x7C00)
  }

  /// Weights with the bytes that sign tricks stumble over, as rows of blocks.
  private static func rows(_ block: ck_block, outputs: Int, inputs: Int, seed: UInt64) -> [[UInt8]] {
    var state = seed
    func random() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state >> 33
    }
    let size = ck_block_bytes(block)
    return (0..<outputs).map { _ in
      (0..<inputs / 32).flatMap { _ -> [UInt8] in
        let scale = Float16(Float(random() % 2_000) / 5_000 - 0.2).bitPattern
        let extremes: [UInt8] = [0x80, 0x7F, 0x00, 0xFF, 0x81, 0x88]
        let rest = (2..<size).map { _ in
          random() % 4 == 0 ? extremes[Int(random() % 6)] : UInt8(truncatingIfNeeded: random())
        }
        return [UInt8(truncatingIfNeeded: scale), UInt8(truncatingIfNeeded: scale >> 8)] + rest
      }
    }
  }

  /// The paths that this build and processor have.
  private static let paths = (0..<UInt32(CK_INT_PATHS)).map { ck_integer_path(rawValue: $0) }
    .filter { ck_integers($0) != nil }

  @Test("The paths that run here")
  func present() {
    let names = Self.paths.compactMap { ck_integers($0).map { String(cString: $0.pointee.instructions) } }
    print("integer kernels that run here: \(names.joined(separator: ", "))")
    #expect(names.first == "portable")
  }

  @Test(
    "Every path of the kernels gives the same bits, for all numbers of rows, and what the arithmetic says",
    arguments: [CK_Q8_0.rawValue, CK_Q4_0.rawValue], [(32, 5), (96, 16), (160, 50), (1_504, 40)])
  func paths(block: ck_block.RawValue, shape: (inputs: Int, outputs: Int)) throws {
    let block = ck_block(rawValue: block)
    let (inputs, outputs) = shape
    let rows = Self.rows(block, outputs: outputs, inputs: inputs, seed: UInt64(inputs))
    let panelCount = (outputs + 15) / 16
    var panels = [UInt8](repeating: 0, count: panelCount * ck_panel_bytes(block, inputs))
    for (index, row) in rows.enumerated() { ck_pack_blocks(block, row, inputs, index, &panels) }
    let height = 37
    let x = (0..<height * inputs).map { index -> Float in
      if index % 97 == 0 { return 0 }
      let wave = Float(sin(Double(index * index)))
      return index % 5 == 0 ? wave * 30 : wave * 0.3
    }
    let bias = (0..<outputs).map { output -> Float in Float(output) * 0.25 - 1 }

    func run(_ kernels: UnsafePointer<ck_integer_kernels>, rows: Range<Int>) -> [Float] {
      let padded = ck_padded_rows(rows.count)
      var q = [Int8](repeating: 85, count: padded * inputs)
      var scales = [Float](repeating: .nan, count: padded * inputs / 32)
      var offsets = [Int32](repeating: 85, count: padded * inputs / 32)
      var y = [Float](repeating: 0, count: rows.count * outputs)
      q.withUnsafeMutableBufferPointer { q in
        scales.withUnsafeMutableBufferPointer { scales in
          offsets.withUnsafeMutableBufferPointer { offsets in
            guard let q = q.baseAddress, let scales = scales.baseAddress, let offsets = offsets.baseAddress else {
              return
            }
            var activations = ck_activations(
              quants: q, scales: scales, offsets: offsets, rows: rows.count, inputs: inputs)
            let own = Array(x[rows.lowerBound * inputs..<rows.upperBound * inputs])
            for first in stride(from: 0, to: rows.count, by: 16) {
              kernels.pointee.quantize(block, own, first, min(16, rows.count - first), &activations)
            }
            kernels.pointee.linear(block, &activations, panels, outputs, bias, &y, outputs)
          }
        }
      }
      return y
    }
    let reference = run(ck_portable_integers(), rows: 0..<height)
    for path in Self.paths {
      let kernels = try #require(ck_integers(path))
      for count in [1, 2, 4, 5, 16, 17, 21, height] {
        let start = (height - count) / 2
        let some = run(kernels, rows: start..<start + count)
        let expected = reference[start * outputs..<(start + count) * outputs]
        #expect(
          some.map(\.bitPattern) == expected.map(\.bitPattern),
          "\(String(cString: kernels.pointee.instructions)), \(count) rows")
      }
    }
    // and near the product of the unrounded numbers
    var weights = [Float](repeating: 0, count: inputs)
    for (output, row) in rows.enumerated() {
      ck_dequantize(block, row, inputs, &weights)
      let size = weights.reduce(Float(0)) { $0 + abs($1) }
      for line in 0..<height {
        var exact = bias[output]
        var top: Float = 0
        for input in 0..<inputs {
          exact += weights[input] * x[line * inputs + input]
          top = max(top, abs(x[line * inputs + input]))
        }
        #expect(abs(exact - reference[line * outputs + output]) <= size * top / 127 + 2e-3)
      }
    }
  }
}

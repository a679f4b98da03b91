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

  @Test(
    "Every family of kernels gives the same bits, for all numbers of rows, and what the arithmetic says",
    arguments: [CK_Q8_0.rawValue, CK_Q4_0.rawValue], [(32, 5), (96, 16), (160, 50)])
  func families(block: ck_block.RawValue, shape: (inputs: Int, outputs: Int)) {
    let block = ck_block(rawValue: block)
    let (inputs, outputs) = shape
    let rows = Self.rows(block, outputs: outputs, inputs: inputs, seed: UInt64(inputs))
    let panelCount = (outputs + 15) / 16
    var panels = [UInt8](repeating: 0, count: panelCount * ck_panel_bytes(block, inputs))
    for (index, row) in rows.enumerated() { ck_pack_blocks(block, row, inputs, index, &panels) }
    let height = 7
    let x = (0..<height * inputs).map { index -> Float in
      if index % 97 == 0 { return 0 }
      let wave = Float(sin(Double(index * index)))
      return index % 5 == 0 ? wave * 30 : wave * 0.3
    }
    let bias = (0..<outputs).map { output -> Float in Float(output) * 0.25 - 1 }

    func run(_ family: ck_family, rows: Range<Int>) -> [Float] {
      let kernels = ck_integers(family).pointee
      var q = [Int8](repeating: 0, count: rows.count * inputs)
      var scales = [Float](repeating: 0, count: rows.count * inputs / 32)
      var sums = [Int32](repeating: 0, count: rows.count * inputs / 32)
      for (place, row) in rows.enumerated() {
        x.withUnsafeBufferPointer { x in
          q.withUnsafeMutableBufferPointer { q in
            scales.withUnsafeMutableBufferPointer { scales in
              sums.withUnsafeMutableBufferPointer { sums in
                guard let x = x.baseAddress, let q = q.baseAddress, let s = scales.baseAddress,
                  let t = sums.baseAddress
                else { return }
                let at = place * inputs
                kernels.quantize(x + row * inputs, inputs, q + at, s + at / 32, t + at / 32)
              }
            }
          }
        }
      }
      var y = [Float](repeating: 0, count: rows.count * outputs)
      let linear = block == CK_Q4_0 ? kernels.linear_q4 : kernels.linear_q8
      linear(q, scales, sums, rows.count, inputs, panels, outputs, bias, &y, outputs)
      return y
    }
    let reference = run(CK_PORTABLE, rows: 0..<height)
    for family in [CK_AVX2, CK_AVX512] {
      #expect(run(family, rows: 0..<height).map(\.bitPattern) == reference.map(\.bitPattern))
      for row in 0..<height {
        let alone = run(family, rows: row..<row + 1)
        #expect(alone.map(\.bitPattern) == reference[row * outputs..<(row + 1) * outputs].map(\.bitPattern))
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
        #expect(abs(exact - reference[line * outputs + output]) <= size * top / 127 + 1e-3)
      }
    }
  }
}

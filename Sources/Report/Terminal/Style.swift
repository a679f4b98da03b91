/// Colour of the terminal report. It carries nothing that the text does not.
package struct Style: Sendable {
  package var isOn: Bool
  package init(isOn: Bool) { self.isOn = isOn }

  package enum Ink: String {
    case removed = "31"
    case added = "32"
    case heading = "1"
    case faint = "2"
    case warning = "33"
    case good = "36"
  }

  package func paint(_ text: String, _ ink: Ink) -> String {
    isOn && !text.isEmpty ? "\u{1B}[\(ink.rawValue)m\(text)\u{1B}[0m" : text
  }
}

extension String {
  /// Text from the code under review, made harmless for a terminal: control characters, escape sequences and
  /// bidirectional overrides ("Trojan Source", CVE-2021-42574) are written out.
  package var printable: String {
    guard unicodeScalars.contains(where: { $0.isHarmful }) else { return self }
    var result = ""
    for scalar in unicodeScalars {
      if scalar == "\t" {
        result += "    "
      } else if scalar.isHarmful {
        result += "\\u{" + String(scalar.value, radix: 16) + "}"
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Padded with spaces to a width in code points.
  func padded(to width: Int) -> String {
    let missing = width - unicodeScalars.count
    return missing > 0 ? self + String(repeating: " ", count: missing) : self
  }

  func leftPadded(to width: Int) -> String {
    let missing = width - unicodeScalars.count
    return missing > 0 ? String(repeating: " ", count: missing) + self : self
  }
}

extension Unicode.Scalar {
  fileprivate var isHarmful: Bool {
    switch value {
    case 0..<0x20, 0x7F..<0xA0: true
    case 0x200E, 0x200F, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}

/// `12345` as `12,345`.
func grouped(_ number: Int) -> String {
  let digits = String(number.magnitude)
  var result = ""
  for (position, digit) in digits.enumerated() {
    if position > 0, (digits.count - position) % 3 == 0 { result.append(",") }
    result.append(digit)
  }
  return number < 0 ? "-" + result : result
}

func counted(_ number: Int, _ singular: String, _ plural: String? = nil) -> String {
  "\(grouped(number)) \(number == 1 ? singular : plural ?? singular + "s")"
}

/// Properties of characters and the text operations that rest on them alone.
extension Machine {
  static func isSpace(_ value: UInt32) -> Bool {
    switch value {
    case 9...13, 28...32, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
    default: false
    }
  }

  static func strip(_ values: [UInt32], _ doomed: Set<UInt32>?, left: Bool, right: Bool) -> [UInt32] {
    func isDoomed(_ value: UInt32) -> Bool { doomed?.contains(value) ?? isSpace(value) }
    var slice = values[...]
    if left { slice = slice.drop(while: isDoomed) }
    if right { while let last = slice.last, isDoomed(last) { slice.removeLast() } }
    return Array(slice)
  }

  static func split(_ values: [UInt32], _ separator: [UInt32]?, limit: Int, fromRight: Bool) -> [[UInt32]] {
    if fromRight {
      let parts = split(values.reversed(), separator.map { $0.reversed() }, limit: limit, fromRight: false)
      return parts.map { $0.reversed() }.reversed()
    }
    var left = limit < 0 ? Int.max : limit
    var parts: [[UInt32]] = []
    var position = 0
    guard let separator else {
      while true {
        while position < values.count, isSpace(values[position]) { position += 1 }
        if position >= values.count { return parts }
        if left == 0 {
          var rest = values[position...]
          while let last = rest.last, isSpace(last) { rest.removeLast() }
          return parts + [Array(rest)]
        }
        let start = position
        while position < values.count, !isSpace(values[position]) { position += 1 }
        parts.append(Array(values[start..<position]))
        left -= 1
      }
    }
    while left > 0, let found = find(separator, values, position, values.count, last: false) {
      parts.append(Array(values[position..<found]))
      position = found + separator.count
      left -= 1
    }
    return parts + [Array(values[position...])]
  }

  static func lines(_ values: [UInt32], keepEnds: Bool) -> [[UInt32]] {
    var parts: [[UInt32]] = []
    var start = 0
    var position = 0
    while position < values.count {
      switch values[position] {
      case 10...13, 0x1C, 0x1D, 0x1E, 0x85, 0x2028, 0x2029:
        let end = position
        if values[position] == 13, position + 1 < values.count, values[position + 1] == 10 { position += 1 }
        position += 1
        parts.append(Array(values[start..<(keepEnds ? position : end)]))
        start = position
      default: position += 1
      }
    }
    if start < values.count { parts.append(Array(values[start...])) }
    return parts
  }

  static func changeCase(_ values: [UInt32], _ method: Method) -> [UInt32] {
    var result: [UInt32] = []
    var wasCased = false
    for (index, value) in values.enumerated() {
      guard let scalar = Unicode.Scalar(value) else {
        result.append(value)
        wasCased = false
        continue
      }
      let properties = scalar.properties
      switch method {
      case .upper: result += properties.uppercaseMapping.unicodeScalars.map(\.value)
      case .lower: result += lower(values, index, scalar)
      case .casefold:
        // Folding differs from lowering for few letters; those stay as the standard library maps them.
        result += value == 0xDF ? [115, 115] : lower(values, index, scalar)
      case .swapcase:
        if properties.isUppercase {
          result += lower(values, index, scalar)
        } else if properties.isLowercase {
          result += properties.uppercaseMapping.unicodeScalars.map(\.value)
        } else {
          result.append(value)
        }
      case .capitalize where index == 0: result += properties.titlecaseMapping.unicodeScalars.map(\.value)
      case .capitalize: result += lower(values, index, scalar)
      default:
        result += wasCased ? lower(values, index, scalar) : properties.titlecaseMapping.unicodeScalars.map(\.value)
      }
      wasCased = properties.isCased
    }
    return result
  }

  /// Lower case, with the final form of sigma.
  private static func lower(_ values: [UInt32], _ index: Int, _ scalar: Unicode.Scalar) -> [UInt32] {
    guard scalar.value == 0x3A3 else { return scalar.properties.lowercaseMapping.unicodeScalars.map(\.value) }
    func isCased(_ value: UInt32) -> Bool { Unicode.Scalar(value)?.properties.isCased ?? false }
    func isIgnorable(_ value: UInt32) -> Bool { Unicode.Scalar(value)?.properties.isCaseIgnorable ?? false }
    let before = values[..<index].last { !isIgnorable($0) }.map(isCased) ?? false
    let after = values[(index + 1)...].first { !isIgnorable($0) }.map(isCased) ?? false
    return [before && !after ? 0x3C2 : 0x3C3]
  }

  /// `str.isdigit` and its like; nil for other methods.
  static func test(_ values: [UInt32], _ method: Method) -> Bool? {
    let scalars = values.map { Unicode.Scalar($0) }
    func all(_ holds: (Unicode.Scalar) -> Bool) -> Bool {
      !scalars.isEmpty && scalars.allSatisfy { $0.map(holds) ?? false }
    }
    func isAlpha(_ scalar: Unicode.Scalar) -> Bool {
      switch scalar.properties.generalCategory {
      case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
      default: false
      }
    }
    func isDecimal(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.numericType == .decimal }
    func isDigit(_ scalar: Unicode.Scalar) -> Bool {
      scalar.properties.numericType == .decimal || scalar.properties.numericType == .digit
    }
    switch method {
    case .isdigit: return all(isDigit)
    case .isdecimal: return all(isDecimal)
    case .isnumeric: return all { $0.properties.numericType != nil }
    case .isalpha: return all(isAlpha)
    case .isalnum: return all { isAlpha($0) || $0.properties.numericType != nil }
    case .isspace: return all { isSpace($0.value) }
    case .isascii: return values.allSatisfy { $0 < 128 }
    case .isprintable: return scalars.allSatisfy { $0.map(Literals.isPrintable) ?? false }
    case .isupper, .islower:
      var isCased = false
      for case let scalar? in scalars {
        let properties = scalar.properties
        let isTitle = properties.generalCategory == .titlecaseLetter
        if isTitle || (method == .isupper ? properties.isLowercase : properties.isUppercase) { return false }
        if properties.isUppercase || properties.isLowercase { isCased = true }
      }
      return isCased
    case .istitle:
      var isCased = false
      var wasCased = false
      for case let scalar? in scalars {
        let properties = scalar.properties
        if properties.isUppercase || properties.generalCategory == .titlecaseLetter {
          if wasCased { return false }
          wasCased = true
          isCased = true
        } else if properties.isLowercase {
          if !wasCased { return false }
          isCased = true
        } else {
          wasCased = false
        }
      }
      return isCased
    case .isidentifier:
      guard let first = scalars.first, let first, first.properties.isXIDStart || first == "_" else { return false }
      return scalars.dropFirst().allSatisfy { $0?.properties.isXIDContinue ?? false }
    default: return nil
    }
  }
}

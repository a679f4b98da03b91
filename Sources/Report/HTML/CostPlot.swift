import Comparison

/// Interpreter steps at growing sizes, old against new, as a picture of two lines.
struct CostPlot {
  private let counts: Cost.Counts
  private static let (width, height, left, bottom, top, right) = (420, 200, 64, 34, 14, 84)

  /// Nil where nothing was counted.
  init?(_ cost: Cost) {
    guard let counts = cost.counts, counts.sizes.count >= 2, counts.sizes.count <= 32,
      counts.old.count == counts.sizes.count, counts.new.count == counts.sizes.count
    else { return nil }
    self.counts = counts
  }

  func svg() -> String {
    let most = max(1, (counts.old + counts.new).max() ?? 1)
    let widest = max(1, counts.sizes.max() ?? 1)
    func x(_ size: Int) -> Int { Self.left + size * (Self.width - Self.left - Self.right) / widest }
    func y(_ steps: Int) -> Int {
      Self.height - Self.bottom - Int(Double(steps) / Double(most) * Double(Self.height - Self.top - Self.bottom))
    }
    func line(_ steps: [Int]) -> String { zip(counts.sizes, steps).map { "\(x($0)),\(y($1))" }.joined(separator: " ") }
    let floor = Self.height - Self.bottom
    let words = zip(counts.sizes, zip(counts.old, counts.new)).map { size, steps in
      "at \(grouped(size)) \(grouped(steps.0)) old, \(grouped(steps.1)) new"
    }.joined(separator: "; ")
    // Where both lines end in one place their words would lie on each other.
    let ends = (old: y(counts.old.last ?? 0), new: y(counts.new.last ?? 0))
    let isClose = abs(ends.old - ends.new) < 12
    let end = x(counts.sizes.last ?? 0) + 6
    let labels =
      isClose
      ? "<text x=\"\(end)\" y=\"\(ends.new + 4)\">old and new</text>"
      : "<text x=\"\(end)\" y=\"\(ends.old + 4)\">old</text>"
        + "<text class=\"new-word\" x=\"\(end)\" y=\"\(ends.new + 4)\">new</text>"
    let ticks = counts.sizes.map { size in
      "<text x=\"\(x(size))\" y=\"\(floor + 14)\" text-anchor=\"middle\">\(grouped(size))</text>"
    }.joined()
    return """
      <svg class="plot" viewBox="0 0 \(Self.width) \(Self.height)" role="img" aria-label="Steps by size: \(words)">
      <path class="axis" d="M\(Self.left) \(Self.top) V\(floor) H\(Self.width - Self.right)"/>
      <text x="\(Self.left - 6)" y="\(Self.top + 8)" text-anchor="end">\(grouped(most))</text>
      <text x="\(Self.left - 6)" y="\(floor)" text-anchor="end">0</text>
      \(ticks)
      <text x="\((Self.left + Self.width - Self.right) / 2)" y="\(Self.height - 4)" text-anchor="middle">size</text>
      <text x="4" y="\(Self.top + 26)">steps</text>
      <polyline class="old" points="\(line(counts.old))"/>
      <polyline class="new" points="\(line(counts.new))"/>
      \(labels)
      </svg>

      """
  }
}

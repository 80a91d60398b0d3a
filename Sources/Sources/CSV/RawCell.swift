/// Where a value stands in the text that was scanned, without its quotes.
struct RawCell {
    let start: UInt32
    let length: UInt32
    /// Whether it must be written anew: without escapes, and with its quotes not doubled.
    let isEscaped: Bool

    var range: Range<Int> { Int(start)..<Int(start) + Int(length) }
}

/// A value as it stands in the text that was scanned.
struct RawValue {
    /// What it is.
    enum Kind: UInt8 {
        case missing
        case null
        /// Without its quotes.
        case string
        /// A string that holds escapes, without its quotes.
        case escapedString
        /// A number, true or false.
        case plain
        /// An object or an array.
        case nested
    }

    static let missing = RawValue(kind: .missing, 0..<0)

    private let start: UInt32
    private let length: UInt32
    let kind: Kind

    @inline(__always)
    init(kind: Kind, _ range: Range<Int>) {
        start = UInt32(truncatingIfNeeded: range.lowerBound)
        length = UInt32(truncatingIfNeeded: range.count)
        self.kind = kind
    }

    var range: Range<Int> { Int(start)..<Int(start) + Int(length) }

    /// With the quotes of a string.
    var rangeAsWritten: Range<Int> {
        switch kind {
        case .string, .escapedString: range.lowerBound - 1..<range.upperBound + 1
        default: range
        }
    }
}

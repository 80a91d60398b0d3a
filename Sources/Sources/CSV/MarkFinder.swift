/// Finds the bytes that may matter to the structure of CSV, 64 at a time.
///
/// Eight words of eight bytes are looked at together, with arithmetic on whole words: masks of bytes, as SIMD has them, are compared one by one
/// by the compiler.
struct MarkFinder: Sendable {
    /// How many bytes one look takes in.
    static let width = 64

    private typealias Words = SIMD8<UInt64>

    private let delimiter: Words
    private let quote: Words
    /// Nil where nothing escapes, which saves a comparison.
    private let escape: Words?

    private static let lowBits = Words(repeating: 0x7F7F_7F7F_7F7F_7F7F)

    init(_ dialect: Dialect) {
        delimiter = Self.words(of: dialect.delimiter)
        quote = Self.words(of: dialect.quote ?? dialect.delimiter)
        escape = dialect.escape.map(Self.words)
    }

    private static func words(of byte: UInt8) -> Words {
        Words(repeating: 0x0101_0101_0101_0101 &* UInt64(byte))
    }

    /// A bit for each of the 64 bytes from `start` on that is a delimiter, quote, escape, or a control character, as NUL and line ends
    /// are; bytes behind the end have none.
    @inline(__always)
    func marks(in text: Span<UInt8>, from start: Int) -> UInt64 {
        let left = text.count - start
        if left >= Self.width {
            return marks(unsafe text.withUnsafeBytes { unsafe $0.loadUnaligned(fromByteOffset: start, as: Words.self) })
        }
        var words = Words(repeating: 0)
        for index in 0..<left { words[index / 8] |= UInt64(text[start + index]) &<< UInt64(index % 8 * 8) }
        return marks(words) & ((1 &<< UInt64(left)) &- 1)
    }

    @inline(__always)
    private func marks(_ words: Words) -> UInt64 {
        // The first byte is the lowest of its word: all processors that Swift runs on are little-endian here.
        // A byte's highest bit stays 0 where it is a mark, and becomes 1 elsewhere.
        var others = differences(words, delimiter) & differences(words, quote)
        if let escape { others &= differences(words, escape) }
        // Bytes below 0x0E, which plus 0x72 are below 0x80.
        others &= ((words & Self.lowBits) &+ Words(repeating: 0x7272_7272_7272_7272)) | words
        let found = (~others &>> 7) & Words(repeating: 0x0101_0101_0101_0101)
        var bits: UInt64 = 0
        for index in 0..<8 {
            // Gathers the lowest bits of eight bytes in the highest byte.
            let gathered = (found[index] &* 0x0102_0408_1020_4080) &>> 56
            bits |= gathered &<< UInt64(index * 8)
        }
        return bits
    }

    /// In the highest bit of each byte whether the bytes differ.
    @inline(__always)
    private func differences(_ words: Words, _ others: Words) -> Words {
        let different = words ^ others
        return ((different & Self.lowBits) &+ Self.lowBits) | different
    }
}

/// Walks from mark to mark.
struct Marks {
    /// The 64 bytes that `bits` is of; those before the first.
    private var block = -MarkFinder.width
    private var bits: UInt64 = 0
    private var dropsFirst = false

    @inline(__always)
    mutating func next(in text: Span<UInt8>, _ finder: MarkFinder) -> Int? {
        while bits == 0 {
            block += MarkFinder.width
            guard block < text.count else { return nil }
            bits = finder.marks(in: text, from: block)
            if dropsFirst { bits &= ~1 }
            dropsFirst = false
        }
        let place = block + bits.trailingZeroBitCount
        bits &= bits - 1
        return place
    }

    /// Leaves out the byte behind the last mark, should it be one.
    @inline(__always)
    mutating func drop(_ place: Int) {
        if place == block + MarkFinder.width {
            dropsFirst = true
        } else {
            bits &= ~(1 << UInt64(place - block))
        }
    }
}

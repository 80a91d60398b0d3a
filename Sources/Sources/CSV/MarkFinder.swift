/// Finds the bytes that may matter to the structure of CSV, 64 at a time.
struct MarkFinder: Sendable {
    /// How many bytes one look takes in.
    static let width = 64

    private let delimiter: SIMD64<UInt8>
    private let quote: SIMD64<UInt8>
    private let escape: SIMD64<UInt8>

    init(_ dialect: Dialect) {
        delimiter = SIMD64(repeating: dialect.delimiter)
        quote = SIMD64(repeating: dialect.quote ?? dialect.delimiter)
        escape = SIMD64(repeating: dialect.escape ?? dialect.delimiter)
    }

    /// A bit for each of the 64 bytes from `start` on that is a delimiter, quote, escape, or a control character, as NUL and line ends
    /// are; bytes behind the end have none.
    @inline(__always)
    func marks(in text: Span<UInt8>, from start: Int) -> UInt64 {
        let left = text.count - start
        if left >= Self.width {
            return marks(
                unsafe text.withUnsafeBytes { unsafe $0.loadUnaligned(fromByteOffset: start, as: SIMD64.self) }
            )
        }
        var block = SIMD64<UInt8>(repeating: 0)
        for index in 0..<left { block[index] = text[start + index] }
        return marks(block) & (1 << UInt64(left) - 1)
    }

    @inline(__always)
    private func marks(_ block: SIMD64<UInt8>) -> UInt64 {
        let found =
            (block .== delimiter) .| (block .== quote) .| (block .== escape) .| (block .< SIMD64(repeating: 0x0E))
        // SAFETY: a mask of 64 lanes is 64 bytes, all ones or all zeros.
        let words = unsafe unsafeBitCast(found, to: SIMD8<UInt64>.self)
        var bits: UInt64 = 0
        for index in 0..<8 {
            // Gathers the lowest bits of eight bytes in the highest byte.
            let gathered = ((words[index] & 0x0101_0101_0101_0101) &* 0x0102_0408_1020_4080) &>> 56
            bits |= gathered &<< UInt64(index * 8)
        }
        return bits
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

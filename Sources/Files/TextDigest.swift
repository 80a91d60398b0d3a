/// Tells whether text is as it was: a digest by XXH64.
///
/// It costs a tenth of a cryptographic one, and less where the processor has no instructions for that. Nobody gains by making another text
/// of the same digest.
struct TextDigest {
    private var lanes: (UInt64, UInt64, UInt64, UInt64)
    /// Bytes that do not fill a stripe yet.
    private var rest: [UInt8] = []
    private var count: UInt64 = 0

    private static let stripe = 32
    private static let primes: (UInt64, UInt64, UInt64, UInt64, UInt64) = (
        0x9E37_79B1_85EB_CA87, 0xC2B2_AE3D_27D4_EB4F, 0x1656_67B1_9E37_79F9, 0x85EB_CA77_C2B2_AE63,
        0x27D4_EB2F_1656_67C5
    )

    init() {
        let (one, two) = (Self.primes.0, Self.primes.1)
        lanes = (one &+ two, two, 0, 0 &- one)
        rest.reserveCapacity(Self.stripe)
    }

    mutating func update(_ bytes: Span<UInt8>) {
        count += UInt64(bytes.count)
        var start = 0
        if !rest.isEmpty {
            start = min(Self.stripe - rest.count, bytes.count)
            for place in 0..<start { rest.append(bytes[place]) }
            guard rest.count == Self.stripe else { return }
            let whole = rest
            take(whole.span)
            rest.removeAll(keepingCapacity: true)
        }
        let end = start + (bytes.count - start) / Self.stripe * Self.stripe
        take(bytes.extracting(start..<end))
        for place in end..<bytes.count { rest.append(bytes[place]) }
    }

    /// Of all that was taken.
    var value: UInt64 {
        var hash = count < UInt64(Self.stripe) ? Self.primes.4 : mergedLanes
        hash &+= count
        let bytes = rest.span
        var place = 0
        while place + 8 <= bytes.count {
            hash = Self.rotated(hash ^ Self.round(0, Self.word(bytes, place)), 27) &* Self.primes.0 &+ Self.primes.3
            place += 8
        }
        if place + 4 <= bytes.count {
            let half = (0..<4).reduce(UInt64(0)) { $0 | UInt64(bytes[place + $1]) << UInt64(8 * $1) }
            hash = Self.rotated(hash ^ half &* Self.primes.0, 23) &* Self.primes.1 &+ Self.primes.2
            place += 4
        }
        for place in place..<bytes.count {
            hash = Self.rotated(hash ^ UInt64(bytes[place]) &* Self.primes.4, 11) &* Self.primes.0
        }
        hash = (hash ^ hash >> 33) &* Self.primes.1
        hash = (hash ^ hash >> 29) &* Self.primes.2
        return hash ^ hash >> 32
    }

    private var mergedLanes: UInt64 {
        var hash = Self.rotated(lanes.0, 1) &+ Self.rotated(lanes.1, 7)
        hash &+= Self.rotated(lanes.2, 12) &+ Self.rotated(lanes.3, 18)
        for lane in [lanes.0, lanes.1, lanes.2, lanes.3] {
            hash = (hash ^ Self.round(0, lane)) &* Self.primes.0 &+ Self.primes.3
        }
        return hash
    }

    /// Takes whole stripes.
    private mutating func take(_ bytes: Span<UInt8>) {
        var (one, two, three, four) = lanes
        for place in stride(from: 0, to: bytes.count, by: Self.stripe) {
            one = Self.round(one, Self.word(bytes, place))
            two = Self.round(two, Self.word(bytes, place + 8))
            three = Self.round(three, Self.word(bytes, place + 16))
            four = Self.round(four, Self.word(bytes, place + 24))
        }
        lanes = (one, two, three, four)
    }

    @inline(__always)
    private static func round(_ lane: UInt64, _ word: UInt64) -> UInt64 {
        rotated(lane &+ word &* primes.1, 31) &* primes.0
    }

    @inline(__always)
    private static func rotated(_ value: UInt64, _ count: UInt64) -> UInt64 {
        value &<< count | value &>> (64 - count)
    }

    @inline(__always)
    private static func word(_ bytes: Span<UInt8>, _ place: Int) -> UInt64 {
        UInt64(
            littleEndian: unsafe bytes.withUnsafeBytes {
                unsafe $0.loadUnaligned(fromByteOffset: place, as: UInt64.self)
            }
        )
    }
}

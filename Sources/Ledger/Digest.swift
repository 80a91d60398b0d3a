/// The first 128 bits of an HMAC-SHA-256: what a row or a key was, without telling it.
public struct Digest: Sendable, Hashable {
    /// In memory and in segments.
    static let byteCount = 16

    let high: UInt64
    let low: UInt64

    init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Low byte first, the higher half before the lower one.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.appendInteger(high)
        bytes.appendInteger(low)
        return bytes
    }
}

internal import Crypto
internal import RollcallCore

/// HMAC-SHA-256 (RFC 2104) that takes in the key, and the bytes with which all messages begin, only once.
///
/// The library's own HMAC does so too, but spends more on each row than the hashing takes.
struct KeyedHash: Sendable {
    /// Each message goes on with a copy.
    private var inner: SHA256
    private var outer: SHA256

    init(_ key: DigestKey, beginning: [UInt8]) {
        var block = unsafe key.symmetric.withUnsafeBytes { key in
            key.count <= SHA256.blockByteCount ? unsafe Array(key) : unsafe Array(SHA256.hash(data: key))
        }
        block += Array(repeating: 0, count: SHA256.blockByteCount - block.count)
        inner = Self.start(with: block.map { $0 ^ 0x36 } + beginning)
        outer = Self.start(with: block.map { $0 ^ 0x5C })
    }

    private static func start(with bytes: [UInt8]) -> SHA256 {
        var hash = SHA256()
        hash.update(data: bytes)
        return hash
    }

    /// The same, with states of its own.
    ///
    /// Two processors that count references to one state all the time take longer than one alone.
    func unshared() -> KeyedHash {
        var copy = self
        // The library copies a state that is shared before anything is added.
        copy.inner.update(data: [UInt8]())
        copy.outer.update(data: [UInt8]())
        return copy
    }

    func digest(of message: Span<UInt8>) -> Digest {
        var first = inner
        unsafe message.withUnsafeBytes { unsafe first.update(bufferPointer: $0) }
        var second = outer
        unsafe first.finalize().withUnsafeBytes { unsafe second.update(bufferPointer: $0) }
        return unsafe second.finalize().withUnsafeBytes { bytes in
            Digest(
                high: unsafe bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self).littleEndian,
                low: unsafe bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self).littleEndian
            )
        }
    }
}

internal import CSodium
internal import Crypto

/// SipHash-2-4 of 128 bits: nobody who lacks the key can compute it, and so test a guess against it.
///
/// Each kind of message has a key of its own, the first 128 bits of the HMAC-SHA-256 of the kind, so that messages need not
/// begin with what all of a kind have in common.
struct KeyedHash: Sendable {
    private let key: SIMD16<UInt8>

    init(_ key: DigestKey, of kind: [UInt8]) {
        let code = HMAC<SHA256>.authenticationCode(for: kind, using: key.symmetric)
        self.init(key: unsafe code.withUnsafeBytes { unsafe $0.loadUnaligned(as: SIMD16<UInt8>.self) })
    }

    init(key: SIMD16<UInt8>) {
        self.key = key
    }

    /// The hash in two halves, as its authors number its bytes: the first half first, each with its low byte first.
    func hash(of message: Span<UInt8>) -> SIMD2<UInt64> {
        var hash = SIMD2<UInt64>()
        unsafe withUnsafeBytes(of: key) { key in
            unsafe message.withUnsafeBufferPointer { message in
                unsafe withUnsafeMutableBytes(of: &hash) { hash in
                    guard let hash = hash.baseAddress, let key = key.baseAddress else { return }
                    unsafe crypto_shorthash_siphashx24(
                        hash.assumingMemoryBound(to: UInt8.self),
                        message.baseAddress,
                        UInt64(message.count),
                        key.assumingMemoryBound(to: UInt8.self)
                    )
                }
            }
        }
        return SIMD2(hash[0].littleEndian, hash[1].littleEndian)
    }
}

internal import Crypto
internal import RollcallCore

/// The key of an installation's digests: without it nobody can find out by guessing which phone number a digest is of.
public struct DigestKey: Sendable, CustomStringConvertible, CustomReflectable {
    let symmetric: SymmetricKey

    /// - Throws: a fatal error for a key that is shorter than 16 bytes.
    public init(_ bytes: [UInt8]) throws {
        guard bytes.count >= 16 else {
            throw RollcallError(.fatal, "the key of the ledger has \(bytes.count) bytes, and 16 is the least")
        }
        symmetric = SymmetricKey(data: bytes)
    }

    public var description: String { "<redacted>" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

internal import RollcallCore

/// Entries of a ledger as bytes, as the state database keeps them.
///
/// A version, and then for each entry: state and what follows (1 byte), revision (4), length of the id (1), the id, digest
/// (8 or 0), source (16 or 0). Integers have their low byte first.
public struct LedgerSegment: Sendable {
    /// 1 had digests of another kind.
    static let version: UInt8 = 2
    static let hasDigest: UInt8 = 0x10
    static let hasSource: UInt8 = 0x20
    static let stateMask: UInt8 = 0x0F
    /// Entries that are stored together where there are many.
    static let usualEntryCount = 10_000
    /// The longest id, in bytes.
    public static let maximumIDLength = 255

    public private(set) var bytes: [UInt8] = []
    public private(set) var entryCount = 0

    public init() {}

    public var isEmpty: Bool { entryCount == 0 }

    mutating func append(
        _ id: Span<UInt8>,
        _ state: LedgerEntry.State,
        _ digest: RowDigest?,
        _ source: KeyDigest?,
        _ revision: UInt32
    ) {
        precondition(id.count <= Self.maximumIDLength, "an id has \(Self.maximumIDLength) bytes at most")
        if bytes.isEmpty { bytes.append(Self.version) }
        let flags = (digest == nil ? 0 : Self.hasDigest) | (source == nil ? 0 : Self.hasSource)
        bytes.append(state.rawValue | flags)
        bytes.appendInteger(revision)
        bytes.append(UInt8(id.count))
        bytes.appendBytes(id)
        if let digest { bytes.appendInteger(digest.bits) }
        if let source {
            bytes.appendInteger(source.high)
            bytes.appendInteger(source.low)
        }
        entryCount += 1
    }

    public mutating func append(_ other: LedgerSegment) {
        bytes.append(contentsOf: bytes.isEmpty ? other.bytes[...] : other.bytes.dropFirst())
        entryCount += other.entryCount
    }

    /// Calls `body` with each entry of a stored segment, in the order in which they were appended.
    ///
    /// - Throws: what `body` throws, or a fatal error for bytes that are no segment of a version that is known.
    static func forEachEntry(
        in bytes: Span<UInt8>,
        _ body: (Span<UInt8>, LedgerEntry.State, RowDigest?, KeyDigest?, UInt32) throws -> Void
    ) throws {
        guard bytes.count > 0 else { return }
        guard bytes[0] == version else { throw unreadable("version \(bytes[0])") }
        var place = 1
        while place < bytes.count {
            guard place + 6 <= bytes.count else { throw unreadable("it ends within an entry") }
            let flags = bytes[place]
            let length = Int(bytes[place + 5])
            let idEnd = place + 6 + length
            let digestEnd = idEnd + (flags & hasDigest == 0 ? 0 : RowDigest.byteCount)
            let end = digestEnd + (flags & hasSource == 0 ? 0 : KeyDigest.byteCount)
            guard end <= bytes.count, let state = LedgerEntry.State(rawValue: flags & stateMask) else {
                throw unreadable("an entry is damaged")
            }
            let revision = bytes.integer(at: place + 1, as: UInt32.self)
            let digest = flags & hasDigest == 0 ? nil : RowDigest(bits: bytes.integer(at: idEnd, as: UInt64.self))
            let source = flags & hasSource == 0 ? nil : bytes.keyDigest(at: digestEnd)
            try body(bytes.extracting(place + 6..<idEnd), state, digest, source, revision)
            place = end
        }
    }

    private static func unreadable(_ reason: String) -> RollcallError {
        RollcallError(
            .fatal,
            "a part of the ledger in the state database cannot be read: \(reason)",
            hint:
                """
                was it written by another version of Rollcall? `rollcall checkpoint reset PIPELINE --forget` begins anew, and \
                `rollcall reconcile FILE --repair` then deals with those who have left since
                """
        )
    }
}

extension Span<UInt8> {
    fileprivate func integer<Integer: FixedWidthInteger>(at offset: Int, as type: Integer.Type) -> Integer {
        Integer(
            littleEndian: unsafe withUnsafeBytes { unsafe $0.loadUnaligned(fromByteOffset: offset, as: Integer.self) }
        )
    }

    fileprivate func keyDigest(at offset: Int) -> KeyDigest {
        KeyDigest(high: integer(at: offset, as: UInt64.self), low: integer(at: offset + 8, as: UInt64.self))
    }
}

internal import Crypto
internal import RollcallCore

/// The id that a row's contact has in Genesys Cloud: stable, and different for different keys.
enum ContactID {
    /// The key itself where Genesys is known to take it, else a digest of it.
    ///
    /// Genesys takes 1 to 64 letters of ASCII, digits, points and hyphens. Every other key becomes `x-` and its SHA-256 in 52
    /// letters and digits; so does a key that looks like that, so that no two keys share an id.
    static func make(_ key: String) -> String {
        if isID(key.utf8.span) { return key }
        var id: [UInt8] = []
        append(Array(key.utf8).span, to: &id)
        return String(decoding: id, as: UTF8.self)
    }

    /// Appends the id of the key to `id`.
    static func append(_ key: Span<UInt8>, to id: inout [UInt8]) {
        if isID(key) {
            id.appendBytes(key)
        } else {
            appendEncoded(key, to: &id)
        }
    }

    /// Whether the key can be the id itself.
    private static func isID(_ key: Span<UInt8>) -> Bool {
        (1...64).contains(key.count) && key.indices.allSatisfy { isAllowed(key[$0]) } && !looksEncoded(key)
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    private static func looksEncoded(_ key: Span<UInt8>) -> Bool {
        key.count == 54 && key[0] == UInt8(ascii: "x") && key[1] == UInt8(ascii: "-")
    }

    /// Base 32 (RFC 4648, section 6) in small letters and without padding: the same in any case.
    private static func appendEncoded(_ key: Span<UInt8>, to id: inout [UInt8]) {
        let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)
        id.append(contentsOf: "x-".utf8)
        var bits = 0
        var value = 0
        var hash = SHA256()
        unsafe key.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
        for byte in hash.finalize() {
            value = (value << 8 | Int(byte)) & 0xFFF
            bits += 8
            while bits >= 5 {
                bits -= 5
                id.append(alphabet[value >> bits & 31])
            }
        }
        if bits > 0 { id.append(alphabet[value << (5 - bits) & 31]) }
    }
}

/// How a file's bytes are packed; its name says so.
package enum Compression: String, Sendable {
    case none
    case gzip
    case zstd

    /// By the ending: `.gz`, `.zst` or `.zstd`, in any case.
    package init(ofFileNamed name: String) {
        let name = name.lowercased()
        if name.hasSuffix(".gz") {
            self = .gzip
        } else if name.hasSuffix(".zst") || name.hasSuffix(".zstd") {
            self = .zstd
        } else {
            self = .none
        }
    }
}

/// Unpacks bytes step by step.
protocol Unpacker: AnyObject {
    /// Whether what was unpacked so far may be all there is.
    var isComplete: Bool { get }

    /// Unpacks the beginning of `input` into `output` behind its first `offset` bytes; either may be left with something over.
    ///
    /// - Throws: `DamagedData`.
    func unpack(
        _ input: Span<UInt8>,
        into output: inout [UInt8],
        at offset: Int
    ) throws(DamagedData) -> (consumed: Int, produced: Int)
}

/// What a library says of bytes that it cannot unpack.
struct DamagedData: Error {
    let words: String

    static let textBehind = DamagedData(words: "something else follows there")
}

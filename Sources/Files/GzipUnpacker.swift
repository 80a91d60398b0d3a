internal import CZlib

/// Unpacks gzip's format (RFC 1952): members one after the other, and zeros behind them, as tapes have.
@safe
final class GzipUnpacker: Unpacker {
    // SAFETY: zlib wants its stream at one address; made here, never shared, freed in `deinit`.
    private let stream: UnsafeMutablePointer<z_stream>
    private var isBetweenMembers = false

    private static let firstByte: UInt8 = 0x1F

    init() throws(DamagedData) {
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        guard unsafe rollcall_gzip_begin(stream) == Z_OK else { throw DamagedData(words: "zlib cannot start") }
    }

    deinit {
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    var isComplete: Bool { isBetweenMembers }

    func unpack(
        _ input: Span<UInt8>,
        into output: inout [UInt8],
        at offset: Int
    ) throws(DamagedData) -> (consumed: Int, produced: Int) {
        var padding = 0
        if isBetweenMembers {
            while padding < input.count, input[padding] == 0 { padding += 1 }
            guard padding < input.count else { return (padding, 0) }
            // Its first byte tells, before so much is there that zlib could: a stray line end is no beginning.
            guard input[padding] == Self.firstByte else { throw .textBehind }
            unsafe inflateReset(stream)
            isBetweenMembers = false
        }
        let result = inflate(input.extracting(padding...), into: &output, at: offset)
        let (left, room) = unsafe (Int(stream.pointee.avail_in), Int(stream.pointee.avail_out))
        switch result {
        case Z_STREAM_END: isBetweenMembers = true
        // No progress was possible: there is nothing to read, or no room to write.
        case Z_OK, Z_BUF_ERROR: break
        default:
            throw DamagedData(words: unsafe stream.pointee.msg.map { unsafe String(cString: $0) } ?? "code \(result)")
        }
        return (input.count - left, output.count - offset - room)
    }

    private func inflate(_ input: Span<UInt8>, into output: inout [UInt8], at offset: Int) -> Int32 {
        unsafe input.withUnsafeBufferPointer { input in
            unsafe output.withUnsafeMutableBufferPointer { output in
                // zlib does not write to its input; its type leaves `const` out.
                unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                unsafe stream.pointee.avail_in = UInt32(input.count)
                unsafe stream.pointee.next_out = output.baseAddress.map { unsafe $0 + offset }
                unsafe stream.pointee.avail_out = UInt32(output.count - offset)
                return unsafe CZlib.inflate(stream, Z_NO_FLUSH)
            }
        }
    }
}

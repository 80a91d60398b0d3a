internal import CZstd

/// Unpacks zstd's format (RFC 8878): frames one after the other.
@safe
final class ZstdUnpacker: Unpacker {
    // SAFETY: made here, never shared, freed in `deinit`.
    private let stream: OpaquePointer
    private(set) var isComplete = false

    /// Of frames, also of older forms, and of frames to skip.
    private static let firstBytes: [ClosedRange<UInt8>] = [0x1E...0x28, 0x50...0x5F]

    init() throws(DamagedData) {
        guard let made = unsafe ZSTD_createDStream() else { throw DamagedData(words: "zstd cannot start") }
        unsafe stream = made
    }

    deinit {
        unsafe ZSTD_freeDStream(stream)
    }

    func unpack(
        _ input: Span<UInt8>,
        into output: inout [UInt8],
        at offset: Int
    ) throws(DamagedData) -> (consumed: Int, produced: Int) {
        // Its first byte tells, before so much is there that zstd could: a stray line end is no beginning.
        if isComplete, input.count > 0 {
            let first = input[0]
            guard Self.firstBytes.contains(where: { $0.contains(first) }) else { throw .textBehind }
        }
        let (result, consumed, produced) = unsafe input.withUnsafeBytes { input in
            unsafe output.withUnsafeMutableBytes { output in
                var source = unsafe ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
                var target = unsafe ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: offset)
                let result = unsafe ZSTD_decompressStream(stream, &target, &source)
                return unsafe (result, source.pos, target.pos - offset)
            }
        }
        guard ZSTD_isError(result) == 0 else {
            throw DamagedData(words: unsafe String(cString: ZSTD_getErrorName(result)))
        }
        // Asked for more where there is none, zstd begins a frame that will not come.
        if consumed > 0 || produced > 0 { isComplete = result == 0 }
        return (consumed, produced)
    }
}

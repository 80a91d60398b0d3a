internal import CZstd

/// Unpacks zstd's format (RFC 8878): frames one after the other.
@safe
final class ZstdUnpacker: Unpacker {
    // SAFETY: made here, never shared, freed in `deinit`.
    private let stream: OpaquePointer
    private(set) var isComplete = false

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

import CZstd

/// zstd's format with a checksum, as the program `zstd` writes it.
enum ZstdPacker {
    static func pack(_ bytes: [UInt8]) -> [UInt8] {
        let context = unsafe ZSTD_createCCtx()
        defer { unsafe ZSTD_freeCCtx(context) }
        unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
        return unsafe [UInt8](unsafeUninitializedCapacity: ZSTD_compressBound(bytes.count)) { buffer, count in
            count = unsafe bytes.withUnsafeBytes {
                unsafe ZSTD_compress2(context, buffer.baseAddress, buffer.count, $0.baseAddress, $0.count)
            }
        }
    }
}

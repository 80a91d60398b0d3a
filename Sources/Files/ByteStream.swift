internal import RollcallCore

/// The bytes of a file, unpacked.
final class ByteStream {
    private let name: String
    private let file: RawFile
    private let compression: Compression
    /// Nil where the file is not packed.
    private let unpacker: (any Unpacker)?
    private var packed: [UInt8]
    private var unread = 0..<0
    /// How many packed bytes were unpacked.
    private var packedOffset = 0

    private static let packedBytesAtOnce = 1 << 16

    init(_ file: InputFile) throws {
        name = file.name
        compression = file.compression
        self.file = try RawFile(file)
        do throws(DamagedData) {
            unpacker =
                switch compression {
                case .none: nil
                case .gzip: try GzipUnpacker()
                case .zstd: try ZstdUnpacker()
                }
        } catch {
            throw RollcallError(.fatal, "\(name): \(error.words)")
        }
        packed = unpacker == nil ? [] : Array(repeating: 0, count: Self.packedBytesAtOnce)
    }

    /// Reads into the buffer behind its first `offset` bytes.
    ///
    /// - Returns: How many bytes; none at the end.
    /// - Throws: a fatal error, also for packed data that is damaged or cut off, or `CancellationError`.
    func read(into buffer: inout [UInt8], at offset: Int) throws -> Int {
        guard let unpacker else { return try file.read(into: &buffer, at: offset) }
        while true {
            if unread.isEmpty { unread = 0..<(try file.read(into: &packed)) }
            let isAtEnd = unread.isEmpty
            do throws(DamagedData) {
                let (consumed, produced) = try unpacker.unpack(
                    packed.span.extracting(unread),
                    into: &buffer,
                    at: offset
                )
                unread = unread.lowerBound + consumed..<unread.upperBound
                packedOffset += consumed
                if produced > 0 { return produced }
            } catch {
                throw damaged("is damaged behind byte \(packedOffset) (\(error.words))")
            }
            guard isAtEnd else { continue }
            guard unpacker.isComplete else { throw damaged("ends in its middle, at byte \(packedOffset)") }
            return 0
        }
    }

    private func damaged(_ what: String) -> RollcallError {
        RollcallError(.fatal, "\(name): the \(compression.rawValue) data \(what)", hint: "fetch or make the file again")
    }
}

internal import RollcallCore

/// The bytes of a file on their way to pieces of text.
final class PieceDecoding {
    private let name: String
    private let bytes: ByteStream
    private let encoding: TextEncoding
    private var decoder: any TextDecoder
    /// Bytes as they came, and how many of them wait for the rest of their character.
    private var undecoded = [UInt8](repeating: 0, count: bytesAtOnce)
    private var waiting = 0
    /// How many bytes were decoded.
    private var decodedBytes = 0
    private var hasBegun = false
    private var piece = PieceReader.Piece()

    private static let bytesAtOnce = 1 << 18
    private static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    init(_ file: InputFile, _ encoding: TextEncoding) throws {
        name = file.name
        self.encoding = encoding
        bytes = try ByteStream(file)
        decoder = encoding.decoder()
    }

    /// As `PieceReader.next` says.
    func next() throws -> PieceReader.Piece {
        defer { piece = PieceReader.Piece() }
        piece.text.reserveCapacity(Self.bytesAtOnce)
        while !piece.isLast, piece.text.isEmpty {
            let count = try bytes.read(into: &undecoded, at: waiting)
            piece.isLast = count == 0
            try decode(upTo: waiting + count)
        }
        return piece
    }

    private func decode(upTo end: Int) throws {
        var start = 0
        decoding: while start < end {
            let part = decoder.decode(undecoded.span.extracting(start..<end), into: &piece.text)
            start += part.count
            switch part.stop {
            case .needsMore where piece.isLast && start < end:
                noteFault(at: start)
                start = end
            case .needsMore: break decoding
            case .isIllFormed(let count):
                try refuseOtherByteOrderMark(at: start)
                noteFault(at: start)
                start += count
            }
        }
        decodedBytes += start
        undecoded.replaceSubrange(0..<end - start, with: undecoded[start..<end])
        waiting = end - start
        if !hasBegun, !piece.text.isEmpty {
            hasBegun = true
            dropByteOrderMark()
        }
    }

    /// What is no text is kept as one character that stands for it.
    private func noteFault(at start: Int) {
        piece.faults.append(TextFault(offset: piece.text.count, byteOffset: decodedBytes + start))
        piece.text.append(contentsOf: Self.replacement)
    }

    private func dropByteOrderMark() {
        guard piece.text.starts(with: Self.byteOrderMark) else { return }
        piece.text.removeFirst(Self.byteOrderMark.count)
        piece.byteOrderMarkLength = Self.byteOrderMark.count
        piece.faults = piece.faults.map {
            TextFault(offset: $0.offset - Self.byteOrderMark.count, byteOffset: $0.byteOffset)
        }
    }

    private func refuseOtherByteOrderMark(at start: Int) throws {
        guard encoding == .utf8, decodedBytes + start == 0 else { return }
        guard undecoded.starts(with: [0xFF, 0xFE]) || undecoded.starts(with: [0xFE, 0xFF]) else { return }
        throw RollcallError(
            .fatal,
            "\(name) begins with the byte order mark of UTF-16, and `encoding` says \(encoding)",
            hint: "set `encoding: utf-16`"
        )
    }
}

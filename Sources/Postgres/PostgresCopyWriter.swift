/// Writes the rows of a `COPY … FROM STDIN`, in pieces of about 64 KiB.
public struct PostgresCopyWriter: ~Copyable {
    private static let pieceSize = 1 << 16

    private let session: PostgresSession
    private let sql: String
    private var buffer: [UInt8] = []
    /// The server no longer takes rows; its answer to the COPY says why.
    private(set) var isRefused = false

    init(session: PostgresSession, sql: String) {
        self.session = session
        self.sql = sql
        buffer.reserveCapacity(Self.pieceSize + 4_096)
    }

    /// Writes one row of the text format; `nil` is NULL.
    public mutating func writeRow(_ cells: [String?]) throws {
        var isFirst = true
        for cell in cells {
            if !isFirst { buffer.append(UInt8(ascii: "\t")) }
            isFirst = false
            append(cell)
        }
        buffer.append(UInt8(ascii: "\n"))
        if buffer.count >= Self.pieceSize { try flush() }
    }

    /// Writes bytes as they are, in the format the COPY was started with, newlines included.
    ///
    /// They may end in mid-row.
    public mutating func write(_ bytes: Span<UInt8>) throws {
        for index in bytes.indices {
            buffer.append(bytes[index])
            if buffer.count >= Self.pieceSize { try flush() }
        }
    }

    mutating func flush() throws {
        guard !buffer.isEmpty else { return }
        do {
            try session.putCopyData(buffer.span, sql)
        } catch let error as PostgresError {
            isRefused = true
            throw error
        }
        buffer.removeAll(keepingCapacity: true)
    }

    private mutating func append(_ cell: String?) {
        guard let cell else {
            buffer.append(contentsOf: #"\N"#.utf8)
            return
        }
        for byte in cell.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): buffer.append(contentsOf: #"\\"#.utf8)
            case UInt8(ascii: "\n"): buffer.append(contentsOf: #"\n"#.utf8)
            case UInt8(ascii: "\r"): buffer.append(contentsOf: #"\r"#.utf8)
            case UInt8(ascii: "\t"): buffer.append(contentsOf: #"\t"#.utf8)
            default: buffer.append(byte)
            }
        }
    }
}

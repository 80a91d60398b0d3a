internal import Glibc
internal import RollcallCore

// How fast the parsers of files are by themselves, on one core: `parse csv|json FILE COLUMN…`. The file is read in pieces as a source reads it,
// and every byte is checked to be UTF-8 and of the format; rows and their values are found, and no batches are made of them.
// Prints the bytes and the seconds of the fastest of five readings.

@main
struct ParseBenchmark {
    static func main() throws {
        let (format, path) = (CommandLine.arguments[1], CommandLine.arguments[2])
        let columns = Array(CommandLine.arguments.dropFirst(3))
        var fastest = Duration.seconds(Int64.max)
        var rows = 0
        for _ in 0..<5 {
            let pieces = try Pieces(of: path)
            let clock = ContinuousClock()
            let start = clock.now
            rows = try format == "csv" ? parseCSV(pieces, columns) : parseJSON(pieces, columns)
            fastest = min(fastest, clock.now - start)
        }
        print(rows, fastest / .seconds(1))
    }

    private static func parseCSV(_ pieces: consuming Pieces, _ columns: [String]) throws -> Int {
        var pieces = pieces
        var scanner = RowScanner(Dialect())
        var rows = 0
        // The header is a row, too.
        while let isEnd = try pieces.next() {
            while true {
                let consumed = pieces.withText { scanner.scan($0, isEnd: isEnd, atMost: 1000) }
                guard scanner.rows.allSatisfy({ $0.flaw == nil && $0.cells.count == columns.count }) else {
                    fatalError("a row cannot be read")
                }
                rows += scanner.rows.count
                pieces.advance(by: consumed)
                if scanner.rows.isEmpty { break }
            }
        }
        return rows - 1
    }

    private static func parseJSON(_ pieces: consuming Pieces, _ columns: [String]) throws -> Int {
        var pieces = pieces
        var finder = RecordFinder(PathTree(columns.map { JSONPath([$0]) }), RecordRules())
        var (rows, offset) = (0, 0)
        while let isEnd = try pieces.next() {
            while true {
                let (consumed, fault) = pieces.withText {
                    finder.scan($0, RecordFinder.Piece(offset: offset, isEnd: isEnd, faults: []), atMost: 1000)
                }
                guard fault == nil, finder.found.allSatisfy({ $0.flaw == nil }) else {
                    fatalError("a record cannot be read")
                }
                rows += finder.found.count
                offset += consumed
                pieces.advance(by: consumed)
                if finder.found.isEmpty { break }
            }
        }
        return rows
    }
}

/// The text of a file, piece by piece.
struct Pieces: ~Copyable {
    private let descriptor: Int32
    private var bytes = [UInt8](repeating: 0, count: size)
    private var unread = 0..<0
    /// The end of what was read; between it and the text is the beginning of a character.
    private var end = 0
    private var isAtEnd = false

    private static let size = 1 << 18

    init(of path: String) throws {
        descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else { fatalError("\(path) cannot be read") }
    }

    deinit {
        close(descriptor)
    }

    /// Looks at what was not passed by.
    func withText<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
        body(bytes.span.extracting(unread))
    }

    mutating func advance(by count: Int) {
        unread = unread.lowerBound + count..<unread.upperBound
    }

    /// Adds a piece of whole characters behind what was not passed by.
    ///
    /// - Returns: Whether it is the last; nil where the last was there already.
    mutating func next() throws -> Bool? {
        guard !isAtEnd else { return nil }
        bytes.replaceSubrange(0..<end - unread.lowerBound, with: bytes[unread.lowerBound..<end])
        (unread, end) = (0..<unread.count, end - unread.lowerBound)
        let (start, free) = (end, bytes.count - end)
        guard free > 0 else { fatalError("a row is longer than a piece") }
        let count = bytes.withUnsafeMutableBytes { read(descriptor, $0.baseAddress.map { $0 + start }, free) }
        guard count >= 0 else { fatalError("the file cannot be read") }
        isAtEnd = count == 0
        end += count
        unread = try 0..<unread.upperBound + wholeCharacters(of: bytes.span.extracting(unread.upperBound..<end))
        guard !isAtEnd || unread.upperBound == end else { fatalError("the file ends within a character") }
        return isAtEnd
    }

    private func wholeCharacters(of bytes: Span<UInt8>) throws -> Int {
        do throws(UTF8.ValidationError) {
            return try UTF8Span(validating: bytes).count
        } catch {
            guard error.kind == .truncatedScalar, error.byteOffsets.upperBound == bytes.count else { throw error }
            return error.byteOffsets.lowerBound
        }
    }
}

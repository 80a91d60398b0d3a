internal import RollcallCore

/// Turns lines of COPY's text format into the cells of a batch.
///
/// The line goes into the arena as it is, and cells point into it; only what COPY escaped is written anew behind it. Booleans
/// become `true` and `false`, timestamps ISO 8601 with `T` and, with a zone, `Z`: the connection speaks UTC.
struct CopyTextRows: Sendable {
    private let schema: Schema
    private let kinds: [Kind]
    private var arena: [UInt8] = Array("truefalse".utf8)
    private var cells: [Cell] = []

    private enum Kind {
        case verbatim
        /// The blanks at the end are none of the value.
        case padded
        case boolean
        case timestamp
    }

    private static let isTrue = Cell(0..<4)
    private static let isFalse = Cell(4..<9)

    /// - Parameters:
    ///   - schema: Of the rows.
    ///   - padded: The columns, by their places, whose values are filled up with blanks, as `char(8)` has them.
    ///   - rowCapacity: About how many rows are to come.
    init(schema: Schema, padded: Set<Int> = [], rowCapacity: Int) {
        self.schema = schema
        kinds = schema.columns.enumerated().map { place, column in
            switch column.type {
            case .text where padded.contains(place): .padded
            case .boolean: .boolean
            case .timestamp: .timestamp
            case .text, .integer, .decimal, .date, .json: .verbatim
            }
        }
        cells.reserveCapacity(rowCapacity * kinds.count)
    }

    var rowCount: Int { kinds.isEmpty ? 0 : cells.count / kinds.count }

    /// Adds one line, without its newline.
    ///
    /// - Throws: a fatal error when the line has not one value for each column, or one that COPY does not write so.
    mutating func append(_ line: Span<UInt8>) throws {
        let lineStart = arena.count
        unsafe line.withUnsafeBufferPointer { unsafe arena.append(contentsOf: $0) }
        let lineEnd = arena.count
        var column = 0
        var start = lineStart
        var isEscaped = false
        var index = Self.nextMark(in: line, from: 0)
        while index < line.count {
            if line[index] == UInt8(ascii: "\t") {
                try add(start..<lineStart + index, isEscaped: isEscaped, column: column)
                column += 1
                start = lineStart + index + 1
                isEscaped = false
            } else {
                isEscaped = true
            }
            index = Self.nextMark(in: line, from: index + 1)
        }
        try add(start..<lineEnd, isEscaped: isEscaped, column: column)
        guard column == kinds.count - 1 else { throw Self.otherColumns }
    }

    /// Where the next tab or backslash is, or the end; looks at eight bytes at a time.
    private static func nextMark(in line: Span<UInt8>, from start: Int) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        return unsafe line.withUnsafeBytes { bytes in
            var index = start
            while index + 8 <= bytes.count {
                let word = UInt64(littleEndian: unsafe bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
                let tabs = word ^ (ones &* 0x09)
                let backslashes = word ^ (ones &* 0x5C)
                // The high bit of each byte that is zero; only bits above the lowest one can be false.
                let hits = ((tabs &- ones) & ~tabs | (backslashes &- ones) & ~backslashes) & (ones &* 0x80)
                if hits != 0 { return index + hits.trailingZeroBitCount / 8 }
                index += 8
            }
            while index < bytes.count {
                let byte = unsafe bytes[index]
                if byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\\") { return index }
                index += 1
            }
            return index
        }
    }

    consuming func finish(position: Position?) -> Batch {
        Batch(schema: schema, arena: arena, cellsByRow: cells, position: position)
    }

    private static let otherColumns = RollcallError(
        .fatal,
        "the database sent a row with other columns than it announced",
        hint: "was the table changed in this moment? Run the pipeline again"
    )

    private mutating func add(_ range: Range<Int>, isEscaped: Bool, column: Int) throws {
        guard column < kinds.count else { throw Self.otherColumns }
        if isEscaped, range.count == 2, arena[range.lowerBound + 1] == UInt8(ascii: "N") {
            cells.append(.null)
            return
        }
        switch kinds[column] {
        case .verbatim: cells.append(isEscaped ? try unescaped(range, column) : Cell(range))
        case .padded:
            let value = isEscaped ? try unescaped(range, column).range : range
            let end = arena[value].lastIndex { $0 != UInt8(ascii: " ") }.map { $0 + 1 } ?? value.lowerBound
            cells.append(Cell(value.lowerBound..<end))
        case .boolean: cells.append(try truth(range, column))
        case .timestamp where isEscaped: throw malformed(column, "an escape in a time")
        case .timestamp: cells.append(Cell(try iso8601(range, column)))
        }
    }

    /// The server, or something between it and us, does not write as COPY does: then nothing of it is to be believed.
    private func malformed(_ column: Int, _ what: String) -> RollcallError {
        RollcallError(
            .fatal,
            "the database sent \(what) in the column \"\(schema.columns[column].name)\", which COPY does not write",
            hint: "is this a Postgres server, with nothing in between that changes what it sends?"
        )
    }

    /// Writes the value anew behind everything else.
    ///
    /// Escapes are those of COPY TO (PostgreSQL manual, COPY, "Text Format"): `\b`, `\f`, `\n`, `\r`, `\t`, `\v`, and
    /// a backslash before itself. What only COPY FROM takes, such as octal numbers, is refused.
    private mutating func unescaped(_ range: Range<Int>, _ column: Int) throws -> Cell {
        let start = arena.count
        var isEscape = false
        for index in range {
            let byte = arena[index]
            if isEscape {
                guard let meaning = Self.meaning(of: byte) else { throw malformed(column, "an unknown escape") }
                arena.append(meaning)
                isEscape = false
            } else if byte == UInt8(ascii: "\\") {
                isEscape = true
            } else {
                arena.append(byte)
            }
        }
        guard !isEscape else { throw malformed(column, "a backslash at the end of a value") }
        return Cell(start..<arena.count)
    }

    private func truth(_ range: Range<Int>, _ column: Int) throws -> Cell {
        switch range.count == 1 ? arena[range.lowerBound] : 0 {
        case UInt8(ascii: "t"): return Self.isTrue
        case UInt8(ascii: "f"): return Self.isFalse
        default: throw malformed(column, "a boolean other than t and f")
        }
    }

    private static func meaning(of escape: UInt8) -> UInt8? {
        switch escape {
        case UInt8(ascii: "\\"): escape
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        case UInt8(ascii: "v"): 0x0B
        default: nil
        }
    }

    /// `2026-01-02 03:04:05.25+00` becomes `2026-01-02T03:04:05.25Z`; `infinity` and dates before Christ stay as they are.
    ///
    /// - Throws: a fatal error for a zone other than that of the session.
    private mutating func iso8601(_ range: Range<Int>, _ column: Int) throws -> Range<Int> {
        guard let last = arena[range].last else { throw malformed(column, "an empty time") }
        guard last != UInt8(ascii: "C"), let blank = arena[range].firstIndex(of: UInt8(ascii: " ")) else {
            return range
        }
        arena[blank] = UInt8(ascii: "T")
        // The time itself has no sign.
        guard let sign = arena[blank..<range.upperBound].firstIndex(where: { $0 == 0x2B || $0 == 0x2D }) else {
            return range
        }
        guard arena[sign..<range.upperBound].elementsEqual("+00".utf8) else {
            throw malformed(column, "a time of another zone than UTC")
        }
        arena[sign] = UInt8(ascii: "Z")
        return range.lowerBound..<sign + 1
    }
}

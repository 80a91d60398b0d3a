/// Cuts text into rows and values.
///
/// Rows end with a line feed, a carriage return, or both. Quotes count where they open a value; the line ends and delimiters within them
/// are part of the value. Empty lines and comments are left out.
///
/// **A row that is wrong** goes on to where it would end if its wrong value were without quotes, so one stray quote costs one row. But a
/// quote that is left open swallows rows up to the next quote, and nobody can tell then how many there were: each line of a wrong
/// row counts as one that cannot be read, and none as good. A row over the limit ends with the first line behind the limit.
struct RowScanner {
    let dialect: Dialect
    /// Of the last scan, in order.
    var rows: [RawRow] = []
    private(set) var cells: [RawCell] = []
    /// The number of the line behind all text that was passed by.
    var line: Int

    private let finder: MarkFinder
    /// The first line of a row over the limit, whose last line has not ended yet.
    var endlessFrom: Int?
    /// Whether the last row ended with the file and not with its line.
    private(set) var endsOpen = false

    init(_ dialect: Dialect, line: Int = 1) {
        self.dialect = dialect
        self.line = line
        finder = MarkFinder(dialect)
    }

    /// A row that is being scanned.
    private struct Progress {
        var start: Int
        var firstCell: Int
        var fieldStart: Int
        var isComment: Bool
        /// Whether the value is its text as it stands, up to the next delimiter or line end.
        var isPlain: Bool
        var isQuoted = false
        var isInQuotes = false
        var isEscaped = false
        /// Where the value begins, and where its closing quote is.
        var contentStart: Int
        var closed = 0
        /// A mark behind it is of a value that is too long.
        var limit: Int
        /// Line ends before its own.
        var innerLines = 0
        var flaw: RowFlaw?
    }

    /// Finds the next rows, at most so many, at the beginning of `text`; `isEnd` says that nothing follows the text.
    ///
    /// - Returns: How many bytes were dealt with; what is left is the beginning of a row, or more rows.
    mutating func scan(_ text: Span<UInt8>, isEnd: Bool, atMost rowCount: Int) -> Int {
        rows.removeAll(keepingCapacity: true)
        cells.removeAll(keepingCapacity: true)
        if let first = endlessFrom { return passEndless(from: first, text, isEnd: isEnd) }
        var row = newRow(at: 0, text)
        var marks = Marks()
        while let place = marks.next(in: text, finder) {
            if place > row.limit { return endRowOverLimit(row.start, limit: row.limit, text, isEnd: isEnd) }
            // Most marks by far.
            if row.isPlain, text[place] == dialect.delimiter {
                endPlainField(at: place, &row)
                continue
            }
            switch take(place, text, isEnd: isEnd, &row) {
            case .goesOn: break
            case .takesNext: marks.drop(place + 1)
            case .needsMore: return row.start
            case .ends(let end):
                finish(row, end: end)
                if rows.count >= rowCount { return end }
                if end - place == 2 { marks.drop(place + 1) }
                row = newRow(at: end, text)
            }
        }
        if text.count > row.limit { return endRowOverLimit(row.start, limit: row.limit, text, isEnd: isEnd) }
        guard isEnd else { return row.start }
        finishLast(&row, text)
        return text.count
    }

    /// What a mark means for the row.
    private enum Step {
        case goesOn
        /// The byte behind the mark is no mark.
        case takesNext
        /// What follows the text decides.
        case needsMore
        /// The row ends there.
        case ends(Int)
    }

    @inline(__always)
    private mutating func take(_ place: Int, _ text: Span<UInt8>, isEnd: Bool, _ row: inout Progress) -> Step {
        let byte = text[place]
        let hasNext = place + 1 < text.count
        if byte == dialect.escape, !row.isComment {
            guard hasNext else {
                row.flaw = row.flaw ?? .cutOff
                return isEnd ? .goesOn : .needsMore
            }
            row.isEscaped = true
            row.isPlain = false
            guard text[place + 1] != Dialect.carriageReturn || place + 2 < text.count || isEnd else {
                return .needsMore
            }
            if endsLine(place + 1, text) { row.innerLines += 1 }
            return .takesNext
        }
        if row.isInQuotes { return takeInQuotes(byte, place, text, isEnd: isEnd, &row) }
        if byte == dialect.delimiter {
            if !row.isComment { endField(at: place, text, &row) }
            return .goesOn
        }
        if byte == Dialect.lineFeed {
            endField(at: place, text, &row)
            return .ends(place + 1)
        }
        if byte == Dialect.carriageReturn {
            guard hasNext || isEnd else { return .needsMore }
            endField(at: place, text, &row)
            return .ends(hasNext && text[place + 1] == Dialect.lineFeed ? place + 2 : place + 1)
        }
        guard !row.isComment else { return .goesOn }
        if byte == dialect.quote {
            openQuotes(place, text, &row)
        } else if byte == 0 {
            row.flaw = row.flaw ?? .nulByte
        }
        return .goesOn
    }

    @inline(__always)
    private func takeInQuotes(
        _ byte: UInt8,
        _ place: Int,
        _ text: Span<UInt8>,
        isEnd: Bool,
        _ row: inout Progress
    ) -> Step {
        let hasNext = place + 1 < text.count
        switch byte {
        case dialect.quote:
            guard hasNext || isEnd else { return .needsMore }
            if dialect.escape == nil, hasNext, text[place + 1] == byte {
                row.isEscaped = true
                return .takesNext
            }
            row.isInQuotes = false
            row.closed = place
        case Dialect.lineFeed: row.innerLines += 1
        case Dialect.carriageReturn:
            guard hasNext || isEnd else { return .needsMore }
            if endsLine(place, text) { row.innerLines += 1 }
        case 0: row.flaw = row.flaw ?? .nulByte
        default: break
        }
        return .goesOn
    }

    private func openQuotes(_ place: Int, _ text: Span<UInt8>, _ row: inout Progress) {
        let isFirst = place == row.fieldStart || dialect.trims && isBlank(row.fieldStart..<place, text)
        guard isFirst, !row.isQuoted else {
            row.flaw = row.flaw ?? (row.isQuoted ? .textBehindQuote : .strayQuote)
            return
        }
        row.isQuoted = true
        row.isPlain = false
        row.isInQuotes = true
        row.contentStart = place + 1
    }

    @inline(__always)
    private mutating func endField(at place: Int, _ text: Span<UInt8>, _ row: inout Progress) {
        var range = row.contentStart..<place
        if row.isQuoted {
            range = row.contentStart..<row.closed
            let isClosedLast = row.closed + 1 == place || dialect.trims && isBlank(row.closed + 1..<place, text)
            if !isClosedLast { row.flaw = row.flaw ?? .textBehindQuote }
            row.isQuoted = false
        } else if dialect.trims {
            range = trimmed(range, text)
        }
        cells.append(RawCell(start: UInt32(range.lowerBound), length: UInt32(range.count), isEscaped: row.isEscaped))
        row.isEscaped = false
        row.isPlain = !dialect.trims
        beginField(at: place + 1, &row)
    }

    @inline(__always)
    private mutating func endPlainField(at place: Int, _ row: inout Progress) {
        let (start, length) = (UInt32(row.fieldStart), UInt32(place - row.fieldStart))
        cells.append(RawCell(start: start, length: length, isEscaped: false))
        beginField(at: place + 1, &row)
    }

    @inline(__always)
    private func beginField(at place: Int, _ row: inout Progress) {
        row.fieldStart = place
        row.contentStart = place
        row.limit = limit(rowStart: row.start, fieldStart: place)
    }

    @inline(__always)
    private func newRow(at start: Int, _ text: Span<UInt8>) -> Progress {
        let isComment = !dialect.comment.isEmpty && isComment(at: start, text)
        return Progress(
            start: start,
            firstCell: cells.count,
            fieldStart: start,
            isComment: isComment,
            isPlain: !isComment && !dialect.trims,
            contentStart: start,
            limit: limit(rowStart: start, fieldStart: start)
        )
    }

    @inline(__always)
    private mutating func finish(_ row: Progress, end: Int) {
        let lineCount = row.innerLines + 1
        // An empty line is one empty value without quotes; its line end takes one byte or two.
        let isEmptyLine = row.fieldStart == row.start + 1 && cells.count == row.firstCell + 1
        if row.isComment || isEmptyLine && row.flaw == nil {
            cells.removeLast(cells.count - row.firstCell)
        } else {
            rows.append(
                RawRow(
                    line: line,
                    lineCount: lineCount,
                    range: row.start..<end,
                    cells: row.firstCell..<cells.count,
                    flaw: row.flaw
                )
            )
        }
        line += lineCount
    }

    /// The last row of a file that does not end with a line end.
    private mutating func finishLast(_ row: inout Progress, _ text: Span<UInt8>) {
        guard row.start < text.count else { return }
        if row.isInQuotes {
            row.flaw = .unclosedQuote
            row.isQuoted = false
        } else if dialect.needsFinalLineEnd {
            row.flaw = row.flaw ?? .noFinalLineEnd
        }
        endField(at: text.count, text, &row)
        // What is left may end with a line end that is within quotes.
        let endsLine = text[text.count - 1] == Dialect.lineFeed || text[text.count - 1] == Dialect.carriageReturn
        if endsLine { row.innerLines -= 1 }
        endsOpen = !endsLine && !dialect.needsFinalLineEnd
        finish(row, end: text.count)
    }
}

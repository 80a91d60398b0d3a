extension RowScanner {
    /// Ends a row over the limit with the first line behind the limit, wherever the text was cut into pieces.
    ///
    /// - Returns: How many bytes of the text were dealt with.
    mutating func endRowOverLimit(_ start: Int, limit: Int, _ text: Span<UInt8>, isEnd: Bool) -> Int {
        if let end = lineEnd(in: text, from: limit, isEnd: isEnd) {
            // The last line ends there, with a line end or with the file.
            let lineCount = lineEnds(in: start..<limit, of: text) + 1
            addTooLong(from: line, lineCount: lineCount, range: start..<end)
            return end
        }
        // Whoever scans can only stop between rows.
        guard rows.isEmpty else { return start }
        // The text that is dropped here may be without end.
        endlessFrom = line
        line += lineEnds(in: start..<limit, of: text)
        return withoutOpenLineEnd(text)
    }

    /// How much of the text is not the first half of a line end that the next piece may complete.
    private func withoutOpenLineEnd(_ text: Span<UInt8>) -> Int {
        !text.isEmpty && text[text.count - 1] == Dialect.carriageReturn ? text.count - 1 : text.count
    }

    /// Looks for the end of a row over the limit whose beginning was dropped.
    mutating func passEndless(from first: Int, _ text: Span<UInt8>, isEnd: Bool) -> Int {
        guard let end = lineEnd(in: text, from: 0, isEnd: isEnd) else { return withoutOpenLineEnd(text) }
        endlessFrom = nil
        addTooLong(from: first, lineCount: line - first + 1, range: 0..<end)
        return end
    }

    private mutating func addTooLong(from first: Int, lineCount: Int, range: Range<Int>) {
        rows.append(RawRow(line: first, lineCount: lineCount, range: range, cells: 0..<0, flaw: .tooLong))
        line = first + lineCount
    }

    /// Behind the first line end from `start` on, or the end of the file; nil where what follows the text decides.
    private func lineEnd(in text: Span<UInt8>, from start: Int, isEnd: Bool) -> Int? {
        for place in start..<max(start, text.count) {
            if text[place] == Dialect.lineFeed { return place + 1 }
            guard text[place] == Dialect.carriageReturn else { continue }
            if place + 1 < text.count { return text[place + 1] == Dialect.lineFeed ? place + 2 : place + 1 }
        }
        return isEnd ? text.count : nil
    }

    /// How many lines end in a part of the text.
    private func lineEnds(in range: Range<Int>, of text: Span<UInt8>) -> Int {
        range.count { endsLine($0, text) }
    }
}

extension RowScanner {
    func isComment(at start: Int, _ text: Span<UInt8>) -> Bool {
        guard text.count - start >= dialect.comment.count else { return false }
        return dialect.comment.indices.allSatisfy { text[start + $0] == dialect.comment[$0] }
    }

    /// Whether a line ends behind this byte: a carriage return before a line feed is only the first half of a line end.
    func endsLine(_ place: Int, _ text: Span<UInt8>) -> Bool {
        if text[place] == Dialect.lineFeed { return true }
        guard text[place] == Dialect.carriageReturn else { return false }
        return place + 1 == text.count || text[place + 1] != Dialect.lineFeed
    }

    func isBlank(_ range: Range<Int>, _ text: Span<UInt8>) -> Bool {
        range.allSatisfy { Dialect.isBlank(text[$0]) }
    }

    func trimmed(_ range: Range<Int>, _ text: Span<UInt8>) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, Dialect.isBlank(text[start]) { start += 1 }
        while start < end, Dialect.isBlank(text[end - 1]) { end -= 1 }
        return start..<end
    }

    func limit(rowStart: Int, fieldStart: Int) -> Int {
        min(fieldStart + dialect.maxFieldBytes, rowStart + dialect.maxRowBytes)
    }
}

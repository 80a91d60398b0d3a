internal import Glibc

/// Finds the records in the text of one file, and scans them.
struct RecordFinder {
    /// How the records stand in the file.
    enum Format: String, Codable {
        /// One on each line.
        case lines
        /// In an array.
        case document
    }

    /// A place between two records.
    struct State: Codable, Equatable {
        /// The number of the line there.
        var line = 1
        /// Nil before the first text.
        var format: Format?
        /// What is open there, in a document.
        var document: DocumentState?
    }

    /// Of the last scan, in order.
    private(set) var found: [FoundRecord] = []
    private(set) var scanner: RecordScanner
    private(set) var line = 1
    /// Whether there was nothing but blanks so far.
    private(set) var isBlank = true

    /// The number of the first line of the text that was scanned.
    private var lineOfText = 1
    private let rules: RecordRules
    private var format: Format?
    private var walker: DocumentWalker
    /// The beginning of a record over the limit that has not ended yet, by its place in the file's text and its line.
    private var overlong: (offset: Int, line: Int)?

    init(_ tree: PathTree, _ rules: RecordRules) {
        self.rules = rules
        scanner = RecordScanner(tree)
        format = rules.format
        walker = DocumentWalker(rules.recordsAt, maxTokenBytes: rules.maxRecordBytes)
    }

    /// Where the next scan begins; set, it goes there.
    ///
    /// It is asked and set between records, never within one that is over the limit.
    var state: State {
        get { State(line: line, format: format, document: format == .document ? walker.state : nil) }
        set {
            line = newValue.line
            format = newValue.format ?? rules.format
            walker = DocumentWalker(rules.recordsAt, maxTokenBytes: rules.maxRecordBytes)
            walker.state = newValue.document ?? DocumentState()
            overlong = nil
            isBlank = newValue == State()
        }
    }

    /// The piece of text to look at.
    struct Piece: ~Copyable {
        /// Where it begins in the text of the file.
        let offset: Int
        /// Whether nothing follows it.
        let isEnd: Bool
        /// Where in it something is no text.
        let faults: [Int]
    }

    /// Finds the next records, at most so many, at the beginning of `text`.
    ///
    /// - Returns: How many bytes were dealt with, and what keeps the scan from going on there, if something does. It tells that again, if
    ///   it is asked again.
    mutating func scan(
        _ text: Span<UInt8>,
        _ piece: borrowing Piece,
        atMost count: Int
    ) -> (consumed: Int, fault: JSONFault?) {
        found.removeAll(keepingCapacity: true)
        scanner.removeAll()
        lineOfText = line
        if isBlank { isBlank = Lexis.passBlanks(text, 0) == text.count }
        var place = 0
        do throws(JSONFault) {
            switch format ?? detect(text, isEnd: piece.isEnd) {
            case .lines: place = scanLines(text, piece, atMost: count)
            case .document: try scanDocument(text, piece, atMost: count, &place)
            case nil: place = passBlanks(text)
            }
            return (place, nil)
        } catch {
            return (place, error)
        }
    }

    /// What begins with a bracket is an array.
    private mutating func detect(_ text: Span<UInt8>, isEnd: Bool) -> Format? {
        let start = Lexis.passBlanks(text, 0)
        if start < text.count {
            format = text[start] == Lexis.arrayStart ? .document : .lines
        } else if isEnd {
            format = .lines
        }
        return format
    }

    private mutating func passBlanks(_ text: Span<UInt8>) -> Int {
        line += Self.lineFeeds(text, 0..<text.count)
        return text.count
    }

    // MARK: - Lines

    private mutating func scanLines(_ text: Span<UInt8>, _ piece: borrowing Piece, atMost count: Int) -> Int {
        var place = 0
        while found.count < count, place < text.count || piece.isEnd && overlong != nil {
            guard let end = Self.lineFeed(text, from: place) ?? (piece.isEnd ? text.count : nil) else {
                // Blanks before a record are none of it, and may be without end.
                let begin = overlong == nil ? Lexis.passBlanks(text, place) : place
                let isOverlong = overlong != nil || text.count - begin > rules.maxRecordBytes
                guard isOverlong, found.isEmpty else { return begin }
                // So may the text that is dropped here.
                overlong = overlong ?? (piece.offset + begin, line)
                return text.count
            }
            if let record = scanLine(text.extracting(..<end), from: place, piece) {
                guard add(record) else { return place }
            }
            overlong = nil
            line += 1
            place = min(end + 1, text.count)
        }
        return place
    }

    /// Scans the text from `start` on as a line; nil for a blank one.
    private mutating func scanLine(_ text: Span<UInt8>, from start: Int, _ piece: borrowing Piece) -> FoundRecord? {
        if let overlong { return FoundRecord(0..<text.count, offset: overlong.offset, line: line, flaw: .tooLong) }
        let begin = Lexis.passBlanks(text, start)
        guard begin < text.count else { return nil }
        guard text.count - begin <= rules.maxRecordBytes else {
            return FoundRecord(begin..<text.count, offset: piece.offset + begin, line: line, flaw: .tooLong)
        }
        var record = FoundRecord(begin..<text.count, offset: piece.offset + begin, line: line)
        record.flaw = piece.hasFault(in: record.range) ? .illFormed : scanWhole(text, from: begin)
        return record
    }

    /// Scans the text from `start` on as one record.
    private mutating func scanWhole(_ text: Span<UInt8>, from start: Int) -> RecordFlaw? {
        do throws(JSONFault) {
            let (end, isObject) = try scanner.scan(text, from: start, depth: 0, isEnd: true)
            let rest = Lexis.passBlanks(text, end)
            if rest == text.count, isObject { return nil }
            scanner.removeLast()
            return rest == text.count ? .noObject : .malformed(JSONFault(kind: .textBehind, place: rest))
        } catch {
            return .malformed(error)
        }
    }

    // MARK: - Documents

    private mutating func scanDocument(
        _ text: Span<UInt8>,
        _ piece: borrowing Piece,
        atMost count: Int,
        _ place: inout Int
    ) throws(JSONFault) {
        while found.count < count {
            let step = try walk(text, piece, &place)
            switch step {
            case .record: guard try scanElement(text, piece, &place) else { return }
            case .passedOver:
                guard let overlong else { preconditionFailure("a record that is passed over has begun") }
                let record = FoundRecord(0..<place, offset: overlong.offset, line: overlong.line, flaw: .tooLong)
                self.overlong = nil
                guard add(record) else { preconditionFailure("it is passed over only behind all others") }
            case .needsMore, .end: return
            }
        }
    }

    /// Goes on to the next record; where that is not possible, `place` and the walker are behind what was right.
    private mutating func walk(
        _ text: Span<UInt8>,
        _ piece: borrowing Piece,
        _ place: inout Int
    ) throws(JSONFault) -> DocumentWalker.Step {
        let (before, walkerBefore) = (place, walker)
        defer { line += Self.lineFeeds(text, before..<place) }
        let step = try walker.next(text, &place, isEnd: piece.isEnd)
        if !walkerBefore.isPassingOver, let fault = piece.faults.first(where: { $0 >= before && $0 < place }) {
            (place, walker) = (before, walkerBefore)
            throw JSONFault(kind: .illFormed, place: fault)
        }
        return step
    }

    /// Scans the record at `place`.
    ///
    /// - Returns: False where what follows the text decides, or it is to be dealt with apart from those before it.
    private mutating func scanElement(
        _ text: Span<UInt8>,
        _ piece: borrowing Piece,
        _ place: inout Int
    ) throws(JSONFault) -> Bool {
        let start = place
        // Wherever the text was cut into pieces, a fault behind the limit is found by whoever passes over the record.
        let reach = min(text.count, start + rules.maxRecordBytes + 1)
        let (end, isObject): (Int, Bool)
        do throws(JSONFault) {
            let depth = walker.state.containers.count
            (end, isObject) = try scanner.scan(text.extracting(..<reach), from: start, depth: depth, isEnd: false)
        } catch {
            guard error.kind == .cutOff, reach < text.count || !piece.isEnd else { throw error }
            return reach < text.count && passOver(piece.offset + start)
        }
        var record = FoundRecord(start..<end, offset: piece.offset + start, line: line)
        if record.range.count > rules.maxRecordBytes {
            scanner.removeLast()
            return passOver(record.offset)
        }
        if piece.hasFault(in: record.range) {
            record.flaw = .illFormed
        } else if !isObject {
            record.flaw = .noObject
        }
        if record.flaw != nil { scanner.removeLast() }
        guard add(record) else { return false }
        walker.endRecord()
        line += Self.lineFeeds(text, start..<end)
        place = end
        return true
    }

    /// Begins to pass over the record at a place of the file's text, unless others are before it.
    private mutating func passOver(_ offset: Int) -> Bool {
        guard found.isEmpty else { return false }
        overlong = (offset, line)
        walker.passOverRecord()
        return true
    }

    // MARK: -

    var isDocument: Bool { format == .document }

    /// The line of a fault that kept the scan of `text` from going on.
    func line(of fault: JSONFault, _ text: Span<UInt8>) -> Int {
        lineOfText + Self.lineFeeds(text, 0..<min(fault.place, text.count))
    }

    /// - Returns: False where reading stops at a record with a flaw, and others are before it.
    private mutating func add(_ record: FoundRecord) -> Bool {
        guard record.flaw == nil || found.isEmpty || !rules.stopsAtUnreadable else { return false }
        found.append(record)
        return true
    }

    private static func lineFeed(_ text: Span<UInt8>, from start: Int) -> Int? {
        unsafe text.withUnsafeBytes { bytes in
            guard start < bytes.count, let base = bytes.baseAddress else { return nil }
            guard let found = unsafe memchr(base + start, 0x0A, bytes.count - start) else { return nil }
            return unsafe UnsafeRawPointer(found) - base
        }
    }

    private static func lineFeeds(_ text: Span<UInt8>, _ range: Range<Int>) -> Int {
        unsafe text.extracting(range).withUnsafeBytes { bytes in
            unsafe bytes.reduce(0) { $0 &+ ($1 == 0x0A ? 1 : 0) }
        }
    }
}

extension RecordFinder.Piece {
    func hasFault(in range: Range<Int>) -> Bool { faults.contains(where: range.contains) }
}

/// Reads contacts from the pieces of an exported contact list, a CSV file (RFC 4180) in UTF-8.
///
/// A piece may end anywhere, in the middle of a character or of a line end too; memory is needed for one contact only.
/// The header's columns may come in any order, and those that were not asked for are passed over, the service's own
/// (`CallRecordLastResult-Phone` and the like) among them. A known defect of the service's header is put up with: a
/// byte order mark, and doubled quotes around `inin-outbound-id`.
///
/// Every failure is a `GenesysError` of kind `unexpectedAnswer` that names the row, counted from 1 after the header, and
/// no value; after one the reader is of no more use.
public struct ContactExportReader: Sendable {
    /// What the next byte belongs to.
    private enum Place {
        /// The byte order mark, of which so many bytes have come.
        case start(markCount: Int)
        case fieldStart
        /// A field without quotes.
        case text
        /// A carriage return in such a field: the line's end if a line feed follows.
        case textReturn
        case quoted
        /// A quote in a quoted field: its end, or the first of two that stand for one.
        case quote
        /// A carriage return after a quoted field.
        case quoteReturn
    }

    /// What becomes of a column.
    private enum Role {
        case skip
        case id
        case callable
        case value(Int)
    }

    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
    private static let idColumn = "inin-outbound-id"
    private static let callableColumn = "ContactCallable"
    /// A longer field is a fault, for instance a quote without end: values have 512 characters at most.
    private static let maximumFieldBytes = 1 << 16

    private let columns: [String]
    private var place = Place.start(markCount: 0)
    /// The names in the header, as long as it is being read.
    private var names: [String] = []
    /// By column of the file; empty until the header is read.
    private var roles: [Role] = []
    /// The contact being read; only its values change, so that a row needs no array of its own.
    private var contact: ExportedContact
    /// The field being read, as far as it came, without its quotes.
    private var field: [UInt8] = []
    private var isFieldKept = true
    private var fieldIndex = 0
    /// Whether the line has had any byte but its end.
    private var isBlank = true
    private var rowNumber = 0

    /// Makes a reader of the values of these columns of the list, each named once.
    public init(columns: [String]) {
        self.columns = columns
        contact = ExportedContact(id: "", values: Array(repeating: "", count: columns.count), isCallable: nil)
    }

    /// Takes the next piece of the file and calls `row` with each contact that it completes.
    public mutating func read(_ piece: Span<UInt8>, _ row: (ExportedContact) throws -> Void) throws {
        var index = 0
        while index < piece.count {
            switch place {
            case .start(let markCount):
                passMark(piece, &index, markCount)
            case .fieldStart:
                passFieldStart(piece, &index)
            case .text:
                try passText(piece, &index, row)
            case .textReturn:
                try passTextReturn(piece, &index, row)
            case .quoted:
                try passQuoted(piece, &index)
            case .quote:
                try passQuote(piece, &index, row)
            case .quoteReturn:
                guard piece[index] == .lineFeed else { throw textAfterQuote() }
                index += 1
                try endLine(row)
            }
        }
    }

    /// Takes the end of the file and calls `row` with the last contact, if its line had no end.
    public mutating func finish(_ row: (ExportedContact) throws -> Void) throws {
        if case .quoted = place {
            throw fault("a quoted field without an end")
        }
        if !isBlank {
            try endLine(row)
        }
        guard !roles.isEmpty else { throw fault("no column at all") }
    }
}

// MARK: - Bytes

extension ContactExportReader {
    private mutating func passMark(_ piece: Span<UInt8>, _ index: inout Int, _ markCount: Int) {
        if piece[index] == Self.byteOrderMark[markCount] {
            index += 1
            let isWhole = markCount + 1 == Self.byteOrderMark.count
            place = isWhole ? .fieldStart : .start(markCount: markCount + 1)
        } else if markCount == 0 {
            place = .fieldStart
        } else {
            // Another character that begins with the same bytes.
            field = Array(Self.byteOrderMark.prefix(markCount))
            isBlank = false
            place = .text
        }
    }

    private mutating func passFieldStart(_ piece: Span<UInt8>, _ index: inout Int) {
        guard piece[index] == .quote else {
            place = .text
            return
        }
        index += 1
        isBlank = false
        place = .quoted
    }

    private mutating func passText(
        _ piece: Span<UInt8>,
        _ index: inout Int,
        _ row: (ExportedContact) throws -> Void
    ) throws {
        let start = index
        while index < piece.count, !piece[index].endsText {
            index += 1
        }
        try keep(piece, start..<index)
        guard index < piece.count else { return }
        let end = piece[index]
        index += 1
        switch end {
        case .comma:
            isBlank = false
            try endField()
        case .lineFeed:
            try endLine(row)
        default:
            place = .textReturn
        }
    }

    private mutating func passTextReturn(
        _ piece: Span<UInt8>,
        _ index: inout Int,
        _ row: (ExportedContact) throws -> Void
    ) throws {
        if piece[index] == .lineFeed {
            index += 1
            try endLine(row)
        } else {
            field.append(.carriageReturn)
            isBlank = false
            place = .text
        }
    }

    private mutating func passQuoted(_ piece: Span<UInt8>, _ index: inout Int) throws {
        let start = index
        while index < piece.count, piece[index] != .quote {
            index += 1
        }
        try keep(piece, start..<index)
        guard index < piece.count else { return }
        index += 1
        place = .quote
    }

    private mutating func passQuote(
        _ piece: Span<UInt8>,
        _ index: inout Int,
        _ row: (ExportedContact) throws -> Void
    ) throws {
        switch piece[index] {
        case .quote:
            try keep(piece, index..<index + 1)
            place = .quoted
        case .comma:
            try endField()
        case .lineFeed:
            try endLine(row)
        case .carriageReturn:
            place = .quoteReturn
        default:
            // In the header this is the known defect in another spelling: `""inin-outbound-id""`.
            guard roles.isEmpty else { throw textAfterQuote() }
            place = .text
            return
        }
        index += 1
    }

    /// Adds bytes to the field, unless nobody wants it.
    private mutating func keep(_ piece: Span<UInt8>, _ range: Range<Int>) throws {
        guard !range.isEmpty else { return }
        isBlank = false
        guard isFieldKept else { return }
        guard range.count <= Self.maximumFieldBytes - field.count else {
            throw fault("a field of more than \(Self.maximumFieldBytes) bytes")
        }
        unsafe piece.extracting(range).withUnsafeBufferPointer { unsafe field.append(contentsOf: $0) }
    }
}

// MARK: - Fields and lines

extension ContactExportReader {
    private mutating func endField() throws {
        if roles.isEmpty {
            names.append(try text())
        } else if fieldIndex < roles.count {
            switch roles[fieldIndex] {
            case .skip: break
            case .id: contact.id = try text()
            case .callable: contact.isCallable = Self.flag(field)
            case .value(let index): contact.values[index] = try text()
            }
        }
        fieldIndex += 1
        beginField()
    }

    private mutating func endLine(_ row: (ExportedContact) throws -> Void) throws {
        guard !isBlank else {
            beginField()
            return
        }
        try endField()
        let fieldCount = fieldIndex
        fieldIndex = 0
        isBlank = true
        if roles.isEmpty {
            try readHeader()
            beginField()
            return
        }
        beginField()
        guard fieldCount == roles.count else {
            throw fault("\(fieldCount) instead of \(roles.count) fields")
        }
        guard !contact.id.isEmpty else { throw fault("an empty id") }
        rowNumber += 1
        try row(contact)
    }

    private mutating func beginField() {
        field.removeAll(keepingCapacity: true)
        place = .fieldStart
        guard fieldIndex < roles.count else {
            isFieldKept = roles.isEmpty
            return
        }
        if case .skip = roles[fieldIndex] {
            isFieldKept = false
        } else {
            isFieldKept = true
        }
    }

    private mutating func readHeader() throws {
        roles = Array(repeating: .skip, count: names.count)
        let flags = names.indices.filter { names[$0] == Self.callableColumn }
        // A list may have a column of that name itself; then the two cannot be told apart.
        if flags.count == 1 {
            roles[flags[0]] = .callable
        }
        try assign(.id, toColumn: Self.idColumn) { Self.withoutDefect($0) == Self.idColumn }
        for (index, column) in columns.enumerated() {
            try assign(.value(index), toColumn: column) { $0 == column }
        }
        names = []
    }

    /// Gives the role to the one column that matches.
    private mutating func assign(_ role: Role, toColumn name: String, _ matches: (String) -> Bool) throws {
        let found = names.indices.filter { matches(names[$0]) }
        guard found.count == 1 else {
            throw headerFault("\(found.isEmpty ? "no column" : "\(found.count) columns") `\(name)`")
        }
        roles[found[0]] = role
    }

    /// The name without the marks and quotes that the service puts around it by mistake.
    private static func withoutDefect(_ name: String) -> Substring {
        let isDefect = { (scalar: Unicode.Scalar) in scalar == "\"" || scalar == "\u{FEFF}" }
        let scalars = name.unicodeScalars
        let start = scalars.drop(while: isDefect)
        let end = start.reversed().drop(while: isDefect).startIndex.base
        return Substring(start[..<end])
    }

    /// The service's two ways of writing a flag; nil for anything else.
    private static func flag(_ text: [UInt8]) -> Bool? {
        switch String(decoding: text, as: UTF8.self).lowercased() {
        case "1", "true": true
        case "0", "false": false
        default: nil
        }
    }

    private func text() throws -> String {
        guard let text = String(validating: field, as: UTF8.self) else { throw fault("a field that is not UTF-8") }
        return text
    }
}

// MARK: - Faults

extension ContactExportReader {
    private func textAfterQuote() -> GenesysError {
        fault("text after the closing quote of a field")
    }

    private func fault(_ what: String) -> GenesysError {
        roles.isEmpty ? headerFault(what) : error("row \(rowNumber + 1) has \(what)", hint: nil)
    }

    private func headerFault(_ what: String) -> GenesysError {
        error(
            "the header has \(what)",
            hint: "check the columns of the list, and that no proxy answers in the API's place"
        )
    }

    private func error(_ message: String, hint: String?) -> GenesysError {
        GenesysError(
            operation: "reading an exported contact list",
            kind: .unexpectedAnswer,
            message: message,
            hint: hint
        )
    }
}

extension UInt8 {
    fileprivate static let comma = UInt8(ascii: ",")
    fileprivate static let quote = UInt8(ascii: "\"")
    fileprivate static let lineFeed = UInt8(ascii: "\n")
    fileprivate static let carriageReturn = UInt8(ascii: "\r")

    /// Whether it may end a field without quotes.
    fileprivate var endsText: Bool { self == .comma || self == .lineFeed || self == .carriageReturn }
}

/// Where a record stands.
struct FoundRecord {
    /// In the text that was scanned; of a record over the limit only what is left of it.
    let range: Range<Int>
    /// Where it begins in the text of its file.
    let offset: Int
    /// The number of its first line in the file.
    let line: Int
    /// A record with a flaw has no values.
    var flaw: RecordFlaw?

    init(_ range: Range<Int>, offset: Int, line: Int, flaw: RecordFlaw? = nil) {
        self.range = range
        self.offset = offset
        self.line = line
        self.flaw = flaw
    }
}

/// Why a record makes no row.
enum RecordFlaw {
    case tooLong
    case illFormed
    case noObject
    case malformed(JSONFault)

    /// Stable and fit for grouping.
    var code: String {
        switch self {
        case .tooLong: "too_long"
        case .illFormed: "ill_formed_text"
        case .noObject: "no_object"
        case .malformed(let fault): fault.code
        }
    }

    func reason(maxRecordBytes: Int) -> String {
        switch self {
        case .tooLong: "the record is longer than \(maxRecordBytes) bytes (`max_record_bytes`)"
        case .illFormed:
            "the record holds bytes that are no text in the file's `encoding`; files of Windows are often `windows-1252`"
        case .noObject: "the record is no object"
        case .malformed(let fault): "the line is not JSON: \(fault.words)"
        }
    }
}

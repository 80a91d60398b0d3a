/// What is wrong with a row as text.
enum RowFlaw: Sendable, Hashable {
    case strayQuote
    case textBehindQuote
    case unclosedQuote
    case nulByte
    case tooLong
    case cutOff
    case illFormed
    case noFinalLineEnd
    case byteOrderMark
    case otherCount(Int, expected: Int)

    /// Stable and fit for grouping.
    var code: String {
        switch self {
        case .strayQuote: "stray_quote"
        case .textBehindQuote: "text_behind_quote"
        case .unclosedQuote: "unclosed_quote"
        case .nulByte: "nul_byte"
        case .tooLong: "too_long"
        case .cutOff: "cut_off"
        case .illFormed: "ill_formed_text"
        case .noFinalLineEnd: "no_final_line_end"
        case .byteOrderMark: "byte_order_mark"
        case .otherCount: "other_columns"
        }
    }

    func reason(_ dialect: Dialect) -> String {
        switch self {
        case .strayQuote: "a quote stands inside a value that does not begin with one"
        case .textBehindQuote: "text follows the closing quote of a value"
        case .unclosedQuote: "the file ends inside quotes"
        case .nulByte: "a value holds a NUL byte"
        case .tooLong:
            "a value is longer than \(dialect.maxFieldBytes) bytes (`max_field_bytes`), or the row than eight times that; is a quote left open?"
        case .cutOff: "the file ends behind an escape character"
        case .illFormed:
            "the row holds bytes that are no text in the file's `encoding`; files of Windows are often `windows-1252`"
        case .noFinalLineEnd: "the file ends without a line end, so the row may be cut off"
        case .byteOrderMark: "a byte order mark stands before the row; were files put together here?"
        case .otherCount(let count, let expected):
            "the row has \(count) value\(count == 1 ? "" : "s") where \(expected) are due"
        }
    }
}

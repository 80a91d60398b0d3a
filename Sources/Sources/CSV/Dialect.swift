/// How a file's text is cut into rows and values.
struct Dialect: Sendable {
    var delimiter = UInt8(ascii: ",")
    /// Nil where quotes are ordinary characters.
    var quote: UInt8? = UInt8(ascii: "\"")
    /// Takes the character behind it as it is; nil where a quote within quotes is doubled.
    var escape: UInt8?
    /// Lines that begin so are left out; empty where none are.
    var comment: [UInt8] = []
    /// Blanks and tabs around values do not count, unless they are within quotes.
    var trims = false
    var maxFieldBytes = 1 << 20
    /// Whether a last row without a line end may be all of the row.
    var needsFinalLineEnd = false

    /// A row that is longer is no row.
    var maxRowBytes: Int { 8 * maxFieldBytes }

    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")

    static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

    /// A value without its escapes, and with quotes that are not doubled.
    func unescaped(_ value: ArraySlice<UInt8>) -> [UInt8] {
        guard let escape = escape ?? quote else { return Array(value) }
        var text: [UInt8] = []
        text.reserveCapacity(value.count)
        var isTaken = false
        for byte in value {
            // What stands behind an escape is taken as it is.
            isTaken = byte == escape && !isTaken
            if !isTaken { text.append(byte) }
        }
        return text
    }
}

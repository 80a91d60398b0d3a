internal import RollcallCore

/// The text of one file as UTF-8, piece by piece, whatever its compression and encoding.
///
/// Calls block: the reader belongs to an actor with a thread of its own (`QueueExecutor`). Its owner looks at the text that is there
/// (`withText`), passes by what it is through with (`advance`), and asks for more (`readMore`), so memory is bounded by what the owner
/// leaves unread and two pieces.
package final class TextReader {
    package let file: InputFile
    /// Bytes of text passed by; the text counts from behind a byte order mark.
    package private(set) var offset = 0
    /// Nothing follows the text that is there.
    package private(set) var isAtEnd = false
    /// How many bytes of the text's UTF-8 are a byte order mark before it.
    package private(set) var byteOrderMarkLength = 0
    /// What was no text, in the text that is there; each is one U+FFFD.
    package private(set) var faults: [TextFault] = []

    private let pieces: PieceReader
    private var hasRead = false
    private var text: [UInt8] = []
    /// How much of `text` was passed by.
    private var passed = 0
    private var hash = TextDigest()

    /// - Throws: a preflight error where the file may not be read.
    package init(_ file: InputFile, encoding: TextEncoding) throws {
        self.file = file
        pieces = try PieceReader(file, encoding: encoding)
    }

    /// A digest of the text passed by.
    package var digest: String { String(hash.value, radix: 16) }

    /// The text that is there, in whole characters.
    package func withText<Result>(_ body: (Span<UInt8>) throws -> Result) rethrows -> Result {
        let text = text
        return try body(text.span.extracting(passed...))
    }

    /// Passes by the first `count` bytes of the text.
    package func advance(by count: Int) {
        precondition(passed + count <= text.count, "only text that is there can be passed by")
        hash.update(text.span.extracting(passed..<passed + count))
        passed += count
        offset += count
        faults.removeAll { $0.offset < offset }
    }

    /// Adds the next piece behind the text that is there.
    ///
    /// - Returns: False where none follows.
    /// - Throws: a fatal error where the file cannot be read or unpacked, or `CancellationError`; the reader is of no use then.
    package func readMore() throws -> Bool {
        guard !isAtEnd else { return false }
        text.removeFirst(passed)
        passed = 0
        let piece = try pieces.next()
        // Whoever asks a second time reads on; until then it may be for the header alone.
        if hasRead, !piece.isLast { pieces.readAhead() }
        hasRead = true
        isAtEnd = piece.isLast
        faults += piece.faults.map { TextFault(offset: offset + text.count + $0.offset, byteOffset: $0.byteOffset) }
        byteOrderMarkLength += piece.byteOrderMarkLength
        text += piece.text
        return !piece.text.isEmpty
    }

    /// Adds pieces until the text that is there is twice as long, so that whoever looks at it from its beginning does so seldom.
    package func readMuchMore() throws {
        let goal = 2 * (text.count - passed)
        while try readMore(), text.count - passed < goal {}
    }
}

/// Bytes that are no text in the encoding of their file.
package struct TextFault: Sendable, Hashable {
    /// Where the U+FFFD in its place stands in the text of the file.
    package let offset: Int
    /// Where it stands in the file, unpacked.
    package let byteOffset: Int
}

internal import Crypto
internal import RollcallCore

/// The text of one file as UTF-8, piece by piece, whatever its compression and encoding.
///
/// Calls block: the reader belongs to an actor with a thread of its own (`QueueExecutor`). Its owner looks at the text that is there
/// (`withText`), passes by what it is through with (`advance`), and asks for more (`readMore`), so memory is bounded by what the owner
/// leaves unread and one piece.
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

    private let bytes: ByteStream
    private let encoding: TextEncoding
    private var decoder: any TextDecoder
    /// Bytes as they came, and how many of them wait for the rest of their character.
    private var undecoded = [UInt8](repeating: 0, count: bytesAtOnce)
    private var waiting = 0
    /// How many bytes were decoded.
    private var decodedBytes = 0
    private var text: [UInt8] = []
    /// How much of `text` was passed by.
    private var passed = 0
    private var hasBegun = false
    private var hash = SHA256()

    private static let bytesAtOnce = 1 << 18
    private static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// - Throws: a preflight error where the file may not be read.
    package init(_ file: InputFile, encoding: TextEncoding) throws {
        self.file = file
        self.encoding = encoding
        bytes = try ByteStream(file)
        decoder = encoding.decoder()
    }

    /// A digest of the text passed by.
    package var digest: String { hash.finalize().hexadecimal }

    /// The text that is there, in whole characters.
    package func withText<Result>(_ body: (Span<UInt8>) throws -> Result) rethrows -> Result {
        let text = text
        return try body(text.span.extracting(passed...))
    }

    /// Passes by the first `count` bytes of the text.
    package func advance(by count: Int) {
        precondition(passed + count <= text.count, "only text that is there can be passed by")
        unsafe text.withUnsafeBytes { bytes in
            unsafe hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: bytes[passed..<passed + count]))
        }
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
        let before = text.count
        while !isAtEnd, text.count == before {
            let count = try bytes.read(into: &undecoded, at: waiting)
            isAtEnd = count == 0
            try decode(upTo: waiting + count)
        }
        return text.count > before
    }

    /// Adds pieces until the text that is there is twice as long, so that whoever looks at it from its beginning does so seldom.
    package func readMuchMore() throws {
        let goal = 2 * (text.count - passed)
        while try readMore(), text.count - passed < goal {}
    }

    private func decode(upTo end: Int) throws {
        let before = text.count
        var start = 0
        decoding: while start < end {
            let part = decoder.decode(undecoded.span.extracting(start..<end), into: &text)
            start += part.count
            switch part.stop {
            case .needsMore where isAtEnd && start < end:
                noteFault(at: start)
                start = end
            case .needsMore: break decoding
            case .isIllFormed(let count):
                try refuseOtherByteOrderMark(at: start)
                noteFault(at: start)
                start += count
            }
        }
        decodedBytes += start
        undecoded.replaceSubrange(0..<end - start, with: undecoded[start..<end])
        waiting = end - start
        if !hasBegun, text.count > before {
            hasBegun = true
            dropByteOrderMark()
        }
    }

    /// What is no text is kept as one character that stands for it.
    private func noteFault(at start: Int) {
        faults.append(TextFault(offset: offset - passed + text.count, byteOffset: decodedBytes + start))
        text.append(contentsOf: Self.replacement)
    }

    private func dropByteOrderMark() {
        guard text.starts(with: Self.byteOrderMark) else { return }
        text.removeFirst(Self.byteOrderMark.count)
        byteOrderMarkLength = Self.byteOrderMark.count
        faults = faults.map { TextFault(offset: $0.offset - Self.byteOrderMark.count, byteOffset: $0.byteOffset) }
    }

    private func refuseOtherByteOrderMark(at start: Int) throws {
        guard encoding == .utf8, decodedBytes + start == 0 else { return }
        guard undecoded.starts(with: [0xFF, 0xFE]) || undecoded.starts(with: [0xFE, 0xFF]) else { return }
        throw RollcallError(
            .fatal,
            "\(file.name) begins with the byte order mark of UTF-16, and `encoding` says \(encoding)",
            hint: "set `encoding: utf-16`"
        )
    }
}

/// Bytes that are no text in the encoding of their file.
package struct TextFault: Sendable, Hashable {
    /// Where the U+FFFD in its place stands in the text of the file.
    package let offset: Int
    /// Where it stands in the file, unpacked.
    package let byteOffset: Int
}

extension Sequence<UInt8> {
    var hexadecimal: String {
        map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}

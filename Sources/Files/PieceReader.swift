internal import Dispatch
internal import RollcallCore
internal import Synchronization

/// Reads, unpacks and decodes the pieces of a file, the next one while the last is looked at.
final class PieceReader: Sendable {
    /// A piece of text, in whole characters.
    struct Piece: Sendable {
        var text: [UInt8] = []
        /// What was no text in it; the offsets count from its beginning.
        var faults: [TextFault] = []
        /// How many bytes of UTF-8 were a byte order mark before it.
        var byteOrderMarkLength = 0
        /// Whether none follows.
        var isLast = false
    }

    private struct State {
        let decoding: PieceDecoding
        /// What was read ahead.
        var next: Result<Piece, any Error>?
    }

    private let state: Mutex<State>
    private let queue = DispatchQueue(label: "rollcall.files.ahead")
    /// Whoever waits for the writer of a pipe must notice that its task was cancelled, so it waits itself.
    private let mayReadAhead: Bool

    /// - Throws: a preflight error where the file may not be read.
    init(_ file: InputFile, encoding: TextEncoding) throws {
        mayReadAhead = !file.isStandardInput
        state = Mutex(State(decoding: try PieceDecoding(file, encoding)))
    }

    /// The next piece; an empty one only where it is the last.
    ///
    /// - Throws: a fatal error where the file cannot be read or unpacked, or `CancellationError`; the reader is of no use then.
    func next() throws -> Piece {
        try state.withLock { state in
            guard let next = state.next.take() else { return try state.decoding.next() }
            return try next.get()
        }
    }

    /// Begins to read the next piece on a thread of its own.
    func readAhead() {
        guard mayReadAhead else { return }
        queue.async {
            // Should `next` come first, this is the piece behind that.
            self.state.withLock { state in
                guard state.next == nil else { return }
                state.next = Result { try state.decoding.next() }
            }
        }
    }
}

internal import Glibc
internal import RollcallCore
internal import Synchronization

/// An open file; its calls block.
final class RawFile {
    private let name: String
    private let descriptor: Int32
    /// Whether reading may wait long, for whoever writes at the other end.
    private let isPipe: Bool

    private static let isStandardInputTaken = Mutex(false)

    /// - Throws: a preflight error where it may not be read or is no ordinary file, and for standard input the second time.
    init(_ file: InputFile) throws {
        name = file.name
        if file.isStandardInput {
            try Self.takeStandardInput()
            descriptor = STDIN_FILENO
        } else {
            descriptor = unsafe open(file.path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else {
                throw RollcallError(.preflight, "\(file.name) cannot be read: \(Self.reason(errno))")
            }
        }
        var status = stat()
        isPipe = unsafe fstat(descriptor, &status) != 0 || status.st_mode & S_IFMT != S_IFREG
        guard !isPipe || file.isStandardInput else {
            // A source looks at its files more than once, and what was read from a pipe is gone.
            close(descriptor)
            throw RollcallError(
                .preflight,
                "\(file.name) is no ordinary file",
                hint: "let its writer write to Rollcall's standard input, and set `path: \"-\"`"
            )
        }
    }

    deinit {
        if descriptor != STDIN_FILENO { close(descriptor) }
    }

    /// Reads into the buffer behind its first `offset` bytes.
    ///
    /// - Returns: How many bytes; none at the end.
    /// - Throws: a fatal error, or `CancellationError`.
    func read(into buffer: inout [UInt8], at offset: Int = 0) throws -> Int {
        try Task.checkCancellation()
        if isPipe { try waitForBytes() }
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { buffer in
                unsafe Glibc.read(descriptor, buffer.baseAddress.map { unsafe $0 + offset }, buffer.count - offset)
            }
            if count >= 0 { return count }
            guard errno == EINTR else { throw RollcallError(.fatal, "\(name) cannot be read: \(Self.reason(errno))") }
        }
    }

    /// Waits in pieces, so that a task that was cancelled meanwhile does not wait for ever.
    private func waitForBytes() throws {
        let milliseconds: Int32 = 100
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while unsafe poll(&request, 1, milliseconds) == 0 { try Task.checkCancellation() }
    }

    /// What was read from a pipe is gone: a second reader would find nothing, and take that for all there is.
    private static func takeStandardInput() throws {
        let wasTaken = isStandardInputTaken.withLock { isTaken in
            defer { isTaken = true }
            return isTaken
        }
        guard wasTaken else { return }
        throw RollcallError(
            .preflight,
            "standard input was read already, and can be read only once",
            hint: "write it to a file first, and name that"
        )
    }

    private static func reason(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }
}

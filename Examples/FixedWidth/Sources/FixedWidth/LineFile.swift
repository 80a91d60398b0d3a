internal import Foundation
internal import RollcallCore

/// The lines of a file, one after the other.
struct LineFile {
    /// A line without its end, and where it stands.
    struct Line {
        let number: Int
        /// Nil where the bytes are no UTF-8.
        let text: String?
        let isEmpty: Bool
    }

    let path: String
    let file: LinePosition.File
    /// The number of the next line, and how many bytes are before it.
    private(set) var line = 1
    private(set) var offset: UInt64 = 0

    private let handle: FileHandle
    /// Bytes that were read, from `start` on still to be handed over.
    private var bytes: [UInt8] = []
    private var start = 0
    private var isAtEnd = false

    private static let bytesAtOnce = 1 << 16
    private static let longestLine = 1 << 22

    /// - Throws: a preflight error where the file may not be read.
    init(_ path: String) throws {
        self.path = path
        file = try LinePosition.File(at: path)
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw RollcallError(.preflight, "\(path) cannot be read", hint: "may this user read it?")
        }
        self.handle = handle
    }

    /// Goes to a place in the same file.
    mutating func seek(to place: LinePosition) throws {
        try handle.seek(toOffset: place.offset)
        offset = place.offset
        line = place.line
    }

    /// - Returns: Nil behind the last line.
    /// - Throws: a fatal error where the file cannot be read on, or was changed meanwhile.
    mutating func next() throws -> Line? {
        var end = bytes[start...].firstIndex(of: 0x0A)
        while end == nil, !isAtEnd {
            let searched = bytes.count - start
            try readMore()
            end = bytes[(start + searched)...].firstIndex(of: 0x0A)
        }
        guard start < bytes.count else {
            try checkUnchanged()
            return nil
        }
        let stop = end ?? bytes.count
        var content = bytes[start..<stop]
        if content.last == 0x0D { content.removeLast() }
        defer {
            offset += UInt64(min(stop + 1, bytes.count) - start)
            start = min(stop + 1, bytes.count)
            line += 1
        }
        return Line(number: line, text: String(validating: content, as: UTF8.self), isEmpty: content.isEmpty)
    }

    private mutating func readMore() throws {
        guard bytes.count - start <= Self.longestLine else {
            throw RollcallError(.fatal, "\(path):\(line) has no end", hint: "is it a file of lines?")
        }
        bytes.removeFirst(start)
        start = 0
        do {
            let more = try handle.read(upToCount: Self.bytesAtOnce) ?? Data()
            isAtEnd = more.isEmpty
            bytes += more
        } catch {
            throw RollcallError(.fatal, "\(path) cannot be read on", cause: error)
        }
    }

    /// What was read must be one state of the file, or rows would count as gone.
    private func checkUnchanged() throws {
        guard try LinePosition.File(at: path) != file else { return }
        throw RollcallError(
            .fatal,
            "\(path) was changed while it was read",
            hint: "write such files under another name first, and rename them when they are complete"
        )
    }

    func close() throws { try handle.close() }
}

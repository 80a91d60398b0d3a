internal import Crypto
internal import RollcallCore

/// The texts of several files, one after the other, and how far they were read.
///
/// An interrupted pass goes on where it was, if what was read is as it was then: that much is read again for its digest. A file that
/// has grown behind the place is no other file.
package final class TextFiles {
    /// The file that is being read; nil before the first and behind the last.
    package private(set) var current: TextReader?

    private let files: [InputFile]
    private let encoding: TextEncoding
    /// Of the files that were read to their ends.
    private var done = FilesPosition()

    package init(_ files: [InputFile], encoding: TextEncoding) {
        self.files = files
        self.encoding = encoding
    }

    /// Opens the next file, or the first; the one before must have been passed by to its end.
    ///
    /// - Returns: Nil behind the last file.
    /// - Throws: a preflight error where the file may not be read.
    package func next() throws -> TextReader? {
        done = settled
        // At most one is open.
        current = nil
        guard done.done < files.count else { return nil }
        let reader = try TextReader(files[done.done], encoding: encoding)
        current = reader
        return reader
    }

    /// Where reading can go on; nil for standard input, which is gone once it was read.
    ///
    /// It costs a copy of a digest's state, and so is for ends of batches, not for every row.
    package var position: FilesPosition? {
        guard !files.contains(where: \.isStandardInput) else { return nil }
        var place = settled
        guard place.done == done.done, let current, current.offset > 0 else { return place }
        place.file = current.file.name
        place.offset = current.offset
        place.digest = current.digest
        return place
    }

    /// How many bytes are still to be read; nil where nobody can tell, or they are packed.
    package var remainingBytes: Int? {
        var bytes = -(current?.offset ?? 0)
        for file in files[done.done...] {
            guard file.compression == .none, let size = file.byteCount else { return nil }
            bytes += size
        }
        return max(0, bytes)
    }

    /// Goes to a place; asked before the first `next`.
    ///
    /// - Returns: Nil, or what has changed, as a sentence for a person; these files are of no use then.
    /// - Throws: what reading throws.
    package func resume(at position: FilesPosition) throws -> String? {
        while done.done < position.done {
            guard let reader = try next() else { return "there are fewer files than the interrupted run had read" }
            _ = try reader.passBy(.max)
            done = settled
            current = nil
        }
        guard done.doneDigest == position.doneDigest else {
            return "the files that the interrupted run had read have changed, or there are others before them"
        }
        guard let name = position.file else { return nil }
        guard let reader = try next(), reader.file.name == name else {
            return "\(name), which the interrupted run was reading, is gone, or another file is before it"
        }
        guard try reader.passBy(position.offset), reader.digest == position.digest else {
            return "\(name) has changed since the interrupted run read it"
        }
        return nil
    }

    /// With the current file, if that was read to its end.
    private var settled: FilesPosition {
        guard let current, current.isAtEnd, current.withText({ $0.isEmpty }) else { return done }
        var place = FilesPosition()
        place.done = done.done + 1
        let words = "\(done.doneDigest)\n\(current.file.name)\n\(current.offset)\n\(current.digest)"
        place.doneDigest = SHA256.hash(data: Array(words.utf8)).hexadecimal
        return place
    }
}

extension TextReader {
    /// Passes by text until `offset`, or to the end of the file.
    ///
    /// - Returns: Whether the text goes so far.
    fileprivate func passBy(_ end: Int) throws -> Bool {
        repeat {
            advance(by: withText { min($0.count, end - offset) })
        } while try offset < end && readMore()
        return offset == end
    }
}

extension Sequence<UInt8> {
    fileprivate var hexadecimal: String {
        map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}

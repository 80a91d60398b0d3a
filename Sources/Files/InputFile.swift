internal import Glibc

/// A file to read, or standard input.
package struct InputFile: Sendable, Hashable {
    /// As messages, positions and rejects name it: as the pipeline file does, whoever starts the program and where.
    package let name: String
    /// Where it is.
    package let path: String
    package let isStandardInput: Bool

    package static let standardInput = InputFile(path: "-", name: "standard input", isStandardInput: true)

    package init(path: String, name: String? = nil) {
        self.init(path: path, name: name ?? path, isStandardInput: false)
    }

    private init(path: String, name: String, isStandardInput: Bool) {
        self.path = path
        self.name = name
        self.isStandardInput = isStandardInput
    }

    package var compression: Compression { isStandardInput ? .none : Compression(ofFileNamed: name) }

    /// As it lies on the disk; nil where it has no size, as a pipe.
    package var byteCount: Int? {
        var status = stat()
        guard !isStandardInput, unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int(status.st_size)
    }
}

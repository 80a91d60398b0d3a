internal import Glibc

/// A file to read, or standard input.
package struct InputFile: Sendable, Hashable {
    /// As messages and positions name it.
    package let name: String
    package let isStandardInput: Bool

    package static let standardInput = InputFile(name: "standard input", isStandardInput: true)

    package init(path: String) {
        self.init(name: path, isStandardInput: false)
    }

    private init(name: String, isStandardInput: Bool) {
        self.name = name
        self.isStandardInput = isStandardInput
    }

    package var compression: Compression { isStandardInput ? .none : Compression(ofFileNamed: name) }

    /// As it lies on the disk; nil where it has no size, as a pipe.
    package var byteCount: Int? {
        var status = stat()
        guard !isStandardInput, unsafe stat(name, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int(status.st_size)
    }
}

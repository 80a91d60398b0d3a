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
}

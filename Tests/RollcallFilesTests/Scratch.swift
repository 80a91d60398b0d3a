import RollcallFiles
import RollcallTestSupport

/// A folder of a test's own, which is removed with it.
final class Scratch {
    private let folder: TestFolder
    var path: String { folder.path }

    init() throws { folder = try TestFolder() }

    @discardableResult
    func write(_ bytes: [UInt8], to name: String) throws -> InputFile {
        InputFile(path: try folder.write(bytes, to: name))
    }

    @discardableResult
    func write(_ text: String, to name: String) throws -> InputFile {
        try write(Array(text.utf8), to: name)
    }
}

extension TextReader {
    /// All text from here to the end, and what was no text in it.
    func rest() throws -> (text: [UInt8], faults: [TextFault]) {
        var text: [UInt8] = []
        var faults: [TextFault] = []
        repeat {
            faults += self.faults
            withText { span in for index in span.indices { text.append(span[index]) } }
            advance(by: withText { $0.count })
        } while try readMore()
        return (text, faults)
    }
}

import Foundation
import RollcallFiles

/// A folder of a test's own, which is removed with it.
final class Scratch {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "/rollcall-files-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            fatalError("a test's folder could not be removed: \(error)")
        }
    }

    @discardableResult
    func write(_ bytes: [UInt8], to name: String) throws -> InputFile {
        let file = "\(path)/\(name)"
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        return InputFile(path: file)
    }

    @discardableResult
    func write(_ text: String, to name: String) throws -> InputFile {
        try write(Array(text.utf8), to: name)
    }

    /// What a program writes to its output.
    func output(of program: String, _ arguments: [String]) throws -> [UInt8] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw ProgramFailed(program: program) }
        return Array(output)
    }

    struct ProgramFailed: Error {
        let program: String
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

internal import Foundation

/// A folder of a test's own, which is removed with it.
public final class TestFolder: Sendable {
    public let path: String

    public init() throws {
        path = NSTemporaryDirectory() + "rollcall-folder-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            fatalError("a test's folder could not be removed: \(error)")
        }
    }

    /// - Returns: The file's path.
    @discardableResult
    public func write(_ bytes: [UInt8], to name: String) throws -> String {
        let file = "\(path)/\(name)"
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        return file
    }
}

/// Runs a program and returns what it writes to its output.
///
/// - Throws: `ProgramFailed` where it is not there, or ends with another status than 0.
public func output(of program: String, _ arguments: [String]) throws -> [UInt8] {
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

/// A program that a test needs is not there, or did not do what it was to.
public struct ProgramFailed: Error {
    public let program: String
}

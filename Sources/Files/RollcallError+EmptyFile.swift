package import RollcallCore

extension RollcallError {
    /// Of a file with nothing in it, where one without rows has something all the same.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - lack: What it does not have, as the end of a sentence.
    ///   - remedy: What a file without rows looks like, or how to allow it, as a sentence.
    /// - Returns: A preflight error.
    package static func empty(_ file: InputFile, lack: String, remedy: String) -> RollcallError {
        RollcallError(.preflight, "\(file.name) is empty: it has \(lack)", hint: "was it written to its end? \(remedy)")
    }

    /// The same error once reading has begun.
    package var whileReading: RollcallError {
        disposition == .preflight ? RollcallError(.fatal, problems: problems, cause: cause) : self
    }
}

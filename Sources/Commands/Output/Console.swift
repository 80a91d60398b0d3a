internal import Foundation
internal import RollcallCore

/// Everything that is not a result goes to standard error through here.
enum Console {
    /// Whether a person watches standard error.
    static let isTerminal = isatty(STDERR_FILENO) == 1

    /// Whether colours are wanted (https://no-color.org).
    static let hasColor =
        isTerminal && ProcessInfo.processInfo.environment["NO_COLOR", default: ""].isEmpty
        && ProcessInfo.processInfo.environment["TERM"] != "dumb"

    static func line(_ text: String) {
        write(text + "\n")
    }

    static func write(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }

    /// A result that must be seen at once, also through a pipe; `print` may keep it until the end.
    static func result(_ text: String) {
        FileHandle.standardOutput.write(Data((text + "\n").utf8))
    }

    /// One `error:` for each problem.
    ///
    /// That somebody else is at it is no error and takes one line, whoever's log it stands in.
    static func error(_ error: RollcallError) {
        guard error.disposition != .busy else {
            return line(error.problems.map(\.message).joined(separator: "; "))
        }
        for problem in error.problems {
            line("\(red("error:")) \(problem)")
        }
    }

    static func red(_ text: String) -> String { hasColor ? "\u{1B}[31m\(text)\u{1B}[0m" : text }
    static func yellow(_ text: String) -> String { hasColor ? "\u{1B}[33m\(text)\u{1B}[0m" : text }
    static func green(_ text: String) -> String { hasColor ? "\u{1B}[32m\(text)\u{1B}[0m" : text }

    /// Columns of the terminal; 80 where it does not say.
    static var width: Int {
        var size = winsize()
        guard unsafe ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }
}

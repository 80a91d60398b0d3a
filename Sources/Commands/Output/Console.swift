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

    /// Whether a person can be asked: one who sees the question and can type the answer.
    static let canAsk = isTerminal && isatty(STDIN_FILENO) == 1

    /// Asks on the terminal; anything but yes is no, and so is `isOver` before there is an answer.
    static func ask(_ question: String, isOver: () -> Bool) -> Bool {
        write("\(question) [y/N] ")
        while !isOver() {
            var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
            guard unsafe poll(&input, 1, 200) > 0 else { continue }
            let answer = (readLine() ?? "").trimmingCharacters(in: .whitespaces).lowercased()
            return ["y", "yes"].contains(answer)
        }
        return false
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

    /// What somebody should look into, and nothing stops for.
    static func warning(_ text: String, of subject: String? = nil) {
        line("\(subject.map { "\($0): " } ?? "")\(yellow("warning:")) \(text)")
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

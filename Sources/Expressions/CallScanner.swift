/// Finds the calls of functions in SQL text, with those of their arguments that are one string literal each.
///
/// SQLite looks at arguments only when rows come; so what is written down can be checked before.
enum CallScanner {
    struct Call {
        let function: String
        /// By their places among the arguments, each with its place in the text.
        var literals: [Int: (text: String, offset: Int)] = [:]
    }

    /// A parenthesis that is open: of which call, at which argument, and what that consists of.
    private struct Level {
        var call: Call
        var argument = 0
        var literal: (text: String, offset: Int)?
        var tokenCount = 0

        mutating func endArgument() {
            if tokenCount == 1, let literal { call.literals[argument] = literal }
            argument += 1
            literal = nil
            tokenCount = 0
        }
    }

    static func calls(in sql: String) -> [Call] {
        var calls: [Call] = []
        var levels: [Level] = []
        var lastName: String?
        for token in SQLTokenizer.tokens(of: sql) {
            switch token.kind {
            case .symbol("("):
                if !levels.isEmpty { levels[levels.count - 1].tokenCount += 1 }
                levels.append(Level(call: Call(function: lastName ?? "")))
            case .symbol(")"):
                guard var level = levels.popLast() else { return calls }
                level.endArgument()
                calls.append(level.call)
            case .symbol(","):
                if !levels.isEmpty { levels[levels.count - 1].endArgument() }
            case .text(let text):
                guard !levels.isEmpty else { break }
                levels[levels.count - 1].literal = (text, token.range.lowerBound)
                levels[levels.count - 1].tokenCount += 1
            case .word, .quotedName, .number, .blob, .symbol:
                if !levels.isEmpty { levels[levels.count - 1].tokenCount += 1 }
            }
            lastName = token.name
        }
        return calls
    }
}

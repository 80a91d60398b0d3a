/// Finds the calls of functions in SQL text, with those of their arguments that are one string literal each.
///
/// SQLite looks at arguments only when rows come; so what is written down can be checked before.
struct CallScanner {
    struct Call {
        let function: String
        /// By their places among the arguments, each with its place in the text.
        var literals: [Int: (text: String, offset: Int)] = [:]
    }

    private enum Token {
        case name(String)
        case literal(String)
        case symbol(UInt8)
        case other
    }

    private let bytes: [UInt8]
    private var index = 0

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
        var scanner = CallScanner(bytes: Array(sql.utf8))
        return scanner.calls()
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private mutating func calls() -> [Call] {
        var calls: [Call] = []
        var levels: [Level] = []
        var lastName: String?
        while let (token, offset) = next() {
            switch token {
            case .symbol(UInt8(ascii: "(")):
                if !levels.isEmpty { levels[levels.count - 1].tokenCount += 1 }
                levels.append(Level(call: Call(function: lastName ?? "")))
            case .symbol(UInt8(ascii: ")")):
                guard var level = levels.popLast() else { return calls }
                level.endArgument()
                calls.append(level.call)
            case .symbol(UInt8(ascii: ",")):
                if !levels.isEmpty { levels[levels.count - 1].endArgument() }
            case .literal(let text):
                guard !levels.isEmpty else { break }
                levels[levels.count - 1].literal = (text, offset)
                levels[levels.count - 1].tokenCount += 1
            case .name, .symbol, .other:
                if !levels.isEmpty { levels[levels.count - 1].tokenCount += 1 }
            }
            if case .name(let name) = token { lastName = name } else { lastName = nil }
        }
        return calls
    }

    private mutating func next() -> (Token, offset: Int)? {
        skipBlanksAndComments()
        guard index < bytes.count else { return nil }
        let offset = index
        switch bytes[index] {
        case UInt8(ascii: "'"): return (.literal(quoted()), offset)
        case UInt8(ascii: "\""), UInt8(ascii: "`"): return (.name(quoted()), offset)
        case UInt8(ascii: "["):
            index = bytes[index...].firstIndex(of: UInt8(ascii: "]")).map { $0 + 1 } ?? bytes.count
            return (.other, offset)
        case let byte where byte.isNameByte:
            while index < bytes.count, bytes[index].isNameByte { index += 1 }
            return (.name(String(decoding: bytes[offset..<index], as: UTF8.self).lowercased()), offset)
        case let byte:
            index += 1
            return (.symbol(byte), offset)
        }
    }

    private mutating func skipBlanksAndComments() {
        while index < bytes.count {
            if [0x20, 0x09, 0x0A, 0x0C, 0x0D].contains(bytes[index]) {
                index += 1
            } else if bytes[index...].starts(with: "--".utf8) {
                index = bytes[index...].firstIndex(of: 0x0A) ?? bytes.count
            } else if bytes[index...].starts(with: "/*".utf8) {
                index += 2
                while index < bytes.count, !bytes[index...].starts(with: "*/".utf8) { index += 1 }
                index = min(index + 2, bytes.count)
            } else {
                return
            }
        }
    }

    /// Text in quotes, where two of them are one.
    private mutating func quoted() -> String {
        let quote = bytes[index]
        var text: [UInt8] = []
        index += 1
        while index < bytes.count {
            if bytes[index] == quote {
                index += 1
                guard index < bytes.count, bytes[index] == quote else { break }
            }
            text.append(bytes[index])
            index += 1
        }
        return String(decoding: text, as: UTF8.self)
    }
}

extension UInt8 {
    fileprivate var isNameByte: Bool {
        (0x41...0x5A).contains(self & 0xDF) || (0x30...0x39).contains(self) || self == 0x5F || self >= 0x80
    }
}

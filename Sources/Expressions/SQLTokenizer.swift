/// Splits SQL text into tokens, as SQLite does, without blanks and comments.
struct SQLTokenizer {
    private let bytes: [UInt8]
    private var index = 0
    /// The beginning of the first comment that ends with its line.
    private var lineComment: Int?

    static func tokens(of sql: String) -> [SQLToken] {
        var tokenizer = SQLTokenizer(bytes: Array(sql.utf8))
        var tokens: [SQLToken] = []
        while let token = tokenizer.next() { tokens.append(token) }
        return tokens
    }

    /// Where the first comment begins that ends with its line.
    static func lineComment(in sql: String) -> Int? {
        var tokenizer = SQLTokenizer(bytes: Array(sql.utf8))
        while tokenizer.next() != nil {}
        return tokenizer.lineComment
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private mutating func next() -> SQLToken? {
        skipBlanksAndComments()
        guard index < bytes.count else { return nil }
        let start = index
        let kind = nextKind()
        return SQLToken(kind: kind, range: start..<index)
    }

    private mutating func nextKind() -> SQLToken.Kind {
        let start = index
        switch bytes[index] {
        case UInt8(ascii: "'"): return .text(quoted())
        case UInt8(ascii: "\""), UInt8(ascii: "`"): return .quotedName(quoted())
        case UInt8(ascii: "["):
            index = bytes[index...].firstIndex(of: UInt8(ascii: "]")).map { $0 + 1 } ?? bytes.count
            return .quotedName(String(decoding: bytes[start..<index].dropFirst().dropLast(), as: UTF8.self))
        case UInt8(ascii: "x"), UInt8(ascii: "X"):
            guard byte(at: index + 1) == UInt8(ascii: "'") else { return word() }
            index += 1
            _ = quoted()
            return .blob
        case let first where first.isDigit || (first == UInt8(ascii: ".") && byte(at: index + 1)?.isDigit == true):
            skipNumber()
            return .number
        case let first where first.isNameByte: return word()
        default: return .symbol(symbol())
        }
    }

    private func byte(at place: Int) -> UInt8? {
        place < bytes.count ? bytes[place] : nil
    }

    private mutating func word() -> SQLToken.Kind {
        let start = index
        while let byte = byte(at: index), byte.isNameByte { index += 1 }
        return .word(String(decoding: bytes[start..<index], as: UTF8.self).lowercased())
    }

    private mutating func symbol() -> String {
        for operators in ["->>", "->", "||", "==", "<>", "!=", "<=", ">=", "<<", ">>"]
        where bytes[index...].starts(with: operators.utf8) {
            index += operators.utf8.count
            return operators
        }
        index += 1
        return String(decoding: [bytes[index - 1]], as: UTF8.self)
    }

    private mutating func skipNumber() {
        let isHexadecimal = bytes[index...].starts(with: "0x".utf8) || bytes[index...].starts(with: "0X".utf8)
        while let byte = byte(at: index) {
            let follows = index > 0 ? bytes[index - 1] & 0xDF : 0
            let isSign = byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")
            let isSignOfExponent = isSign && !isHexadecimal && follows == UInt8(ascii: "E")
            guard byte.isNameByte || byte == UInt8(ascii: ".") || isSignOfExponent else { return }
            index += 1
        }
    }

    private mutating func skipBlanksAndComments() {
        while index < bytes.count {
            if [0x20, 0x09, 0x0A, 0x0C, 0x0D].contains(bytes[index]) {
                index += 1
            } else if bytes[index...].starts(with: "--".utf8) {
                lineComment = lineComment ?? index
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

/// A word, a literal or a sign of SQL text.
struct SQLToken {
    enum Kind: Equatable {
        /// In small letters: a keyword, or a name without quotes.
        case word(String)
        case quotedName(String)
        /// What stands in single quotes.
        case text(String)
        case number
        case blob
        case symbol(String)
    }

    let kind: Kind
    /// Its bytes in the text.
    let range: Range<Int>

    /// What may name a column or a function.
    var name: String? {
        switch kind {
        case .word(let name), .quotedName(let name): name
        case .text, .number, .blob, .symbol: nil
        }
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { (0x30...0x39).contains(self) }

    fileprivate var isNameByte: Bool {
        (0x41...0x5A).contains(self & 0xDF) || isDigit || self == 0x5F || self >= 0x80
    }
}

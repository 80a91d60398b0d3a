/// A type whose values can be read from the text that Postgres sends for a cell.
public protocol PostgresDecodable {
    /// `nil` where `text` is no value of this type.
    init?(postgresText text: String)
}

extension String: PostgresDecodable {
    public init?(postgresText text: String) {
        self = text
    }
}

extension Int: PostgresDecodable {
    public init?(postgresText text: String) {
        self.init(text)
    }
}

extension Double: PostgresDecodable {
    public init?(postgresText text: String) {
        // Postgres writes Infinity, -Infinity and NaN, which Swift reads in any case.
        self.init(text)
    }
}

extension Bool: PostgresDecodable {
    public init?(postgresText text: String) {
        switch text {
        case "t": self = true
        case "f": self = false
        default: return nil
        }
    }
}

/// `bytea`, in the hexadecimal form that is the server's default: `\x0aff`.
extension [UInt8]: PostgresDecodable {
    public init?(postgresText text: String) {
        let digits = text.utf8
        guard text.hasPrefix("\\x"), digits.count.isMultiple(of: 2) else { return nil }
        self = []
        reserveCapacity(digits.count / 2 - 1)
        var high: UInt8?
        for digit in digits.dropFirst(2) {
            guard let value = Character(UnicodeScalar(digit)).hexDigitValue.map(UInt8.init) else { return nil }
            if let first = high {
                append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
    }
}

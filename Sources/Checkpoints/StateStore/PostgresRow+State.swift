internal import Foundation
internal import PostgresClient

extension PostgresRow {
    /// A time that was selected as `extract(epoch FROM …)`.
    func time(_ name: String) throws -> Date {
        Date(timeIntervalSince1970: try value(name))
    }

    /// As `time`, nil for NULL.
    func optionalTime(_ name: String) throws -> Date? {
        try optional(name).map(Date.init(timeIntervalSince1970:))
    }

    /// A word out of a fixed set.
    func choice<Value: RawRepresentable<String>>(_ name: String, as type: Value.Type = Value.self) throws -> Value {
        let word: String = try value(name)
        guard let value = Value(rawValue: word) else {
            throw PostgresError(.decoding, "column \"\(name)\" holds \(word), which is not a \(type)")
        }
        return value
    }
}

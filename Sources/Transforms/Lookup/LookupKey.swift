internal import RollcallCore

/// How the values of a key are compared: by their bytes, numbers in one form where one side has numbers.
///
/// Also of text: the key of a file of integers is `7` where the file says `007`, and a file of texts still has `007`.
enum LookupKey {
    /// Appends the key of a row as fields.
    ///
    /// - Parameters:
    ///   - row: The row.
    ///   - columns: Each with whether its values are compared as numbers.
    ///   - key: What it is appended to.
    /// - Returns: False where a value is NULL or empty: such a key is like no other.
    static func append(
        _ row: Int,
        _ columns: [(values: PinnedColumn, asNumber: Bool)],
        to key: inout [UInt8]
    ) -> Bool {
        for (values, asNumber) in columns {
            guard values[row].count > 0 else { return false }
            values.withBytes(of: row) { append($0, asNumber: asNumber, to: &key) }
        }
        return true
    }

    /// Appends a value of a key as a field.
    static func append(_ text: Span<UInt8>, asNumber: Bool, to key: inout [UInt8]) {
        guard asNumber, !PlainNumber.isPlain(text) else { return key.appendField(text) }
        let number = PlainNumber.bytes(text)
        key.appendField(number.span)
    }

    /// Why values of the two types are never compared; nil where they are.
    static func refusal(of row: LogicalType, and table: LogicalType) -> String? {
        for type in [row, table] where type == .timestamp || type == .json {
            return "would be compared as a \(type), and one such value has several texts"
        }
        guard row != table, !row.isNumber || !table.isNumber, row != .text, table != .text else { return nil }
        return "is of the type \(row), and the key of the table is of the type \(table)"
    }
}

extension LogicalType {
    /// Whether one value may be written in several ways that are the same number.
    var isNumber: Bool { self == .integer || self == .decimal }
}

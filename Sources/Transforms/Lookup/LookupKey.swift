internal import RollcallCore

/// How the values of a key are compared: by their bytes, numbers in one form.
enum LookupKey {
    /// Appends the key of a row as fields.
    ///
    /// - Returns: False where a value is NULL or empty: such a key is like no other.
    static func append(
        _ row: Int,
        _ columns: [(values: PinnedColumn, isNumber: Bool)],
        to key: inout [UInt8]
    ) -> Bool {
        for (values, isNumber) in columns {
            guard values[row].count > 0 else { return false }
            values.withBytes(of: row) { text in
                key.appendField(isNumber ? text.extracting(plainNumber(text)) : text)
            }
        }
        return true
    }

    /// Why values of the two types are never compared; nil where they are.
    static func refusal(of row: LogicalType, and table: LogicalType) -> String? {
        for type in [row, table] where type == .timestamp || type == .json {
            return "would be compared as a \(type), and one such value has several texts"
        }
        guard row != table, !row.isNumber || !table.isNumber, row != .text, table != .text else { return nil }
        return "is of the type \(row), and the key of the table is of the type \(table)"
    }

    /// The part of a number's text that is left without a plus sign, zeros in front, and zeros at the end of a fraction.
    ///
    /// The sign of a negative number would stand before zeros that are left out, and so they stay.
    private static func plainNumber(_ text: Span<UInt8>) -> Range<Int> {
        var start = 0
        var end = text.count
        var hasPoint = false
        for index in text.indices {
            switch text[index] {
            case UInt8(ascii: "."): hasPoint = true
            case UInt8(ascii: "0")...UInt8(ascii: "9"): continue
            case UInt8(ascii: "+") where index == 0: start = 1
            case UInt8(ascii: "-") where index == 0: continue
            default: return 0..<end
            }
        }
        while start < end - 1, text[start] == UInt8(ascii: "0"), text[start + 1] != UInt8(ascii: ".") { start += 1 }
        if hasPoint {
            while text[end - 1] == UInt8(ascii: "0") { end -= 1 }
            if text[end - 1] == UInt8(ascii: ".") { end -= 1 }
        }
        return start..<end
    }
}

extension LogicalType {
    /// Whether one value may be written in several ways that are the same number.
    var isNumber: Bool { self == .integer || self == .decimal }
}

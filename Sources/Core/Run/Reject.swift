/// A row that did not reach the list, and why.
///
/// Holds the row's key and, unless it is encrypted, no other value of it.
public struct Reject: Sendable, Hashable {
    /// Who refused the row.
    public enum Stage: String, Sendable, Hashable, CaseIterable {
        /// Rollcall, before anything was sent.
        case invalid
        /// The destination.
        case rejected
    }

    public let stage: Stage
    /// The row's name in commands: its key values, joined by `/`, or its place in the source where these could not be read.
    public let key: String
    /// The values of the source's key columns, by which the row can be found there again; nil where they could not be read.
    public let keyValues: [String]?
    /// Stable and fit for grouping, such as `value_too_long` or Genesys' `invalid.contact.columns`.
    public let code: String
    /// For a person; names columns and limits, never values.
    public let reason: String

    /// A digest of what was refused, to know it again; nil where a transform refused the row.
    public let content: [UInt8]?
    /// The row, encrypted; nil where it is not kept.
    public let payload: [UInt8]?

    public init(
        _ stage: Stage,
        key: [String],
        code: String,
        reason: String,
        content: [UInt8]? = nil,
        payload: [UInt8]? = nil
    ) {
        self.init(
            stage,
            named: Self.name(of: key),
            keyValues: key,
            code: code,
            reason: reason,
            content: content,
            payload: payload
        )
    }

    /// A row that its source could not read.
    public init(_ row: UnreadableRow) {
        if let keyValues = row.keyValues {
            self.init(.invalid, key: keyValues, code: row.code, reason: "\(row.place): \(row.reason)")
        } else {
            self.init(.invalid, named: row.place, keyValues: nil, code: row.code, reason: row.reason)
        }
    }

    /// A row as it was kept, or one whose key could not be read.
    public init(
        _ stage: Stage,
        named key: String,
        keyValues: [String]?,
        code: String,
        reason: String,
        content: [UInt8]? = nil,
        payload: [UInt8]? = nil
    ) {
        self.stage = stage
        self.key = key
        self.keyValues = keyValues
        self.code = code
        self.reason = reason
        self.content = content
        self.payload = payload
    }

    /// What `key` is for these values; a slash or backslash within a value gets a backslash, so that no two keys have one name.
    public static func name(of keyValues: [String]) -> String {
        guard keyValues.count > 1 else { return keyValues.first ?? "" }
        return keyValues.map { value in
            value.replacing("\\", with: "\\\\").replacing("/", with: "\\/")
        }
        .joined(separator: "/")
    }

    /// The values of as many key columns that have this name; nil where it is no name of so many.
    public static func keyValues(named name: String, count: Int) -> [String]? {
        guard count > 1 else { return [name] }
        var values = [""]
        var isEscaped = false
        for character in name.unicodeScalars {
            switch character {
            case "\\" where !isEscaped: isEscaped = true
            case "/" where !isEscaped: values.append("")
            default:
                values[values.count - 1].unicodeScalars.append(character)
                isEscaped = false
            }
        }
        return values.count == count && !isEscaped ? values : nil
    }
}

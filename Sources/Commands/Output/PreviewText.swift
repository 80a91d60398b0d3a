internal import RollcallCore
internal import RollcallEngine

/// A preview as text, each line with its end.
struct PreviewText {
    private let preview: Preview
    private let format: PreviewFormat
    private let showsInvalid: Bool

    init(_ preview: Preview, only: PreviewCommand.Only?, _ format: PreviewFormat) {
        self.preview = preview
        self.format = format
        showsInvalid = only == .invalid
    }

    func text() throws -> String {
        switch format {
        case .table: tables
        case .json: try jsonLines.map { $0 + "\n" }.joined()
        case .csv: ([columns.map(\.name)] + rows(unread: nil)).map { Self.csvLine($0) + "\r\n" }.joined()
        }
    }

    private var tables: String {
        guard !showsInvalid else { return Self.table(columns, rows(unread: "")) }
        guard !preview.rows.isEmpty else { return Self.table(preview.schema.columns, []) }
        return """
            before the transforms
            \(Self.table(preview.sourceSchema.columns, preview.rows.map(\.source)))
            after the transforms
            \(Self.table(preview.schema.columns, preview.rows.map(\.values)))
            """
    }

    /// The reason goes before the row: it is what is looked for.
    private var columns: [Schema.Column] {
        guard showsInvalid else { return preview.schema.columns }
        return [Schema.Column("key"), Schema.Column("code"), Self.reason] + preview.sourceSchema.columns
    }

    /// Shown whole, however long.
    private static let reason = Schema.Column("reason")

    /// `unread` stands for the values of a row that its source could not read.
    private func rows(unread: String?) -> [[String?]] {
        guard showsInvalid else { return preview.rows.map(\.values) }
        let values = Array(repeating: unread, count: preview.sourceSchema.columns.count)
        return preview.refused.map { [$0.key, $0.code, $0.reason] + ($0.source ?? values) }
    }

    // MARK: - Formats

    private static func table(_ columns: [Schema.Column], _ rows: [[String?]]) -> String {
        var table = Table(columns.map { ($0.name, [.integer, .decimal].contains($0.type) ? .right : .left) })
        for row in rows {
            table.add(
                zip(columns, row).map { column, value in
                    guard let value else { return "NULL" }
                    return column == reason ? value : printable(value)
                }
            )
        }
        return table.text + "\n"
    }

    /// Keeps a value on its line, the rest of a long text as `…`.
    private static func printable(_ value: String) -> String {
        let text = value.onOneLine
        return text.count > 40 ? text.prefix(39) + "…" : text
    }

    private var jsonLines: [String] {
        get throws {
            guard !showsInvalid else {
                return try preview.refused.map { try JSONOutput.line(RefusedRow($0, preview.sourceSchema)) }
            }
            return preview.rows.map { row in
                var line: [UInt8] = []
                line.appendJSONObject(preview.schema) { row.values[$0] }
                return String(decoding: line, as: UTF8.self)
            }
        }
    }

    /// By RFC 4180; NULL is empty, and the empty text is in quotes.
    private static func csvLine(_ row: [String?]) -> String {
        row.map { value in
            guard let value else { return "" }
            let isPlain =
                !value.isEmpty && !value.utf8.contains { ["\"", ",", "\r", "\n"].contains(UnicodeScalar($0)) }
            return isPlain ? value : "\"\(value.replacing("\"", with: "\"\""))\""
        }
        .joined(separator: ",")
    }
}

/// A refused row as JSON; `row` is missing where the source could not read it.
private struct RefusedRow: Encodable {
    let key: String
    let code: String
    let reason: String
    let row: [String: String?]?

    init(_ refused: Preview.Refused, _ schema: Schema) {
        key = refused.key
        code = refused.code
        reason = refused.reason
        row = refused.source.map { Dictionary(uniqueKeysWithValues: zip(schema.names, $0)) }
    }
}

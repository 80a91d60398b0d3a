internal import RollcallCore

/// Values of each type that steps and sinks are easily wrong about.
enum AwkwardRows {
    /// Rows like the given ones with one awkward value each, so that what becomes of it does not hide behind another.
    static func like(_ rows: [[String?]], _ columns: [Schema.Column]) -> [[String?]] {
        columns.enumerated().flatMap { place, column in
            values(of: column.type).enumerated().map { index, value in
                var row = rows[index % rows.count]
                row[place] = value
                return row
            }
        }
    }

    /// Rows of awkward values; the same each time.
    static func mixed(_ columns: [Schema.Column], count: Int) -> [[String?]] {
        var random = SeededGenerator(seed: 1)
        return (0..<count).map { _ in
            columns.map { values(of: $0.type).randomElement(using: &random) ?? nil }
        }
    }

    static func values(of type: LogicalType) -> [String?] {
        switch type {
        case .text: texts
        case .integer:
            [nil, "0", "-1", "9223372036854775807", "9223372036854775808", "-170141183460469231731687303715884105728"]
        case .decimal:
            [nil, "0", "-0.10", "10.50", "1e400", "NaN", "-Infinity", "123456789012345678901234567890.123456789"]
        case .boolean: [nil, "true", "false"]
        case .date: [nil, "0001-01-01", "2024-02-29", "9999-12-31", "infinity"]
        case .timestamp:
            [
                nil, "2026-01-31T08:30:00.25Z", "2026-01-31T08:30:00", "0001-01-01T00:00:00Z",
                "9999-12-31T23:59:59.999999Z",
            ]
        case .json: [nil, "{}", "[1,2]", "null", "\"\(Canary.text)\"", "{\"a\":{\"b\":[\"\(Canary.text)\"]}}"]
        }
    }

    private static let texts: [String?] = [
        nil, "", " ", "\t\r\n", "\u{00A0}\u{2003}", Canary.text, " \(Canary.text) ", "\(Canary.text)@@nowhere..example",
        "+30 \(Canary.text) 210", "2026-13-45 \(Canary.text)", "\"", "'; DROP TABLE \(Canary.text); --", "\\", "\\N",
        "{", "[1,",
        "NULL", "null", "true", "-0", "1e400", "é\(Canary.text)", "e\u{301}\(Canary.text)", "ΌΣΟΣ", "ß", "İ", "٠١٢٣٤",
        "４２",
        "\u{202E}\(Canary.text)", "a\u{0}\(Canary.text)", "👩‍👩‍👧 \(Canary.text)", "\u{FEFF}\(Canary.text)", "\u{10FFFF}",
        String(repeating: "x", count: 2_000) + Canary.text, String(repeating: "9", count: 400),
        String(repeating: "\u{301}", count: 500), String(repeating: ", ", count: 300) + Canary.text,
    ]
}

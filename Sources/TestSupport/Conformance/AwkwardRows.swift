internal import RollcallCore

/// Values of each type that steps and sinks are easily wrong about.
enum AwkwardRows {
    /// Rows like the given ones with awkward values among them; the same each time.
    static func like(_ rows: [[String?]], _ columns: [Schema.Column], count: Int = 60) -> [[String?]] {
        var random = SeededGenerator(seed: 1)
        var made: [[String?]] = []
        // Each value stands once among good ones, so that what a step refuses for another value is not missed.
        for (place, column) in columns.enumerated() {
            for (index, value) in values(of: column.type).enumerated() {
                var row = rows[index % rows.count]
                row[place] = value
                made.append(row)
            }
        }
        for _ in 0..<count {
            made.append(columns.map { values(of: $0.type).randomElement(using: &random) ?? nil })
        }
        return made
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
        String(repeating: "x", count: 10_000) + Canary.text, String(repeating: "9", count: 400),
        String(repeating: "\u{301}", count: 500), String(repeating: ", ", count: 300) + Canary.text,
    ]
}

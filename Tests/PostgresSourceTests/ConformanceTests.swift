import PostgresClient
import PostgresSource
import RollcallCore
import RollcallTestSupport
import Testing

/// The source keeps what `Source` and `SourceReader` promise.
@Suite struct ConformanceTests {
    /// A table of two key columns, with ties and NULLs in its cursor.
    private static let script = """
        CREATE TABLE leads (
            name text, id integer, part "char", score numeric, consent boolean, born date, changed timestamptz, details json,
            PRIMARY KEY (id, part)
        );
        INSERT INTO leads VALUES
            (E'Ada "Countess"\\nLovelace\\t\\\\', 2, 'a', 7.50, true, '1815-12-10', '2026-01-02T03:04:05.25+02', '{"a": [1]}'),
            ('', 1, 'b', 'NaN', false, '0001-01-01 BC', '2026-01-02T01:04:05.25Z', 'null'),
            (NULL, 1, 'a', NULL, NULL, NULL, NULL, NULL),
            ('Γιώργος 👩‍👩‍👧', 3, '"', 1e20, NULL, 'infinity', '2025-12-31T00:00:00Z', '"x"'),
            (E'e\\u0301', 9, '\\', -0.10, true, '9999-12-31', NULL, '[]');
        """
    private static let columns: [Schema.Column] = [
        .init("name"), .init("id", .integer), .init("part"), .init("score", .decimal), .init("consent", .boolean),
        .init("born", .date), .init("changed", .timestamp), .init("details", .json),
    ]
    /// By cursor and key.
    private static let rows: [[String?]] = [
        ["Γιώργος 👩‍👩‍👧", "3", "\"", "100000000000000000000", nil, "infinity", "2025-12-31T00:00:00Z", "\"x\""],
        ["", "1", "b", "NaN", "false", "0001-01-01 BC", "2026-01-02T01:04:05.25Z", "null"],
        [
            "Ada \"Countess\"\nLovelace\t\\", "2", "a", "7.50", "true", "1815-12-10", "2026-01-02T01:04:05.25Z",
            "{\"a\": [1]}",
        ],
        [nil, "1", "a", nil, nil, nil, nil, nil], ["e\u{301}", "9", "\\", "-0.10", "true", "9999-12-31", nil, "[]"],
    ]

    private func sample(
        _ settings: [String: ConfigurationNode],
        _ order: [Int] = [0, 1, 2, 3, 4]
    ) async throws -> SourceSample {
        let database = try await TestPostgres.database()
        let connection = try await PostgresConnection.connect(database)
        try await connection.execute(script: Self.script)
        await connection.close()
        var sample = SourceSample(
            PostgresSource.self,
            ["url": .init(stringLiteral: database.connectionString), "table": "leads", "key": ["id", "part"]],
            columns: Self.columns,
            rows: order.map { Self.rows[$0] }
        )
        sample.absentKey = ["1", "z"]
        return sample.with(settings)
    }

    @Test func aTableIsReadAsTheContractSays() async throws {
        await expectConformance(of: try await sample([:], [3, 1, 2, 0, 4]))
    }

    @Test func aTableWithACursorIsReadAsTheContractSays() async throws {
        await expectConformance(of: try await sample(["cursor": "changed"]))
    }

    @Test func aTableWithoutAnOrderIsReadAsTheContractSays() async throws {
        var sample = try await sample(["ordered": false])
        sample.isOrdered = false
        sample.canGoOn = false
        await expectConformance(of: sample)
    }

    @Test(arguments: [2, 4, 64])
    func aTableInPartsIsReadAsTheContractSays(_ count: Int) async throws {
        let partitions = ConfigurationNode(integerLiteral: count)
        await expectConformance(of: try await sample(["partitions": partitions], [3, 1, 2, 0, 4]))
        var unordered = try await sample(["partitions": partitions, "ordered": false])
        unordered.isOrdered = false
        unordered.canGoOn = false
        await expectConformance(of: unordered)
    }

    @Test func aQueryInPartsIsReadAsTheContractSays() async throws {
        let query: ConfigurationNode = "SELECT * FROM leads ORDER BY name DESC;"
        let settings: [String: ConfigurationNode] = ["table": "", "query": query, "partitions": 3]
        await expectConformance(of: try await sample(settings, [3, 1, 2, 0, 4]))
    }

    @Test func aQueryIsReadAsTheContractSays() async throws {
        let query: ConfigurationNode = "SELECT * FROM leads ORDER BY name DESC;"
        await expectConformance(of: try await sample(["table": "", "query": query], [3, 1, 2, 0, 4]))
    }
}

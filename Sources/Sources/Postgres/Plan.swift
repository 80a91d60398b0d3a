internal import Foundation
internal import PostgresClient

/// What the server says of how it would run statements.
struct Plan {
    /// A relation as the catalog knows it.
    struct Relation: Hashable, Codable {
        let schema: String
        let name: String
    }

    /// The planner's guess at the rows of all statements; nil where it says nothing.
    private(set) var rowCount: Int? = 0
    /// Rows come from another server.
    private(set) var readsForeignRows = false
    /// What the rows are read from, behind all views.
    private(set) var relations: Set<Relation> = []

    /// Asks for the plans of `stretches`.
    init(_ stretches: [KeysetQuery.Stretch], _ connection: PostgresConnection) async throws {
        for stretch in stretches {
            try await connection.bind(stretch.parameters)
            let answer = try await connection.query("EXPLAIN (VERBOSE, FORMAT JSON) \(stretch.sql)")
            let json = Data((answer.first?[0] ?? "").utf8)
            guard let root = try? JSONDecoder().decode([Root].self, from: json).first?.plan else {
                rowCount = nil
                continue
            }
            rowCount = rowCount.map { $0 + root.rows }
            take(root)
        }
    }

    private mutating func take(_ node: Node) {
        if node.type == "Foreign Scan" { readsForeignRows = true }
        if let schema = node.schema, let name = node.relation { relations.insert(Relation(schema: schema, name: name)) }
        for inner in node.inner ?? [] { take(inner) }
    }

    /// The parts of EXPLAIN's answer that are needed here.
    private struct Root: Decodable {
        let plan: Node

        enum CodingKeys: String, CodingKey {
            case plan = "Plan"
        }
    }

    private struct Node: Decodable {
        let type: String
        let rows: Int
        let schema: String?
        let relation: String?
        let inner: [Node]?

        enum CodingKeys: String, CodingKey {
            case type = "Node Type"
            case rows = "Plan Rows"
            case schema = "Schema"
            case relation = "Relation Name"
            case inner = "Plans"
        }
    }
}

extension Plan {
    /// The materialized views among the relations, as SQL writes their names.
    func materializedViews(_ connection: PostgresConnection) async throws -> [String] {
        try await relations(where: "class.relkind = 'm'", connection)
    }

    /// Those that a subscription fills with rows of another server.
    func subscribed(_ connection: PostgresConnection) async throws -> [String] {
        try await relations(
            where: "EXISTS (SELECT FROM pg_catalog.pg_subscription_rel WHERE srrelid = class.oid)",
            connection
        )
    }

    private func relations(where condition: String, _ connection: PostgresConnection) async throws -> [String] {
        guard !relations.isEmpty else { return [] }
        let names = String(decoding: try JSONEncoder().encode(Array(relations)), as: UTF8.self)
        let rows = try await connection.query(
            """
            SELECT class.oid::regclass::text
            FROM pg_catalog.json_to_recordset($1::pg_catalog.json) AS read (schema text, name text)
            JOIN pg_catalog.pg_namespace AS namespace ON namespace.nspname = read.schema
            JOIN pg_catalog.pg_class AS class ON class.relnamespace = namespace.oid AND class.relname = read.name
            WHERE \(condition) ORDER BY 1
            """,
            [names]
        )
        return rows.compactMap { $0[0] }
    }
}

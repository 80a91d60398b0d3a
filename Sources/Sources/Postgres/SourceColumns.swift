internal import PostgresClient
internal import RollcallCore

/// A column as the database has it.
struct SourceColumn: Sendable {
    let name: String
    /// How SQL writes the type: `numeric(10,2)`; for a cast.
    let sqlType: String
    /// The type's own name, behind domains: `numeric`.
    let baseType: String

    var logicalType: LogicalType {
        switch baseType {
        case "int2", "int4", "int8", "oid": .integer
        case "numeric", "float4", "float8": .decimal
        case "bool": .boolean
        case "date": .date
        case "timestamp", "timestamptz": .timestamp
        case "json", "jsonb": .json
        default: .text
        }
    }
}

extension PostgresConnection {
    /// The columns of a SELECT, found without running it.
    func columns(of select: String) async throws -> [SourceColumn] {
        let described = try await describe(select)
        let oids = described.map { String($0.typeOID) }
        // A domain's values are those of its base type, however many domains are between.
        let types = try await query(
            """
            WITH RECURSIVE chain AS (
                SELECT oid AS asked, oid, typbasetype, typname FROM pg_catalog.pg_type WHERE oid = ANY ($1::oid[])
                UNION ALL
                SELECT chain.asked, base.oid, base.typbasetype, base.typname
                FROM chain JOIN pg_catalog.pg_type AS base ON base.oid = chain.typbasetype
            )
            SELECT asked, typname, pg_catalog.format_type(asked, -1) AS sql_type FROM chain WHERE typbasetype = 0
            """,
            ["{\(Set(oids).sorted().joined(separator: ","))}"]
        )
        var known: [String: (base: String, sql: String)] = [:]
        for row in types {
            known[try row.value("asked")] = (try row.value("typname"), try row.value("sql_type"))
        }
        return zip(described, oids).map { column, oid in
            SourceColumn(name: column.name, sqlType: known[oid]?.sql ?? "text", baseType: known[oid]?.base ?? "text")
        }
    }
}

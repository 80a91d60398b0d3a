internal import Foundation
internal import PostgresClient

extension PostgresSource {
    /// Whether the snapshot's catalog has a primary key by which no two rows of the table have the same values in these columns of `key`.
    func keysAreUnique(_ key: [SourceColumn], _ connection: PostgresConnection) async throws -> Bool {
        guard case .table(let name) = relation, key.allSatisfy({ Self.exactTypes.contains($0.baseType) }) else {
            return false
        }
        let columns = String(decoding: try JSONEncoder().encode(keyColumns), as: UTF8.self)
        try await connection.execute(script: "SAVEPOINT catalog")
        do {
            let isUnique = try await connection.query(Self.primaryKey, [name, columns]).first != nil
            try await connection.execute(script: "RELEASE SAVEPOINT catalog")
            return isUnique
        } catch let error as PostgresError where Self.silence.contains(error.sqlState) {
            try await connection.execute(script: "ROLLBACK TO SAVEPOINT catalog; RELEASE SAVEPOINT catalog")
            return false
        }
    }

    /// Types whose different values are different texts, in an order that no collation changes: an index on text may be damaged by the
    /// system's next one, and then lets the same text in twice.
    private static let exactTypes: Set<String> = ["int2", "int4", "int8", "numeric", "uuid"]

    /// Where the catalog may not be read, or has other columns, nobody can tell.
    private static let silence: Set<SQLState?> = [.insufficientPrivilege, .undefinedColumn]

    /// The primary key of the table `$1`, if all its columns are among `$2`.
    ///
    /// A deferred one is silent of what is not yet committed; and one of a table that others inherit from does not reach their rows, which
    /// reading the table gives too. That of a partitioned table is one of all its partitions.
    private static let primaryKey = """
        SELECT FROM pg_catalog.pg_class AS class
        JOIN pg_catalog.pg_constraint AS found ON found.conrelid = class.oid
        JOIN pg_catalog.pg_index AS index ON index.indexrelid = found.conindid
        WHERE class.oid = $1::regclass
            AND (class.relkind = 'p' OR class.relkind = 'r' AND NOT class.relhassubclass)
            AND found.contype = 'p' AND NOT found.condeferrable AND index.indisvalid
            AND NOT EXISTS (
                SELECT FROM pg_catalog.pg_attribute AS attribute
                WHERE attribute.attrelid = class.oid AND attribute.attnum = ANY (found.conkey)
                    AND attribute.attname::text NOT IN (
                        SELECT pg_catalog.json_array_elements_text($2::pg_catalog.json)
                    )
            )
        """
}

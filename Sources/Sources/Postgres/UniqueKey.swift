internal import Foundation
internal import PostgresClient

extension PostgresSource {
    /// Whether the snapshot's catalog has an index by which no two rows of the table have the same key.
    ///
    /// Views and queries have none.
    func keysAreUnique(_ connection: PostgresConnection) async throws -> Bool {
        guard case .table(let name) = relation else { return false }
        let columns = String(decoding: try JSONEncoder().encode(keyColumns), as: UTF8.self)
        return try await connection.query(Self.uniqueIndexes, [name, columns]).first != nil
    }

    /// Unique indexes of the table `$1` whose columns are all among `$2` and never NULL: NULLs are not equal, and may come twice.
    ///
    /// A partial one is silent of some rows, a deferred one of those not yet committed; and one of a table that others inherit from does
    /// not reach their rows, which reading the table gives too. That of a partitioned table is one of all its partitions.
    private static let uniqueIndexes = """
        SELECT FROM pg_catalog.pg_class AS class
        JOIN pg_catalog.pg_index AS index ON index.indrelid = class.oid
        WHERE class.oid = $1::regclass
            AND (class.relkind = 'p' OR class.relkind = 'r' AND NOT class.relhassubclass)
            AND index.indisunique AND index.indisvalid AND index.indimmediate
            AND index.indpred IS NULL AND index.indexprs IS NULL
            AND NOT EXISTS (
                SELECT FROM pg_catalog.generate_series(0, index.indnkeyatts - 1) AS place
                JOIN pg_catalog.pg_attribute AS attribute
                    ON attribute.attrelid = class.oid AND attribute.attnum = index.indkey[place]
                WHERE NOT attribute.attnotnull OR attribute.attname::text NOT IN (
                    SELECT pg_catalog.json_array_elements_text($2::pg_catalog.json)
                )
            )
        LIMIT 1
        """
}

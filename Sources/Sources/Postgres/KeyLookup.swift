internal import Foundation
internal import PostgresClient

/// The SELECT that finds rows by the values of their key columns; its parameter stands in the setting `rollcall.p1`.
struct KeyLookup {
    let sql: String
    let parameters: [String]

    /// A look-up by `values`: for each row those of `keys`, as text.
    init(_ select: String, keys: [SourceColumn], values: [[String]]) throws {
        let names = try keys.map { try PostgresQuoting.identifier($0.name) }
        let casts = keys.enumerated().map { index, key in "(value ->> \(index))::\(key.sqlType)" }
        sql = """
            SELECT * FROM (\(select)) AS wanted WHERE (\(names.joined(separator: ", "))) IN (
                SELECT \(casts.joined(separator: ", "))
                FROM pg_catalog.json_array_elements(pg_catalog.current_setting('rollcall.p1')::pg_catalog.json)
            )
            """
        parameters = [String(decoding: try JSONEncoder().encode(values), as: UTF8.self)]
    }
}

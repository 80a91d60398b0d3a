internal import Foundation
internal import RollcallCore

/// A place in the order (cursor, key) of a table.
///
/// Values are the text that the database gave.
struct PostgresPosition: Codable, Equatable {
    /// The columns that the values belong to, cursor first; left out when a person wrote the position.
    var columns: [String]?
    /// Their types, as SQL writes them.
    var types: [String]?
    /// Rows whose cursor is this or later are to be read; where a new run starts.
    var from: String?
    /// Rows strictly after the one with these values are to be read; where an interrupted run goes on.
    ///
    /// Nil values are NULL.
    var after: [String?]?
    /// The cursor that no row committed later than this run's snapshot can be before; kept from the run that first read it.
    var bound: String?
    /// What is left of rows that are read in several ranges of the key at once; in place of `after`.
    var ranges: [KeyRange]?
    /// All columns that the source had, with their types; behind the last row of a run.
    var schema: [String: String]?
}

extension PostgresPosition {
    /// - Throws: a configuration error when the position was made for another order.
    init(_ position: Position, columns: [String]) throws {
        do {
            let json = Data(position.json.utf8)
            self = try JSONDecoder().decode(PostgresPosition.self, from: json)
            try refuseUnknownNames(try JSONDecoder().decode([String: Ignored].self, from: json).keys.sorted())
        } catch let error as RollcallError {
            throw error
        } catch {
            throw RollcallError(
                .configuration,
                "the checkpoint is no position of a postgres source",
                hint: "see it with `rollcall checkpoint show`, begin anew with `rollcall checkpoint reset`",
                cause: error
            )
        }
        let isOfOtherOrder = self.columns.map { $0 != columns } ?? false
        let counts = [after?.count].compactMap(\.self) + (ranges ?? []).compactMap { $0.after?.count }
        guard !isOfOtherOrder, counts.allSatisfy({ $0 == columns.count }) else {
            throw RollcallError(
                .configuration,
                """
                the checkpoint was made for the order \((self.columns ?? []).joined(separator: ", ")), and `cursor` and `key` \
                now say \(columns.joined(separator: ", "))
                """,
                hint: "begin anew with `rollcall checkpoint reset`, or restore the settings"
            )
        }
    }

    /// A misspelt name must not make the source begin at its beginning.
    private func refuseUnknownNames(_ names: [String]) throws {
        let unknown = names.filter { CodingKeys(stringValue: $0) == nil }
        guard !unknown.isEmpty || from == nil && after == nil && ranges == nil else { return }
        throw RollcallError(
            .configuration,
            unknown.isEmpty
                ? "the checkpoint says neither `from` nor `after`"
                : "the checkpoint has no meaning for a postgres source: \(unknown.joined(separator: ", "))",
            hint: """
                write it as {"from": "2026-01-31T08:00:00Z"}, with a value of the cursor, or begin anew with \
                `rollcall checkpoint reset`
                """
        )
    }

    /// A value that only its name matters of.
    private struct Ignored: Decodable {
        init(from decoder: any Decoder) {}
    }

    func position() throws -> Position {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Position(json: String(decoding: try encoder.encode(self), as: UTF8.self))
    }
}

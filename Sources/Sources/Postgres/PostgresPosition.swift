internal import Foundation
internal import RollcallCore

/// A place in the order (cursor, key) of a table.
///
/// Values are the text that the database gave.
struct PostgresPosition: Codable, Equatable {
    /// The columns that the values belong to, cursor first; left out when a person wrote the position.
    var columns: [String]?
    /// Rows whose cursor is this or later are to be read; where a new run starts.
    var from: String?
    /// Rows strictly after the one with these values are to be read; where an interrupted run goes on.
    ///
    /// Nil values are NULL.
    var after: [String?]?
    /// The cursor that no row committed later than this run's snapshot can be before; kept from the run that first read it.
    var bound: String?
}

extension PostgresPosition {
    /// - Throws: a configuration error when the position was made for another order.
    init(_ position: Position, columns: [String]) throws {
        do {
            self = try JSONDecoder().decode(PostgresPosition.self, from: Data(position.json.utf8))
        } catch {
            throw RollcallError(
                .configuration,
                "the checkpoint is no position of a postgres source",
                hint: "see it with `rollcall checkpoint show`, begin anew with `rollcall checkpoint reset`",
                cause: error
            )
        }
        let isOfOtherOrder = self.columns.map { $0 != columns } ?? false
        guard !isOfOtherOrder, after.map({ $0.count == columns.count }) ?? true else {
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

    func position() throws -> Position {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Position(json: String(decoding: try encoder.encode(self), as: UTF8.self))
    }
}

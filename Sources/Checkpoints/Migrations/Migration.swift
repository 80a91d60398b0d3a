/// One step in the making of the schema `rollcall`.
///
/// The SQL is part of the program, so that the program needs no files beside it. A migration that was released is never
/// changed: what it did is changed by the next one.
struct Migration: Sendable {
    let number: Int
    let name: String
    let sql: String

    /// In the order in which they are applied.
    static let all: [Migration] = [.runState, .ledger, .purposes, .attempts]
}

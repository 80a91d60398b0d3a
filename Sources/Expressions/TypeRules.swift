internal import CSQLite
internal import RollcallCore

/// Refuses what SQLite computes but what, by the types of the columns, never means what was meant.
struct TypeRules {
    private let sql: String

    /// - Parameters:
    ///   - expression: Compiles with the schema.
    ///   - schema: Has the types of the columns.
    /// - Throws: `SQLiteFailure` with the place in the expression and the way out.
    static func check(_ expression: Expression, _ schema: Schema) throws {
        let rules = TypeRules(sql: expression.sql)
        let parts = ExpressionParts(expression.sql, schema)
        for (column, range) in parts.conditions(isCondition: expression.isCondition) {
            try rules.checkCondition(column, range)
        }
        for comparison in parts.comparisons {
            try rules.check(comparison.left, against: comparison.right, isOrdering: comparison.isOrdering)
            try rules.check(comparison.right, against: comparison.left, isOrdering: comparison.isOrdering)
        }
    }

    private func checkCondition(_ column: Schema.Column, _ range: Range<Int>) throws {
        let name = written(range)
        switch column.type {
        case .integer, .decimal, .boolean: return
        case .text:
            throw failure(
                "\(name) is text, and no condition: SQLite takes text without a number in it, also 'true', for false",
                at: range,
                hint: "make it `boolean` in the source's `columns`, or compare it: `\(name) = 'true'`"
            )
        case .json, .date, .timestamp:
            throw failure(
                "\(name) is a \(column.type.rawValue), and no condition",
                at: range,
                hint: "compare it, or ask whether there is one: `\(name) IS NOT NULL`"
            )
        }
    }

    private func check(
        _ one: (operand: ExpressionParts.Operand, range: Range<Int>),
        against other: (operand: ExpressionParts.Operand, range: Range<Int>),
        isOrdering: Bool
    ) throws {
        switch (one.operand, other.operand) {
        case (.column(let column), .text(let literal)):
            let name = written(one.range)
            switch column.type {
            case .boolean: try checkBoolean(name, literal, other.range)
            case .date, .timestamp: try checkMoment(name, literal, other.range)
            case .text, .integer, .decimal, .json: return
            }
        case (.column(let column), .number) where column.type == .date || column.type == .timestamp:
            throw noMoment(written(one.range), other.range)
        case (.column(let column), .number) where column.type == .text && isOrdering:
            throw failure(
                "\(written(one.range)) is text, which compares letter by letter: '9' is greater than '10'",
                at: one.range,
                hint: "CAST(\(written(one.range)) AS INTEGER) compares as a number"
            )
        case (.columnOrNumber(let column), .number) where column.type == .text && isOrdering:
            throw failure(
                "\"\(column.name)\" is text, which is greater than every number",
                at: one.range,
                hint: "CAST(\(written(one.range)) AS INTEGER) compares as a number"
            )
        default: return
        }
    }

    /// '0' and '1' are taken for the numbers that booleans are.
    private func checkBoolean(_ name: String, _ literal: String, _ range: Range<Int>) throws {
        guard literal != "0", literal != "1" else { return }
        throw failure(
            "\(name) is a boolean, which is never equal to text",
            at: range,
            hint: "write `\(name)`, `NOT \(name)` or `\(name) = true`"
        )
    }

    private func checkMoment(_ name: String, _ literal: String, _ range: Range<Int>) throws {
        guard Moment(literal.utf8) == nil, !["infinity", "-infinity"].contains(literal) else { return }
        throw noMoment(name, range)
    }

    private func noMoment(_ name: String, _ range: Range<Int>) -> SQLiteFailure {
        failure(
            "this is no date that \(name) could be compared with",
            at: range,
            hint: "write it as '2020-12-31', or with a time as '2020-12-31T08:30:00Z'"
        )
    }

    private func written(_ range: Range<Int>) -> String {
        String(decoding: Array(sql.utf8)[range], as: UTF8.self)
    }

    private func failure(_ message: String, at range: Range<Int>, hint: String) -> SQLiteFailure {
        SQLiteFailure(code: SQLITE_ERROR, message: message, offset: range.lowerBound, hint: hint)
    }
}

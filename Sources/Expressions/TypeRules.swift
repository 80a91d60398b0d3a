internal import CSQLite
internal import RollcallCore

/// Refuses what SQLite computes but what, by the types of the columns, never means what was meant.
struct TypeRules {
    private typealias Operand = ExpressionParts.Operand

    private let types: OperandTypes
    private let parts: ExpressionParts
    /// Functions that take text.
    private static let textFunctions: Set = [
        "glob", "instr", "like", "lower", "ltrim", "regexp_like", "regexp_replace", "replace", "rtrim", "split_part",
        "substr", "substring", "trim", "upper",
    ]

    /// - Parameters:
    ///   - expression: Compiles with the schema.
    ///   - schema: Has the types of the columns.
    /// - Throws: `SQLiteFailure` with the place in the expression and the way out.
    static func check(_ expression: Expression, _ schema: Schema) throws {
        let parts = ExpressionParts(expression.sql, schema)
        let rules = TypeRules(types: try OperandTypes(expression, schema), parts: parts)
        try rules.checkCasts(expression.sql)
        for operand in parts.conditions(isCondition: expression.isCondition) { try rules.checkCondition(operand) }
        try rules.checkOperators()
        for comparison in parts.comparisons {
            for (one, other) in [(comparison.left, comparison.right), (comparison.right, comparison.left)]
            where ![one, other].contains(where: rules.isNull) {
                try rules.check(one, against: other, comparison)
            }
        }
    }

    private func checkCasts(_ sql: String) throws {
        let tokens = SQLTokenizer.tokens(of: sql)
        for (word, type) in zip(tokens, tokens.dropFirst())
        where word.kind == .word("as") && [.word("boolean"), .word("bool")].contains(type.kind) {
            throw failure(
                "SQLite has no booleans: the CAST makes 0 of text, also of 'true'",
                at: type.range,
                hint: "make the column `boolean` in the source's `columns`, or compare it: `= 'true'`"
            )
        }
    }

    /// Operators that take a value for something that it is not.
    private func checkOperators() throws {
        for operand in parts.operands(beside: [.sign, .factor]) {
            let type = operand.column?.type
            guard type?.isMoment ?? operand.isMomentInText else { continue }
            let name = types.written(operand)
            throw failure(
                "\(name) is a \(type?.rawValue ?? "date"), with which SQLite computes as with its year",
                at: operand.range,
                hint: "julianday(…) counts in days; date('now', '-30 days') is a date"
            )
        }
        let texts = parts.operands(beside: [.matching]) + parts.firstArguments(of: Self.textFunctions)
        for operand in texts {
            guard let column = operand.results.firstColumn(of: .boolean) else { continue }
            throw neverText(column, at: operand.range)
        }
        for range in parts.chained {
            throw failure(
                "this compares what comes of the comparison before it, which is true or false",
                at: range,
                hint: "write two: `18 < age AND age < 65`; or `age BETWEEN 18 AND 65`, which takes in both ends"
            )
        }
    }

    private func isNull(_ operand: Operand) -> Bool { types.written(operand).lowercased() == "null" }

    // MARK: - Conditions

    private func checkCondition(_ operand: Operand) throws {
        let name = types.written(operand)
        switch operand.column?.type {
        case .integer, .decimal, .boolean: return
        case .text:
            throw failure(
                "\(name) is text, and no condition: SQLite takes text without a number in it, also 'true', for false",
                at: operand.range,
                hint: "make it `boolean` in the source's `columns`, or compare it: `\(name) = 'true'`"
            )
        case .json?, .date?, .timestamp?:
            throw failure(
                "\(name) is a \(operand.column?.type.rawValue ?? ""), and no condition",
                at: operand.range,
                hint: "compare it, or ask whether there is one: `\(name) IS NOT NULL`"
            )
        case nil:
            guard operand.role == nil else { return }
            if operand.extracts { throw unclear(operand) }
            try checkDocument(operand)
            if let inner = parts.operandOfCast(operand), types.mayBeText(in: inner) {
                throw failure(
                    "\(name) is false for all text without a number in it, also for 'true'",
                    at: operand.range,
                    hint: "compare the text: `= 'true'`; or the number: `\(name) <> 0`"
                )
            }
            guard types.types(of: operand).contains(.text) else { return }
            throw failure(
                "\(name) gives text, which is no condition: SQLite takes text without a number in it, also 'true', for false",
                at: operand.range,
                hint: "compare it: `\(name) = 'true'`"
            )
        }
    }

    private func checkDocument(_ operand: Operand) throws {
        guard operand.results.contains(where: { $0.holds(.document) }) else { return }
        throw failure(
            "\(types.written(operand)) is JSON text, and no condition",
            at: operand.range,
            hint: "`->>` takes the value out: `data ->> '$.consent' IN (1, 'true')`"
        )
    }

    // MARK: - Comparisons

    private func check(_ one: Operand, against other: Operand, _ comparison: ExpressionParts.Comparison) throws {
        let isOrdering = comparison.isOrdering
        if other.role == .truth, !comparison.isOneOfMany { try checkTruth(one) }
        // Who names the number, too, has thought of it.
        if case .text(let literal) = other.role, !(comparison.isOneOfMany && one.extracts) {
            try check(one, against: literal, at: other.range, isOrdering: isOrdering)
        }
        switch one.column?.type {
        case .boolean where other.role == nil || other.column != nil:
            guard let column = one.column, types.isText(other) else { break }
            throw neverText(column, at: one.range)
        case .date, .timestamp:
            if types.isNumber(other) { throw noMoment(types.written(one), other.range) }
        case .text where isOrdering:
            guard types.isNumber(other), other.column == nil, other.function != "cast" else { break }
            throw failure(
                "\(types.written(one)) is text, which compares letter by letter: '9' is greater than '10'",
                at: one.range,
                hint: "CAST(\(types.written(one)) AS INTEGER) compares as a number"
            )
        case nil where one.role == nil: try check(computed: one, against: other)
        default: break
        }
    }

    /// `x IS NOT true` and its kin: text is never true.
    private func checkTruth(_ one: Operand) throws {
        guard one.role == nil || one.column != nil else { return }
        if one.extracts { throw unclear(one) }
        try checkDocument(one)
        guard types.types(of: one).contains(.text) else { return }
        throw failure(
            "\(types.written(one)) is text, which is neither true nor false: also 'true' is not",
            at: one.range,
            hint: "make the column `boolean` in the source's `columns`, or compare it with text: `= 'true'`"
        )
    }

    private func check(
        _ one: Operand,
        against literal: String,
        at range: Range<Int>,
        isOrdering: Bool
    ) throws {
        let isTruth = ["true", "false", "t", "f", "yes", "no", "y", "n"].contains(literal.lowercased())
        let isJSONTruth = ["true", "false"].contains(literal.lowercased())
        switch one.column?.type {
        // '0' and '1' are taken for the numbers that booleans are.
        case .boolean? where literal != "0" && literal != "1":
            if let column = one.column { throw neverText(column, at: range) }
        case .date?, .timestamp?:
            guard Moment(literal.utf8) == nil, !["infinity", "-infinity"].contains(literal) else { return }
            throw noMoment(types.written(one), range)
        case .integer? where Double(literal) == nil, .decimal? where Double(literal) == nil:
            throw neverEqual(one, range)
        case nil where one.isMomentInText && Moment(literal.utf8) == nil:
            guard !isOrdering || !literal.isBeginningOfMoment else { return }
            throw noMoment(types.written(one), range)
        case nil where isJSONTruth && one.extracts(atAnyDepth: true): throw unclear(one)
        // What a CAST gives is compared as a column of its type is.
        case nil where one.function == "cast" && Double(literal) != nil: return
        case nil where isTruth && one.role == nil:
            if let column = one.columns.first(where: { $0.type == .boolean }), types.givesTruth(one) {
                throw neverText(column, at: range)
            }
            if types.isNumber(one) { throw neverEqual(one, range) }
        // A column makes a number of the text; what is computed does not.
        case nil where one.role == nil && types.isNumber(one): throw neverEqual(one, range)
        default: return
        }
    }

    /// What is no column has lost what columns have: how their values compare with others.
    private func check(computed one: Operand, against other: Operand) throws {
        let name = types.written(one)
        // Who names the text that stands for NULL asks for NULL.
        if case .text(let literal) = other.role, one.results.contains(where: { $0.isText(literal) }) { return }
        if one.results.count > 1 || one.function != nil, one.results.firstColumn(of: .timestamp) != nil {
            throw failure(
                "\(name) compares letter by letter, where the column alone compares as a time",
                at: one.range,
                hint: "compare the column itself, and ask for NULL apart: `… OR last_call IS NULL`"
            )
        }
        guard other.column == nil, types.isNumber(other), types.types(of: one).contains(.text) else { return }
        throw failure(
            "\(name) is text, which is greater than every number and equal to none",
            at: one.range,
            hint: "CAST(\(name) AS INTEGER) compares as a number; or compare it with text: '1'"
        )
    }

    // MARK: - Failures

    private func neverText(_ column: Schema.Column, at range: Range<Int>) -> SQLiteFailure {
        let name = column.name
        return failure(
            "\(name) is a boolean, which is never equal to text: it is 1 or 0",
            at: range,
            hint: "write `\(name)`, `NOT \(name)` or `\(name) = true`; for NULL `coalesce(\(name), false)`"
        )
    }

    private func neverEqual(_ one: Operand, _ range: Range<Int>) -> SQLiteFailure {
        failure(
            "\(types.written(one)) is a number, which is never equal to this text",
            at: range,
            hint: "compare it with a number"
        )
    }

    private func noMoment(_ name: String, _ range: Range<Int>) -> SQLiteFailure {
        failure(
            "this is no date that \(name) could be compared with",
            at: range,
            hint: "write it as '2020-12-31', or with a time as '2020-12-31T08:30:00Z'"
        )
    }

    private func unclear(_ operand: Operand) -> SQLiteFailure {
        let name = types.written(operand)
        return failure(
            "\(name) may be true, which is 1 here, or the text 'true', and is no condition for both",
            at: operand.range,
            hint:
                "say all that counts: `\(name) IN (1, 'true')`; or take it out of the document in the source's `columns`"
        )
    }

    private func failure(_ message: String, at range: Range<Int>, hint: String) -> SQLiteFailure {
        SQLiteFailure(code: SQLITE_ERROR, message: message, offset: range.lowerBound, hint: hint)
    }
}

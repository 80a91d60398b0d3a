internal import CSQLite

/// Refuses comparisons with NULL: what comes of them is NULL, and so is true of no row.
enum NullComparison {
    /// - Throws: `SQLiteFailure` with the place in the text and the way out.
    static func check(_ sql: String) throws {
        let tokens = SQLTokenizer.tokens(of: sql)
        // For each open parenthesis whether it holds the values behind IN.
        var lists: [Bool] = []
        for (index, token) in tokens.enumerated() {
            let (before, after) = (kind(index - 1, tokens), kind(index + 1, tokens))
            switch token.kind {
            case .symbol("("): lists.append(before == .word("in"))
            case .symbol(")"): _ = lists.popLast()
            case .word("null") where isComparison(before), .word("null") where isComparison(after) && !isTested(before):
                throw SQLiteFailure(
                    code: SQLITE_ERROR,
                    message: "nothing is equal to NULL, nor different from it: this is true of no row",
                    offset: token.range.lowerBound,
                    hint: "write `IS NULL` or `IS NOT NULL`"
                )
            case .word("null") where lists.last == true && isBorder(before) && isBorder(after):
                throw SQLiteFailure(
                    code: SQLITE_ERROR,
                    message: "with NULL among the values, IN finds no NULL, and NOT IN is true of no row",
                    offset: token.range.lowerBound,
                    hint: "leave it out, and ask for it apart: `… OR x IS NULL`"
                )
            default: continue
            }
        }
    }

    private static func kind(_ index: Int, _ tokens: [SQLToken]) -> SQLToken.Kind? {
        tokens.indices.contains(index) ? tokens[index].kind : nil
    }

    private static func isComparison(_ kind: SQLToken.Kind?) -> Bool {
        guard case .symbol(let symbol) = kind else { return false }
        return ["=", "==", "<>", "!=", "<", ">", "<=", ">="].contains(symbol)
    }

    /// `x IS NULL = y` compares what comes of the test.
    private static func isTested(_ before: SQLToken.Kind?) -> Bool { before == .word("is") || before == .word("not") }

    private static func isBorder(_ kind: SQLToken.Kind?) -> Bool {
        [.symbol("("), .symbol(")"), .symbol(",")].contains(kind)
    }
}

internal import RollcallCore

/// The tokens of an expression that compiles, with what each one is there for.
struct ExpressionParts {
    enum Parenthesis: Hashable {
        case group
        case call(String)
        /// The values behind IN.
        case list
    }

    enum Role: Hashable {
        case column(Schema.Column)
        case text(String)
        case number
        case not, and, or
        /// `=`, `<>`, `IS` and their kin.
        case equality
        /// `<`, `>=` and their kin.
        case ordering
        case between, betweenAnd, isIn
        case open(Parenthesis)
        case close, comma
        case caseStart, when, then, otherwise, caseEnd
        /// `true` or `false`.
        case truth
        /// `LIKE`, `GLOB` and their kin.
        case matching
        /// `ISNULL` and its kin.
        case nullTest
        case sign
        /// `*`, `/` and `%`.
        case factor
        /// `->>`, which gives text, a number or 1 for true, as the document has it.
        case extraction
        /// `->`, which gives the JSON text of what is there.
        case document
        case other
    }

    struct Part {
        let role: Role
        /// Its bytes in the text.
        let range: Range<Int>
    }

    private(set) var parts: [Part] = []
    /// For both parentheses of a pair, and CASE and END, the other one; for BETWEEN its AND.
    private(set) var partners: [Int: Int] = [:]
    /// The CASEs, each with its WHENs.
    private(set) var cases: [(start: Int, whens: [Int])] = []

    private let tokens: [SQLToken]
    private let schema: Schema
    private var frames: [Frame] = [Frame(start: -1)]

    /// What is open: a parenthesis, a CASE, or the whole.
    private struct Frame {
        var start: Int
        var betweens: [Int] = []
        var whens: [Int] = []
    }

    init(_ sql: String, _ schema: Schema) {
        tokens = SQLTokenizer.tokens(of: sql)
        self.schema = schema
        var next = 0
        while next < tokens.count { next = read(next) }
    }

    /// Reads what begins at a token; returns the token after it.
    private mutating func read(_ index: Int) -> Int {
        let token = tokens[index]
        switch token.kind {
        case .text(let text): append(.text(text), token.range)
        case .number: appendNumber(token.range)
        case .blob: append(.other, token.range)
        case .symbol(let symbol): readSymbol(symbol, index)
        case .quotedName(let name): append(column(name, index).map(Role.column) ?? .other, token.range)
        case .word(let word): return readWord(word, index)
        }
        return index + 1
    }

    private mutating func readSymbol(_ symbol: String, _ index: Int) {
        let range = tokens[index].range
        switch symbol {
        case "(":
            frames.append(Frame(start: parts.count))
            append(.open(parenthesis(index)), range)
        case ")":
            let start = closeFrame()
            partners[start] = parts.count
            partners[parts.count] = start
            append(.close, range)
        case ",": append(.comma, range)
        case "=", "==", "<>", "!=": append(.equality, range)
        case "<", ">", "<=", ">=": append(.ordering, range)
        case "+", "-": append(.sign, range)
        case "*", "/", "%": append(.factor, range)
        case "->>": append(.extraction, range)
        case "->": append(.document, range)
        default: append(.other, range)
        }
    }

    private mutating func readWord(_ word: String, _ index: Int) -> Int {
        let range = tokens[index].range
        switch word {
        case "not":
            // `NOT IN`, `NOT BETWEEN` and so on are one operator each, of the kind of their last word.
            if !Self.negatable.contains(self.word(index + 1) ?? "") { append(.not, range) }
        case "is":
            append(.equality, range)
            let words = [self.word(index + 1), self.word(index + 2), self.word(index + 3)]
            if words == ["not", "distinct", "from"] { return index + 4 }
            if words.starts(with: ["distinct", "from"]) { return index + 3 }
            if words[0] == "not" { return index + 2 }
        case "and": readAnd(range)
        case "or": append(.or, range)
        case "between":
            frames[frames.count - 1].betweens.append(parts.count)
            append(.between, range)
        case "in": append(.isIn, range)
        case "case":
            frames.append(Frame(start: parts.count))
            append(.caseStart, range)
        case "when":
            frames[frames.count - 1].whens.append(parts.count)
            append(.when, range)
        case "like", "glob", "match", "regexp": append(.matching, range)
        case "isnull", "notnull": append(.nullTest, range)
        case "null" where self.word(index - 1) == "not": append(.nullTest, range)
        case "true" where column(word, index) == nil, "false" where column(word, index) == nil: append(.truth, range)
        case "then": append(.then, range)
        case "else": append(.otherwise, range)
        case "end":
            let start = closeFrame()
            partners[start] = parts.count
            partners[parts.count] = start
            append(.caseEnd, range)
        case "batch" where isSymbol(".", index + 1) && index + 2 < tokens.count:
            let last = tokens[index + 2]
            append(
                last.name.flatMap { column($0, index + 2) }.map(Role.column) ?? .other,
                range.lowerBound..<last.range.upperBound
            )
            return index + 3
        default:
            let isName = !Self.operators.contains(word) && !["as", "collate"].contains(self.word(index - 1) ?? "")
            append((isName ? column(word, index) : nil).map(Role.column) ?? .other, range)
        }
        return index + 1
    }

    private mutating func readAnd(_ range: Range<Int>) {
        if let between = frames[frames.count - 1].betweens.popLast() {
            partners[between] = parts.count
            append(.betweenAnd, range)
        } else {
            append(.and, range)
        }
    }

    /// A sign that stands before a number and behind nothing to add to belongs to the number.
    private mutating func appendNumber(_ range: Range<Int>) {
        guard let sign = parts.last, sign.role == .sign else { return append(.number, range) }
        switch parts.dropLast().last?.role {
        case .column, .text, .number, .truth, .close, .caseEnd, .sign, .factor, .extraction, .document, .other:
            append(.number, range)
        default:
            parts.removeLast()
            append(.number, sign.range.lowerBound..<range.upperBound)
        }
    }

    private mutating func append(_ role: Role, _ range: Range<Int>) {
        parts.append(Part(role: role, range: range))
    }

    private mutating func closeFrame() -> Int {
        guard frames.count > 1, let frame = frames.popLast() else { return -1 }
        if !frame.whens.isEmpty { cases.append((frame.start, frame.whens)) }
        return frame.start
    }

    /// SQLite's names are the same in any case.
    private func column(_ name: String, _ index: Int) -> Schema.Column? {
        guard !isSymbol("(", index + 1) else { return nil }
        return schema.columns.first { $0.name.lowercased() == name.lowercased() }
    }

    private func parenthesis(_ index: Int) -> Parenthesis {
        guard index > 0, let name = tokens[index - 1].name?.lowercased() else { return .group }
        guard let word = word(index - 1) else { return .call(name) }
        if word == "in" { return .list }
        return Self.operators.contains(word) ? .group : .call(name)
    }

    private func word(_ index: Int) -> String? {
        guard tokens.indices.contains(index), case .word(let word) = tokens[index].kind else { return nil }
        return word
    }

    private func isSymbol(_ symbol: String, _ index: Int) -> Bool {
        tokens.indices.contains(index) && tokens[index].kind == .symbol(symbol)
    }

    private static let negatable: Set = ["between", "glob", "in", "like", "match", "null", "regexp"]
    /// Words that are no names, and behind which a parenthesis opens no call.
    private static let operators: Set = [
        "and", "between", "case", "collate", "distinct", "else", "escape", "from", "glob", "is", "isnull", "like",
        "match",
        "not", "notnull", "null", "or", "regexp", "then", "when",
    ]
}

internal import RollcallCore

extension Field where Value == [Located<String>] {
    /// The columns that a step works on: at least one.
    static func columns(example: String, doc: String) -> Field {
        Field("columns", example: example, doc: doc, check: { $0.isEmpty ? "must name at least one column" : nil })
    }
}

extension Settings {
    /// Where each of the columns stands that a step works on.
    ///
    /// - Throws: a configuration error with every name that is no column, or comes twice.
    func indices(of names: [Located<String>], in input: Schema, for field: Field<[Located<String>]>) throws -> [Int] {
        let indices = try indices(of: names.map { ($0.value, $0.location) }, in: input, for: field)
        var seen: Set<Int> = []
        let problems = zip(names, indices).filter { !seen.insert($1).inserted }.map { name, _ in
            problem(field, "names \"\(name.value)\" twice", at: name.location)
        }
        guard problems.isEmpty else { throw RollcallError(.configuration, problems: problems) }
        return indices
    }

    /// Refuses values of which a column has none, by its type: nothing would ever be equal to them.
    ///
    /// - Throws: a configuration error.
    func checkValues<Value>(_ values: [String], of column: Schema.Column, for field: Field<Value>) throws {
        let isValue: (String) -> Bool
        let words: String
        switch column.type {
        case .boolean: (isValue, words) = ({ $0 == "true" || $0 == "false" }, "`true` and `false`")
        case .integer, .decimal: (isValue, words) = ({ Double($0) != nil }, "numbers")
        case .text, .date, .timestamp, .json: return
        }
        guard !values.isEmpty, !values.contains(where: isValue) else { return }
        let message =
            "has no value that \"\(column.name)\" could have: it is \(column.type.rawValue), and its values are \(words)"
        let hint = "write them so, whatever the file has for them; or make the column `text` in the source"
        throw RollcallError(.configuration, problems: [problem(field, message, hint: hint)])
    }

    /// Where the column stands that a setting names.
    func index<Value>(of name: Located<String>, in input: Schema, for field: Field<Value>) throws -> Int {
        try indices(of: [(name.value, name.location)], in: input, for: field)[0]
    }
}

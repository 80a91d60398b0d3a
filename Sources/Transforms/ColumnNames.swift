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

    /// Where the column stands that a setting names.
    func index<Value>(of name: Located<String>, in input: Schema, for field: Field<Value>) throws -> Int {
        try indices(of: [(name.value, name.location)], in: input, for: field)[0]
    }
}

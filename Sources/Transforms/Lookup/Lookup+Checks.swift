internal import RollcallCore

extension Lookup {
    /// What the settings alone can tell.
    func checkSettings() throws {
        var problems: [Problem] = []
        if on.count != rules.key.count {
            let message = "names \(on.count) of the columns, and the `key` of the table \(rules.key.count)"
            problems.append(
                settings.problem(Setting.on, message, hint: "name one for each of \(rules.key.joined(separator: ", "))")
            )
        }
        if selection.isEmpty, [.null, .default].contains(onMissing) {
            let hint = "add `columns: { new_name: column_of_the_table }`, or `on_missing: filter` or `reject`"
            problems.append(settings.problem(Setting.columns, "is empty, so the step would do nothing", hint: hint))
        }
        if onMissing == .default, defaults.isEmpty {
            problems.append(
                settings.problem(Setting.onMissing, "is `default`, and there is none", hint: "add `default: { … }`")
            )
        }
        if onMissing != .default, !defaults.isEmpty {
            let message = "has no use without `on_missing: default`"
            problems.append(settings.problem(Setting.fallback, message, hint: "add that, or leave `default` out"))
        }
        let names = selection.map(\.name)
        problems += defaults.filter { !names.contains($0.name) }.map { entry in
            settings.problem(
                Setting.fallback,
                "names no new column: \"\(entry.name)\"",
                hint: suggestion(for: entry.name, among: names)
                    ?? "the new columns are: \(names.joined(separator: ", "))",
                at: entry.location
            )
        }
        guard problems.isEmpty else { throw RollcallError(.configuration, problems: problems) }
        _ = try output(selection.map { _ in .text }, after: Schema([]))
    }

    /// Checks the columns of the table.
    func check(_ schema: Schema) throws {
        let indices = try settings.indices(
            of: selection.map { ($0.source, $0.location) },
            in: schema,
            for: Setting.columns
        )
        let problems = zip(selection, indices).compactMap { entry, index -> Problem? in
            let type = schema.columns[index].type
            guard let value = defaults.first(where: { $0.name == entry.name }), let text = value.value,
                !type.accepts(text)
            else { return nil }
            let message = "has \"\(text)\" for `\(entry.name)`, which is of the type \(type)"
            return settings.problem(Setting.fallback, message, at: value.location)
        }
        guard problems.isEmpty else { throw RollcallError(.configuration, problems: problems) }
    }

    /// Checks whether the keys of rows and table can be compared.
    func checkKeys(_ types: [LogicalType], _ keyTypes: [LogicalType]) throws {
        let problems = on.indices.compactMap { index in
            LookupKey.refusal(of: types[index], and: keyTypes[index]).map { refusal in
                settings.problem(
                    Setting.on,
                    "names \"\(on[index].value)\", which \(refusal)",
                    hint: "make text of it on both sides, with a `query`, the source's `columns` or a `derive` step",
                    at: on[index].location
                )
            }
        }
        guard problems.isEmpty else { throw RollcallError(.configuration, problems: problems) }
    }
}

extension LogicalType {
    /// Whether columns of this type hold their values so.
    fileprivate func accepts(_ text: String) -> Bool {
        switch self {
        case .text: true
        case .integer: text.wholeMatch(of: /-?[0-9]+/) != nil
        case .decimal: text.wholeMatch(of: /-?[0-9]+(\.[0-9]+)?/) != nil
        case .boolean: ["true", "false"].contains(text)
        case .date: text.wholeMatch(of: /[0-9]{4}-[0-9]{2}-[0-9]{2}/) != nil
        case .timestamp:
            text.wholeMatch(of: /[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?Z?/) != nil
        case .json: false
        }
    }
}

internal import RollcallCore

/// Where it matters which row of several comes first or last.
extension SourceList {
    /// Whether several sources may tell of one person by one key.
    var sharesKeys: Bool { members.count > 1 && nameColumn == nil }

    /// The step that, before all others, lets of rows with one key only one through; nil where there can be no such rows, or the
    /// file begins with a step of its own that chooses one.
    ///
    /// Without it what a source that is read early says would be sent before it is known whether a later one says otherwise; and behind
    /// a step that leaves rows out, a choice would be made among those that are left. It is the last row, or the one that a `dedupe`
    /// further on, which may be by other forms of the same key, would choose.
    func choiceOfRows(before steps: [ConfigurationNode]) -> ConfigurationNode? {
        guard sharesKeys, steps.first.map(choosesByKey) != true else { return nil }
        let columns = keyColumns.map { ConfigurationNode.scalar($0, isQuoted: true, location) }
        let chosen = steps.first(where: choosesByKey)?.entries?.filter { ["keep", "by", "max_keys"].contains($0.key) }
        let last = entry("keep", .scalar("last", isQuoted: true, location))
        return .mapping(
            [
                entry("type", .scalar("dedupe", isQuoted: true, location)),
                entry("columns", .sequence(columns, location)),
            ] + (chosen ?? [last]),
            location
        )
    }

    /// What is wrong with a `dedupe` on the key that ranks rows by what a step before it makes: that choice is made before all steps.
    func problemOfChoice(among steps: [ConfigurationNode]) -> Problem? {
        guard sharesKeys, let place = steps.firstIndex(where: choosesByKey),
            let by = steps[place].entries?.first(where: { $0.key == "by" }), let name = by.value.text,
            let maker = steps[..<place].first(where: { $0.mayMake(name) })
        else { return nil }
        return Problem(
            """
            `by` names "\(name)", which the step at line \(maker.location.line) makes, and of sources that share their keys the row that \
            counts is chosen before all steps
            """,
            hint: """
                give the column its type in the `columns` of each source, or compute it in a `query`; rows of several `sources` that are \
                told apart by `source_column` are chosen among where the `dedupe` stands
                """,
            of: "transform dedupe",
            at: by.value.location
        )
    }

    private func choosesByKey(_ step: ConfigurationNode) -> Bool {
        let entries = step.entries ?? []
        guard entries.contains(where: { $0.key == "type" && $0.value.text == "dedupe" }),
            case .sequence(let columns, _) = entries.first(where: { $0.key == "columns" })?.value
        else { return false }
        return Set(columns.compactMap(\.text)) == Set(keyColumns)
    }

    private func entry(_ key: String, _ value: ConfigurationNode) -> ConfigurationNode.Entry {
        ConfigurationNode.Entry(key: key, location: location, value: value)
    }

    /// What is wrong with a step that goes by the order of rows, where the sources have none.
    func problem(with step: Component<any Transform>?) -> Problem? {
        guard let step, step.plugin.needsAllRows,
            let source = members.first(where: { !$0.component.plugin.keepsOrder })
        else { return nil }
        return Problem(
            "goes by the order of rows, and \(source.component.title) at line \(source.component.location.line) reads them in none",
            hint: "leave out what makes it so there, such as `ordered: false` or `partitions`",
            of: step.title,
            at: step.location
        )
    }
}

extension ConfigurationNode {
    /// Whether a step may make a column of this name, or change its values, as far as its settings tell.
    fileprivate func mayMake(_ column: String) -> Bool {
        let settings = (entries ?? []).filter { $0.key != "type" }
        switch entries?.first(where: { $0.key == "type" })?.value.text {
        case "filter", "require", "sample", "limit": return false
        case "select":
            let columns = settings.first { $0.key == "columns" }?.value
            return columns?.entries?.contains { $0.key == column && $0.value.text != column } ?? false
        default: return settings.contains { $0.value.names(column) }
        }
    }

    /// Whether it has this text in it, as a key or as a value.
    private func names(_ text: String) -> Bool {
        switch self {
        case .scalar(let own, _, _, _): own == text
        case .sequence(let nodes, _): nodes.contains { $0.names(text) }
        case .mapping(let entries, _): entries.contains { $0.key == text || $0.value.names(text) }
        }
    }
}

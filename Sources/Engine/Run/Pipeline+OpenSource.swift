internal import RollcallCore

extension Pipeline {
    /// Whether a step lets one of several rows through that may be of one person.
    var choosesAmongRows: Bool { transforms.contains { $0.plugin.choosesAmongRows } }

    /// Whether what one source says may overrule what another one says.
    var rowsSpeakForOthers: Bool { sources.members.count > 1 && choosesAmongRows }

    /// Opens the sources for rows that go through the transforms; columns that these make nothing of are not read.
    ///
    /// - Throws: what opening throws, and configuration errors of transforms that do not fit the source's columns.
    func openSource(
        after position: Position? = nil,
        knowing filled: FilledSources = .none
    ) async throws -> SourceListReader {
        try await sources.open(after: position, knowing: filled) { try transforms.columns(of: $0) }
    }

    /// Why two sources may fill one contact, although `source_column` says that their rows are of different people; for a person.
    ///
    /// - Parameters:
    ///   - identity: How the destination tells rows apart.
    ///   - source: The columns of the sources.
    ///   - output: The columns that are delivered.
    /// - Returns: Nil where they cannot, or a step chooses among rows.
    /// - Throws: configuration errors of transforms that do not fit the source's columns.
    func reservation(_ identity: RowIdentity?, source: Schema, output: Schema) throws -> String? {
        guard let identity, let nameColumn = sources.nameColumn, sources.members.count > 1 else { return nil }
        // Where a step chooses among rows, those of one contact may be what it is for.
        guard !choosesAmongRows else { return nil }
        let key = output.columns[identity.keyColumn].name
        guard try !transforms.columns(of: source, neededFor: [key]).contains(nameColumn) else { return nil }
        return """
            the key of the sink, "\(key)", is not made of `\(nameColumn)`: rows of two sources that have the same one fill one contact, \
            and the later counts; make it of both, as with `derive: { columns: { \(key): \(nameColumn) || '-' || … } }`
            """
    }
}

extension [Component<any Transform>] {
    /// The columns of the source without which what follows the last step, or some columns of it, would be something else.
    fileprivate func columns(of source: Schema, neededFor wanted: Set<String>? = nil) throws -> Set<String> {
        var schema = source
        var inputs: [Schema] = []
        for transform in self {
            let input = schema
            inputs.append(input)
            schema = try transform.checking { try $0.outputSchema(for: input) } ?? input
        }
        return try zip(self, inputs).reversed().reduce(wanted ?? Set(schema.names)) { needed, step in
            try step.0.checking { try $0.columns(of: step.1, neededFor: needed) }
        }
    }
}

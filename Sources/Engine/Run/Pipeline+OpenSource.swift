internal import RollcallCore

extension Pipeline {
    /// Opens the sources for rows that go through the transforms; columns that these make nothing of are not read.
    ///
    /// - Throws: what opening throws, and configuration errors of transforms that do not fit the source's columns.
    func openSource(
        after position: Position? = nil,
        expectingRowsIn filled: Set<String> = []
    ) async throws -> SourceListReader {
        try await sources.open(after: position, expectingRowsIn: filled) { try transforms.columns(of: $0) }
    }
}

extension [Component<any Transform>] {
    /// The columns of the source without which what follows the last step would be something else.
    fileprivate func columns(of source: Schema) throws -> Set<String> {
        var schema = source
        var inputs: [Schema] = []
        for transform in self {
            let input = schema
            inputs.append(input)
            schema = try transform.checking { try $0.outputSchema(for: input) } ?? input
        }
        return try zip(self, inputs).reversed().reduce(Set(schema.names)) { needed, step in
            try step.0.checking { try $0.columns(of: step.1, neededFor: needed) }
        }
    }
}

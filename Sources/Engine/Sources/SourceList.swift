public import RollcallCore

/// Where the rows of a pipeline come from: one source, or several that are read one after the other as if they were one.
public struct SourceList: Sendable {
    /// A source of the list.
    public struct Member: Sendable {
        /// What the checkpoint and messages call it; of no interest where it stands alone.
        public let name: String
        public let component: Component<any Source>

        public init(_ name: String, _ component: Component<any Source>) {
            self.name = name
            self.component = component
        }
    }

    /// In the order in which they are read; at least one.
    public let members: [Member]
    /// The column that has the name of a row's source, and is the first part of its key; nil where nothing tells.
    public let nameColumn: String?
    /// Where they stand in the pipeline file.
    public let location: SourceLocation
    /// Whether they stand under `sources`: then each has a name, and a position of its own.
    public let isList: Bool

    /// A source that stands alone.
    public init(_ component: Component<any Source>) {
        members = [Member("", component)]
        nameColumn = nil
        location = component.location
        isList = false
    }

    /// Several sources with one key.
    ///
    /// - Precondition: there is at least one, and no two have one name.
    init(_ members: [Member], nameColumn: String?, at location: SourceLocation) {
        self.members = members
        self.nameColumn = nameColumn
        self.location = location
        isList = true
    }

    /// A list for each source, which has it alone.
    var singly: [SourceList] {
        isList ? members.map { SourceList([$0], nameColumn: nameColumn, at: location) } : [self]
    }

    /// Whether each of them can be opened more than once.
    var canBeReadAgain: Bool { members.allSatisfy(\.component.plugin.canBeReadAgain) }

    /// The columns that identify a row.
    public var keyColumns: [String] {
        [nameColumn].compactMap(\.self) + members[0].component.plugin.keyColumns
    }

    /// The type of a column, from the first source that knows it without being asked.
    func knownType(of column: String) -> LogicalType? {
        column == nameColumn ? .text : members.lazy.compactMap { $0.component.plugin.knownType(of: column) }.first
    }

    /// The columns of a source's rows, as steps see them.
    ///
    /// - Throws: a configuration error where the source has a column of the name that is to tell the sources apart.
    func visible(_ schema: Schema) throws -> Schema {
        guard let nameColumn else { return schema }
        guard schema.index(of: nameColumn) == nil else {
            throw RollcallError(
                .configuration,
                "the source has a column \"\(nameColumn)\", which is what `source_column` would add",
                hint: "give `source_column` another name",
                at: location
            )
        }
        return try Schema([Schema.Column(nameColumn)] + schema.columns)
    }

    /// Opens all sources, so that what is wrong with one shows before the first row.
    ///
    /// - Parameters:
    ///   - position: As `SourceListReader` made it, or nil for the beginning of all.
    ///   - filled: The sources that had rows in the last run.
    ///   - choose: Told all columns that a source has, says which will be looked at.
    /// - Returns: A reader before the first row of the first source.
    /// - Throws: what opening a source throws, and a preflight error where they have not the same columns.
    func open(
        after position: Position?,
        knowing filled: FilledSources = .none,
        choosing choose: @Sendable (Schema) throws -> Set<String>
    ) async throws -> SourceListReader {
        let positions = try positions(position)
        var parts: [SourceListReader.Part] = []
        do {
            for member in members {
                let reader = try await member.component.running { source in
                    try await source.open(after: positions[member.name]) { schema in
                        try chosen(choose, of: schema, member)
                    }
                }
                parts.append(SourceListReader.Part(member: member, reader: reader))
            }
            let looked = try parts.map { try chosen(choose, of: $0.reader.schema, $0.member) }
            return try SourceListReader(self, parts, reading: looked, after: positions, knowing: filled)
        } catch {
            for part in parts { await part.reader.close() }
            throw error
        }
    }

    /// Where each source goes on.
    private func positions(_ position: Position?) throws -> [String: Position] {
        guard let position else { return [:] }
        guard isList else { return [members[0].name: position] }
        guard let positions = SourcePositions(position) else {
            throw RollcallError(
                .preflight,
                "the checkpoint is not one of several sources",
                hint: "`rollcall checkpoint reset` begins at the beginning; only what differs is sent",
                at: location
            )
        }
        let names = Set(members.map(\.name))
        return positions.bySource.filter { names.contains($0.key) }
    }

    private func chosen(
        _ choose: (Schema) throws -> Set<String>,
        of schema: Schema,
        _ member: Member
    ) throws -> Set<String> {
        guard isList else { return try choose(schema) }
        do {
            return try choose(visible(schema)).union(member.component.plugin.keyColumns).subtracting([nameColumn ?? ""])
        } catch let error as RollcallError {
            throw error.said(ofRowsFrom: member.name)
        }
    }
}

extension Source {
    /// The type of a column, where it is known without asking the source.
    func knownType(of column: String) -> LogicalType? {
        declaredSchema?.type(of: column) ?? undeclaredType
    }
}

extension RollcallError {
    /// The same error, with the source whose columns it is about.
    fileprivate func said(ofRowsFrom name: String) -> RollcallError {
        RollcallError(disposition, problems: problems.map { $0.said(ofRowsFrom: name) }, cause: cause)
    }
}

extension Problem {
    /// The same problem, with the source whose columns it is about.
    func said(ofRowsFrom name: String) -> Problem {
        Problem("\(message) (rows of the source `\(name)`)", hint: hint, of: component, at: location)
    }
}

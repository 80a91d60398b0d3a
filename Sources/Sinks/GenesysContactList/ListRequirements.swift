internal import GenesysCloud
internal import RollcallCore

/// What the contact list must be like for the rows to fit.
struct ListRequirements: Sendable {
    let name: String
    let key: String
    let phoneColumns: [ContactColumn]
    let emailColumns: [ContactColumn]
    let division: String?

    /// Why the pipeline's columns cannot become a contact list.
    struct Fault {
        enum Part {
            case key
            case phoneColumns
            case emailColumns
            case columns
        }

        let part: Part
        /// For `columns` a sentence, else the end of the sentence "`setting` …".
        let message: String
        let hint: String?
    }

    /// Columns per list and characters per column name (Genesys Cloud, "Create a new contact list").
    private static let columnLimit = 50
    private static let columnNameLimit = 128

    func problems(with schema: Schema) -> [Fault] {
        var faults: [Fault] = []
        if schema.columns.count > Self.columnLimit {
            faults.append(
                Fault(
                    part: .columns,
                    message:
                        "a contact list has \(Self.columnLimit) columns at most, and \(schema.columns.count) arrive",
                    hint: "choose the ones that are needed with a `select` step"
                )
            )
        }
        for name in schema.names where name.isEmpty || name.utf16.count > Self.columnNameLimit {
            faults.append(
                Fault(
                    part: .columns,
                    message:
                        "a column name has 1 to \(Self.columnNameLimit) characters; \"\(name.prefix(40))…\" has \(name.utf16.count)",
                    hint: "give it another name with a `rename` or `select` step"
                )
            )
        }
        let named =
            [(Fault.Part.key, key)] + phoneColumns.map { (.phoneColumns, $0.columnName) }
            + emailColumns.map { (.emailColumns, $0.columnName) }
        for (part, name) in named where schema.index(of: name) == nil {
            let hint =
                suggestion(for: name, among: schema.names)
                ?? "the columns here are: \(schema.names.joined(separator: ", "))"
            faults.append(Fault(part: part, message: "names no column: \"\(name)\"", hint: hint))
        }
        return faults
    }

    /// Compares the columns with those of the list, where there is one.
    ///
    /// - Throws: as `findOrCreate`.
    func inspect(
        _ schema: Schema,
        _ client: GenesysClient,
        _ report: @Sendable (SinkNotice) -> Void
    ) async throws {
        guard let list = try await client.contactList(named: name) else {
            return report(SinkNotice("there is no contact list \"\(name)\" yet; the first run makes it"))
        }
        try compare(schema, with: list)
        for warning in otherTypes(in: list) { report(warning) }
    }

    /// Campaigns choose the number to dial by these types, and those of a list that exists are the list's own.
    private func otherTypes(in list: ContactList) -> [SinkNotice] {
        (phoneColumns + emailColumns).compactMap { column in
            let known = (list.phoneColumns + list.emailColumns).first { $0.columnName == column.columnName }
            guard let known, known.type != column.type else { return nil }
            return SinkNotice(
                """
                the contact list "\(name)" has "\(column.columnName)" as `\(known.type)`, and the pipeline as \
                `\(column.type)`: the list's counts; mend the pipeline
                """,
                isWarning: true
            )
        }
    }

    /// The list of this name, made if there is none; its columns are those of the schema, whatever their order.
    ///
    /// - Throws: `GenesysError`, or a preflight error that names the columns that do not fit.
    func findOrCreate(_ schema: Schema, _ client: GenesysClient, _ context: SinkContext) async throws -> ContactList {
        if let list = try await client.contactList(named: name) {
            try compare(schema, with: list)
            for warning in otherTypes(in: list) { context.report(warning) }
            return list
        }
        guard !context.isResuming else {
            throw RollcallError(
                .preflight,
                "there is no contact list \"\(name)\", and the checkpoint says that earlier runs filled it",
                hint: """
                    if it was renamed, mend `list`; to make it anew with every row, begin anew first: \
                    `rollcall checkpoint reset` with the pipeline's name
                    """
            )
        }
        guard !context.isLooking else {
            throw RollcallError(
                .preflight,
                "there is no contact list \"\(name)\"",
                hint: "mend `list` if it is misspelt; else `rollcall run` makes the list"
            )
        }
        let wanted = NewContactList(
            name: name,
            columnNames: schema.names,
            phoneColumns: phoneColumns,
            emailColumns: emailColumns,
            divisionID: division
        )
        let list = try await client.createContactList(wanted)
        context.report(
            SinkNotice("made the contact list \"\(name)\" (\(list.id)) with \(schema.columns.count) columns")
        )
        return list
    }

    /// Genesys takes contacts only with exactly the columns of their list, in case; and a list's columns cannot be changed.
    private func compare(_ schema: Schema, with list: ContactList) throws {
        // By bytes: Swift takes letters that are composed in different ways for equal, Genesys may not.
        let ours = Set(schema.names.map { Array($0.utf8) })
        let theirs = Set(list.columnNames.map { Array($0.utf8) })
        var problems: [Problem] = []
        if ours != theirs {
            let missing = schema.names.filter { !theirs.contains(Array($0.utf8)) }
            let extra = list.columnNames.filter { !ours.contains(Array($0.utf8)) }
            let parts = [
                missing.isEmpty ? nil : "the list lacks \(quoted(missing))",
                extra.isEmpty ? nil : "the list also has \(quoted(extra))",
            ]
            problems.append(
                Problem(
                    "the columns of the contact list \"\(name)\" are not those of the pipeline: \(parts.compactMap { $0 }.joined(separator: "; "))",
                    hint:
                        "names must be equal in case too; change the `select` step, or name another list (columns of a list cannot change)"
                )
            )
        }
        let kinds = [("phone", phoneColumns, list.phoneColumns), ("e-mail", emailColumns, list.emailColumns)]
        for (kind, wanted, existing) in kinds {
            let known = Set(existing.map(\.columnName))
            let missing = wanted.map(\.columnName).filter { !known.contains($0) }
            guard !missing.isEmpty else { continue }
            problems.append(
                Problem(
                    "in the contact list \"\(name)\" \(quoted(missing)) is no \(kind) column",
                    hint: "its \(kind) columns are: \(known.isEmpty ? "none" : quoted(existing.map(\.columnName)))"
                )
            )
        }
        guard problems.isEmpty else { throw RollcallError(.preflight, problems: problems) }
    }

    private func quoted(_ names: [String]) -> String {
        names.map { "\"\($0)\"" }.joined(separator: ", ")
    }
}

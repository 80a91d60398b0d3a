internal import RollcallCore

extension PipelineCase {
    /// What is wrong where it does not give rows for as many tables as the steps read.
    func problem(with transforms: [Component<any Transform>]) -> Problem? {
        let tableCount = transforms.count { $0.plugin.table != nil }
        guard tables.count != tableCount else { return nil }
        return Problem(
            "the case gives rows for \(tables.count) tables, and \(tableCount) of the steps read one",
            hint: "add `tables: [{ column: value }]`; for several steps a list of such lists",
            at: location
        )
    }
}

extension Pipeline {
    /// Takes the rows of each case through the transforms, without source or sink.
    ///
    /// - Returns: For each case, in the order of the file, how the outcome differs from what it expects; nothing where it does not.
    /// - Throws: a configuration error where the columns of the cases are not those that transforms and sink need.
    public func runCases() async throws -> [(case: PipelineCase, differences: [String])] {
        let schema = try Schema(
            cases.flatMap(\.input).columns(and: sources.keyColumns, knownType: sources.knownType)
        )
        var results: [(PipelineCase, [String])] = []
        for one in cases {
            let chain = try TransformChain(try await transforms(in: one), input: schema)
            try sink.checking { try $0.check(chain.output) }
            let source = one.input.batch(schema, besides: sources.nameColumn, asHandedOverBy: sources.source)
            try await chain.survey(BatchReader(source))
            let outcome = CaseOutcome(
                transformed: try await chain.apply(source),
                keys: KeyColumns(sources.keyColumns, of: source)
            )
            results.append((one, one.differences(outcome)))
        }
        return results
    }

    /// The steps as they are once they have read the rows that the case gives for their tables.
    private func transforms(in one: PipelineCase) async throws -> [Component<any Transform>] {
        var prepared: [Component<any Transform>] = []
        var place = 0
        for step in transforms {
            guard let source = step.plugin.table else {
                prepared.append(try await step.prepared(reading: nil))
                continue
            }
            prepared.append(try await step.prepared(reading: try table(place, of: one, insteadOf: source.plugin)))
            place += 1
        }
        return prepared
    }

    /// The rows that a case gives for one of the tables, with the columns that any case names.
    private func table(
        _ place: Int,
        of one: PipelineCase,
        insteadOf source: any Source
    ) throws -> Component<any Source> {
        let rows = cases.flatMap { place < $0.tables.count ? $0.tables[place] : [] }
        let schema = try Schema(rows.columns(and: source.keyColumns, knownType: source.knownType))
        let table = one.tables[place].batch(schema) { _ in source }
        let plugin = CaseSource(table, keyColumns: source.keyColumns)
        return Component(plugin: plugin, title: "`tables`", location: one.location)
    }
}

extension SourceList {
    /// The source of a row of a case: the one that it names, else the first.
    fileprivate func source(of row: NamedValues<CaseValue>) -> any Source {
        let name = row.entries.first { $0.name == nameColumn }?.value.text
        return (members.first { $0.name == name } ?? members[0]).component.plugin
    }
}

extension [NamedValues<CaseValue>] {
    /// The columns that any row names, and the key, of the types that are known of the source, or the values have.
    fileprivate func columns(
        and key: [String],
        knownType: (_ column: String) -> LogicalType?
    ) -> [Schema.Column] {
        var names: [String] = []
        var types: [String: LogicalType] = [:]
        for entry in flatMap(\.entries) {
            if !names.contains(entry.name) { names.append(entry.name) }
            types[entry.name] = CaseValue.common(types[entry.name], entry.value.type)
        }
        names += key.filter { !names.contains($0) }
        return names.map { Schema.Column($0, knownType($0) ?? types[$0] ?? .text) }
    }

    /// The rows as their sources hand them over; `nameColumn` is none of these.
    fileprivate func batch(
        _ schema: Schema,
        besides nameColumn: String? = nil,
        asHandedOverBy source: (_ row: Element) -> any Source
    ) -> Batch {
        var builder = BatchBuilder(schema: schema)
        for row in self {
            let source = source(row)
            let values = Dictionary(row.entries.map { ($0.name, $0.value.text) }) { $1 }
            for name in schema.names {
                let value = values[name] ?? source.absentValue
                builder.append(name == nameColumn ? value : source.value(value, of: name))
            }
        }
        return builder.finish()
    }
}

/// What the transforms made of the rows of a case.
private struct CaseOutcome {
    let transformed: Transformed
    let keys: KeyColumns
}

extension PipelineCase {
    /// As lines for a person.
    fileprivate func differences(_ outcome: CaseOutcome) -> [String] {
        let result = outcome.transformed
        var differences: [String] = []
        if let filtered, filtered != result.filtered {
            differences.append("\(result.filtered) of the rows are left out, not \(filtered)")
        }
        differences += output.map { outputDifferences($0, result.batch) } ?? []
        // A row that is refused is lost; a case that does not expect it must not pass.
        return differences + invalidDifferences(invalid ?? [], outcome)
    }

    private func outputDifferences(_ expected: [NamedValues<CaseValue>], _ batch: Batch) -> [String] {
        var differences: [String] = []
        if expected.count != batch.rowCount {
            differences.append("\(batch.rowCount) of the rows come through, not \(expected.count)")
        }
        for (row, wanted) in expected.enumerated() where row < batch.rowCount {
            for entry in wanted.entries {
                guard let column = batch.schema.index(of: entry.name) else {
                    differences.append(
                        "output row \(row + 1): there is no column \"\(entry.name)\"; there are \(batch.schema.names.joined(separator: ", "))"
                    )
                    continue
                }
                let value = batch.columns[column][row]
                guard value != entry.value.text else { continue }
                differences.append(
                    "output row \(row + 1): \(entry.name) is \(Self.shown(value)), not \(Self.shown(entry.value.text))"
                )
            }
        }
        return differences
    }

    private func invalidDifferences(_ expected: [InvalidRow], _ outcome: CaseOutcome) -> [String] {
        let faults = faults(outcome)
        guard faults.map(\.key) == expected.map(\.key) else {
            return [
                "invalid are \(Self.listed(faults.map { "\($0.key.joined(separator: "/")) (\($0.code): \($0.reason))" }))"
                    + ", not \(Self.listed(expected.map { $0.key.joined(separator: "/") }))"
            ]
        }
        return zip(faults, expected).flatMap { fault, expected in
            let row = fault.key.joined(separator: "/")
            return [
                expected.code.flatMap { $0 == fault.code ? nil : "row \(row) has the code \(fault.code), not \($0)" },
                expected.reason.flatMap {
                    $0 == fault.reason ? nil : "row \(row) has the reason \"\(fault.reason)\", not \"\($0)\""
                },
            ]
            .compactMap(\.self)
        }
    }

    private func faults(_ outcome: CaseOutcome) -> [(key: [String], code: String, reason: String)] {
        outcome.transformed.invalid.sorted { $0.row < $1.row }.map {
            (outcome.keys.values(of: $0.row), $0.code, $0.reason)
        }
    }

    private static func shown(_ value: String?) -> String { value.map { "\"\($0)\"" } ?? "NULL" }

    private static func listed(_ names: [String]) -> String { names.isEmpty ? "none" : names.joined(separator: ", ") }
}

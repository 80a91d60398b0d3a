internal import RollcallCore

extension SourceSuite {
    func checkLookingUp(in source: any Source, _ whole: [Batch]) async {
        await findings.observe(.findsRowsByTheirKeys) {
            let reader = try await source.open(after: nil)
            do {
                try await checkLookingUp(by: reader, source.keyColumns, Found(whole))
            } catch {
                await reader.close()
                throw error
            }
            await reader.close()
        }
    }

    private func checkLookingUp(by reader: any SourceReader, _ key: [String], _ whole: Found) async throws {
        guard sample.canLookUp else {
            let found = try await reader.rows(withKeys: [absentKey(key)])
            findings.expect(found == nil, .findsRowsByTheirKeys, "a source that cannot look up gives a batch")
            return
        }
        try await checkQuestions(to: reader, key, whole)
        var rows: [[String?]] = []
        while rows.count <= whole.rows.count, let batch = try await reader.next(atMost: 2) { rows += batch.rows }
        findings.expect(sample.isSame(rows, whole.rows), .isNotMovedByLookingUp, "behind it are read \(rows)")
        try await checkQuestions(to: reader, key, whole)
    }

    private func checkQuestions(to reader: any SourceReader, _ key: [String], _ whole: Found) async throws {
        let keys = sample.projected(to: key).map { $0.compactMap(\.self) }
        let last = max(0, keys.count - 1)
        for asked in [[], [0], [last, 0], [0, 0], Array(keys.indices)] {
            let values = asked.map { keys[$0] } + [absentKey(key)]
            let found = try await reader.rows(withKeys: values)
            guard let found else {
                findings.expect(false, .findsRowsByTheirKeys, "gave nil")
                return
            }
            let due = Set(asked).sorted().map { sample.rows[$0].description }
            findings.expect(
                found.rows.map(\.description).sorted() == due.sorted() && found.position == nil
                    && found.schema == reader.schema,
                .findsRowsByTheirKeys,
                "asked for \(values), got \(found.rows)\(found.position == nil ? "" : " with a position")"
            )
            let unknown = whole.unreadable.filter { row in row.keyValues.map { values.contains($0) } ?? true }
            findings.expect(
                Set(found.unreadable) == Set(unknown),
                .findsRowsByTheirKeys,
                "of rows that cannot be read came \(found.unreadable.map(\.place)), due are \(unknown.map(\.place))"
            )
        }
    }

    private func absentKey(_ key: [String]) -> [String] {
        sample.absentKey
            ?? key.map { name in
                sample.columns.first { $0.name == name }?.type == .text ? "none, \"of\" {these} 'é\\" : "918273645"
            }
    }
}

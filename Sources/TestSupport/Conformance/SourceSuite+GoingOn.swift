internal import RollcallCore

extension SourceSuite {
    /// - Parameters:
    ///   - source: What is looked at.
    ///   - whole: All of it, one row a batch.
    func checkGoingOn(of source: any Source, _ whole: [Batch]) async {
        guard sample.canGoOn else {
            let places = whole.compactMap(\.position)
            findings.expect(places.isEmpty, .hasPositionsOnlyWhereItGoesOn, "\(places.first?.json ?? "")")
            return
        }
        for (index, batch) in whole.enumerated() {
            await findings.observe(.goesOnBehindEveryBatch) {
                guard let position = batch.position else {
                    findings.expect(false, .goesOnBehindEveryBatch, "batch \(index) of one row has no position")
                    return
                }
                try await checkRest(of: source, after: position, whole[(index + 1)...], "row \(index)")
            }
        }
        await findings.observe(.goesOnBehindEveryBatch) { try await checkLeapfrog(of: source, whole) }
        for json in ["[]", "{\"of\":\"another source\"}"] {
            await findings.observe(.refusesPositionsOfOthers) {
                do {
                    let reader = try await source.open(after: Position(json: json))
                    await reader.close()
                    findings.expect(false, .refusesPositionsOfOthers, "\(json) was taken")
                } catch let error as RollcallError {
                    findings.expect(error.disposition == .configuration, .refusesPositionsOfOthers, "threw \(error)")
                }
            }
        }
    }

    private func checkRest(
        of source: any Source,
        after position: Position,
        _ expected: ArraySlice<Batch>,
        _ place: String
    ) async throws {
        let rest = Found(try await batches(of: source, after: Position(json: position.json), atMost: 2))
        let due = Found(expected)
        findings.expect(
            rest.rows == due.rows && rest.unreadable == due.unreadable,
            .goesOnBehindEveryBatch,
            "behind \(place) follow \(rest.rows) and \(rest.unreadable.map(\.code)), due are \(due.rows) and \(due.unreadable.map(\.code))"
        )
    }

    /// Every batch is read by a reader of its own, which goes on where the one before ended.
    private func checkLeapfrog(of source: any Source, _ whole: [Batch]) async throws {
        for rowCount in 1...3 {
            var parts: [Batch] = []
            var position: Position?
            while parts.count <= whole.count {
                let reader = try await source.open(after: position)
                let batch = try await reader.next(atMost: rowCount)
                await reader.close()
                guard let batch else { break }
                parts.append(batch)
                position = batch.position
            }
            let (found, due) = (Found(parts), Found(whole))
            findings.expect(
                found.rows == due.rows && found.unreadable == due.unreadable,
                .goesOnBehindEveryBatch,
                "interrupted after each batch of \(rowCount), \(found.rows.count) rows and \(found.unreadable.count) others are read, due are \(due.rows.count) and \(due.unreadable.count)"
            )
        }
    }
}

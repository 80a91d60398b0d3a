internal import RollcallCore

extension SourceSuite {
    /// Opening, interrupting and closing.
    func checkLife(of source: any Source, _ whole: [Batch]) async {
        let due = Found(whole)
        await findings.observe(.isSharedWithoutHarm) {
            let (one, other) = (try await source.open(after: nil), try await source.open(after: nil))
            var batches: [Batch] = []
            if let first = try await one.next(atMost: 1) { batches.append(first) }
            let found = try await rows(of: other)
            let rest = try await rows(of: one)
            findings.expect(
                sample.isSame(found.rows, due.rows) && sample.isSame(batches.flatMap(\.rows) + rest.rows, due.rows),
                .isSharedWithoutHarm,
                "one read \(batches.flatMap(\.rows) + rest.rows), the other \(found.rows)"
            )
        }
        await checkCancelling(source, due)
        await findings.observe(.canBeOpenedAgain) {
            for batchCount in 0...2 {
                let reader = try await source.open(after: nil)
                for _ in 0..<batchCount { _ = try await reader.next(atMost: 1) }
                await reader.close()
            }
            let found = try await rows(of: source.open(after: nil))
            findings.expect(sample.isSame(found.rows, due.rows), .canBeOpenedAgain, "then are read \(found.rows)")
        }
        await findings.observe(.keepsAFinalPosition) {
            let reader = try await source.open(after: nil)
            while try await reader.next(atMost: 2) != nil {}
            let position = try await reader.finalPosition()
            await reader.close()
            guard let position else { return }
            let found = try await rows(of: source.open(after: Position(json: position.json)))
            findings.expect(
                found.rows.allSatisfy(due.rows.contains),
                .keepsAFinalPosition,
                "after \(position.json) follow \(found.rows)"
            )
        }
    }

    private func checkCancelling(_ source: any Source, _ due: Found) async {
        await findings.observe(.doesNotEndWhenCancelled) {
            let reader = try await source.open(after: nil)
            var count = 0
            // What was read before, as into a buffer, may still be handed over; then it must throw.
            cancelled: while count <= due.rows.count + due.unreadable.count {
                let task = Task {
                    unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
                    return try await reader.next(atMost: 1)
                }
                switch await task.result {
                case .success(let batch?): count += batch.rowCount + batch.unreadable.count
                case .success(nil):
                    let all = due.rows.count + due.unreadable.count
                    findings.expect(count == all, .doesNotEndWhenCancelled, "nil after \(count) of \(all) rows")
                    break cancelled
                case .failure: break cancelled
                }
            }
            await reader.close()
        }
    }
}

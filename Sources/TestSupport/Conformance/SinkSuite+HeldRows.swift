internal import RollcallCore
internal import Synchronization

extension SinkSuite {
    /// An id that no row has, of the form that the destination's ids have.
    private func absentID(_ identity: RowIdentity) -> String { identity.id(of: "no-such-row-918273645") }

    func checkHeldRows(of writer: any SinkWriter) async {
        await checkExport(by: writer)
        guard let identity = writer.identity else { return }
        await findings.observe(.findsRowsByTheirIDs) {
            let ids = ids(of: sample.rows, identity)
            for asked in [[], [ids[0]], ids, [absentID(identity)]] {
                let held = try await writer.heldRows(of: asked + [absentID(identity)])
                let standings = try await writer.standings(of: asked + [absentID(identity)])
                let due = Set(asked).subtracting([absentID(identity)])
                findings.expect(
                    Set(standings.keys) == due || standings.isEmpty && !canTell,
                    .findsRowsByTheirIDs,
                    "asked for the standings of \(asked), got those of \(standings.keys.sorted())"
                )
                findings.expect(
                    held.map(\.id).sorted() == due.sorted() || held.isEmpty && !canTell,
                    .findsRowsByTheirIDs,
                    "asked for \(asked), got \(held.map(\.id))"
                )
                for row in held {
                    let index = ids.firstIndex(of: row.id) ?? 0
                    let values = sample.rows[index].map { $0 ?? (identity.nullIsEmpty ? "" : nil) }
                    findings.expect(row.values == values, .findsRowsByTheirIDs, "\(row.id) is held with other values")
                }
            }
        }
    }

    /// Whether the sink says how its rows stand, which it must where it removes any.
    private var canTell: Bool { !sample.type.removals.isEmpty }

    private func checkExport(by writer: any SinkWriter) async {
        await findings.observe(.exportsEachRowOnce) {
            let state = Mutex((ids: [String](), isBusy: false, overlaps: 0))
            let isKnown = try await writer.export { row in
                state.withLock {
                    if $0.isBusy { $0.overlaps += 1 }
                    $0.isBusy = true
                    $0.ids.append(row.id)
                }
                state.withLock { $0.isBusy = false }
            }
            let (ids, overlaps) = state.withLock { ($0.ids, $0.overlaps) }
            guard isKnown else {
                findings.expect(
                    ids.isEmpty,
                    .exportsEachRowOnce,
                    "says that it cannot tell, and hands over \(ids.count) rows"
                )
                return
            }
            let due = writer.identity.map { self.ids(of: sample.rows, $0).sorted() } ?? []
            findings.expect(
                ids.sorted() == due && overlaps == 0,
                .exportsEachRowOnce,
                "handed over \(ids.sorted()), \(overlaps) at the same time as others"
            )
            do {
                _ = try await writer.export { _ in throw Enough() }
                findings.expect(false, .exportsEachRowOnce, "what the receiver threw is not thrown")
            } catch is Enough {}
        }
    }

    private struct Enough: Error {}

    func checkRemoval(_ removal: Removal, by writer: any SinkWriter) async {
        guard let identity = writer.identity else {
            findings.expect(false, .removes, "it removes rows that have no identity")
            return
        }
        let ids = ids(of: sample.rows, identity)
        await findings.observe(.removesWhatIsNotThere) {
            try await writer.remove([absentID(identity)], by: removal)
            try await expectHeld(sample.rows, by: writer, .removesWhatIsNotThere, "behind the removal of no row")
        }
        await findings.observe(.removes) {
            try await writer.remove([ids[0]], by: removal)
            let due: [String: Standing] = removal == .delete ? [:] : [ids[0]: .uncallable]
            var found: [String: Standing] = [:]
            // As a run waits for it.
            for pause in writer.pausesBeforeLooks {
                try await Task.sleep(for: pause)
                found = try await writer.standings(of: [ids[0]])
                if found == due { break }
            }
            findings.expect(
                found == due,
                .removes,
                "\(removal) of one row leaves it \(found[ids[0]].map { "\($0)" } ?? "gone")"
            )
            let others = try await writer.standings(of: Array(ids.dropFirst()))
            findings.expect(
                others.values.allSatisfy { $0 == .callable } && others.count == ids.count - 1,
                .removes,
                "\(removal) of one row leaves the others \(others.values)"
            )
        }
        await findings.observe(.bringsBack) {
            try await deliver(Array(sample.rows.prefix(1)), to: writer, returning: true)
            let standings = try await writer.standings(of: [ids[0]])
            findings.expect(
                standings == [ids[0]: .callable],
                .bringsBack,
                "it is \(standings[ids[0]].map { "\($0)" } ?? "gone")"
            )
            try await expectHeld(sample.rows, by: writer, .bringsBack, "behind a row's return")
        }
    }
}

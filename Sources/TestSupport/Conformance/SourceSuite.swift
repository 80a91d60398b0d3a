internal import RollcallCore

/// Takes a source through the promises of its contract, one after the other.
struct SourceSuite {
    let sample: SourceSample
    let findings = Findings<SourcePromise>()

    init(_ sample: SourceSample) { self.sample = sample }

    func run() async -> [Breach<SourcePromise>] {
        let flaw = sample.type.spec.flaw(as: .source)
        findings.expect(flaw == nil, .isDescribed, flaw ?? "")
        await findings.observe(.reads) {
            let source = try sample.type.init(sample.type.spec.settings(from: sample.settings))
            try await checkColumns(of: source)
            let whole = try await checkReading(of: source)
            await checkChoices(of: source)
            await checkGoingOn(of: source, whole)
            await checkLookingUp(in: source, whole)
            await checkLife(of: source, whole)
        }
        return findings.breaches
    }

    // MARK: - Columns

    private func checkColumns(of source: any Source) async throws {
        let names = sample.columns.map(\.name)
        findings.expect(
            !source.keyColumns.isEmpty && source.keyColumns.allSatisfy(names.contains),
            .namesItsKey,
            "\(source.keyColumns)"
        )
        let declared = source.declaredSchema
        findings.expect(
            declared == nil || declared?.columns == sample.columns,
            .declaresWhatItHas,
            "declared \(declared?.columns ?? [])"
        )
        let told = Box<Schema>()
        let reader = try await source.open(after: nil) { all in
            told.value = all
            return Set(all.names)
        }
        findings.expect(
            told.value?.columns == sample.columns && reader.schema == told.value,
            .showsAllColumns,
            "told \(told.value?.columns ?? []), opened with \(reader.schema.columns)"
        )
        await reader.close()
    }

    private func checkChoices(of source: any Source) async {
        let names = sample.columns.map(\.name)
        for chosen in [[]] + names.map({ [$0] }) {
            await findings.observe(.leavesOutColumnsOnly) {
                let reader = try await source.open(after: nil) { _ in Set(chosen) }
                let found = try await rows(of: reader)
                let left = reader.schema.columns
                findings.expect(
                    left == sample.columns.filter(left.contains)
                        && Set(left.map(\.name)).isSuperset(of: chosen + source.keyColumns),
                    .leavesOutColumnsOnly,
                    "chosen \(chosen), there is \(left.map(\.name))"
                )
                // A row whose wrong value is in a column that was left out can be read, and so there may be more.
                let expected = sample.projected(to: left.map(\.name))
                findings.expect(
                    expected.allSatisfy(found.rows.contains)
                        && found.rows.count + found.unreadable.count == expected.count + sample.unreadable.count,
                    .leavesOutColumnsOnly,
                    "chosen \(chosen), read \(found.rows)"
                )
            }
        }
        await findings.observe(.passesOnWhatChooseThrows) {
            do {
                let reader = try await source.open(after: nil) { _ in throw Refusal() }
                await reader.close()
                findings.expect(false, .passesOnWhatChooseThrows, "the source was opened all the same")
            } catch is Refusal {}
        }
    }

    private struct Refusal: Error {}

    // MARK: - Rows

    /// - Returns: What is there in batches of one row.
    private func checkReading(of source: any Source) async throws -> [Batch] {
        let singles = try await batches(of: source, atMost: 1)
        let whole = Found(singles)
        findings.expect(
            sample.isSame(whole.rows, sample.rows) && sample.isSame(whole.unreadable.map(\.code), sample.unreadable),
            .reads,
            "rows \(whole.rows), and what cannot be read: \(whole.unreadable.map(\.code))"
        )
        for rowCount in [2, 3, 1_000] {
            let found = Found(try await batches(of: source, atMost: rowCount))
            findings.expect(
                sample.isSame(found.rows, whole.rows)
                    && (sample.isOrdered
                        ? found.unreadable == whole.unreadable : Set(found.unreadable) == Set(whole.unreadable)),
                .readsTheSameInAnyBatches,
                "\(found.rows.count) rows and \(found.unreadable.count) others in batches of \(rowCount); one by one \(whole.rows.count) and \(whole.unreadable.count)"
            )
        }
        let isExplained = whole.unreadable.allSatisfy {
            !$0.place.isEmpty && $0.code.isIdentifier && !$0.reason.isEmpty
        }
        findings.expect(isExplained, .explainsRowsItCannotRead, "\(whole.unreadable)")
        checkSilence(whole.unreadable.flatMap { [$0.place, $0.code, $0.reason] })
        return singles
    }

    private func checkSilence(_ texts: [String]) {
        let names = sample.columns.map(\.name)
        let leak = Canary.found(sample.rows.joined() + sample.secrets, in: texts, besides: names)
        findings.expect(leak == nil, .tellsNoValues, leak ?? "")
    }

    /// Reads to the end and looks at each batch.
    func batches(of source: any Source, after position: Position? = nil, atMost rowCount: Int) async throws -> [Batch] {
        let reader = try await source.open(after: position)
        var batches: [Batch] = []
        do {
            while let batch = try await reader.next(atMost: rowCount) {
                batches.append(batch)
                findings.expect(
                    batch.schema == reader.schema,
                    .keepsToItsSchema,
                    "a batch with \(batch.schema.columns), the reader with \(reader.schema.columns)"
                )
                let count = batch.rowCount + batch.unreadable.count
                findings.expect(
                    (1...rowCount).contains(count),
                    .keepsToTheLimit,
                    "\(count) rows where \(rowCount) were asked for"
                )
                let wrong = batch.cellOfWrongForm()
                findings.expect(wrong == nil, .fillsCellsAsTheirTypesSay, wrong ?? "")
                guard batches.count <= mostBatches else { throw Endless() }
            }
            let isOver = try await reader.next(atMost: rowCount) == nil
            findings.expect(isOver, .endsForGood, "another batch behind the end")
            let keys = batches.flatMap { $0.keys(source.keyColumns) }
            findings.expect(
                !reader.keysAreUnique || Set(keys).count == keys.count,
                .knowsWhetherKeysAreUnique,
                "\(keys.count) rows have \(Set(keys).count) keys"
            )
            let texts = reader.reservations + (await reader.remarks())
            checkSilence(texts)
        } catch {
            await reader.close()
            checkSilence(["\(error)"])
            throw error
        }
        await reader.close()
        return batches
    }

    /// Each has a row; and rows that were settled may come again, but not for ever.
    private var mostBatches: Int { 2 * (sample.rows.count + sample.unreadable.count) + 10 }

    struct Endless: Error, CustomStringConvertible {
        let description = "no end: more batches than there are rows"
    }

    /// Reads what is left and closes the reader.
    func rows(of reader: any SourceReader) async throws -> Found {
        var batches: [Batch] = []
        do {
            while batches.count <= mostBatches, let batch = try await reader.next(atMost: 3) { batches.append(batch) }
        } catch {
            await reader.close()
            throw error
        }
        await reader.close()
        guard batches.count <= mostBatches else { throw Endless() }
        return Found(batches)
    }

    /// What is in some batches.
    struct Found {
        let rows: [[String?]]
        let unreadable: [UnreadableRow]

        init(_ batches: some Sequence<Batch>) {
            rows = batches.flatMap(\.rows)
            unreadable = batches.flatMap(\.unreadable)
        }
    }
}

extension Batch {
    /// The keys of all rows of which they are known.
    fileprivate func keys(_ names: [String]) -> [[String?]] {
        let places = names.compactMap { schema.index(of: $0) }
        return rows.map { row in places.map { row[$0] } } + unreadable.compactMap { $0.keyValues }
    }
}

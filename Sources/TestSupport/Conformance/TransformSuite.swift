internal import RollcallCore

/// Takes a step through the promises of its contract, one after the other.
struct TransformSuite {
    let sample: TransformSample
    let findings = Findings<TransformPromise>()
    /// Those of the sample, and awkward ones.
    let rows: [[String?]]
    /// Fewer, for what is looked at many times.
    private let someRows: [[String?]]

    init(_ sample: TransformSample) {
        self.sample = sample
        let mixed = AwkwardRows.mixed(sample.columns, count: 25)
        rows = sample.rows + AwkwardRows.like(sample.rows, sample.columns) + mixed
        someRows = sample.rows + mixed
    }

    func run() -> [Breach<TransformPromise>] {
        let flaw = sample.type.spec.flaw(as: .transform)
        findings.expect(flaw == nil, .isDescribed, flaw ?? "")
        findings.observe(.refusesRowsAndNotRuns) {
            let transform = try sample.prepared ?? sample.type.init(sample.type.spec.settings(from: sample.settings))
            let whole = try outcomes(of: rows, by: transform, inBatchesOf: rows.count)
            checkColumns(of: transform)
            checkBatches(of: transform, whole)
            checkIndependence(of: transform, whole)
            checkNeeds(of: transform)
        }
        return findings.breaches
    }

    // MARK: - Columns

    private func checkColumns(of transform: any Transform) {
        findings.observe(.saysWhatItCanBeforeColumnsAreKnown) {
            let known = try transform.outputSchema(for: Schema(sample.columns))
            let unknown = try transform.outputSchema(for: nil)
            findings.expect(
                unknown == nil || unknown?.names == known?.names,
                .saysWhatItCanBeforeColumnsAreKnown,
                "without columns \(unknown?.names ?? []), with them \(known?.names ?? [])"
            )
        }
    }

    /// With only the columns that the step asks for, as a source leaves out the others.
    private func checkNeeds(of transform: any Transform) {
        findings.observe(.needsOnlyTheColumnsItSays) {
            let whole = try outcomes(of: someRows, by: transform, inBatchesOf: someRows.count)
            let input = try Schema(sample.columns)
            let output = try transform.outputSchema(for: input) ?? input
            var random = SeededGenerator(seed: 2)
            let several = (0..<4).map { _ in Set(output.names.filter { _ in Bool.random(using: &random) }) }
            for wanted in [[], Set(output.names)] + output.names.map({ [$0] }) + several {
                let needed = try transform.columns(of: input, neededFor: wanted)
                findings.expect(
                    needed.isSubset(of: input.names),
                    .needsOnlyTheColumnsItSays,
                    "for \(wanted.sorted()) it needs \(needed.sorted()), which are not all there"
                )
                try checkNeeds(of: transform, needed, for: wanted, output, whole)
            }
        }
    }

    private func checkNeeds(
        of transform: any Transform,
        _ needed: Set<String>,
        for wanted: Set<String>,
        _ output: Schema,
        _ whole: [Outcome]
    ) throws {
        let places = sample.columns.indices.filter { needed.contains(sample.columns[$0].name) }
        let columns = places.map { sample.columns[$0] }
        let narrow = try Schema(columns)
        let left = try transform.outputSchema(for: narrow) ?? narrow
        let looked = output.columns.filter { wanted.contains($0.name) }
        findings.expect(
            looked.allSatisfy(left.columns.contains),
            .needsOnlyTheColumnsItSays,
            "of \(needed.sorted()) it makes \(left.columns), wanted are \(looked)"
        )
        // A batch knows its rows by its columns; without any there is nothing to compare.
        guard !columns.isEmpty else { return }
        let few = try outcomes(
            of: someRows.map { row in places.map { row[$0] } },
            columns,
            by: transform,
            inBatchesOf: someRows.count
        )
        for index in someRows.indices {
            let (one, other) = (
                whole[index].projected(from: output, to: looked), few[index].projected(from: left, to: looked)
            )
            findings.expect(
                one == other,
                .needsOnlyTheColumnsItSays,
                "for \(wanted.sorted()) it has \(needed.sorted()), and makes \(other) and not \(one)"
            )
        }
    }

    // MARK: - Rows

    private func checkBatches(of transform: any Transform, _ whole: [Outcome]) {
        findings.observe(.isTheSameInAnyBatches) {
            for rowCount in [1, 2, 7] {
                let found = try outcomes(of: rows, by: transform, inBatchesOf: rowCount)
                expectSame(found, whole, .isTheSameInAnyBatches, "in batches of \(rowCount)")
            }
        }
        findings.observe(.takesABatchOfNone) {
            let batch = try TrickyBatch(rows, sample.columns, position: nil).batch.keeping([])
            let result = try transform.open(batch.schema).apply(batch)
            findings.expect(
                result.batch.rowCount + result.filtered + result.invalid.count == 0,
                .takesABatchOfNone,
                "\(result.batch.rowCount) rows, \(result.filtered) filtered, \(result.invalid.count) invalid"
            )
            let said = try transform.outputSchema(for: batch.schema)
            findings.expect(
                result.batch.schema == said,
                .givesTheColumnsItSaid,
                "of no rows \(result.batch.schema.columns), said \(said?.columns ?? [])"
            )
        }
    }

    private func checkIndependence(of transform: any Transform, _ whole: [Outcome]) {
        findings.observe(.beginsAnewWhenOpened) {
            let again = try outcomes(of: rows, by: transform, inBatchesOf: rows.count)
            expectSame(again, whole, .beginsAnewWhenOpened, "from a second step")
        }
        guard !transform.needsAllRows else { return }
        findings.observe(.saysWhenItNeedsAllRows) {
            let backwards = try outcomes(of: rows.reversed(), by: transform, inBatchesOf: 5)
            expectSame(backwards.reversed(), whole, .saysWhenItNeedsAllRows, "in the opposite order")
        }
    }

    private func expectSame(_ found: [Outcome], _ due: [Outcome], _ promise: TransformPromise, _ circumstance: String) {
        for (index, pair) in zip(found, due).enumerated() {
            findings.expect(pair.0 == pair.1, promise, "\(circumstance) row \(index) becomes \(pair.0), else \(pair.1)")
        }
    }
}

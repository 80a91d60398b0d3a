internal import RollcallCore

extension TransformSuite {
    /// What became of one row.
    enum Outcome: Equatable {
        case came([String?])
        case refused(code: String, reason: String)
        case filtered

        /// With only these columns.
        func projected(from schema: Schema, to columns: [Schema.Column]) -> Outcome {
            guard case .came(let values) = self else { return self }
            return .came(columns.compactMap { schema.index(of: $0.name) }.map { values[$0] })
        }
    }

    func outcomes(of rows: [[String?]], by transform: any Transform, inBatchesOf rowCount: Int) throws -> [Outcome] {
        try outcomes(of: rows, sample.columns, by: transform, inBatchesOf: rowCount)
    }

    /// Takes rows through a newly opened step.
    func outcomes(
        of rows: [[String?]],
        _ columns: [Schema.Column],
        by transform: any Transform,
        inBatchesOf rowCount: Int
    ) throws -> [Outcome] {
        let input = try Schema(columns)
        let output = try transform.outputSchema(for: input)
        let step = try transform.open(input)
        if let step = step as? any SurveyingStep {
            try step.survey(try TrickyBatch(rows, columns, position: nil).batch)
            try step.begin()
        }
        var outcomes: [Outcome] = []
        for start in stride(from: 0, to: rows.count, by: rowCount) {
            let part = Array(rows[start..<min(start + rowCount, rows.count)])
            let tricky = try TrickyBatch(part, columns, position: Position(json: "\(start)"))
            let result: Transformed
            do {
                result = try step.apply(tricky.batch)
            } catch {
                checkSilence(["\(error)"], part)
                throw error
            }
            findings.expect(
                result.batch.schema == output,
                .givesTheColumnsItSaid,
                "gave \(result.batch.schema.columns), said \(output?.columns ?? [])"
            )
            outcomes += self.outcomes(result, of: part, tricky)
        }
        return outcomes
    }

    private func outcomes(_ result: Transformed, of rows: [[String?]], _ tricky: TrickyBatch) -> [Outcome] {
        check(result, of: rows, tricky)
        var outcomes = rows.map { _ in Outcome.filtered }
        for (row, values) in result.batch.rows.enumerated() {
            if let index = tricky.index(ofOrigin: result.batch.origin(of: row)) { outcomes[index] = .came(values) }
        }
        for fault in result.invalid {
            if let index = tricky.index(ofOrigin: fault.row) {
                outcomes[index] = .refused(code: fault.code, reason: fault.reason)
            }
        }
        return outcomes
    }

    private func check(_ result: Transformed, of rows: [[String?]], _ tricky: TrickyBatch) {
        let batch = result.batch
        findings.expect(
            result.filtered >= 0 && batch.rowCount + result.filtered + result.invalid.count == rows.count,
            .accountsForEveryRow,
            "of \(rows.count) rows \(batch.rowCount) came, \(result.filtered) are filtered and \(result.invalid.count) invalid"
        )
        findings.expect(
            batch.position == tricky.batch.position,
            .keepsThePosition,
            "\(batch.position?.json ?? "none") in place of \(tricky.batch.position?.json ?? "none")"
        )
        let origins = (0..<batch.rowCount).map(batch.origin)
        let areKnown = origins.allSatisfy { tricky.index(ofOrigin: $0) != nil }
        findings.expect(
            areKnown && zip(origins, origins.dropFirst()).allSatisfy { $0 < $1 },
            .keepsRowsAndTheirOrder,
            "the rows that came are \(origins.prefix(20)), those that went in have odd numbers"
        )
        let refused = result.invalid.map(\.row)
        findings.expect(
            Set(refused).count == refused.count && Set(refused).isDisjoint(with: origins)
                && refused.allSatisfy { tricky.index(ofOrigin: $0) != nil },
            .namesTheRowsItRefuses,
            "the faults are of \(refused.prefix(20)), those that went in have odd numbers"
        )
        let wrong = batch.cellOfWrongForm()
        findings.expect(wrong == nil, .fillsCellsAsTheirTypesSay, wrong ?? "")
        for fault in result.invalid {
            findings.expect(fault.code.isIdentifier && !fault.reason.isEmpty, .explainsWhatItRefuses, "\(fault)")
            if let index = tricky.index(ofOrigin: fault.row) {
                checkSilence([fault.code, fault.reason], [rows[index]])
            }
        }
    }

    private func checkSilence(_ texts: [String], _ rows: [[String?]]) {
        let names = sample.columns.map(\.name) + ["\(sample.settings)"]
        let leak = Canary.found(rows.joined(), in: texts, besides: names)
        findings.expect(leak == nil, .tellsNoValues, leak ?? "")
    }
}

internal import RollcallCore

extension SinkSuite {
    func checkDeliveries(by writer: any SinkWriter) async {
        await findings.observe(.delivers) {
            try await deliver(sample.rows, to: writer)
            try await expectHeld(sample.rows, by: writer, .delivers, "delivered")
        }
        await findings.observe(.takesADeliveryOfNone) {
            let none = try TrickyBatch(sample.rows, sample.columns, position: nil).batch.keeping([])
            let report = try await writer.deliver(none, returning: [])
            findings.expect(
                report.invalid.isEmpty && report.rejected.isEmpty,
                .takesADeliveryOfNone,
                "it reports \(report.invalid + report.rejected)"
            )
            try await expectHeld(sample.rows, by: writer, .takesADeliveryOfNone, "behind a delivery of none")
        }
        guard writer.identity != nil else { return }
        await findings.observe(.isIdempotent) {
            for _ in 0..<2 { try await deliver(sample.rows, to: writer) }
            try await expectHeld(sample.rows, by: writer, .isIdempotent, "delivered again")
        }
        await findings.observe(.replacesByItsKey) {
            let changed = changedRows(writer.identity?.keyColumn ?? 0)
            try await deliver(changed, to: writer)
            try await expectHeld(changed, by: writer, .replacesByItsKey, "delivered with other values")
            try await deliver(sample.rows, to: writer)
        }
    }

    /// Each row with the values of the one behind it, but for its key.
    private func changedRows(_ keyColumn: Int) -> [[String?]] {
        sample.rows.indices.map { index in
            var row = sample.rows[(index + 1) % sample.rows.count]
            row[keyColumn] = sample.rows[index][keyColumn]
            return row
        }
    }

    /// Rows that are refused, among rows that are not.
    func checkRefusals(by writer: any SinkWriter, of sink: any Sink) async {
        guard !sample.refused.isEmpty else { return }
        await findings.observe(.reportsOnlyWhatIsMissing) {
            let good = writer.identity == nil ? [] : Array(sample.rows.prefix(2))
            for refused in sample.refused {
                let rows = good.prefix(1) + [refused] + good.dropFirst()
                let batch = try TrickyBatch(Array(rows), sample.columns, position: nil).batch
                let beforehand = try sink.refusals(of: batch)
                let report: DeliveryReport
                do {
                    report = try await writer.deliver(batch, returning: [])
                } catch {
                    checkSilence(["\(error)"])
                    throw error
                }
                let faults = report.invalid + report.rejected
                findings.expect(
                    faults.map(\.row) == [good.isEmpty ? 0 : 1],
                    .reportsOnlyWhatIsMissing,
                    "the row to refuse is the one with the index \(good.isEmpty ? 0 : 1), it reports \(faults)"
                )
                findings.expect(
                    Set(beforehand) == Set(report.invalid),
                    .refusesTheSameBeforehand,
                    "beforehand \(beforehand), then \(report.invalid)"
                )
                let areExplained = faults.allSatisfy { !$0.code.isEmpty && !$0.reason.isEmpty }
                findings.expect(areExplained, .explainsWhatItRefuses, "\(faults)")
                checkSilence(faults.flatMap { [$0.code, $0.reason] })
            }
            try await expectHeld(sample.rows, by: writer, .reportsOnlyWhatIsMissing, "behind rows that are refused")
        }
    }
}

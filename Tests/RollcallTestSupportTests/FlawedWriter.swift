import RollcallCore
import RollcallTestSupport
import Synchronization

struct FlawedWriter: SinkWriter {
    let sink: FlawedSink
    let table: FlawedSink.Table
    let destination: String

    let rowsPerDelivery = 1_000
    var deliveriesInFlight: Int { sink.breaks(.hasLimits) ? 1 : 2 }

    var identity: RowIdentity? {
        RowIdentity(destination: destination, keyColumn: 0, nullIsEmpty: true) { [sink] key, id in
            // Of a long key a part must do; whether two share it is of no matter here.
            if sink.breaks(.knowsItsRows) {
                id.appendBytes(key.extracting(..<min(key.count, 2)))
            } else {
                var hash: UInt64 = 14_695_981_039_346_656_037
                for index in key.indices { hash = (hash ^ UInt64(key[index])) &* 1_099_511_628_211 }
                id += Array("row-\(hash)".utf8)
            }
        }
    }

    private func id(_ key: String?) -> String {
        var id: [UInt8] = []
        let bytes = Array((key ?? "").utf8)
        identity?.appendID(bytes.span, &id)
        return String(decoding: id, as: UTF8.self)
    }

    func deliver(_ batch: Batch, returning: Set<Int>) async throws -> DeliveryReport {
        var report = DeliveryReport(invalid: sink.faults(of: batch))
        if sink.breaks(.reportsOnlyWhatIsMissing), batch.rowCount > 1, !report.invalid.isEmpty {
            report.rejected = [RowFault(row: 0, code: "refused", reason: "refused")]
        }
        let refused = Set(report.invalid.map(\.row))
        let wasEmpty = batch.rowCount == 0
        table.content.withLock { content in
            if wasEmpty, sink.breaks(.takesADeliveryOfNone) { content.rows = [:] }
            for (row, values) in batch.rows.enumerated() where !refused.contains(row) {
                if sink.breaks(.delivers), row == 1 { continue }
                let id = id(values[0])
                let texts = values.map { $0 ?? "" }
                let before = content.rows?[id]
                if before?.values == texts, sink.breaks(.isIdempotent) { content.extra.append(.init(values: texts)) }
                if before != nil, sink.breaks(.replacesByItsKey) { continue }
                let isCallable = before?.isCallable ?? true || returning.contains(row) && !sink.breaks(.bringsBack)
                content.rows?[id] = .init(values: texts, isCallable: isCallable)
            }
        }
        return report
    }

    func standings(of ids: [String]) async throws -> [String: Standing] {
        let rows = table.content.withLock { $0.rows ?? [:] }
        return ids.reduce(into: [:]) { standings, id in
            standings[id] = rows[id].map { $0.isCallable ? .callable : .uncallable }
        }
    }

    func remove(_ ids: [String], by removal: Removal) async throws {
        try table.content.withLock { content in
            for id in ids {
                if content.rows?[id] == nil, sink.breaks(.removesWhatIsNotThere) {
                    throw RollcallError(.fatal, "there is no such row")
                }
                switch removal {
                case _ where sink.breaks(.removes): break
                case .delete: content.rows?[id] = nil
                case .uncallable: content.rows?[id]?.isCallable = false
                }
            }
        }
    }

    func export(_ receive: @escaping @Sendable (HeldRow) throws -> Void) async throws -> Bool {
        let (rows, extra) = table.content.withLock { ($0.rows ?? [:], $0.extra) }
        for (id, row) in rows {
            let held = HeldRow(id: id, values: row.values, isCallable: row.isCallable)
            if sink.breaks(.exportsEachRowOnce) {
                try? receive(held)
            } else {
                try receive(held)
            }
        }
        for row in extra { try receive(HeldRow(id: "extra", values: row.values, isCallable: nil)) }
        return true
    }

    func heldRows(of ids: [String]) async throws -> [HeldRow] {
        let rows = table.content.withLock { $0.rows ?? [:] }
        return rows.filter { ids.contains($0.key) || sink.breaks(.findsRowsByTheirIDs) }.map { id, row in
            HeldRow(id: id, values: row.values, isCallable: row.isCallable)
        }
    }

    func close() async {}
}

internal import RollcallCore

/// Takes a sink through the promises of its contract, one after the other, on one destination.
struct SinkSuite {
    let sample: SinkSample
    let findings = Findings<SinkPromise>()
    private let notices = Box<[String]>()

    init(_ sample: SinkSample) { self.sample = sample }

    func run() async -> [Breach<SinkPromise>] {
        let flaw = sample.type.spec.flaw(as: .sink)
        findings.expect(flaw == nil, .isDescribed, flaw ?? "")
        await findings.observe(.delivers) {
            let sink = try sample.type.init(sample.type.spec.settings(from: sample.settings))
            let schema = try Schema(sample.columns)
            findings.observe(.checksWithoutColumns) {
                try sink.check(nil)
                try sink.check(schema)
            }
            await findings.observe(.inspectsWithoutTouching) { try await inspect(sink, schema) }
            if sample.beginsAbsent { await checkAbsence(sink, schema) }
            let destination = try await writing(to: sink, schema) { writer in
                try await checkFilling(writer, of: sink)
                await findings.observe(.inspectsWithoutTouching) {
                    try await inspect(sink, schema)
                    guard writer.identity != nil else { return }
                    try await expectHeld(sample.rows, by: writer, .inspectsWithoutTouching, "inspected")
                }
                return writer.identity?.destination
            }
            try await checkReopening(sink, schema, destination)
        }
        checkSilence(notices.value ?? [])
        return findings.breaches
    }

    private func context(isResuming: Bool = false, isLooking: Bool = false) -> SinkContext {
        SinkContext(isResuming: isResuming, isLooking: isLooking, report: report)
    }

    private var report: @Sendable (SinkNotice) -> Void {
        { [notices] notice in notices.change { $0 = ($0 ?? []) + [notice.message] } }
    }

    private func inspect(_ sink: any Sink, _ schema: Schema) async throws {
        try await sink.inspect(schema, report: report)
    }

    /// Opens the sink, lets `body` use it, and closes it.
    private func writing<Result>(
        to sink: any Sink,
        _ schema: Schema,
        isResuming: Bool = false,
        _ body: (any SinkWriter) async throws -> Result
    ) async throws -> Result {
        let writer = try await sink.open(schema, context: context(isResuming: isResuming))
        return try await closing(with: writer.close) { try await body(writer) }
    }

    private func checkAbsence(_ sink: any Sink, _ schema: Schema) async {
        for promise in [SinkPromise.makesNothingWhenLooking, .doesNotGoOnWithAnEmptyOne] {
            await findings.observe(promise) {
                let isLooking = promise == .makesNothingWhenLooking
                let context = context(isResuming: !isLooking, isLooking: isLooking)
                do {
                    let writer = try await sink.open(schema, context: context)
                    await writer.close()
                    findings.expect(false, promise, "the sink was opened")
                } catch let error as RollcallError where error.disposition == .preflight {}
            }
        }
    }

    private func checkFilling(_ writer: any SinkWriter, of sink: any Sink) async throws {
        findings.expect(
            writer.rowsPerDelivery >= 1 && writer.deliveriesInFlight >= 2,
            .hasLimits,
            "\(writer.rowsPerDelivery) rows, \(writer.deliveriesInFlight) in flight"
        )
        checkIdentity(of: writer)
        await checkDeliveries(by: writer)
        await checkRefusals(by: writer, of: sink)
        await checkHeldRows(of: writer)
        for removal in Removal.allCases where sample.type.removals.contains(removal) {
            await checkRemoval(removal, by: writer)
        }
    }

    private func checkReopening(_ sink: any Sink, _ schema: Schema, _ destination: String?) async throws {
        await findings.observe(.isTheSameWhenOpenedAgain) {
            try await writing(to: sink, schema) { writer in
                try await deliver(sample.rows, to: writer)
            }
            try await writing(to: sink, schema, isResuming: true) { writer in
                let found = writer.identity?.destination
                findings.expect(
                    found == destination,
                    .isTheSameWhenOpenedAgain,
                    "the destination is \(found ?? "none"), was \(destination ?? "none")"
                )
                guard writer.identity != nil else { return }
                try await expectHeld(sample.rows, by: writer, .isTheSameWhenOpenedAgain, "opened again")
            }
        }
    }

    // MARK: - Identity

    private func checkIdentity(of writer: any SinkWriter) {
        guard let identity = writer.identity else { return }
        findings.expect(
            sample.columns.indices.contains(identity.keyColumn) && !identity.destination.isEmpty,
            .knowsItsRows,
            "column \(identity.keyColumn) of the destination \"\(identity.destination)\""
        )
        let keys =
            AwkwardRows.values(of: .text).compactMap(\.self).filter { !$0.isEmpty } + ["A", "a", "a ", "1", "01"]
        var keysByID: [String: String] = [:]
        for key in keys {
            let id = identity.id(of: key)
            findings.expect(
                (1...255).contains(id.utf8.count) && id == identity.id(of: key),
                .knowsItsRows,
                "the id of \(key.utf8.count) bytes has \(id.utf8.count)"
            )
            let other = keysByID.updateValue(key, forKey: id)
            findings.expect(other == nil, .knowsItsRows, "\"\(other ?? "")\" and \"\(key)\" have the id \(id)")
        }
    }

    // MARK: - What all checks share

    /// The ids of rows, in their order.
    func ids(of rows: [[String?]], _ identity: RowIdentity) -> [String] {
        rows.map { identity.id(of: $0[identity.keyColumn] ?? "") }
    }

    /// Delivers rows as a run does, several deliveries at a time; none of them is to be refused.
    func deliver(_ rows: [[String?]], to writer: any SinkWriter, returning: Bool = false) async throws {
        let size = min(writer.rowsPerDelivery, 2)
        for wave in rows.chunks(of: size * writer.deliveriesInFlight) {
            try await withThrowingTaskGroup(of: (Int, DeliveryReport).self) { group in
                for part in wave.chunks(of: size) {
                    let batch = try TrickyBatch(part, sample.columns, position: nil).batch
                    group.addTask {
                        let rows = returning ? Set(0..<batch.rowCount) : []
                        return (batch.rowCount, try await writer.deliver(batch, returning: rows))
                    }
                }
                for try await (_, report) in group {
                    let faults = report.invalid + report.rejected
                    findings.expect(faults.isEmpty, .reportsOnlyWhatIsMissing, "good rows were refused: \(faults)")
                }
            }
        }
    }

    /// What is at the destination, as far as anybody can tell.
    func held(by writer: any SinkWriter) async throws -> [[String?]]? {
        if let contents = sample.contents { return try await contents() }
        let rows = Box<[[String?]]>()
        rows.value = []
        let isKnown = try await writer.export { row in rows.change { $0?.append(row.values) } }
        return isKnown ? rows.value : nil
    }

    func expectHeld(
        _ rows: [[String?]],
        by writer: any SinkWriter,
        _ promise: SinkPromise,
        _ circumstance: String
    ) async throws {
        guard let held = try await held(by: writer) else { return }
        let nullIsEmpty = writer.identity?.nullIsEmpty ?? false
        let (found, due) = (Self.texts(held, nullIsEmpty), Self.texts(rows, nullIsEmpty))
        let missing = due.filter { !found.contains($0) }
        let extra = found.filter { !due.contains($0) }
        findings.expect(
            found == due,
            promise,
            "\(circumstance): \(found.count) rows are there, due are \(due.count); missing \(missing.prefix(2)), extra \(extra.prefix(2))"
        )
    }

    private static func texts(_ rows: [[String?]], _ nullIsEmpty: Bool) -> [String] {
        rows.map { row in nullIsEmpty ? row.map { $0 ?? "" }.description : row.description }.sorted()
    }

    func checkSilence(_ texts: [String]) {
        let names = sample.columns.map(\.name) + ["\(sample.settings)"]
        let leak = Canary.found((sample.rows + sample.refused).joined(), in: texts, besides: names)
        findings.expect(leak == nil, .tellsNoValues, leak ?? "")
    }
}

extension RowIdentity {
    func id(of key: String) -> String {
        let bytes = Array(key.utf8)
        var id = Array("before".utf8)
        appendID(bytes.span, &id)
        return String(decoding: id.dropFirst(6), as: UTF8.self)
    }
}

internal import Foundation
public import PostgresCheckpoints
public import RollcallCore
internal import RollcallLedger

/// Erases people from a pipeline's destination and from its state, and looks whether that was done.
///
/// It holds the pipeline, so that no run delivers them meanwhile; the checkpoint stays as it is. Interrupted, it is simply done
/// again: the destination comes first, and the ledger knows the contact until it is gone there.
public struct Erasure: Sendable {
    private let pipeline: Pipeline
    private let store: StateStore
    private let observe: @Sendable (SinkNotice) -> Void

    /// An erasure from what the pipeline delivers to; `observe` hears what it is about.
    public init(
        _ pipeline: Pipeline,
        store: StateStore,
        observe: @escaping @Sendable (SinkNotice) -> Void = { _ in }
    ) {
        self.pipeline = pipeline
        self.store = store
        self.observe = observe
    }

    /// Erases whoever has these keys, given as rejects name them.
    ///
    /// - Throws: a `RollcallError`, of the disposition `configuration` where a key is not one of the source or the sink cannot
    ///   delete, `preflight` where a permission is missing, and `busy` while another process has the pipeline.
    public func execute(keys: [String]) async throws -> ErasureReport {
        let subjects = try keys.map { Subject(key: $0, values: try values(of: $0)) }
        return try await store.holding(pipeline.name, for: .erase) { session in
            try await erase(subjects, session)
        }
    }

    private func values(of key: String) throws -> [String] {
        let columns = pipeline.sources.keyColumns
        if let values = Reject.keyValues(named: key, count: columns.count) { return values }
        throw RollcallError(
            .configuration,
            "a key of \(pipeline.name) has \(columns.count) values: \(columns.joined(separator: ", "))",
            hint: "join them with `/` as `rollcall rejects list` does; within a value `/` is `\\/` and `\\` is `\\\\`"
        )
    }

    private func erase(_ subjects: [Subject], _ session: RunSession) async throws -> ErasureReport {
        let (subjects, source) = try await lookUp(subjects)
        let context = SinkContext(
            isResuming: session.history.destination != nil,
            isLooking: true,
            report: observe
        )
        let writer = try await pipeline.sink.running { sink in
            guard type(of: sink).removals.contains(.delete) else { throw cannotDelete }
            return try await sink.open(source.columns, context: context)
        }
        return try await closing(
            with: { await writer.close() },
            after: {
                guard let identity = writer.identity else { throw cannotDelete }
                var search = ContactSearch(
                    try await session.ledger(),
                    identity,
                    key: try DigestKey(session.history.digestKey)
                )
                var report = ErasureReport(people: [])
                for subject in subjects {
                    var person = ErasureReport.Person(key: subject.key)
                    let keyValue = source.value(ofColumn: identity.keyColumn, of: subject)
                    person.isInSource = source.found.map { $0.contains(subject.key) }
                    person.returns = keyValue != nil
                    person.isInCheckpoint = session.position?.names(subject, in: pipeline.sources) ?? false
                    person.wasRefused = try await isRefused(subject)
                    person.ids = search.ids(of: subject, keyValue: keyValue)
                    person.wasInLedger = !search.places(of: subject, person.ids).isEmpty
                    report.people.append(person)
                }
                try await delete(&report, writer)
                try await forget(subjects, report, &search, session)
                search.ledger = try await session.ledger()
                for (index, subject) in subjects.enumerated() {
                    let ids = report.people[index].ids
                    report.people[index].isInLedger = !search.places(of: subject, ids).isEmpty
                    report.people[index].isRefused = try await isRefused(subject)
                }
                return report
            }
        )
    }

    // MARK: - The source

    /// What the source has of them, and how it calls them.
    private func lookUp(_ subjects: [Subject]) async throws -> (subjects: [Subject], answer: SourceAnswer) {
        let pipeline = try await pipeline.prepared()
        let reader = try await pipeline.openSource()
        return try await closing(
            with: { await reader.close() },
            after: {
                let chain = try TransformChain(pipeline.transforms, input: reader.schema)
                try pipeline.sink.checking { try $0.check(chain.output) }
                let subjects = subjects.map { $0.known(by: reader.schema, pipeline.sources.keyColumns) }
                let rows = try await reader.rows(withKeys: subjects.map(\.values))
                guard let rows else { return (subjects, SourceAnswer(columns: chain.output)) }
                try await chain.survey(BatchReader(rows))
                let keys = KeyColumns(pipeline.sources.keyColumns, of: rows)
                let names = (0..<rows.rowCount).map(keys.name)
                // Several sources may have a row each of one person.
                guard pipeline.sources.isList || Set(names).count == names.count else { throw keyIsNotUnique }
                let passing = try await chain.apply(rows).batch
                return (subjects, SourceAnswer(columns: chain.output, names: names, passing: passing))
            }
        )
    }

    // MARK: - The destination

    private func delete(_ report: inout ErasureReport, _ writer: any SinkWriter) async throws {
        let ids = Set(report.people.flatMap(\.ids)).sorted()
        var present = try await present(ids, writer)
        for index in report.people.indices {
            report.people[index].wasAtDestination = !present.isDisjoint(with: report.people[index].ids)
        }
        guard !present.isEmpty else { return }
        observe(SinkNotice("deleting \(present.count) contacts"))
        try await pipeline.sink.running { [present] _ in try await writer.remove(present.sorted(), by: .delete) }
        for pause in writer.pausesBeforeLooks where !present.isEmpty {
            if pause > .zero { try await Task.sleep(for: pause) }
            present = try await self.present(ids, writer)
        }
        for index in report.people.indices {
            report.people[index].isAtDestination = !present.isDisjoint(with: report.people[index].ids)
        }
    }

    private func present(_ ids: [String], _ writer: any SinkWriter) async throws -> Set<String> {
        guard !ids.isEmpty else { return [] }
        return Set(try await pipeline.sink.running { _ in try await writer.standings(of: ids) }.keys)
    }

    private var keyIsNotUnique: RollcallError {
        RollcallError(
            .fatal,
            "the source has several rows with one key, so it does not say who is to be erased; nothing was erased",
            hint: "name all columns of the primary key in the source's `key`",
            at: pipeline.sources.location
        )
    }

    private var cannotDelete: RollcallError {
        RollcallError(
            .configuration,
            "\(pipeline.sink.title) cannot delete what it has delivered",
            at: pipeline.sink.location
        )
    }

    // MARK: - The state

    /// Writes the ledger anew without those who are gone, and forgets what was refused of all.
    ///
    /// Who is still at the destination stays in the ledger: without it nobody would know whose contact that is.
    private func forget(
        _ subjects: [Subject],
        _ report: ErasureReport,
        _ search: inout ContactSearch,
        _ session: RunSession
    ) async throws {
        var gone: Set<Int> = []
        for (subject, person) in zip(subjects, report.people) where !person.isAtDestination {
            gone.formUnion(search.places(of: subject, person.ids))
        }
        if !gone.isEmpty {
            let segments = search.ledger.segments(except: gone)
            try await session.replaceLedger(segments.compactMap(\.stored))
        }
        try await session.eraseRejects(subjects.map(\.key))
    }

    private func isRefused(_ subject: Subject) async throws -> Bool {
        try await store.reject(pipeline: pipeline.name, key: subject.key) != nil
    }
}

import Foundation
import PostgresCheckpoints
import PostgresClient
import RollcallCore
import RollcallTestSupport
import Synchronization
import Testing

@testable import RollcallEngine

/// Runs whose rows depend on a table beside them: what changes there must reach the list, whatever the cursor says.
@Suite struct LookupRunTests {
    private static let tables = """
        CREATE TABLE leads (id int PRIMARY KEY, phone text, updated_at timestamptz NOT NULL DEFAULT now());
        CREATE TABLE consents (person_id int PRIMARY KEY, consented boolean, note text);
        INSERT INTO leads SELECT id, '+30210' || id, now() - (41 - id) * interval '1 minute' FROM generate_series(1, 40) AS id;
        INSERT INTO consents SELECT id, id % 3 <> 0, 'n' FROM generate_series(1, 30) AS id;
        """

    private func pipeline(_ world: ListWorld) throws -> Pipeline {
        try world.pipeline(
            """
            name: leads
            source: { type: postgres, url: "${CRM}", table: leads, key: [id], cursor: updated_at }
            transforms:
              - type: lookup
                from: { type: postgres, url: "${CRM}", table: consents, key: [person_id] }
                on: [id]
                columns: [consented]
              - { type: filter, where: consented }
              - { type: select, columns: { Id: id, Phone: phone } }
              - { type: fragile, world: \(world.name) }
            sink: { type: list, world: \(world.name) }
            on_missing: delete
            """
        )
    }

    /// A run, and what it said of itself.
    private func run(_ pipeline: Pipeline, _ world: ListWorld) async throws -> (report: RunReport, notices: [String]) {
        let notices = Mutex<[String]>([])
        let store = try await StateStore.open(world.stateConfiguration)
        var options = RunOptions()
        options.maximumRemoved = .share(100)
        let run = PipelineRun(pipeline, store: store, options: options) { event in
            if case .notice(let notice) = event { notices.withLock { $0.append(notice.message) } }
        }
        let outcome: Result<RunReport, any Error>
        do { outcome = .success(try await run.execute()) } catch { outcome = .failure(error) }
        await store.close()
        return (try outcome.get(), notices.withLock(\.self))
    }

    private func expected(_ world: ListWorld) async throws -> [String: [String?]] {
        let rows = try await world.crm.query(
            "SELECT l.id, phone FROM leads l JOIN consents c ON person_id = l.id WHERE consented"
        )
        return Dictionary(uniqueKeysWithValues: rows.map { ($0[0] ?? "", [$0[0], $0[1]]) })
    }

    @Test func whoWithdrewInTheTableLeavesTheListThoughTheRowStayedTheSame() async throws {
        let world = try await ListWorld("lookup-withdrawn")
        try await world.crm.execute(script: Self.tables)
        let pipeline = try pipeline(world)
        _ = try await run(pipeline, world)
        #expect(world.contacts.mapValues(\.values) == (try await expected(world)))
        #expect(world.contacts.count == 20)

        // Nothing has changed: only the rows at the bookmark are read again.
        try await world.crm.query("UPDATE leads SET phone = '+302199', updated_at = now() WHERE id = 1")
        let quiet = try await run(pipeline, world)
        #expect(quiet.report.balance.read < 5)
        #expect(quiet.notices.allSatisfy { !$0.contains("changed") }, "\(quiet.notices)")

        // What the step makes no use of is no change.
        try await world.crm.query("UPDATE consents SET note = 'other'")
        #expect(try await run(pipeline, world).report.balance.read < 5)

        try await world.crm.execute(
            script: """
                UPDATE consents SET consented = false WHERE person_id = 1;
                DELETE FROM consents WHERE person_id = 2;
                INSERT INTO consents VALUES (35, true);
                """
        )
        let changed = try await run(pipeline, world)
        #expect(
            changed.notices.contains(
                "transform lookup: the table has changed: everything is read once, and what changed by it is sent"
            )
        )
        #expect(changed.report.balance.read == 40)
        #expect(changed.report.balance.removed == 2)
        #expect(changed.report.balance.delivered == 1)
        #expect(world.contacts.mapValues(\.values) == (try await expected(world)))
        #expect(try await run(pipeline, world).report.balance.read < 5)
        await world.close()
    }

    @Test(arguments: 0..<4)
    func theListIsWhatRowsAndTableSayHoweverRunsEnd(_ seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let world = try await ListWorld("lookup-\(seed)")
        try await world.crm.execute(script: Self.tables)
        let pipeline = try pipeline(world)
        for _ in 0..<14 {
            let id = Int.random(in: 1...40, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: try await world.crm.query("DELETE FROM consents WHERE person_id = \(id)")
            case 1:
                try await world.crm.query("UPDATE leads SET phone = phone || '0', updated_at = now() WHERE id = \(id)")
            default:
                try await world.crm.query(
                    """
                    INSERT INTO consents VALUES (\(id), \(Bool.random(using: &random)))
                    ON CONFLICT (person_id) DO UPDATE SET consented = excluded.consented
                    """
                )
            }
            if Bool.random(using: &random) { world.arm(after: .random(in: 1...10, using: &random)) }
            let report = try await world.run(pipeline)
            let died = world.isDead
            world.disarm()
            guard report != nil, !died else { continue }
            #expect(world.contacts.mapValues(\.values) == (try await expected(world)), "seed \(seed)")
        }
        await world.close()
    }

    @Test func aTableThatCannotBeUsedEndsTheRunBeforeAnythingIsSentAndSaysWhere() async throws {
        let world = try await ListWorld("lookup-broken")
        try await world.crm.execute(script: Self.tables)
        let pipeline = try pipeline(world)
        _ = try await run(pipeline, world)
        let before = world.contacts
        try await world.crm.query("ALTER TABLE consents RENAME consented TO has_consented")
        let unknown = await #expect(throws: RollcallError.self) { try await run(pipeline, world) }
        #expect(
            unknown?.description.contains(
                "lookup-broken.yaml:7: transform lookup: `columns` names no column: \"consented\""
            ) == true,
            "\(unknown?.description ?? "")"
        )
        try await world.crm.query("DROP TABLE consents")
        let missing = await #expect(throws: RollcallError.self) { try await run(pipeline, world) }
        #expect(
            missing?.description.contains("lookup-broken.yaml:5: source postgres: ") == true,
            "\(missing?.description ?? "")"
        )
        #expect(missing?.disposition == .preflight)
        #expect(world.contacts == before)
        await world.close()
    }

    /// A table may be behind a server that does not answer.
    @Test func aRunIsStoppedWhileItReadsTheTable() async throws {
        let world = try await ListWorld("lookup-stopped")
        try await world.crm.execute(script: Self.tables)
        let pipeline = try world.pipeline(
            """
            name: leads
            source: { type: postgres, url: "${CRM}", table: leads, key: [id] }
            transforms:
              - type: lookup
                from: { type: postgres, url: "${CRM}", query: "SELECT 1 AS id, pg_sleep(3600) IS NULL AS x", key: [id] }
                on: [id]
                columns: [x]
            sink: { type: list, world: \(world.name) }
            """
        )
        let stop = StopSignal()
        let store = try await StateStore.open(world.stateConfiguration)
        stop.request()
        let report = try await PipelineRun(pipeline, store: store, stop: stop).execute()
        #expect(report.wasStopped)
        #expect(report.balance.read == 0)
        await store.close()
        await world.close()
    }

    @Test func aChangedFileOfAMapHasAllRowsReadOnce() async throws {
        let world = try await ListWorld("map-changed")
        try await world.crm.execute(script: Self.tables)
        let folder = try TestFolder()
        try folder.write(Array("from,to\n+302101,one\n+302102,two\n".utf8), to: "phones.csv")
        func pipeline() throws -> Pipeline {
            try world.pipeline(
                """
                name: leads
                source: { type: postgres, url: "${CRM}", table: leads, key: [id], cursor: updated_at }
                transforms:
                  - { type: map, columns: [phone], file: "\(folder.path)/phones.csv", on_missing: keep }
                  - { type: select, columns: { Id: id, Phone: phone } }
                sink: { type: list, world: \(world.name) }
                """
            )
        }
        _ = try await run(try pipeline(), world)
        #expect(world.contacts["1"]?.values == ["1", "one"])
        try folder.write(Array("from,to\n+302102,two\n\n+302101,one\n".utf8), to: "phones.csv")
        #expect(try await run(try pipeline(), world).report.balance.read < 5)
        try folder.write(Array("from,to\n+302101,first\n+302102,two\n".utf8), to: "phones.csv")
        let changed = try await run(try pipeline(), world)
        #expect(changed.notices.contains { $0.hasPrefix("transform map: the table has changed") }, "\(changed.notices)")
        #expect(changed.report.balance.delivered == 1)
        #expect(world.contacts["1"]?.values == ["1", "first"])
        await world.close()
    }
}

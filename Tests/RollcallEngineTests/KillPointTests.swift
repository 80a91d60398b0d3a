import PostgresClient
import RollcallCore
import RollcallTestSupport
import Testing

@testable import RollcallEngine

/// A run dies at every step of its life; the CRM changes, or changes back; and the next runs make the list what it should be.
@Suite struct KillPointTests {
    /// Writes to the state database at which a run can die, too: before they take effect.
    private enum Write: String, CaseIterable {
        case announcing = "BEFORE INSERT ON rollcall.ledger"
        case confirming = "BEFORE UPDATE ON rollcall.ledger"
        case recording = "BEFORE UPDATE OF read ON rollcall.run"
        case moving = "BEFORE INSERT OR UPDATE ON rollcall.checkpoint"
        case finishing = "BEFORE UPDATE OF state ON rollcall.run"
    }

    private static let removals = ["uncallable", "delete"]

    @Test(arguments: ListWorld.Step.allCases, removals)
    func whereverARunDiesTheListIsRightInTheEnd(_ step: ListWorld.Step, _ removal: String) async throws {
        for count in 1...3 {
            // Every step is come to once at least.
            try await Self.check("\(step) \(count)", removal, mustDie: count == 1) { $0.arm(step, after: count) }
        }
    }

    @Test(arguments: Write.allCases, removals)
    private func whicheverWriteARunDiesAtTheListIsRightInTheEnd(_ write: Write, _ removal: String) async throws {
        for count in 1...3 {
            try await Self.check("\(write) \(count)", removal, mustDie: count == 1) { world in
                world.allowLossOfState()
                // Ends its own connection at that write.
                try await world.stateDatabase.execute(
                    script: """
                        CREATE SEQUENCE fuse;
                        CREATE FUNCTION burn() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                            IF nextval('fuse') = \(count) THEN
                                PERFORM pg_terminate_backend(pg_backend_pid());
                                PERFORM pg_sleep(10);
                            END IF;
                            RETURN NEW;
                        END $$;
                        CREATE TRIGGER burn \(write.rawValue) FOR EACH ROW EXECUTE FUNCTION burn();
                        """
                )
            }
        }
    }

    @Test(arguments: 0..<200)
    func atWhateverMomentARunDiesTheListIsRightInTheEnd(_ seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let moment = Int.random(in: 1...45, using: &random)
        try await Self.check("seed \(seed)", Self.removals[Int(seed % 2)]) { $0.arm(after: moment) }
    }

    private static func check(
        _ what: String,
        _ removal: String,
        mustDie: Bool = false,
        arm: (ListWorld) async throws -> Void
    ) async throws {
        let world = try await ListWorld("kill-\(what)-\(removal)".replacing(" ", with: "-"))
        try await world.crm.execute(
            script: """
                CREATE TABLE leads (id int PRIMARY KEY, phone text, wanted boolean DEFAULT true, updated_at timestamptz DEFAULT now());
                INSERT INTO leads SELECT id, 'phone ' || id FROM generate_series(1, 40) AS id;
                CREATE TABLE aside AS SELECT * FROM leads;
                """
        )
        let pipeline = try world.pipeline(
            """
            name: leads
            source: { type: postgres, url: "${CRM}", table: leads, key: [id], cursor: updated_at }
            transforms:
              - { type: fragile, world: \(world.name) }
              - { type: filter, where: wanted }
              - { type: select, columns: { Id: id, Phone: phone } }
            sink: { type: list, world: \(world.name) }
            on_missing: \(removal)
            """
        )
        try await world.run(pipeline)
        // A campaign has called some.
        world.withContacts { contacts in
            for id in contacts.keys where id.hasSuffix("5") { contacts[id]?.attempts = 3 }
            contacts["15"]?.isCallable = false
        }
        let untouched = Set(["35", "5", "15"])
        let before = world.contacts.filter { untouched.contains($0.key) }

        try await world.crm.execute(
            script: """
                UPDATE leads SET phone = 'changed ' || id, updated_at = now() WHERE id <= 20 AND id NOT IN (5, 15);
                UPDATE leads SET wanted = false, updated_at = now() WHERE id BETWEEN 21 AND 24;
                DELETE FROM leads WHERE id BETWEEN 26 AND 28;
                INSERT INTO leads SELECT id, 'phone ' || id FROM generate_series(41, 55) AS id;
                """
        )
        try await arm(world)
        let posts = world.posts
        let ended = try await world.run(pipeline, sweeps: true)
        #expect(ended == nil || !mustDie, "\(what): it died")
        try await world.stateDatabase.execute(
            script:
                "DROP TRIGGER IF EXISTS burn ON rollcall.ledger; DROP TRIGGER IF EXISTS burn ON rollcall.run; DROP TRIGGER IF EXISTS burn ON rollcall.checkpoint"
        )
        world.disarm()
        let needed = 20 - 2 + 15
        #expect(world.posts - posts <= needed, "\(what): no more is posted than has changed")

        // Half of it never happened, as far as the CRM can tell now.
        try await world.crm.execute(
            script: """
                UPDATE leads SET phone = aside.phone, updated_at = now() FROM aside WHERE leads.id = aside.id AND leads.id <= 10 AND leads.id <> 5;
                UPDATE leads SET wanted = true, updated_at = now() WHERE id BETWEEN 21 AND 22;
                INSERT INTO leads SELECT * FROM aside WHERE id = 26;
                DELETE FROM leads WHERE id > 50;
                """
        )
        let again = world.posts
        try await world.run(pipeline, sweeps: true)
        // Changed back, or again: 9; wanted again: 2; back: 1; and what the dead run had not recorded: three deliveries at most,
        // and those that it never came to.
        #expect(world.posts - again <= 9 + 2 + 1 + needed, "\(what)")
        try await Self.compare(world, what)
        #expect(world.contacts.filter { untouched.contains($0.key) } == before, "\(what): dial state is left alone")

        // And then there is nothing left to do.
        let end = world.posts
        let idle = try await world.run(pipeline, sweeps: true)
        #expect(world.posts == end, "\(what)")
        #expect(idle?.balance.removed == 0, "\(what)")
        await world.close()
    }

    /// What can be called is what the CRM wants called, with its values.
    private static func compare(_ world: ListWorld, _ what: String) async throws {
        var expected: [String: [String?]] = [:]
        for row in try await world.crm.query("SELECT id, phone FROM leads WHERE wanted AND id <> 15") {
            expected[row[0] ?? ""] = [row[0], row[1]]
        }
        let callable = world.contacts.filter(\.value.isCallable).mapValues(\.values)
        #expect(callable == expected, "\(what)")
    }
}

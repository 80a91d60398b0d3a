import PostgresClient
import RollcallCore
import RollcallTestSupport
import Testing

@testable import RollcallEngine

/// Writers that hold their transactions open at random, against many short runs of which some die: what a moving cursor shows is
/// never missed, and a sweep finds the rest.
@Suite struct LateCommitTests {
    @Test(arguments: 0..<12)
    func whatAMovingCursorShowsIsNeverMissedAndASweepFindsTheRest(_ seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let world = try await ListWorld("late-\(seed)")
        try await world.crm.execute(
            script: """
                CREATE TABLE leads (id int PRIMARY KEY, phone text, wanted boolean DEFAULT true, updated_at timestamptz);
                INSERT INTO leads SELECT id, 'phone ' || id, true, now() FROM generate_series(1, 30) AS id;
                """
        )
        let pipeline = try world.pipeline(
            """
            name: leads
            source: { type: postgres, url: "${CRM}", table: leads, key: [id], cursor: updated_at }
            transforms:
              - { type: filter, where: wanted }
              - { type: select, columns: { Id: id, Phone: phone } }
            sink: { type: list, world: \(world.name) }
            on_missing: delete
            """
        )
        var writers: [Writer] = []
        for number in 0..<3 { writers.append(try await Writer(number, world.crmConfiguration)) }
        for _ in 0..<120 {
            if Int.random(in: 0..<3, using: &random) == 0 {
                if Int.random(in: 0..<4, using: &random) == 0 {
                    world.arm(after: .random(in: 1...8, using: &random))
                }
                try await world.run(pipeline)
                world.disarm()
            } else {
                let writer = Int.random(in: 0..<writers.count, using: &random)
                try await writers[writer].step(&random)
            }
        }
        var hidden: Set<Int> = []
        for index in writers.indices {
            try await writers[index].finish()
            hidden.formUnion(writers[index].hidden)
        }
        // A dead run may have left the end of its work to the next one.
        try await world.run(pipeline)
        try await Self.compare(world, except: hidden, "seed \(seed), without a sweep")
        try await world.run(pipeline, sweeps: true)
        try await Self.compare(world, except: [], "seed \(seed), after a sweep")
        await world.close()
    }

    private static func compare(_ world: ListWorld, except hidden: Set<Int>, _ what: String) async throws {
        var expected: [String: [String?]] = [:]
        for row in try await world.crm.query("SELECT id, phone FROM leads WHERE wanted") {
            expected[row[0] ?? ""] = [row[0], row[1]]
        }
        let actual = world.contacts.mapValues(\.values)
        let different = Set(expected.keys).union(actual.keys).filter { id in
            expected[id] != actual[id] && !hidden.contains(Int(id) ?? -1)
        }
        #expect(different.isEmpty, "\(what)")
    }
}

/// A writer with rows of its own, so that none waits for another.
private struct Writer {
    private let number: Int
    private let connection: PostgresConnection
    private var isOpen = false
    private var nextID: Int
    /// Rows that were changed in a way that no cursor shows: deleted, or changed with the cursor left as it was.
    private(set) var hidden: Set<Int> = []

    init(_ number: Int, _ configuration: PostgresConfiguration) async throws {
        self.number = number
        nextID = 100 + number
        connection = try await PostgresConnection.connect(configuration)
    }

    mutating func step(_ random: inout SeededGenerator) async throws {
        guard isOpen else {
            try await connection.query("BEGIN")
            isOpen = true
            return
        }
        switch Int.random(in: 0..<12, using: &random) {
        case 0, 1, 2:
            try await connection.query("COMMIT")
            isOpen = false
        case 3:
            try await connection.query("ROLLBACK")
            isOpen = false
        case 4: try await insert(cursor: "NULL")
        case 5, 6: try await insert(cursor: "now()")
        case 7:
            // In a subtransaction that stays, after one that does not.
            try await connection.query("SAVEPOINT one")
            try await update(&random, "phone = 'never', updated_at = now()")
            try await connection.query("ROLLBACK TO one")
            try await connection.query("SAVEPOINT two")
            try await update(
                &random,
                "phone = 'nested ' || \(Int.random(in: 0..<1_000, using: &random)), updated_at = now()"
            )
            try await connection.query("RELEASE two")
        case 8:
            let id = own(&random)
            hidden.insert(id)
            try await connection.query("DELETE FROM leads WHERE id = \(id)")
        case 9:
            let id = own(&random)
            hidden.insert(id)
            try await connection.query("UPDATE leads SET phone = 'silent' WHERE id = \(id)")
        case 10: try await update(&random, "wanted = NOT wanted, updated_at = now()")
        default:
            // Ties: all changes of a transaction have one time.
            for _ in 0..<3 {
                try await update(
                    &random,
                    "phone = 'p' || \(Int.random(in: 0..<1_000, using: &random)), updated_at = now()"
                )
            }
        }
    }

    mutating func finish() async throws {
        if isOpen { try await connection.query("COMMIT") }
        isOpen = false
        await connection.close()
    }

    private mutating func insert(cursor: String) async throws {
        try await connection.query("INSERT INTO leads VALUES (\(nextID), 'new \(nextID)', true, \(cursor))")
        nextID += 3
    }

    private func update(_ random: inout SeededGenerator, _ change: String) async throws {
        try await connection.query("UPDATE leads SET \(change) WHERE id = \(own(&random))")
    }

    private func own(_ random: inout SeededGenerator) -> Int {
        let old = Int.random(in: 1...10, using: &random) * 3 - 2 + number
        guard nextID > 103, Bool.random(using: &random) else { return old }
        return 100 + number + 3 * Int.random(in: 0..<(nextID - 100 - number) / 3, using: &random)
    }
}

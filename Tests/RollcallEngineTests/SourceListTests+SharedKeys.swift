import PostgresClient
import RollcallCore
import RollcallTestSupport
import Testing

@testable import RollcallEngine

/// Rows of several sources, or of one, that have one key: which of them counts, and what becomes of the contact.
extension SourceListTests {
    @Test func aDedupeStepCanMakeTheLastSourceCount() async throws {
        let world = try await world("several-last")
        let pipeline = try pipeline(world, steps: "- { type: dedupe, columns: [id], keep: last }")
        for _ in 0..<2 {
            let report = try #require(try await world.run(pipeline))
            #expect(list(world) == ["1": "crm 1", "2": "shop 2", "3": "shop 3"])
            #expect(report.balance.read == 4)
            #expect(report.balance.filtered == 1)
        }
        await world.close()
    }

    @Test func aDedupeStepMakesTheFirstSourceCount() async throws {
        let world = try await world("several-first")
        let pipeline = try pipeline(world, steps: "- { type: dedupe, columns: [id] }")
        for pass in 0..<3 {
            let report = try #require(try await world.run(pipeline))
            #expect(list(world) == ["1": "crm 1", "2": "crm 2", "3": "shop 3"])
            #expect(report.balance.filtered == 1)
            // The row that does not count is no sign that its contact has left.
            #expect(report.balance.delivered == (pass == 0 ? 3 : 0))
            #expect(report.balance.unchanged == (pass == 0 ? 0 : 3))
        }
        try await world.crm.query("DELETE FROM leads WHERE id = 2")
        try await world.run(pipeline)
        #expect(list(world) == ["1": "crm 1", "2": "shop 2", "3": "shop 3"])
        await world.close()
    }

    /// A cursor that passed the no by must not let the yes of the other source have the last word.
    @Test func whatASourceSaidLongAgoCountsInEveryRun() async throws {
        let world = try await world("several-cursors")
        try await world.crm.execute(
            script: """
                CREATE TABLE refusals (id int PRIMARY KEY, phone text, updated_at timestamptz);
                INSERT INTO refusals VALUES (1, 'no', '2026-01-01'), (9, 'no', '2026-01-09');
                """
        )
        let pipeline = try world.pipeline(
            """
            name: leads
            max_removed: 100%
            sources:
              - { name: crm, type: postgres, url: "${CRM}", table: leads, key: [id], cursor: updated_at }
              - { name: refusals, type: postgres, url: "${CRM}", table: refusals, key: [id], cursor: updated_at }
            transforms:
              - { type: filter, where: "phone <> 'no'" }
              - { type: select, columns: { Id: id, Phone: phone } }
            sink: { type: list, world: \(world.name) }
            on_missing: delete
            """
        )
        for _ in 0..<3 {
            try await world.run(pipeline)
            #expect(list(world) == ["2": "crm 2"])
            try await world.crm.query("UPDATE leads SET updated_at = now() WHERE id = 1")
        }
        #expect(world.posts == 1, "who said no was on the list for a moment")
        await world.close()
    }

    /// Else nobody would call that person until the row is mended.
    @Test func aContactStaysWhoseRowGivesWayToOneThatIsRefused() async throws {
        let world = try await world("several-refused")
        let pipeline = try pipeline(
            world,
            top: "max_removed: 100%\nsource_column: origin",
            steps: """
                - { type: dedupe, columns: [id] }
                  - { type: require, where: "phone <> 'broken'" }
                """
        )
        try await world.crm.query("DELETE FROM leads WHERE id = 2")
        try await world.run(pipeline)
        #expect(list(world) == ["1": "crm 1", "2": "shop 2", "3": "shop 3"])
        try await world.crm.query("INSERT INTO leads (id, phone) VALUES (2, 'broken')")
        let broken = try #require(try await world.run(pipeline))
        #expect(broken.balance.invalid == 1)
        #expect(broken.balance.removed == 0)
        #expect(list(world) == ["1": "crm 1", "2": "shop 2", "3": "shop 3"])
        try await world.crm.query("UPDATE leads SET phone = 'crm 2' WHERE id = 2")
        try await world.run(pipeline)
        #expect(list(world) == ["1": "crm 1", "2": "crm 2", "3": "shop 3"])
        await world.close()
    }

    @Test(arguments: ["", "source_column: origin"])
    func whereOneSourceCannotReadAPersonTheOtherDoesNotSpeakForThem(_ top: String) async throws {
        let world = try await world("several-unreadable-\(top.count)")
        let pipeline = try world.pipeline(
            """
            name: leads
            \(top)
            sources:
              - name: crm
                type: csv
                path: \(folder.path)/crm.csv
                key: [id]
                columns: { id: integer, phone: text, consent: boolean }
              - name: shop
                type: csv
                path: \(folder.path)/orders.csv
                key: [id]
                columns: { id: integer, phone: text, consent: boolean }
            transforms:
              - { type: dedupe, columns: [id] }
              - { type: filter, where: consent }
              - { type: select, columns: { Id: id, Phone: phone } }
            sink: { type: list, world: \(world.name) }
            on_missing: delete
            """
        )
        try folder.write(Array("id,phone,consent\n1,crm 1,true\n2,crm 2,NEVER\n".utf8), to: "crm.csv")
        try folder.write(Array("id,phone,consent\n2,shop 2,true\n3,shop 3,true\n".utf8), to: "orders.csv")
        for _ in 0..<2 {
            let report = try #require(try await world.run(pipeline))
            #expect(list(world) == ["1": "crm 1", "3": "shop 3"])
            #expect(report.balance.invalid == 1)
            #expect(report.balance.duplicate == 1)
        }
        await world.close()
    }

    @Test func anEmptySourceOfSeveralTakesNobodyAway() async throws {
        let world = try await world("several-empty")
        let pipeline = try pipeline(world, top: "max_removed: 100%")
        try await world.run(pipeline)
        try folder.write(Array("id,phone,colour\n".utf8), to: "shop.csv")
        let error = await #expect(throws: RollcallError.self) {
            try await world.run(pipeline, maximumRemoved: nil)
        }
        #expect(error?.disposition == .guarded)
        #expect(error?.description.contains("of the sources `shop` is empty, and 1 contacts have left") == true)
        #expect(list(world).count == 3)
        try await world.run(pipeline, maximumRemoved: .count(1))
        #expect(list(world) == ["1": "crm 1", "2": "crm 2"])
        await world.close()
    }

    /// In either order: the one would be called, the other not.
    @Test(arguments: ["1,a,true\n1,a,false\n", "1,a,false\n1,a,true\n"])
    func aKeyOfWhichOneRowIsFilteredOutEndsTheRun(_ rows: String) async throws {
        let world = try await world("several-rows-\(rows.hasPrefix("1,a,true"))")
        try folder.write(Array("id,phone,consent\n\(rows)".utf8), to: "crm.csv")
        let pipeline = try world.pipeline(
            """
            name: leads
            source:
              type: csv
              path: \(folder.path)/crm.csv
              key: [id]
              columns: { id: integer, phone: text, consent: boolean }
            transforms:
              - { type: filter, where: consent }
              - { type: select, columns: { Id: id, Phone: phone } }
            sink: { type: list, world: \(world.name) }
            """
        )
        let error = await #expect(throws: RollcallError.self) { try await world.run(pipeline) }
        #expect(error?.description.contains("`key` does not tell rows apart") == true)
        await world.close()
    }

    @Test(arguments: ["ordered: false", "partitions: 3"])
    func aStepThatGoesByTheOrderOfRowsNeedsASourceThatHasOne(_ setting: String) async throws {
        let world = try await world("several-order-\(setting.count)")
        let error = #expect(throws: RollcallError.self) {
            try world.pipeline(
                """
                name: leads
                source: { type: postgres, url: "${CRM}", table: leads, key: [id], \(setting) }
                transforms: [{ type: limit, rows: 3 }]
                sink: { type: list, world: \(world.name) }
                """
            )
        }
        #expect(error?.description.contains("transform limit: goes by the order of rows") == true)
        await world.close()
    }

    /// Who said no to one source said no, even while the row of the other is on its way.
    @Test func aContactThatALaterSourceFiltersOutIsNotOnTheList() async throws {
        let world = try await world("several-filtered")
        let pipeline = try pipeline(
            world,
            top: "max_removed: 100%",
            steps: "- { type: filter, where: \"phone <> 'shop 2'\" }"
        )
        for _ in 0..<3 {
            try await world.run(pipeline)
            #expect(list(world) == ["1": "crm 1", "3": "shop 3"])
        }
        await world.close()
    }

    /// By then the contacts have been delivered.
    @Test func aRowThatDedupeDropsMuchLaterTakesNoContactAway() async throws {
        let world = try await world("several-late")
        let ids = 1...10_000
        try await world.crm.execute(
            script: """
                DELETE FROM leads;
                INSERT INTO leads (id, phone) SELECT id, 'crm' FROM generate_series(1, \(ids.upperBound)) AS id;
                """
        )
        let rows = ids.map { "\($0),shop,red\n" }.joined()
        try folder.write(Array("id,phone,colour\n\(rows)".utf8), to: "shop.csv")
        let pipeline = try pipeline(world, steps: "- { type: dedupe, columns: [id] }")
        for _ in 0..<2 {
            let report = try #require(try await world.run(pipeline))
            #expect(report.balance.filtered == ids.count)
            #expect(report.balance.removed == 0)
            #expect(list(world).count(where: { $0.value == "crm" }) == ids.count)
        }
        await world.close()
    }
}

import PostgresClient
import RollcallCore
import RollcallTestSupport
import Testing

@testable import RollcallEngine

/// While one of several sources says nothing, or nobody knows whom it speaks of, the others do not have the last word.
extension SourceListTests {
    /// Who is in a list of refusals that is suddenly empty has not said yes.
    @Test(arguments: ["", "on_missing: keep"])
    func aSourceThatHadRowsAndIsEmptyEndsTheRun(_ setting: String) async throws {
        let world = try await world("several-emptied-\(setting.count)")
        try folder.write(Array("id,phone,colour\n2,no,red\n".utf8), to: "shop.csv")
        let pipeline = try world.pipeline(
            """
            name: leads
            sources:
              - { name: crm, type: postgres, url: "${CRM}", table: leads, key: [id] }
              - { name: shop, type: csv, path: \(folder.path)/shop.csv, key: [id], columns: { id: integer, phone: text } }
            transforms:
              - { type: filter, where: "phone <> 'no'" }
              - { type: select, columns: { Id: id, Phone: phone } }
            sink: { type: list, world: \(world.name) }
            \(setting.isEmpty ? "on_missing: delete" : setting)
            """
        )
        try await world.run(pipeline, maximumRemoved: nil)
        #expect(list(world) == ["1": "crm 1"])
        try folder.write(Array("id,phone,colour\n".utf8), to: "shop.csv")
        for _ in 0..<2 {
            let error = await #expect(throws: RollcallError.self) { try await world.run(pipeline, maximumRemoved: nil) }
            #expect(error?.disposition == .guarded)
            #expect(error?.description.contains("the source `shop` is empty, and had rows in the last run") == true)
            #expect(list(world) == ["1": "crm 1"])
        }
        // What may be removed is another question.
        await #expect(throws: RollcallError.self) { try await world.run(pipeline, maximumRemoved: .share(5)) }
        #expect(list(world) == ["1": "crm 1"])
        try await world.run(pipeline, maximumRemoved: nil, allowsEmptySources: true)
        #expect(list(world) == ["1": "crm 1", "2": "crm 2"])
        // That is how it is now.
        try await world.run(pipeline, maximumRemoved: nil)
        await world.close()
    }

    /// What had rows is in its first position.
    @Test func alsoAFirstRunThatDiedKnowsWhichSourcesHadRows() async throws {
        let world = try await world("several-emptied-early")
        try await world.crm.query("INSERT INTO leads SELECT id, 'crm ' || id FROM generate_series(10, 4000) AS id")
        try folder.write(Array("id,phone,colour\n4000,no,red\n".utf8), to: "shop.csv")
        let pipeline = try pipeline(world, steps: #"- { type: filter, where: "phone <> 'no'" }"#)
        world.arm(.delivering, after: 300)
        #expect(try await world.run(pipeline, maximumRemoved: nil) == nil)
        #expect(world.isDead)
        world.disarm()
        try folder.write(Array("id,phone,colour\n".utf8), to: "shop.csv")
        let error = await #expect(throws: RollcallError.self) { try await world.run(pipeline, maximumRemoved: nil) }
        #expect(error?.description.contains("the source `shop` is empty, and had rows in the last run") == true)
        #expect(list(world)["4000"] == nil)
        await world.close()
    }

    /// By its name alone it is another source than the one that had rows.
    @Test func aRenamedSourceThatIsEmptyEndsTheRun() async throws {
        let world = try await world("several-renamed")
        try folder.write(Array("id,phone,colour\n2,no,red\n".utf8), to: "shop.csv")
        func pipeline(_ name: String) throws -> Pipeline {
            try world.pipeline(
                """
                name: leads
                sources:
                  - { name: crm, type: postgres, url: "${CRM}", table: leads, key: [id] }
                  - { name: \(name), type: csv, path: \(folder.path)/shop.csv, key: [id], columns: { id: integer, phone: text } }
                transforms:
                  - { type: filter, where: "phone <> 'no'" }
                  - { type: select, columns: { Id: id, Phone: phone } }
                sink: { type: list, world: \(world.name) }
                """
            )
        }
        try await world.run(try pipeline("shop"), maximumRemoved: nil)
        #expect(list(world) == ["1": "crm 1"])
        try folder.write(Array("id,phone,colour\n".utf8), to: "shop.csv")
        let error = await #expect(throws: RollcallError.self) {
            try await world.run(try pipeline("refusals"), maximumRemoved: nil)
        }
        #expect(error?.disposition == .guarded)
        #expect(
            error?.description.contains(
                "the source `refusals` is empty, and `shop`, which had rows in the last run, is gone"
            )
                == true
        )
        #expect(list(world) == ["1": "crm 1"])
        await world.close()
    }

    /// It may be anybody's no.
    @Test func whileARowIsNobodysNobodyNewComesToTheList() async throws {
        let world = try await world("several-nobody")
        let pipeline = try pipeline(world)
        try await world.run(pipeline)
        try folder.write(Array("id,phone,colour\n2,shop 2,red\nx,shop 3,blue\n4,shop 4,blue\n".utf8), to: "shop.csv")
        try await world.crm.query("UPDATE leads SET phone = 'crm 1 new' WHERE id = 1")
        let report = try #require(try await world.run(pipeline))
        #expect(list(world) == ["1": "crm 1 new", "2": "shop 2", "3": "shop 3"])
        #expect(report.heldBack == 1)
        try folder.write(Array("id,phone,colour\n2,shop 2,red\n4,shop 4,blue\n".utf8), to: "shop.csv")
        try await world.run(pipeline)
        #expect(list(world) == ["1": "crm 1 new", "2": "shop 2", "4": "shop 4"])
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
        #expect(error?.description.contains("the source `shop` is empty, and had rows in the last run") == true)
        #expect(list(world).count == 3)
        try await world.run(pipeline, maximumRemoved: .count(1), allowsEmptySources: true)
        #expect(list(world) == ["1": "crm 1", "2": "crm 2"])
        await world.close()
    }

    /// The shop of a chain and its CRM, whose rows are told apart by their sources and chosen among by phone.
    private func chosenByPhone(_ world: ListWorld, keep: String) throws -> Pipeline {
        try world.pipeline(
            """
            name: leads
            source_column: origin
            sources:
              - { name: crm, type: csv, path: \(folder.path)/crm.csv, key: [id], columns: &columns { id: text, phone: text, wanted: boolean } }
              - { name: shop, type: csv, path: \(folder.path)/shop.csv, key: [id], columns: *columns }
            transforms:
              - { type: dedupe, columns: [phone], keep: \(keep) }
              - { type: filter, where: wanted }
              - { type: select, columns: { Id: phone, Phone: phone } }
            sink: { type: list, world: \(world.name) }
            """
        )
    }

    @Test func anEmptySourceOfSeveralWhoseRowsAreChosenAmongEndsTheRun() async throws {
        let world = try await world("several-chosen-emptied")
        let pipeline = try chosenByPhone(world, keep: "first")
        try folder.write(Array("id,phone,wanted\nc1,1,false\n".utf8), to: "crm.csv")
        try folder.write(Array("id,phone,wanted\ns1,1,true\ns2,2,true\n".utf8), to: "shop.csv")
        try await world.run(pipeline)
        #expect(list(world) == ["2": "2"])
        try folder.write(Array("id,phone,wanted\n".utf8), to: "crm.csv")
        let error = await #expect(throws: RollcallError.self) { try await world.run(pipeline) }
        #expect(error?.description.contains("the source `crm` is empty, and had rows in the last run") == true)
        #expect(list(world) == ["2": "2"])
        try await world.run(pipeline, allowsEmptySources: true)
        #expect(list(world) == ["1": "1", "2": "2"])
        await world.close()
    }

    /// Cut off in its first cell, it may be anybody's no.
    @Test func whileARowIsNobodysNobodyNewComesToAListThatIsChosenByPhone() async throws {
        let world = try await world("several-chosen-nobody")
        let pipeline = try chosenByPhone(world, keep: "last")
        try folder.write(Array("id,phone,wanted\nc9,9,true\n\"c1".utf8), to: "crm.csv")
        try folder.write(Array("id,phone,wanted\ns1,1,true\n".utf8), to: "shop.csv")
        let report = try #require(try await world.run(pipeline))
        #expect(list(world).isEmpty)
        #expect(report.heldBack == 2)
        await world.close()
    }

    @Test(arguments: ["", "?"])
    func whileARowHasNoKeyNobodyNewComesToTheList(_ key: String) async throws {
        let world = try await world("several-keyless-\(key.count)")
        try folder.write(Array("id,phone,colour\n\(key),shop 2,red\n".utf8), to: "shop.csv")
        let report = try #require(try await world.run(pipeline(world)))
        #expect(list(world).isEmpty)
        #expect(report.heldBack == 2)
        await world.close()
    }

    /// A `limit` chooses among nobody's rows.
    @Test func besideALimitAKeyOfWhichOneRowCannotBeReadEndsTheRun() async throws {
        let world = try await world("several-limited")
        try folder.write(Array("id,phone,wanted\n1,a,true\n1,a,maybe\n".utf8), to: "crm.csv")
        let pipeline = try world.pipeline(
            """
            name: leads
            source: { type: csv, path: \(folder.path)/crm.csv, key: [id], columns: { id: integer, phone: text, wanted: boolean } }
            transforms:
              - { type: limit, rows: 100 }
              - { type: filter, where: wanted }
              - { type: select, columns: { Id: id, Phone: phone } }
            sink: { type: list, world: \(world.name) }
            """
        )
        let error = await #expect(throws: RollcallError.self) { try await world.run(pipeline) }
        #expect(error?.description.contains("`key` does not tell rows apart") == true)
        await world.close()
    }
}

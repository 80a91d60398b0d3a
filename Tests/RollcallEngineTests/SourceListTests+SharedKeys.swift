import PostgresCheckpoints
import PostgresClient
import RollcallCore
import RollcallTestSupport
import Synchronization
import Testing

@testable import RollcallEngine

/// Rows of several sources that have one key: what becomes of the contact.
extension SourceListTests {
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

    /// Of one phone the row of the highest rank counts, and is refused where its mail is invalid.
    private func rankedPipeline(_ world: ListWorld, key: String, columns: String) throws -> Pipeline {
        try world.pipeline(
            """
            name: leads
            max_removed: 100%
            source:
              type: csv
              path: \(folder.path)/crm.csv
              key: [\(key)]
              columns: { \(columns), phone: text, note: text, mail: text, rank: integer }
            transforms:
              - { type: dedupe, columns: [phone], keep: largest, by: rank }
              - { type: require, where: "mail <> 'invalid'" }
              - { type: select, columns: { Id: id, Note: note } }
            sink: { type: list, world: \(world.name) }
            on_missing: delete
            """
        )
    }

    /// By the list, or as it has no key: else nobody would call that person.
    @Test(arguments: [("2", "refused", "a"), ("", "new", "a"), ("2", "new", "invalid")])
    func aContactStaysWhoseRowGivesWayToOneThatIsNotDelivered(_ id: String, _ note: String, _ mail: String) async throws
    {
        let world = try await world("several-undelivered-\(id)\(note)\(mail)")
        let pipeline = try rankedPipeline(world, key: "row", columns: "row: text, id: text")
        try folder.write(Array("row,id,phone,note,mail,rank\nr1,1,p,old,a,1\n".utf8), to: "crm.csv")
        try await world.run(pipeline)
        #expect(list(world) == ["1": "old"])
        let both = "row,id,phone,note,mail,rank\nr1,1,p,old,a,1\nr2,\(id),p,\(note),\(mail),2\n"
        try folder.write(Array(both.utf8), to: "crm.csv")
        for _ in 0..<2 {
            let report = try #require(try await world.run(pipeline))
            #expect(report.balance.removed == 0)
            #expect(list(world)["1"] == "old")
        }
        try folder.write(Array("row,id,phone,note,mail,rank\nr1,1,p,old,a,1\nr2,2,p,mended,a,2\n".utf8), to: "crm.csv")
        try await world.run(pipeline)
        #expect(list(world) == ["2": "mended"])
        await world.close()
    }

    /// That it was refused once is no sign that it has left.
    @Test func aContactThatStaysMayHaveBeenRefusedBefore() async throws {
        let world = try await world("several-once-refused")
        let pipeline = try rankedPipeline(world, key: "id", columns: "id: text")
        let head = "id,phone,note,mail,rank\n"
        for (rows, expected) in [
            ("1,p,old,a,1\n", "old"), ("1,p,refused,a,1\n", "old"), ("1,p,old 2,a,1\n2,p,new,invalid,2\n", "old"),
            ("1,p,old 2,a,1\n", "old 2"),
        ] {
            try folder.write(Array("\(head)9,q,other,a,1\n\(rows)".utf8), to: "crm.csv")
            let report = try #require(try await world.run(pipeline))
            #expect(report.balance.removed == 0, "\(rows)")
            #expect(list(world) == ["1": expected, "9": "other"], "\(rows)")
        }
        await world.close()
    }

    /// It stands behind two rows, of which one is refused.
    @Test func aContactStaysWhereOneOfTheRowsThatItGivesWayToIsRefused() async throws {
        let world = try await world("several-groups")
        let pipeline = try world.pipeline(
            """
            name: leads
            max_removed: 100%
            sources:
              - { name: crm, type: csv, path: \(folder.path)/crm.csv, key: [id] }
              - { name: shop, type: csv, path: \(folder.path)/second.csv, key: [id] }
            transforms:
              - { type: dedupe, columns: [id], keep: first }
              - { type: filter, where: "phone <> 'no'" }
              - { type: dedupe, columns: [phone], keep: first }
              - { type: require, where: "mail <> 'invalid'" }
              - { type: select, columns: { Id: id, Phone: phone } }
            sink: { type: list, world: \(world.name) }
            on_missing: delete
            """
        )
        let head = "id,phone,mail\n"
        try folder.write(Array("\(head)5,p,a\n".utf8), to: "crm.csv")
        try folder.write(Array("\(head)5,p,a\n".utf8), to: "second.csv")
        try await world.run(pipeline)
        try folder.write(Array("\(head)4,p,invalid\n5,p,a\n".utf8), to: "crm.csv")
        let report = try #require(try await world.run(pipeline))
        #expect(report.balance.removed == 0)
        #expect(list(world) == ["5": "p"])
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

    /// The keys of both have the source's name in them: they are no one's but their own.
    @Test func aRowThatCannotBeReadSaysNothingOfAnotherSourcesPeople() async throws {
        let world = try await world("several-apart")
        let pipeline = try pipeline(
            world,
            top: "source_column: origin",
            steps: "- { type: derive, columns: { key: \"origin || id\" } }",
            columns: "{ Id: key, Phone: phone }"
        )
        try folder.write(Array("id,phone,colour\n2,shop 2\n3,shop 3,blue\n".utf8), to: "shop.csv")
        let report = try #require(try await world.run(pipeline))
        #expect(Set(world.contacts.keys) == ["crm1", "crm2", "shop3"])
        #expect(report.heldBack == 0)
        await world.close()
    }

    @Test(arguments: [("origin || '-' || id", false), ("'lead-' || id", true)])
    func aKeyThatIsNotMadeOfTheSourceIsRemarkedOn(_ key: String, _ isRemarkedOn: Bool) async throws {
        let world = try await world("several-key-\(isRemarkedOn)")
        let pipeline = try world.pipeline(
            """
            name: leads
            source_column: origin
            sources:
              - { name: crm, type: postgres, url: "${CRM}", table: leads, key: [id] }
              - { name: shop, type: csv, path: \(folder.path)/shop.csv, key: [id], columns: { id: integer, phone: text } }
            transforms:
              - { type: derive, columns: { key: "\(key)" } }
              - { type: select, columns: { Id: key, Phone: phone } }
            sink: { type: list, world: \(world.name) }
            """
        )
        let notices = Mutex<[String]>([])
        let store = try await StateStore.open(world.stateConfiguration)
        _ = try await PipelineRun(pipeline, store: store) { event in
            if case .notice(let notice) = event { notices.withLock { $0.append(notice.message) } }
        }.execute()
        await store.close()
        #expect(notices.withLock { $0.contains { $0.contains("is not made of `origin`") } } == isRemarkedOn)
        await world.close()
    }

    /// Only a sweep would see who has left a file, where another source goes on from a cursor.
    @Test func whoHasLeftAFileIsFoundBesideASourceWithACursor() async throws {
        let world = try await world("several-left")
        let pipeline = try pipeline(
            world,
            top: "max_removed: 100%\nsource_column: origin",
            steps: "- { type: derive, columns: { key: \"origin || id\" } }",
            columns: "{ Id: key, Phone: phone }",
            cursor: ", cursor: updated_at"
        )
        try await world.run(pipeline)
        #expect(Set(world.contacts.keys) == ["crm1", "crm2", "shop2", "shop3"])
        try folder.write(Array("id,phone,colour\n3,shop 3,blue\n".utf8), to: "shop.csv")
        try await world.run(pipeline)
        #expect(Set(world.contacts.keys) == ["crm1", "crm2", "shop3"])
        await world.close()
    }

    /// Two parts of a key, of which one is empty.
    @Test func anEmptyPartOfAKeyIsPartOfIt() async throws {
        let world = try await world("several-parts")
        for (name, phone) in [("a.csv", "yes"), ("b.csv", "no")] {
            try folder.write(Array("one,two,phone\nx,,\(phone)\ny,1,\(phone)\nz,,yes\n".utf8), to: name)
        }
        let sources = ["a", "b"].map {
            "  - { name: \($0), type: csv, path: \(folder.path)/\($0).csv, key: [one, two] }"
        }
        let pipeline = try world.pipeline(
            """
            name: leads
            sources:
            \(sources.joined(separator: "\n"))
            transforms:
              - { type: filter, where: "phone <> 'no'" }
              - { type: select, columns: { Id: one, Phone: phone } }
            sink: { type: list, world: \(world.name) }
            """
        )
        try await world.run(pipeline)
        #expect(list(world) == ["z": "yes"])
        await world.close()
    }

    /// Which of the rows counts is chosen before all steps, by values that nothing has made yet.
    @Test(arguments: [
        ("- { type: date, columns: [phone], formats: [dd/MM/yyyy], output: date }", "phone", false),
        ("- { type: derive, columns: { rank: \"length(phone)\" } }", "rank", false),
        ("- { type: rename, columns: { phone: Tel } }", "Tel", false),
        ("- { type: select, columns: { id: id, Tel: phone } }", "Tel", false),
        ("- { type: select, columns: [id, phone] }", "phone", true),
        ("- { type: filter, where: phone }", "phone", true),
    ])
    func aDedupeRanksRowsByWhatTheSourcesHave(_ step: String, _ by: String, _ isRight: Bool) async throws {
        let world = try await world("several-by")
        let text = """
            name: leads
            sources:
              - { name: crm, type: postgres, url: "${CRM}", table: leads, key: [id] }
              - { name: shop, type: csv, path: shop.csv, key: [id] }
            transforms:
              \(step)
              - { type: dedupe, columns: [id], keep: largest, by: \(by) }
            sink: { type: list, world: \(world.name) }
            """
        do {
            _ = try world.pipeline(text)
            #expect(isRight)
        } catch let error as RollcallError {
            #expect(!isRight, "\(error)")
            #expect(
                error.description.contains(":7: transform dedupe: `by` names \"\(by)\", which the step at line 6 makes")
            )
        }
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
}

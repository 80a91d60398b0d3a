import Foundation
import Testing

/// What `validate --online` finds before a run does.
@Suite struct OnlineValidationTests {
    @Test func theColumnsAreComparedWithThoseOfTheList() async throws {
        try await Workbench.with(leads: 10) { bench in
            let file = try bench.pipeline()
            let absent = try await bench.program.run(["validate", "--online", file])
            #expect(absent.status == 0)
            #expect(
                absent.standardOutput.contains("there is no contact list \"crm-leads\" yet; the first run makes it\n")
            )
            #expect(absent.standardOutput.hasSuffix("is good: its source can be read, and its columns fit\n"))
            _ = try await bench.run(file)
            let present = try await bench.program.run(["validate", "--online", file])
            #expect(
                present.standardOutput == "\(file): crm-leads is good: its source can be read, and its columns fit\n"
            )
            #expect(present.standardError == "")
            let renamed = try bench.pipeline(replacing: ["Company: company": "Firm: company"])
            let refused = try await bench.program.run(["validate", "--online", renamed])
            #expect(refused.status == 5)
            #expect(refused.standardError.contains("the list lacks \"Firm\"; the list also has \"Company\""))
            let typed = try bench.pipeline(replacing: ["Phone: cell": "Phone: work"])
            let told = try await bench.program.run(["validate", "--online", typed])
            #expect(told.status == 0)
            #expect(told.standardError.contains("has \"Phone\" as `cell`, and the pipeline as `work`"))
        }
    }

    @Test func theFirstRowsOfEachSourceAreLookedAt() async throws {
        try await Workbench.with(leads: 1) { bench in
            let file = try bench.program.write(
                """
                name: two
                sources:
                  - { name: one, type: csv, path: one.csv, key: [id] }
                  - { name: other, type: csv, path: other.csv, key: [id] }
                transforms: [{ type: require, columns: [phone] }]
                sink: { type: discard }

                """,
                to: "two.yaml"
            )
            let rows = (1...2000).map { "\($0),+30211\n" }.joined()
            _ = try bench.program.write("id,phone\n\(rows)", to: "one.csv")
            _ = try bench.program.write("id,phone\n1,\n", to: "other.csv")
            let told = try await bench.program.run(["validate", "--online", file])
            #expect(
                told.standardError.contains("other: 1 of the first 1 rows would be refused"),
                "\(told.standardError)"
            )
            // One of several may be there to say no.
            #expect(!told.standardError.contains("none of the first"))
            #expect(told.standardError.contains("one: ") == false)
            _ = try bench.program.write("id,phone\n1,\n", to: "one.csv")
            let none = try await bench.program.run(["validate", "--online", file])
            #expect(none.standardError.contains("one: none of the first 1 rows comes through"), "\(none.standardError)")
            #expect(none.standardError.contains("other: none of the first 1 rows comes through"))
        }
    }

    @Test(arguments: [true, false])
    func standardInputIsLookedAtInOneReading(_ isAlone: Bool) async throws {
        try await Workbench.with(leads: 1) { bench in
            let sources =
                isAlone
                ? "source: { type: csv, path: \"-\", key: [id] }"
                : """
                source_column: origin
                sources:
                  - { name: piped, type: csv, path: "-", key: [id] }
                  - { name: other, type: csv, path: other.csv, key: [id] }
                """
            let file = try bench.program.write(
                "name: piped\n\(sources)\ntransforms: [{ type: require, columns: [phone] }]\nsink: { type: discard }\n",
                to: "piped.yaml"
            )
            let rows = try bench.program.write("id,phone\n1,\n2,+30211\n", to: "rows.csv")
            _ = try bench.program.write("id,phone\n3,+30212\n", to: "other.csv")
            let told = try await bench.program.run(["validate", "--online", file], input: rows)
            #expect(told.status == 0, "\(told.standardError)")
            #expect(
                told.standardError.contains("1 of the first \(isAlone ? 2 : 3) rows would be refused"),
                "\(told.standardError)"
            )
        }
    }

    @Test func whatTheFirstRowsShowIsTold() async throws {
        try await Workbench.with(leads: 1) { bench in
            let file = try bench.program.write(
                """
                name: files
                source:
                  type: json
                  path: leads.jsonl
                  key: [id]
                  columns: { id: integer, phone: { from: contact.phone }, zip: { from: adress.zip } }
                transforms:
                  - { type: phone, column: phone, region: GR }
                  - { type: select, columns: { LeadId: id, Phone: phone, ZipCode: zip } }
                sink:
                  type: genesys_contact_list
                  base_url: ${GENESYSCLOUD_BASE_URL}
                  client_id: ${GENESYSCLOUD_OAUTHCLIENT_ID}
                  client_secret: ${GENESYSCLOUD_OAUTHCLIENT_SECRET}
                  list: files
                  key: LeadId
                  phone_columns: { Phone: cell }

                """,
                to: "files.yaml"
            )
            let lines = (1...200).map { id in
                let phone = id == 7 ? "no number" : "2101234\(id + 100)"
                return #"{"id": \#(id), "contact": {"phone": "\#(phone)"}, "address": {"zip": "10557"}}"#
            }
            _ = try bench.program.write(lines.joined(separator: "\n") + "\n", to: "leads.jsonl")
            let told = try await bench.program.run(["validate", "--online", file])
            #expect(told.status == 0, "\(told.standardError)")
            #expect(
                told.standardError.contains("1 of the first 200 rows would be refused: \"phone\""),
                "\(told.standardError)"
            )
            #expect(told.standardError.contains("without a value in any of the first 200 rows: \"zip\""))
            #expect(told.standardError.contains("no number") == false)
            _ = try bench.program.write("[]", to: "leads.jsonl")
            let empty = try await bench.program.run(["validate", "--online", file])
            #expect(empty.standardError.contains("the source has no rows now"))
        }
    }
}

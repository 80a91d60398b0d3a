import Foundation
import Testing

/// Runs whose rows come from files.
@Suite struct FileSourceTests {
    private func pipeline(
        _ bench: Workbench,
        columns: String = "",
        steps: String = "",
        select: String = ""
    ) throws -> String {
        try bench.program.write(
            """
            name: files
            source: { type: csv, path: "drop/leads-*.csv", key: [id]\(columns) }
            transforms:
            \(steps)
              - type: select
                columns: { LeadId: id, Phone: phone\(select) }
            \(Workbench.sink())
              rows_per_request: 200
            on_missing: uncallable
            max_removed: 100%

            """,
            to: "files.yaml"
        )
    }

    @Test func filesBecomeContactsAndOnlyWhatDiffersIsSentAgain() async throws {
        try await Workbench.with(leads: 1) { bench in
            let file = try pipeline(bench)
            _ = try bench.program.write("id,phone\n1,+30211\n2,+30212\n", to: "drop/leads-1.csv")
            _ = try bench.program.write("phone,id\n+30213,3\n", to: "drop/leads-2.csv")
            #expect(try await bench.run(file)["delivered"] == 3)
            _ = try bench.program.write("phone,id\n+30299,3\n+30214,4\n", to: "drop/leads-2.csv")
            let second = try await bench.run(file)
            #expect(second["unchanged"] == 2)
            #expect(second["delivered"] == 2)
            #expect(
                try await bench.values(of: "Phone") == ["1": "+30211", "2": "+30212", "3": "+30299", "4": "+30214"]
            )
        }
    }

    @Test func valuesThatWereMadeNullAreCounted() async throws {
        try await Workbench.with(leads: 1) { bench in
            let file = try bench.program.write(
                """
                name: files
                source: { type: csv, path: leads.csv, key: [id] }
                transforms:
                  - { type: phone, column: phone, on_invalid: null }
                  - { type: email, columns: [email], on_invalid: null }
                sink: { type: discard }

                """,
                to: "files.yaml"
            )
            let rows = (1...2_500).map { "\($0),\($0 % 2 == 0 ? "+302101234567" : "none"),\($0 == 7 ? "x" : "")\n" }
            _ = try bench.program.write("id,phone,email\n\(rows.joined())", to: "leads.csv")
            let output = try await bench.program.run(["run", "--quiet", file])
            #expect(
                output.standardOutput.hasSuffix(
                    """

                      1,250 values of "phone" not valid and now NULL (transform phone)
                      1 value of "email" not valid and now NULL (transform email)

                    """
                ),
                "\(output.standardOutput)"
            )
            let nulled = try await bench.program.run(["run", "--json", file]).json()["nulled"] as? [[String: Any]]
            #expect(nulled?.map { $0["values"] as? Int } == [1_250, 1])
            #expect(nulled?.map { $0["step"] as? String } == ["transform phone", "transform email"])
        }
    }

    /// Any contact without a row may be that of the row nobody can read.
    @Test func nobodyIsRemovedWhileARowCannotBeRead() async throws {
        try await Workbench.with(leads: 1, simulator: Workbench.withDeletion) { bench in
            let file = try pipeline(bench)
            _ = try bench.program.write("id,phone\n1,+30211\n2,+30212\n3,+30213\n", to: "drop/leads-1.csv")
            _ = try await bench.run(file)
            _ = try bench.program.write("id,phone\n1,+30211\n\"2\"x,+30212\n", to: "drop/leads-1.csv")
            let broken = try await bench.program.run(["run", "--json", file])
            #expect(broken.status == 0)
            #expect(
                broken.standardError.contains("1 row could not be read or without a key, and nobody knows whose"),
                "\(broken.standardError)"
            )
            let balance = try broken.json()["balance"] as? [String: Int]
            #expect(balance?["read"] == 2)
            #expect(balance?["invalid"] == 1)
            #expect(try await bench.uncallable() == [])
            let rejects = try await bench.program.run(["rejects", "list", "files"]).standardOutput
            #expect(rejects.contains("leads-1.csv:3  invalid"), "\(rejects)")
            // Its values are not NULL: nobody knows them.
            let preview = try await bench.program.run(["preview", "--only", "invalid", file]).standardOutput
            #expect(preview.contains("text_behind_quote") && !preview.contains("NULL"), "\(preview)")
            let compared = try await bench.program.run(["reconcile", file, "--repair", "--yes"])
            #expect(compared.standardError.contains("nobody knows whose"), "\(compared.standardError)")
            #expect(try await bench.uncallable() == [])
            // Mended, it is known who has left, and the reject is none any more.
            _ = try bench.program.write("id,phone\n1,+30211\n2,+30212\n", to: "drop/leads-1.csv")
            _ = try await bench.run(file)
            #expect(try await bench.uncallable() == ["3"])
            #expect(
                try await bench.program.run(["rejects", "list", "files"]).standardOutput.contains("leads-1") == false
            )
        }
    }

    /// Of a yes and a no nobody knows which counts; that the list has the person is no proof.
    @Test func aPersonWithAYesInOneFileAndANoInAnotherStopsRunsAndComparisons() async throws {
        try await Workbench.with(leads: 1) { bench in
            let file = try pipeline(bench, steps: #"  - { type: filter, where: "ok = 'yes'" }"#)
            let many = (1...2_500).map { "\($0),+30210\(1_000_000 + $0),yes\n" }.joined()
            _ = try bench.program.write("id,phone,ok\n\(many)", to: "drop/leads-1.csv")
            _ = try bench.program.write("id,phone,ok\n7,+302101000007,no\n", to: "drop/leads-2.csv")
            for command in ["run", "run", "reconcile"] {
                let output = try await bench.program.run([command, file])
                #expect(output.status == 1, "\(command)")
                #expect(output.standardError.contains("two rows have the id 7, and make"), "\(output.standardError)")
                #expect(output.standardError.contains("let a `dedupe` on it be the first step"))
            }
        }
    }

    @Test func aRunThatFindsNotOneGoodRowFails() async throws {
        try await Workbench.with(leads: 1) { bench in
            let file = try pipeline(bench)
            _ = try bench.program.write("id,phone\n\"1\"x,+30211\n\"2\"x,+30212\n", to: "drop/leads-1.csv")
            let run = try await bench.program.run(["run", file])
            #expect(run.status == 3)
            #expect(run.standardError.contains("not one of 2 rows reached the list"), "\(run.standardError)")
        }
    }

    /// The key of the wrong row is known, so only its own contact is kept for it.
    @Test func aRowWithAWrongValueKeepsItsOwnContactOnly() async throws {
        try await Workbench.with(leads: 1) { bench in
            let file = try pipeline(
                bench,
                columns: ", columns: { id: integer, phone: text, score: integer }",
                select: ", Score: score"
            )
            _ = try bench.program.write("id,phone,score\n1,+30211,1\n2,+30212,2\n3,+30213,3\n", to: "drop/leads-1.csv")
            _ = try await bench.run(file)
            _ = try bench.program.write("id,phone,score\n1,+30211,1\n2,+30212,high\n", to: "drop/leads-1.csv")
            #expect(try await bench.run(file)["read"] == 2)
            #expect(try await bench.uncallable() == ["3"])
        }
    }

    /// Who said no is not called, whatever else is in the file; who is not seen may be whose row nobody can read.
    @Test func whoSaidNoIsNotCalledThoughAnotherRowCannotBeRead() async throws {
        try await Workbench.with(leads: 1) { bench in
            let file = try pipeline(
                bench,
                columns: ", columns: { score: integer, id: integer, phone: text }"
            )
            let text = try String(contentsOf: bench.program.folder.appending(path: file), encoding: .utf8)
                .replacing("transforms:\n", with: "transforms:\n  - { type: filter, where: score > 0 }\n")
            _ = try bench.program.write(text, to: file)
            _ = try bench.program.write("score,id,phone\n1,1,+30211\n1,2,+30212\n1,3,+30213\n", to: "drop/leads-1.csv")
            #expect(try await bench.run(file)["delivered"] == 3)
            for wrong in ["n/a,3x,+30213", "1,,+30213"] {
                _ = try bench.program.write(
                    "score,id,phone\n1,1,+30211\n0,2,+30212\n\(wrong)\n",
                    to: "drop/leads-1.csv"
                )
                _ = try await bench.run(file)
                #expect(try await bench.uncallable() == ["2"])
            }
        }
    }

    /// A row that was refused before the interruption is not gone because the rest of the run cannot read it either.
    @Test func aRunThatGoesOnDoesNotTakeAnUnreadableRowForGone() async throws {
        try await Workbench.with(leads: 1) { bench in
            let file = try pipeline(
                bench,
                columns: ", columns: { id: integer, phone: text, score: integer }",
                select: ", Score: score"
            )
            let rows = { (score: String) in
                "id,phone,score\n"
                    + (1...6_000).map { "\($0),+30210\(1_000_000 + $0),\($0 == 7 ? score : "1")\n" }.joined()
            }
            _ = try bench.program.write(rows("1"), to: "drop/leads-1.csv")
            #expect(try await bench.run(file)["delivered"] == 6_000)
            _ = try bench.program.write(rows("n/a").replacing(",1\n", with: ",2\n"), to: "drop/leads-1.csv")
            let posts = try await bench.statistic("contact_posts")
            try await bench.setFaults(#"{"kind":"slow","milliseconds":30}"#)
            let running = try bench.program.start(["run", "--quiet", file])
            while running.isRunning, try await bench.statistic("contact_posts") < posts + 8 {}
            running.send(SIGTERM)
            let stopped = try await running.output()
            #expect(stopped.status == 128 + SIGTERM, "\(stopped.standardError)")
            try await bench.setFaults("")
            let rest = try await bench.run(file)
            #expect(try #require(rest["read"]) < 6_000)
            #expect(try await bench.uncallable() == [])
            let rejects = try await bench.program.run(["rejects", "list", "files"]).standardOutput
            #expect(rejects.contains("wrong_type"), "\(rejects)")
        }
    }
}

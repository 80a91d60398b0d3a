import Foundation
import Testing

@Suite struct CommandTests {
    private func program() throws -> Program {
        try Program(environment: [
            "CRM_DATABASE_URL": "postgres://reader@localhost/crm", "GENESYSCLOUD_REGION": "eu-west-1",
            "GENESYSCLOUD_OAUTHCLIENT_ID": "id", "GENESYSCLOUD_OAUTHCLIENT_SECRET": "hush",
        ])
    }

    @Test(arguments: [[], ["--source", "postgres"], ["--source", "csv"], ["--source", "json"]])
    func whatInitWritesIsGoodAsItStands(_ source: [String]) async throws {
        let program = try program()
        let output = try await program.run(["init", "pipelines/mine.yaml"] + source)
        #expect(output.status == 0, "\(output.standardError)")
        let validated = try await program.run(["validate", "pipelines/mine.yaml"])
        #expect(validated.status == 0, "\(validated.standardError)")
        #expect(validated.standardOutput == "pipelines/mine.yaml: mine is good\n")
    }

    @Test func theReferenceSaysWhatTheProgramSays() async throws {
        let program = try Program(environment: [:])
        let folder = Workbench.repository.appending(path: "docs/reference")
        let overview = try await program.run(["describe"]).standardOutput
        let names = overview.split(separator: "\n").prefix { !$0.hasPrefix("More") }.map { line in
            String(line.split(separator: " ")[1])
        }
        for (name, file) in [("", "README")] + names.map({ ($0, $0) }) {
            let page = try await program.run(["describe", "--markdown"] + (name.isEmpty ? [] : [name])).standardOutput
            let kept = try String(contentsOf: folder.appending(path: "\(file).md"), encoding: .utf8)
            #expect(kept == page, "docs/reference/\(file).md is out of date: `make reference` writes it anew")
        }
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(Set(files) == Set(names.map { "\($0).md" } + ["README.md"]))
    }

    @Test func everyExampleKeepsCasesAndTheyPassWithNothingSetUp() async throws {
        let program = try Program(environment: [:])
        let folder = Workbench.repository.appending(path: "pipelines")
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "yaml" }
        #expect(!files.isEmpty)
        for file in files {
            let output = try await program.run(["test", file.path])
            #expect(output.status == 0, "\(output.standardOutput)\(output.standardError)")
        }
    }

    @Test func aCaseThatFailsIsShownAndExit1AndAFileWithoutCasesIsNoSuccess() async throws {
        let program = try program()
        let pipeline = "name: x\nsource: { type: postgres, table: t, key: [id] }\nsink: { type: discard }\n"
        _ = try program.write(pipeline + "tests: [{ name: twins, input: [{ id: 1 }], output: [] }]\n", to: "a.yaml")
        let failed = try await program.run(["test", "a.yaml"])
        #expect(failed.status == 1)
        #expect(
            failed.standardOutput == """
                failed  a.yaml:4  twins
                        1 of the rows come through, not 0
                1 case, 1 failed

                """
        )
        _ = try program.write(pipeline, to: "b.yaml")
        let none = try await program.run(["test", "b.yaml"])
        #expect(none.status == 78)
        #expect(none.standardError.contains("the pipeline has no `tests`"))
    }

    @Test func initNeverOverwrites() async throws {
        let program = try program()
        _ = try program.write("mine", to: "a.yaml")
        let output = try await program.run(["init", "a.yaml"])
        #expect(output.status == 78)
        #expect(output.standardError.contains("a.yaml exists"))
        #expect(try String(contentsOf: program.folder.appending(path: "a.yaml"), encoding: .utf8) == "mine")
    }

    @Test func aBrokenFileIsExit78WithAllItsFaults() async throws {
        let program = try program()
        _ = try program.write("name: x\nsource: { type: postgre }\nsink: { type: discard, a: 1 }\n", to: "a.yaml")
        for command in ["validate", "run", "preview"] {
            let output = try await program.run([command, "a.yaml"])
            #expect(output.status == 78)
            #expect(output.standardOutput.isEmpty)
            #expect(
                output.standardError == """
                    error: a.yaml:2: there is no source of type "postgre"
                      hint: did you mean `postgres`?
                    error: a.yaml:3: sink discard: unknown setting `a`
                      hint: see `rollcall describe discard`

                    """
            )
        }
    }

    @Test func ofSeveralFilesNoneRunsWhileOneIsBroken() async throws {
        let program = try program()
        _ = try program.write("id\n1\n", to: "a.csv")
        _ = try program.write(
            "name: a\nsource: { type: csv, path: a.csv, key: [id] }\nsink: { type: json_lines, path: a.jsonl }\n",
            to: "a.yaml"
        )
        _ = try program.write("name: b\nsource: { type: cvs }\nsink: { type: discard }\n", to: "b.yaml")
        let output = try await program.run(["run", "a.yaml", "b.yaml"])
        #expect(output.status == 78)
        #expect(output.standardError.contains("error: b.yaml:2: there is no source of type \"cvs\""))
        #expect(output.standardError.contains("none of the 2 pipelines was run"), "\(output.standardError)")
        #expect(!FileManager.default.fileExists(atPath: program.folder.appending(path: "a.jsonl").path))
    }

    @Test func aPositionThatIsNoneLeavesNothingBehind() async throws {
        try await Workbench.with(leads: 1) { bench in
            let output = try await bench.program.run(["checkpoint", "set", "nope", "x"])
            #expect(output.status == 78)
            #expect(output.standardError.contains("is no JSON object"), "\(output.standardError)")
            #expect(try await bench.program.run(["checkpoint", "show", "nope"]).status == 1)
        }
    }

    @Test func wrongUsageIsExit2() async throws {
        let program = try program()
        for arguments in [
            ["run"], ["rnu", "a.yaml"], ["run", "a.yaml", "--fast"], ["describe", "postgre"], ["runs", "-n", "0"],
        ] {
            let output = try await program.run(arguments)
            #expect(output.status == 2, "\(arguments)")
            #expect(output.standardOutput.isEmpty)
            #expect(!output.standardError.isEmpty)
        }
    }

    @Test func helpAndVersionAreResults() async throws {
        let program = try program()
        for arguments in [["--help"], ["--version"], ["run", "--help"], ["describe"], ["describe", "pipeline"]] {
            let output = try await program.run(arguments)
            #expect(output.status == 0)
            #expect(!output.standardOutput.isEmpty)
            #expect(output.standardError.isEmpty)
        }
    }

    @Test func everyComponentIsDescribedWithAllItsSettings() async throws {
        let program = try program()
        let page = try await program.run(["describe", "postgres"]).standardOutput
        for setting in ["url", "table", "query", "key", "cursor", "ordered"] {
            #expect(page.contains("\n  \(setting) ("), "\(setting)")
        }
    }

    @Test func theSchemaIsJSONAndKnowsEveryComponent() async throws {
        let schema = try await program().run(["schema"]).json()
        #expect(schema["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
        let properties = try #require(schema["properties"] as? [String: Any])
        let sections: Set = [
            "name", "description", "schedule", "source", "sources", "source_column", "transforms", "sink",
        ]
        let rules: Set = ["sweep", "on_missing", "max_removed", "max_rejects", "max_attempts", "keep_payload", "tests"]
        #expect(Set(properties.keys) == sections.union(rules))
        #expect(schema["additionalProperties"] as? Bool == false)
        let alternatives = try #require(schema["oneOf"] as? [[String: [String]]])
        #expect(alternatives == [["required": ["source"]], ["required": ["sources"]]])
    }

    @Test func aChoiceOfNullMayStandInQuotesOrNot() async throws {
        let program = try program()
        func choices(_ schema: Any) -> [[Any]] {
            if let object = schema as? [String: Any] {
                return (object["enum"] as? [Any]).map { [$0] } ?? object.values.flatMap(choices)
            }
            return (schema as? [Any] ?? []).flatMap(choices)
        }
        let nullable = choices(try await program.run(["schema"]).json()).filter { $0.contains { $0 is NSNull } }
        #expect(nullable.count > 3)
        for choices in nullable { #expect(choices.contains { $0 as? String == "null" }, "\(choices)") }
        for word in ["null", "'null'"] {
            _ = try program.write(
                """
                name: x
                source: { type: csv, path: a.csv, key: [id] }
                transforms: [{ type: phone, column: phone, on_invalid: \(word) }]
                sink: { type: discard }

                """,
                to: "a.yaml"
            )
            #expect(try await program.run(["validate", "a.yaml"]).status == 0)
        }
    }

    @Test func aPortThatIsTakenIsToldWithTheWayOut() async throws {
        let program = try program()
        let first = try program.start(["simulator", "--port", "0"])
        while first.isRunning, !first.outputSoFar().contains("Ctrl-C") {}
        let port = try #require(first.outputSoFar().firstMatch(of: /127\.0\.0\.1:(\d+)/)).1
        let second = try await program.run(["simulator", "--port", String(port)])
        #expect(second.status == 1)
        #expect(
            second.standardError == """
                error: simulator: cannot listen on 127.0.0.1 port \(port): another process listens there, perhaps another simulator
                  hint: choose another port with --port, where 0 takes any that is free; or end what listens there

                """
        )
        first.send(SIGTERM)
        _ = try await first.output()
    }

    @Test func aDatabaseThatCannotBeReachedIsToldWithoutItsPassword() async throws {
        var program = try program()
        program.environment["ROLLCALL_DATABASE_URL"] = "postgres://me:sesame@127.0.0.1:1/state"
        _ = try await program.run(["init", "a.yaml"])
        for command in [["run", "a.yaml"], ["status"]] {
            let output = try await program.run(command)
            #expect([1, 5].contains(output.status))
            #expect(output.standardError.contains("ROLLCALL_DATABASE_URL"), "\(output.standardError)")
            #expect(!output.standardError.contains("sesame"))
        }
    }
}

@Suite struct PreflightTests {
    @Test(arguments: [
        (["table: crm.leads": "table: crm.laeds"], "relation \"crm.laeds\" does not exist"),
        (["key: [id]": "key: [lead_id]"], "`key` names no column of the source: \"lead_id\""),
        (["cursor: updated_at": "cursor: changed_at"], "`cursor` names no column of the source: \"changed_at\""),
        (["status <> 'closed'": "state <> 'closed'"], "no such column: state"),
        (["Phone: phone": "Phone: fone"], "names no column: \"fone\""),
        (["table: crm.leads": "query: SELECT * FROM crm.leads WHERE"], "syntax error"),
    ])
    func whatIsWrongWithTheSourceIsToldBeforeTheFirstRow(_ change: [String: String], _ message: String) async throws {
        try await Workbench.with(leads: 10) { bench in
            let output = try await bench.program.run(["run", try bench.pipeline(replacing: change)])
            #expect([5, 78].contains(output.status), "\(output.standardError)")
            #expect(output.standardError.contains(message), "\(output.standardError)")
            #expect(output.standardError.contains("crm-leads.yaml:"), "\(output.standardError)")
            #expect(try await bench.statistic("contact_posts") == 0)
        }
    }

    @Test func aMissingPermissionIsNamed() async throws {
        try await Workbench.with(leads: 10, simulator: ["--permission", "outbound:contactList:view"]) { bench in
            let output = try await bench.program.run(["run", try bench.pipeline()])
            #expect(output.status == 5)
            #expect(output.standardError.contains("outbound:contactList:add"), "\(output.standardError)")
        }
    }

    @Test func aMissingPermissionToAddContactsIsNamed() async throws {
        let permissions = ["outbound:contactList:view", "outbound:contactList:add"].flatMap { ["--permission", $0] }
        try await Workbench.with(leads: 10, simulator: permissions) { bench in
            let output = try await bench.program.run(["run", try bench.pipeline()])
            #expect(output.status == 5)
            #expect(output.standardError.contains("outbound:contact:add"), "\(output.standardError)")
        }
    }

    @Test func aWrongSecretIsTold() async throws {
        try await Workbench.with(leads: 10) { bench in
            var program = bench.program
            program.environment["GENESYSCLOUD_OAUTHCLIENT_SECRET"] = "open-sesame"
            let output = try await program.run(["run", try bench.pipeline()])
            #expect(output.status == 5)
            #expect(output.standardError.contains("GENESYSCLOUD_OAUTHCLIENT_SECRET"), "\(output.standardError)")
            #expect(!output.standardError.contains("open-sesame"))
        }
    }

    @Test func aListWithOtherColumnsIsRefusedWithTheirNames() async throws {
        try await Workbench.with(leads: 10) { bench in
            _ = try await bench.run(try bench.pipeline())
            let posts = try await bench.statistic("contact_posts")
            let file = try bench.pipeline(replacing: ["ZipCode: zip": "Zip: zip"])
            let output = try await bench.program.run(["run", file])
            #expect(output.status == 5)
            #expect(
                output.standardError.contains("the list lacks \"Zip\"; the list also has \"ZipCode\""),
                "\(output.standardError)"
            )
            #expect(try await bench.statistic("contact_posts") == posts)
        }
    }

    @Test func aMisspeltPositionDoesNotBeginAtTheBeginning() async throws {
        try await Workbench.with(leads: 10) { bench in
            let file = try bench.pipeline()
            _ = try await bench.run(file)
            for (position, message) in [
                (#"{"form":"2026-01-31"}"#, "no meaning for a postgres source: form"),
                ("{}", "neither `from` nor `after`"),
            ] {
                _ = try await bench.program.run(["checkpoint", "set", "crm-leads", position])
                let output = try await bench.program.run(["run", file])
                #expect(output.status == 78)
                #expect(output.standardError.contains(message), "\(output.standardError)")
            }
            _ = try await bench.program.run(["checkpoint", "set", "crm-leads", #"{"from":"2020-01-31"}"#])
            #expect(try await bench.run(file)["delivered"] == 0)
        }
    }

    @Test func resettingAMisspeltPipelineChangesNothing() async throws {
        try await Workbench.with(leads: 10) { bench in
            _ = try await bench.run(try bench.pipeline())
            let output = try await bench.program.run(["checkpoint", "reset", "crm-lead"])
            #expect(output.status == 1)
            #expect(output.standardOutput.isEmpty)
            #expect(output.standardError.contains("known are crm-leads"), "\(output.standardError)")
            let status = try await bench.program.run(["status"])
            #expect(status.standardOutput.split(separator: "\n").count == 2, "\(status.standardOutput)")
            #expect(status.standardError.hasPrefix("state is kept in the database "), "\(status.standardError)")
            let forgotten = try await bench.program.run(["checkpoint", "reset", "--forget", "crm-leads"])
            #expect(forgotten.status == 0)
            #expect(forgotten.standardError.contains("can still be called"), "\(forgotten.standardError)")
        }
    }

    @Test func aFailedRunIsToldAsJSONToo() async throws {
        try await Workbench.with(leads: 10) { bench in
            let file = try bench.pipeline(replacing: ["table: crm.leads": "table: crm.laeds"])
            let output = try await bench.program.run(["run", "--json", file])
            let result = try output.json()
            #expect(result["state"] as? String == "failed")
            #expect(result["exit_code"] as? Int == 5)
            #expect((result["errors"] as? [String])?.first?.contains("crm.laeds") == true)
        }
    }

    @Test func aListThatIsGoneIsToldWithTheWayOut() async throws {
        try await Workbench.with(leads: 10) { bench in
            let file = try bench.pipeline()
            let before = try await bench.program.run(["reconcile", file])
            #expect(before.standardError.contains("`rollcall run` makes the list"), "\(before.standardError)")
            _ = try await bench.run(file)
            let renamed = try bench.pipeline(replacing: ["list: crm-leads": "list: other"])
            let after = try await bench.program.run(["reconcile", renamed])
            #expect(after.status == 5)
            #expect(after.standardError.contains("`rollcall checkpoint reset`"), "\(after.standardError)")
        }
    }

    /// Cron hears of it although the run itself had nothing to do.
    @Test func rowsThatAreGivenUpAreToldByEveryRun() async throws {
        try await Workbench.with(leads: 10) { bench in
            let file = try bench.pipeline(replacing: Workbench.everyone, top: ["max_attempts: 1"])
            try await bench.setBehaviour(#"{"poisons":[{"column":"LeadId","value":"3","code":"invalid.contact.id"}]}"#)
            _ = try await bench.run(file)
            for _ in 0..<2 {
                let output = try await bench.program.run(["run", "--json", "--quiet", file])
                #expect(try output.json()["open_rejects"] as? Int == 1)
                #expect(output.standardError.contains("rollcall rejects list crm-leads"), "\(output.standardError)")
            }
        }
    }

    /// And the others run all the same.
    @Test func anErrorOfOneOfSeveralPipelinesNamesIt() async throws {
        try await Workbench.with(leads: 1) { bench in
            _ = try bench.program.write("id\n\"1\"x\n", to: "bad.csv")
            _ = try bench.program.write("id\n1\n", to: "good.csv")
            let files = try ["bad", "good"].map { name in
                try bench.program.write(
                    """
                    name: \(name)
                    source: { type: csv, path: \(name).csv, key: [id] }
                    sink: { type: json_lines, path: \(name).jsonl }

                    """,
                    to: "\(name).yaml"
                )
            }
            let output = try await bench.program.run(["run"] + files)
            #expect(output.status == 3)
            #expect(output.standardError.contains("error: bad: not one of 1 rows"), "\(output.standardError)")
            #expect(output.standardOutput.contains("good: done"), "\(output.standardOutput)")
        }
    }

    @Test func whatACursorCannotPromiseIsToldToTheQuietToo() async throws {
        try await Workbench.with(leads: 10) { bench in
            let file = try bench.pipeline(replacing: ["cursor: updated_at": "cursor: id"])
            let output = try await bench.program.run(["run", "--quiet", file])
            #expect(output.standardError.contains("warning: the cursor \"id\" is no time"), "\(output.standardError)")
        }
    }
}

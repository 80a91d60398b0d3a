import BuiltIns
import RollcallCore
import RollcallEngine
import Testing

@Suite struct PipelineCaseTests {
    private let top = """
        name: cases
        source: { type: postgres, url: "${NOBODY_SETS_THIS}", table: crm.leads, key: [id] }
        transforms:
          - type: filter
            where: score >= 5
          - type: derive
            columns: { twice: "abs(CASE score WHEN 9 THEN -9223372036854775807 - 1 ELSE score END)", born: "day >= '2000-01-01'" }
          - type: select
            columns: { LeadId: id, Twice: twice, Born: born, Name: name }
        sink: { type: discard }
        tests:

        """

    private func differences(_ tests: String) async throws -> [[String]] {
        let loader = PipelineLoader(plugins: .builtIn, environment: [:], fillsIn: true)
        return try await loader.load(top + tests, file: "p.yaml").runCases().map(\.differences)
    }

    @Test func aCaseWhoseRowsComeOutAsExpectedHasNoDifferences() async throws {
        let cases = """
              - name: numbers are compared as numbers, days as days, and what is left out is NULL
                input:
                  - { id: 1, score: 10, day: 1999-12-31, name: Ng }
                  - { id: 2, score: 4.5 }
                  - { id: 3, score: 9 }
                  - { id: 4, score: 7, day: 2000-01-01 }
                output: [{ LeadId: 1, Twice: 10, Born: 0, Name: Ng }, { LeadId: 4, Born: 1, Name: null }]
                invalid: [{ key: 3, code: expression_failed, reason: integer overflow }]
                filtered: 1
              - name: what is not said may be anything
                input: [{ id: 5, score: 1 }]
                filtered: 1
            """
        #expect(try await differences(cases) == [[], []])
    }

    /// What a person takes for a row of the source, the line, and what is said.
    @Test(
        arguments: [
            ("{ id: 1, consent: yes }", "\"consent\" is boolean, and this is none", "true or false"),
            ("{ id: 1.5 }", "\"id\" is integer, and this is none", "42"),
            ("{ id: 1, born: 31/01/2000 }", "\"born\" is date, and this is none", "2026-01-31"),
            ("{ id: 1, tags: [}", "no valid YAML", ""),
            ("{ id: 1, tags: \"[1,\" }", "\"tags\" is json, and this is none", ""),
            ("{ id: 1, consnt: true }", "the source has no column \"consnt\"", "did you mean `consent`?"),
        ] as [(String, String, String)]
    )
    func aRowThatTheSourceCouldNotHandOverIsAMistake(_ row: String, _ what: String, _ hint: String) throws {
        let text = """
            name: cases
            source:
              type: csv
              path: leads.csv
              key: [id]
              columns: { id: integer, consent: boolean, born: date, tags: json }
            sink: { type: discard }
            tests:
              - name: a row
                input:
                  - \(row)
                filtered: 1
            """
        let loader = PipelineLoader(plugins: .builtIn, environment: [:], fillsIn: true)
        let error = try #require(throws: RollcallError.self) { try loader.load(text, file: "p.yaml") }
        #expect(error.problems.count == 1)
        #expect(error.description.hasPrefix("p.yaml:11: "), "\(error)")
        #expect(error.description.contains(what), "\(error)")
        #expect(error.description.contains(hint), "\(error)")
    }

    @Test(arguments: [
        ("output: []", ["1 of the rows come through, not 0"]),
        ("output: [{ LeadId: 1 }, { LeadId: 2 }]", ["1 of the rows come through, not 2"]),
        ("output: [{ Name: ng }]", [#"output row 1: Name is "Ng", not "ng""#]),
        ("output: [{ Name: null }]", [#"output row 1: Name is "Ng", not NULL"#]),
        (
            "output: [{ Names: Ng }]",
            [#"output row 1: there is no column "Names"; there are LeadId, Twice, Born, Name"#]
        ),
        ("filtered: 2", ["1 of the rows are left out, not 2"]),
        ("invalid: []", ["invalid are 3 (expression_failed: integer overflow), not none"]),
        ("invalid: [{ key: 4 }]", ["invalid are 3 (expression_failed: integer overflow), not 4"]),
        ("invalid: [{ key: 3, code: other }]", ["row 3 has the code expression_failed, not other"]),
        (
            "invalid: [{ key: [3], reason: other }]", [#"row 3 has the reason "integer overflow", not "other""#]
        ),
    ])
    func aDifferenceIsToldInWords(expectation: String, words: [String]) async throws {
        let found = try await differences(
            """
              - name: a
                input: [{ id: 1, score: 8, day: 1999-12-31, name: Ng }, { id: 2, score: 4 }, { id: 3, score: 9 }]
                \(expectation)
            """
        )
        // Without `invalid`, no row may be refused.
        let besides =
            expectation.hasPrefix("invalid") ? [] : ["invalid are 3 (expression_failed: integer overflow), not none"]
        #expect(found == [words + besides])
    }

    /// A row that is lost is no row that is left out.
    @Test(arguments: ["output: []", "filtered: 0"])
    func aCaseThatSaysNothingOfRefusedRowsExpectsNone(_ expectation: String) async throws {
        let refused = "  - name: a\n    input: [{ id: 3, score: 9, day: 1999-12-31, name: Ng }]\n    \(expectation)"
        #expect(try await differences(refused) == [["invalid are 3 (expression_failed: integer overflow), not none"]])
        #expect(try await differences(refused + "\n    invalid: [{ key: 3 }]") == [[]])
    }

    @Test(arguments: [
        ("  - name: a\n    input: []\n    filtered: 0", "p.yaml:13: test: `input` must have a row"),
        ("  - name: a\n    input: [{ id: 1 }]", "p.yaml:12: the case says nothing of what is to come out"),
        (
            "  - name: a\n    input: [{ id: [1] }]\n    filtered: 0",
            "p.yaml:13: test: `input` : `id` must be text, got a list"
        ),
        ("  - name: a\n    inputs: [{ id: 1 }]\n    filtered: 0", "unknown setting `inputs`"),
        ("  - name: a\n    input: [{ id: 1 }]\n    invalid: [{ row: 1 }]", "`key` is missing"),
    ])
    func aBrokenCaseIsRefusedWithItsLine(tests: String, message: String) async throws {
        let error = await #expect(throws: RollcallError.self) { _ = try await differences(tests) }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
        #expect(error?.disposition == .configuration)
    }

    @Test func aColumnThatNoCaseNamesIsMissedWithItsPlaceInTheFile() async throws {
        let error = await #expect(throws: RollcallError.self) {
            _ = try await differences("  - name: a\n    input: [{ id: 1, score: 1, name: x }]\n    filtered: 1")
        }
        #expect(error?.description.contains("no such column: day") == true, "\(error?.description ?? "")")
    }

    @Test func aStepThatMustSeeAllRowsSeesThoseOfTheCase() async throws {
        let text = """
            name: cases
            source: { type: postgres, url: "${NOBODY_SETS_THIS}", table: crm.leads, key: [id] }
            transforms:
              - { type: dedupe, columns: [phone], keep: largest, by: score }
            sink: { type: discard }
            tests:
              - name: of one phone the best lead is called
                input: [{ id: 1, phone: x, score: 9 }, { id: 2, phone: x, score: 10 }, { id: 3, phone: y, score: 1 }]
                output: [{ id: 2 }, { id: 3 }]
                filtered: 1
            """
        let loader = PipelineLoader(plugins: .builtIn, environment: [:], fillsIn: true)
        #expect(try await loader.load(text, file: "p.yaml").runCases().map(\.differences) == [[]])
    }

    // MARK: - Values as the source hands them over

    private func differences(of source: String, where condition: String, _ cases: String) async throws -> [[String]] {
        let text = """
            name: cases
            \(source)
            transforms: [{ type: filter, where: "\(condition)" }]
            sink: { type: discard }
            tests:
            \(cases)
            """
        let loader = PipelineLoader(plugins: .builtIn, environment: [:], fillsIn: true)
        return try await loader.load(text, file: "p.yaml").runCases().map(\.differences)
    }

    /// The text `true` is not what is true, and the text 9 is more than the text 10.
    @Test func whatAFileDoesNotDeclareIsText() async throws {
        let source = "source: { type: csv, path: a.csv, key: [id]"
        let test = "  - { name: a, input: [{ id: 1, opted_out: true }], output: [], filtered: 1 }"
        let error = await #expect(throws: RollcallError.self) {
            try await differences(of: "\(source) }", where: "NOT opted_out", test)
        }
        #expect(error?.description.contains("opted_out is text, and no condition") == true)
        let declared = "\(source), columns: { id: integer, opted_out: boolean } }"
        #expect(try await differences(of: declared, where: "NOT opted_out", test) == [[]])
        let compared = "  - { name: a, input: [{ id: 9 }], output: [{ id: '9' }] }"
        #expect(try await differences(of: "\(source) }", where: "id > '10'", compared) == [[]])
    }

    @Test(
        arguments: [
            ("csv", "", "''", "''"), ("csv", ", null_values: ['']", "null", "null"),
            ("csv", ", null_values: [none]", "''", "null"),
            ("csv", ", columns: { id: integer, a: text }", "''", "''"),
            ("csv", ", null_values: [''], columns: { id: integer, a: { default: none } }", "none", "none"),
            ("csv", ", columns: { id: integer, a: { type: integer, default: 7 } }", "7", "7"),
            ("csv", ", columns: { id: integer, a: integer }", "null", "null"),
            ("json", ", columns: { id: integer, a: text }", "null", "null"),
            ("json", ", columns: { id: integer, a: { default: none } }", "none", "none"),
        ] as [(String, String, String, String)]
    )
    func aValueThatIsMissingIsWhatTheSourceMakesOfIt(
        _ type: String,
        _ settings: String,
        _ leftOut: String,
        _ null: String
    ) async throws {
        let source = "source: { type: \(type), path: a.csv, key: [id]\(settings) }"
        let test =
            "  - { name: a, input: [{ id: 1 }, { id: 2, a: null }], output: [{ a: \(leftOut) }, { a: \(null) }] }"
        #expect(try await differences(of: source, where: "id IS NOT NULL", test) == [[]])
    }

    @Test func eachSourceOfAListHasDefaultsOfItsOwn() async throws {
        let source = """
            source_column: origin
            sources:
              - { name: crm, type: json, path: a.json, key: [id], columns: { id: integer, a: { default: x } } }
              - { name: 2024, type: csv, path: b.csv, key: [id], columns: { id: integer, a: text } }
            """
        let test =
            "  - { name: a, input: [{ origin: crm, id: 1 }, { origin: 2024, id: 2, a: null }], output: [{ a: x }, { a: '' }] }"
        #expect(try await differences(of: source, where: "origin IN ('crm', '2024')", test) == [[]])
        for (row, what, hint) in [
            ("{ id: 1 }", "the row lacks \"origin\", the name of its source", "one of: crm, 2024"),
            ("{ id: 1, origin: cmr }", "\"origin\" is the name of no source", "did you mean `crm`?"),
            ("{ id: 1, origin: null }", "\"origin\" is the name of no source", "one of: crm, 2024"),
        ] {
            let error = await #expect(throws: RollcallError.self) {
                try await differences(
                    of: source,
                    where: "a IS NOT NULL",
                    "  - { name: a, filtered: 0, input: [\(row)] }"
                )
            }
            #expect(error?.problems.count == 1, "\(row)")
            #expect(error?.description.hasPrefix("p.yaml:9: test: \(what)") == true, "\(error?.description ?? "")")
            #expect(error?.description.contains(hint) == true, "\(error?.description ?? "")")
        }
    }

    // MARK: - Tables

    private func lookupDifferences(_ tests: String, steps: Int = 1) async throws -> [[String]] {
        let step = """
              - type: lookup
                from: { type: postgres, url: "${NOBODY_SETS_THIS}", table: crm.consents, key: [person_id] }
                on: [id]
            """
        let text = """
            name: cases
            source: { type: csv, path: "x.csv", key: [id] }
            transforms:
            \((0..<steps).map { "\(step)\n    columns: { c\($0): consented }" }.joined(separator: "\n"))
              - { type: filter, where: c0 }
            sink: { type: discard }
            tests:

            """
        let loader = PipelineLoader(plugins: .builtIn, environment: [:], fillsIn: true)
        return try await loader.load(text + tests, file: "p.yaml").runCases().map(\.differences)
    }

    @Test func aCaseGivesTheRowsOfTheTableThatAStepReads() async throws {
        let cases = """
              - name: consent counts as what the table says
                input: [{ id: 1 }, { id: 2 }, { id: 3 }]
                tables: [{ person_id: 1, consented: true }, { person_id: 2, consented: false }]
                output: [{ id: 1, c0: true }]
                filtered: 2
              - name: nobody is in an empty table
                input: [{ id: 1 }]
                tables: []
                filtered: 1
            """
        #expect(try await lookupDifferences(cases) == [[], []])
    }

    @Test func aCaseGivesAListOfRowsForEachOfSeveralTables() async throws {
        let case1 = """
              - name: each step has a table of its own
                input: [{ id: 1 }]
                tables: [[{ person_id: 1, consented: true }], [{ person_id: 1, consented: false }]]
                output: [{ c0: true, c1: false }]
            """
        #expect(try await lookupDifferences(case1, steps: 2) == [[]])
    }

    @Test func aCaseWithoutTheRowsOfATableIsAMistake() async throws {
        let error = await #expect(throws: RollcallError.self) {
            try await lookupDifferences("  - name: a\n    input: [{ id: 1 }]\n    filtered: 1")
        }
        #expect(error?.description.hasPrefix("p.yaml:11: the case gives rows for 0 tables, and 1 of the steps") == true)
    }

    @Test func aTableOfACaseThatIsNotAsTheStepNeedsItIsAMistake() async throws {
        let error = await #expect(throws: RollcallError.self) {
            let rows = "[{ person_id: 1, consented: true }, { person_id: 1, consented: false }]"
            return try await lookupDifferences("  - { name: a, input: [{ id: 1 }], tables: \(rows), filtered: 1 }")
        }
        #expect(
            error?.description.contains("transform lookup: rows 1 and 2 of the table") == true,
            "\(error?.description ?? "")"
        )
    }

    @Test func aChangeOfTheCasesIsNoChangeOfThePipeline() throws {
        let loader = PipelineLoader(plugins: .builtIn, environment: [:], fillsIn: true)
        let one = try loader.load(top + "  - { name: a, input: [{ id: 1 }], filtered: 0 }", file: "p.yaml")
        let other = try loader.load(top + "  - { name: b, input: [{ id: 2 }], filtered: 1 }", file: "p.yaml")
        #expect(one.fingerprint == other.fingerprint)
    }
}

import RollcallCore
import RollcallTestSupport
import RollcallTransforms
import Testing

@Suite struct TransformTests {
    private let columns: [Schema.Column] = [
        .init("id", .integer), .init("first_name"), .init("phone"), .init("score", .decimal),
    ]
    private let rows: [[String?]] = [
        ["1", "Ada", "+30210", "7.5"], ["2", nil, "+4420", "3.25"], ["3", "Γιώργος", nil, nil],
    ]

    private func transformed<Step: Transform>(_ type: Step.Type, _ settings: ConfigurationNode) throws -> Transformed {
        let batch = try Batch.of(columns, rows)
        let transform = try Step(Step.spec.settings(from: settings))
        return try transform.open(batch.schema).apply(batch)
    }

    private func error<Step: Transform>(_ type: Step.Type, _ settings: ConfigurationNode) -> String {
        do {
            _ = try Step(Step.spec.settings(from: settings)).outputSchema(for: Schema(columns))
            return ""
        } catch {
            return "\(error)"
        }
    }

    /// With only the columns that a step asks for, what is looked at behind it is as with all.
    @Test(
        arguments: [
            ([Drop.self], ["columns": ["score"]], ["id", "phone"], ["id", "phone", "score"]),
            (
                [Rename.self], ["columns": ["phone": "first_name", "first_name": "phone"]], ["phone"],
                ["first_name", "phone"]
            ),
            ([Rename.self], ["columns": ["LeadId": "id"]], ["phone"], ["id", "phone"]),
            ([Select.self], ["columns": ["Phone": "phone"]], ["Phone"], ["phone"]),
            ([Filter.self], ["where": "score > 5 OR \"First_Name\" = 'x'"], ["id"], ["first_name", "id", "score"]),
            (
                [Derive.self], ["columns": ["greeting": "'Hello ' || first_name", "none": "1"]], ["greeting"],
                ["first_name"]
            ),
            ([Derive.self], ["columns": ["phone": "'+' || id"]], ["phone", "score"], ["id", "phone", "score"]),
        ] as [([any Transform.Type], ConfigurationNode, Set<String>, Set<String>)]
    )
    func aStepKnowsWhichColumnsItNeeds(
        step: [any Transform.Type],
        settings: ConfigurationNode,
        output: Set<String>,
        needed: Set<String>
    ) throws {
        let batch = try Batch.of(columns, rows)
        let step = try #require(step.first)
        let transform = try step.init(step.spec.settings(from: settings))
        #expect(try transform.columns(of: batch.schema, neededFor: output) == needed)
        let kept = batch.schema.names.indices.filter { needed.contains(batch.schema.names[$0]) }
        let fewer = try Batch.of(kept.map { columns[$0] }, rows.map { row in kept.map { row[$0] } })
        let (all, some) = (
            try transform.open(batch.schema).apply(batch), try transform.open(fewer.schema).apply(fewer)
        )
        #expect(values(of: output, in: some.batch) == values(of: output, in: all.batch))
        #expect(some.filtered == all.filtered)
    }

    /// In the order in which the columns stand.
    private func values(of names: Set<String>, in batch: Batch) -> [[String?]] {
        let chosen = batch.schema.names.indices.filter { names.contains(batch.schema.names[$0]) }
        return batch.rows.map { row in chosen.map { row[$0] } }
    }

    @Test func aFilterKeepsRowsAndCountsTheOthers() throws {
        let result = try transformed(Filter.self, ["where": "score > 5 OR first_name = 'Γιώργος'"])
        #expect(result.batch.rows.map { $0[0] } == ["1", "3"])
        #expect(result.filtered == 1)
        #expect(result.invalid.isEmpty)
    }

    @Test func derivedColumnsAreAddedAtTheEndAndExistingOnesReplacedInPlace() throws {
        let result = try transformed(
            Derive.self,
            ["columns": ["greeting": "'Hello ' || coalesce(first_name, 'you')", "first_name": "upper(first_name)"]]
        )
        #expect(result.batch.schema.names == ["id", "first_name", "phone", "score", "greeting"])
        #expect(
            result.batch.rows == [
                ["1", "ADA", "+30210", "7.5", "Hello Ada"],
                ["2", nil, "+4420", "3.25", "Hello you"],
                ["3", "ΓΙΏΡΓΟΣ", nil, nil, "Hello Γιώργος"],
            ]
        )
    }

    @Test func aRowThatCannotBeDerivedIsInvalidWithItsReason() throws {
        let result = try transformed(
            Derive.self,
            ["columns": ["x": "abs(CASE id WHEN 2 THEN -9223372036854775807 - 1 ELSE id END)"]]
        )
        #expect(result.batch.rows.map { $0[0] } == ["1", "3"])
        #expect(result.invalid == [RowFault(row: 1, code: "expression_failed", reason: "integer overflow")])
    }

    @Test func selectChoosesRenamesAndReorders() throws {
        let result = try transformed(Select.self, ["columns": ["Phone": "phone", "LeadId": "id", "Again": "id"]])
        #expect(result.batch.schema.columns == [.init("Phone"), .init("LeadId", .integer), .init("Again", .integer)])
        #expect(result.batch.rows == [["+30210", "1", "1"], ["+4420", "2", "2"], [nil, "3", "3"]])
    }

    @Test func selectTakesAListOfNamesToo() throws {
        #expect(try transformed(Select.self, ["columns": ["phone", "id"]]).batch.schema.names == ["phone", "id"])
    }

    @Test func renameKeepsPlaceAndTypeOfAllColumns() throws {
        let result = try transformed(Rename.self, ["columns": ["LeadId": "id", "Phone": "phone"]])
        #expect(result.batch.schema.names == ["LeadId", "first_name", "Phone", "score"])
        #expect(result.batch.rows == rows)
    }

    @Test func twoColumnsCanSwapTheirNames() throws {
        let result = try transformed(Rename.self, ["columns": ["phone": "first_name", "first_name": "phone"]])
        #expect(result.batch.schema.names == ["id", "phone", "first_name", "score"])
    }

    @Test func dropLeavesColumnsOut() throws {
        #expect(
            try transformed(Drop.self, ["columns": ["score", "id"]]).batch.schema.names == ["first_name", "phone"]
        )
    }

    @Test func whatNamesNoColumnIsRefusedWithTheNearestThatDoes() {
        #expect(
            error(Select.self, ["columns": ["Phone": "phne", "Name": "name"]]) == """
                test.yaml:1: transform select: `columns` names no column: "phne"
                  hint: did you mean `phone`?
                test.yaml:1: transform select: `columns` names no column: "name"
                  hint: the columns here are: id, first_name, phone, score
                """
        )
        #expect(error(Drop.self, ["columns": ["idd"]]).contains("did you mean `id`?"))
        #expect(error(Rename.self, ["columns": ["x": "skore"]]).contains("did you mean `score`?"))
    }

    @Test func twoColumnsOfOneNameAreRefused() {
        #expect(error(Rename.self, ["columns": ["phone": "id"]]).contains("two columns are called \"phone\""))
        #expect(error(Select.self, ["columns": ["id", "id"]]).contains("two columns are called \"id\""))
        #expect(error(Rename.self, ["columns": ["a": "id", "b": "id"]]).contains("renames \"id\" twice"))
    }
}

import RollcallCore
import RollcallTestSupport
import Testing

@testable import RollcallEngine

/// Rows of which not all pass: next to each other, and batches apart.
private let rowsOfOneKey: [String] = [
    "1,a,true\n1,a,false\n", "1,a,false\n1,a,true\n", "1,a,true\n1,a,no!\n", "1,a,no!\n1,a,true\n",
    "1,a,true\n1,x,true\n", "1,x,true\n1,a,true\n", apart("1,a,true\n", "1,a,false\n"),
    apart("1,a,false\n", "1,a,true\n"),
    apart("1,x,true\n", "1,a,true\n"), apart("1,a,true\n", "1,x,true\n"), apart("1,a,no!\n", "1,a,true\n"),
    apart("1,a,true\n", "1,a,no!\n"),
]

private func apart(_ first: String, _ second: String) -> String {
    first + (2...3_000).map { "\($0),a,true\n" }.joined() + second
}

/// Rows of one source that have one key and say different things.
extension SourceListTests {
    /// In either order: the one would be called, the other not.
    @Test(arguments: rowsOfOneKey)
    func aKeyOfWhichOneRowIsFilteredOutOrRefusedEndsTheRun(_ rows: String) async throws {
        for isKnown in [false, true] { try await expectNoRun(over: rows, isKnown) }
    }

    /// `isKnown` says that who is in it was on the list before.
    private func expectNoRun(over rows: String, _ isKnown: Bool) async throws {
        let world = try await world("several-rows-\(isKnown)-\(rows.utf8.reduce(0) { $0 &* 31 &+ Int($1) })")
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
              - { type: require, where: "phone <> 'x'" }
              - { type: select, columns: { Id: id, Phone: phone } }
            sink: { type: list, world: \(world.name) }
            """
        )
        if isKnown {
            try folder.write(Array("id,phone,consent\n1,before,true\n".utf8), to: "crm.csv")
            try await world.run(pipeline)
        }
        try folder.write(Array("id,phone,consent\n\(rows)".utf8), to: "crm.csv")
        // A run that went on where the last one failed would see nothing wrong.
        for _ in 0..<3 {
            let error = await #expect(throws: RollcallError.self) { try await world.run(pipeline) }
            #expect(
                error?.description.contains("`key` does not tell rows apart: two rows have the id 1, ") == true,
                "\(String(describing: error))"
            )
        }
        await world.close()
    }
}

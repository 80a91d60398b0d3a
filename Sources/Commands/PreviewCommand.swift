internal import ArgumentParser
internal import RollcallCore
internal import RollcallEngine

struct PreviewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preview",
        abstract: "Show rows as they are after the transforms; nothing is sent or recorded.",
        discussion: "Reads the source from its beginning. Shows data of people: mind who looks on."
    )

    @Argument(help: "The pipeline file.", completion: .file(extensions: ["yaml", "yml"]))
    var file: String

    @Option(name: [.customShort("n"), .long], help: "How many rows to show.")
    var rows = 10

    @Flag(help: "Print the rows as JSON, one object a line.")
    var json = false

    func validate() throws {
        guard rows > 0 else { throw ValidationError("--rows must be at least 1") }
    }

    func run() async throws {
        let preview = try await Preview.read(try PipelineLoader.standard.load(file), rows: rows)
        if json {
            for row in preview.rows { print(jsonLine(preview.schema, row)) }
        } else {
            print(table(preview).text)
        }
        let balance = preview.balance
        Console.line(
            """
            read \(balance.read.grouped), filtered \(balance.filtered.grouped), invalid \(balance.invalid.grouped), \
            shown \(preview.rows.count.grouped); nothing was sent
            """
        )
        for (reason, count) in preview.reasons {
            Console.line("\(Console.yellow("invalid:")) \(count.grouped) × \(reason)")
        }
    }

    private func table(_ preview: Preview) -> Table {
        var table = Table(
            preview.schema.columns.map { ($0.name, [.integer, .decimal].contains($0.type) ? .right : .left) }
        )
        for row in preview.rows {
            table.add(row.map { $0.map(printable) ?? "NULL" })
        }
        return table
    }

    /// Keeps a value on its line: line breaks and other controls as escapes, the rest of a long text as `…`.
    private func printable(_ value: String) -> String {
        let text = value.unicodeScalars.map { scalar in
            scalar.properties.generalCategory == .control ? scalar.escaped(asASCII: true) : String(scalar)
        }
        .joined()
        return text.count > 40 ? text.prefix(39) + "…" : text
    }

    private func jsonLine(_ schema: Schema, _ row: [String?]) -> String {
        var line: [UInt8] = []
        line.appendJSONObject(schema) { row[$0] }
        return String(decoding: line, as: UTF8.self)
    }
}

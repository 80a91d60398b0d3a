internal import ArgumentParser
internal import RollcallCore
internal import RollcallEngine

struct PreviewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preview",
        abstract: "Show rows before and after the transforms; nothing is sent or recorded.",
        discussion: """
            Reads the source from its beginning, and of it only the columns that the pipeline uses. As JSON or CSV only the rows \
            after the transforms are shown. Shows data of people: mind who looks on.
            """
    )

    @Argument(help: "The pipeline file.", completion: .file(extensions: ["yaml", "yml"]))
    var file: String

    @Option(name: [.customShort("n"), .long], help: "How many rows to show.")
    var rows = 10

    @Option(help: "Show only `invalid` rows, as they were read, with the reason.")
    var only: Only?

    @Option(help: "How rows are shown: table, json (one object a line) or csv.")
    var format = PreviewFormat.table

    @Flag(help: "The same as --format json.")
    var json = false

    enum Only: String, ExpressibleByArgument, CaseIterable {
        case invalid
    }

    func validate() throws {
        guard rows > 0 else { throw ValidationError("--rows must be at least 1") }
    }

    func run() async throws {
        let pipeline = try PipelineLoader.standard.load(file)
        let preview = try await Preview.read(pipeline, rows: rows, only == nil ? .passing : .invalid)
        print(try PreviewText(preview, only: only, json ? .json : format).text(), terminator: "")
        let balance = preview.balance
        let shown = only == nil ? preview.rows.count : preview.refused.count
        Console.line(
            """
            read \(balance.read.grouped), filtered \(balance.filtered.grouped), invalid \(balance.invalid.grouped), \
            shown \(shown.grouped)\(preview.sawAllRows ? "" : "; more rows follow, which were not read"); nothing was sent
            """
        )
        for remark in preview.remarks { Console.warning(remark) }
        guard only == nil else { return }
        for (reason, count) in preview.reasons {
            Console.line("\(Console.yellow("invalid:")) \(count.grouped) × \(reason)")
        }
    }
}

/// How a preview is shown.
enum PreviewFormat: String, ExpressibleByArgument, CaseIterable {
    case table
    case json
    case csv
}

internal import ArgumentParser
internal import Foundation
internal import PostgresCheckpoints
internal import RollcallCore
internal import RollcallEngine

struct EraseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "erase",
        abstract: "Erase people from the contact list and from all that Rollcall keeps, and show that they are gone.",
        discussion: """
            Deletes the contact (needs outbound:contact:delete), writes the ledger anew without it, and deletes what was refused of \
            the row; then looks whether anything is left. Exit 0 where nothing is, 1 with what is left: Genesys keeps a contact \
            that a campaign uses, for instance. Holds the pipeline meanwhile (exit 75 while another process has it).

            The row in the CRM is not touched: as long as it is there and passes the transforms, a later run adds the contact \
            again. Backups and the database's own files keep what was deleted until they are rotated and vacuumed.
            """
    )

    @Argument(help: "The pipeline file.", completion: .file(extensions: ["yaml", "yml"]))
    var file: String

    @Option(
        help: ArgumentHelp(
            "The key of the row in the source; say it for each person.",
            discussion: "Several key columns: their values joined by `/`, as `rollcall rejects list` has them.",
            valueName: "key"
        )
    )
    var key: [String]

    @OptionGroup var state: StateOptions

    @Flag(help: "Print the result as JSON.")
    var json = false

    func validate() throws {
        guard !key.isEmpty, key.allSatisfy({ !$0.isEmpty }) else { throw ValidationError("--key must name a row") }
    }

    func run() async throws {
        let pipeline = try PipelineLoader.standard.load(file)
        let signals = SignalHandling()
        try await state.withStore { store in
            let erasure = Erasure(pipeline, store: store) { notice in
                guard notice.isWarning else { return }
                Console.warning(notice.message, of: pipeline.name)
            }
            let keys = key
            let report = try await signals.stop.interrupting { try await erasure.execute(keys: keys) }
            guard let report else { throw ExitStatus.stopped(by: signals.signal ?? SIGTERM) }
            print(try json ? JSONOutput.text(ErasureResult(pipeline.name, report)) : report.table.text)
            for person in report.people {
                for warning in person.warnings(pipeline) { Console.warning("\(person.key): \(warning)") }
            }
            if !report.isComplete { throw ExitStatus.failed }
        }
    }
}

extension ErasureReport {
    fileprivate var table: Table {
        var table = Table([
            ("KEY", .left), ("CONTACT", .left), ("LIST", .left), ("LEDGER", .left), ("REJECTS", .left),
            ("CHECKPOINT", .left), ("RESULT", .left),
        ])
        for person in people {
            table.add([
                person.key.onOneLine, person.ids.joined(separator: ", "),
                Self.word(person.wasAtDestination, person.isAtDestination),
                Self.word(person.wasInLedger, person.isInLedger), Self.word(person.wasRefused, person.isRefused),
                Self.word(person.isInCheckpoint, person.isInCheckpoint),
                !person.isGone
                    ? Console.red("remains") : person.wasKnown ? Console.green("gone") : Console.yellow("not known"),
            ])
        }
        return table
    }

    private static func word(_ was: Bool, _ isThere: Bool) -> String {
        isThere ? "still there" : was ? "erased" : "absent"
    }
}

extension ErasureReport.Person {
    fileprivate func warnings(_ pipeline: Pipeline) -> [String] {
        var warnings: [String] = []
        if isAtDestination {
            warnings.append(
                "Genesys has not let the contact go, as it does while a campaign uses it; stop that, and erase once more"
            )
        }
        if isInCheckpoint {
            warnings.append(
                """
                the checkpoint is the place behind this row: run the pipeline to its end, or begin anew with \
                `rollcall checkpoint reset \(pipeline.name)`, and erase once more
                """
            )
        }
        if returns {
            warnings.append(
                "the row is still in the source: unless it is deleted or filtered there, a later run adds the contact again"
            )
        }
        if isInSource == nil {
            warnings.append("the source cannot be asked whether it still has the row")
        }
        if !wasKnown, isInSource != true {
            warnings.append("nothing was known of this key, on the list or here; is it misspelt?")
        }
        return warnings
    }
}

/// What `erase --json` prints.
private struct ErasureResult: Encodable {
    struct Place: Encodable {
        let found: Bool
        let remains: Bool
    }

    struct Person: Encodable {
        let key: String
        let gone: Bool
        let contacts: [String]
        let list: Place
        let ledger: Place
        let rejects: Place
        let checkpoint: Place
        /// Nil where the source cannot be asked.
        let inSource: Bool?
        let returns: Bool
    }

    let pipeline: String
    let gone: Bool
    let erased: [Person]

    init(_ pipeline: String, _ report: ErasureReport) {
        self.pipeline = pipeline
        gone = report.isComplete
        erased = report.people.map { person in
            Person(
                key: person.key,
                gone: person.isGone,
                contacts: person.ids,
                list: Place(found: person.wasAtDestination, remains: person.isAtDestination),
                ledger: Place(found: person.wasInLedger, remains: person.isInLedger),
                rejects: Place(found: person.wasRefused, remains: person.isRefused),
                checkpoint: Place(found: person.isInCheckpoint, remains: person.isInCheckpoint),
                inSource: person.isInSource,
                returns: person.returns
            )
        }
    }
}

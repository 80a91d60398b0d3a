internal import ArgumentParser
internal import Foundation
internal import PostgresCheckpoints
internal import RollcallCore
internal import RollcallLedger

extension RejectsCommand {
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show all that is known of one row that did not reach the list.",
            discussion: """
                The row itself is shown where it was kept, decrypted with ROLLCALL_PAYLOAD_KEY or the file that \
                ROLLCALL_PAYLOAD_KEY_FILE names. Shows data of a person: mind who looks on.
                """
        )

        @Argument(help: "The pipeline's name: `name` in its file.")
        var pipeline: String

        @Argument(help: "The row's key, as `rejects list` has it.")
        var key: String

        @OptionGroup var state: StateOptions

        @Flag(help: "Print JSON.")
        var json = false

        func run() async throws {
            let found = try await state.withStore(of: pipeline) { store in
                try await store.reject(pipeline: pipeline, key: key)
            }
            guard let record = found else {
                throw RollcallError(
                    .fatal,
                    "no row of \(pipeline) with the key \(key) was refused",
                    hint: "see them with `rollcall rejects list \(pipeline) --all`"
                )
            }
            let row = KeptRow(of: record)
            guard !json else {
                return print(try JSONOutput.text(RejectDetails(record, row)))
            }
            print(Self.table(record).text)
            switch row {
            case .open(let text):
                print("\nrow\n\(try KeptRow.columns(text).map { "  \($0): \($1)" }.joined(separator: "\n"))")
            case .closed(let reason): print("\nrow: \(reason)")
            }
        }

        private static func table(_ record: RejectRecord) -> Table {
            var table = Table([("", .left), ("", .left)])
            for (name, value) in [
                ("key", record.reject.key), ("stage", record.reject.stage.rawValue), ("code", record.reject.code),
                ("reason", record.reject.reason), ("attempts", "\(record.attempts)"),
                ("first refused", record.first.formatted(.iso8601)),
                ("last refused", "\(record.last.formatted(.iso8601)) by run \(record.run)"),
                ("state", state(of: record)),
            ] {
                table.add([name, value.onOneLine])
            }
            return table
        }

        private static func state(of record: RejectRecord) -> String {
            if let reason = record.closed { return "closed: \(reason.rawValue)" }
            return record.isGivenUp ? "given up: tried again once it has changed, or by `rejects retry`" : "open"
        }
    }
}

/// A refused row, where it was kept and can be read.
enum KeptRow {
    /// A JSON object of its columns.
    case open(String)
    /// Not to be had, for this reason.
    case closed(String)

    init(of record: RejectRecord) {
        guard let payload = record.reject.payload else {
            self = .closed(
                record.closed == nil
                    ? "not kept: there was no ROLLCALL_PAYLOAD_KEY when it was refused, or `keep_payload` is false"
                    : "forgotten when the reject was closed"
            )
            return
        }
        do {
            guard let sealer = try PayloadKey.sealer() else {
                self = .closed("kept, but there is no ROLLCALL_PAYLOAD_KEY here to decrypt it")
                return
            }
            self = .open(try sealer.open(payload))
        } catch let error as RollcallError {
            self = .closed("kept, but \(error.problems.map(\.message).joined(separator: "; "))")
        } catch {
            self = .closed("kept, but it cannot be decrypted")
        }
    }

    /// The columns and their values, by name.
    static func columns(_ json: String) throws -> [(String, String)] {
        let values = try JSONDecoder().decode([String: String?].self, from: Data(json.utf8))
        return values.sorted { $0.key < $1.key }.map { ($0.key, $0.value ?? "NULL") }
    }
}

/// What `rejects show --json` prints.
private struct RejectDetails: Encodable {
    let reject: RejectResult
    let keyValues: [String]?
    let row: [String: String?]?
    /// Why there is no row.
    let rowMissing: String?

    init(_ record: RejectRecord, _ row: KeptRow) {
        reject = RejectResult(record)
        keyValues = record.reject.keyValues
        switch row {
        case .open(let text):
            self.row = try? JSONDecoder().decode([String: String?].self, from: Data(text.utf8))
            rowMissing = nil
        case .closed(let reason):
            self.row = nil
            rowMissing = reason
        }
    }
}

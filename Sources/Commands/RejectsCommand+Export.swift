internal import ArgumentParser
internal import Foundation
internal import PostgresCheckpoints
internal import RollcallCore
internal import RollcallLedger

extension RejectsCommand {
    struct Export: AsyncParsableCommand {
        /// How the rows are written.
        enum Format: String, CaseIterable, ExpressibleByArgument {
            /// A JSON object a line.
            case json
            /// RFC 4180, with a header.
            case csv
        }

        static let configuration = CommandConfiguration(
            abstract: "Write all open rejects, for another program.",
            discussion: """
                With --with-rows also the rows that were kept, decrypted with ROLLCALL_PAYLOAD_KEY or the file that \
                ROLLCALL_PAYLOAD_KEY_FILE names: data of people.
                """
        )

        @Argument(help: "The pipeline's name: `name` in its file.")
        var pipeline: String

        @Option(help: "json (an object a line) or csv.")
        var format = Format.json

        @Flag(help: "Decrypt the rows that were kept, and write them too.")
        var withRows = false

        @OptionGroup var state: StateOptions

        func run() async throws {
            let sealer = withRows ? try PayloadKey.sealer() : nil
            guard !withRows || sealer != nil else {
                throw RollcallError(
                    .configuration,
                    "there is no key to decrypt rows with",
                    hint: "set ROLLCALL_PAYLOAD_KEY or ROLLCALL_PAYLOAD_KEY_FILE to the one that the runs had"
                )
            }
            let records = try await state.withStore(of: pipeline) { store in
                try await store.rejects(pipeline: pipeline, limit: Int(Int32.max))
            }
            let names = ["key", "stage", "code", "reason", "run", "attempts", "given_up", "first", "last"]
            if format == .csv { print(csvLine(names + (withRows ? ["row"] : []))) }
            for record in records {
                let row = try record.reject.payload.flatMap { try sealer?.open($0) }
                switch format {
                case .json: print(try jsonLine(record, row))
                case .csv: print(csvLine(Self.fields(record) + (withRows ? [row ?? ""] : [])))
                }
            }
        }

        /// The row is JSON already, with its columns in their order.
        private func jsonLine(_ record: RejectRecord, _ row: String?) throws -> String {
            let line = try JSONOutput.line(RejectResult(record))
            return withRows ? line.dropLast() + ",\"row\":\(row ?? "null")}" : line
        }

        private static func fields(_ record: RejectRecord) -> [String] {
            [
                record.reject.key, record.reject.stage.rawValue, record.reject.code, record.reject.reason,
                "\(record.run)", "\(record.attempts)", "\(record.isGivenUp)", record.first.formatted(.iso8601),
                record.last.formatted(.iso8601),
            ]
        }

        private func csvLine(_ fields: [String]) -> String {
            fields.map { field in
                let scalars = field.unicodeScalars
                guard scalars.contains(where: { ["\"", ",", "\n", "\r"].contains($0) }) else { return field }
                // By scalars: with a mark that combines behind it, a quote is another character to Swift.
                return "\"\(scalars.map { $0 == "\"" ? "\"\"" : String($0) }.joined())\""
            }
            .joined(separator: ",") + "\r"
        }
    }
}

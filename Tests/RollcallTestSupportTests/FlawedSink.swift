import RollcallCore
import RollcallTestSupport
import Synchronization

/// A destination in memory that keeps every promise but the one that its setting names.
struct FlawedSink: Sink {
    private enum Setting {
        static let flaw = Field<String>("flaw", default: "none", doc: "The promise to break.")
    }

    static let spec = ComponentSpec(
        .sink,
        "flawed",
        summary: "Rows in memory.",
        fields: [Setting.flaw.spec],
        example: "sink: { type: flawed }"
    )

    static let removals: Set<Removal> = [.uncallable, .delete]

    /// What is at the destination.
    final class Table: Sendable {
        struct Row {
            var values: [String?]
            var isCallable = true
        }
        struct Content {
            var rows: [String: Row]?
            /// How often the destination was made.
            var number = 0
            var extra: [Row] = []
        }
        let content = Mutex(Content())
    }

    let flaw: String
    let table = Table()

    init(_ settings: Settings) throws { flaw = try settings[Setting.flaw] }

    static func sample(without promise: SinkPromise? = nil) -> SinkSample {
        let flaw = promise.map { "\($0)" } ?? "none"
        let type: any Sink.Type = promise == .isDescribed ? UndescribedSink.self : FlawedSink.self
        var sample = SinkSample(
            type,
            ["flaw": .init(stringLiteral: flaw)],
            columns: [.init("id"), .init("name")],
            rows: [["1", "Ada"], ["2", nil], ["3", "\"O'Neill\"\n"], ["4", ""], ["5", "Γιώργος"]]
        )
        sample.refused = [["6", "nobody of this name"]]
        sample.beginsAbsent = true
        return sample
    }

    func breaks(_ promise: SinkPromise) -> Bool { flaw == "\(promise)" }

    func check(_ schema: Schema?) throws {
        if schema == nil, breaks(.checksWithoutColumns) { throw RollcallError(.configuration, "which columns?") }
    }

    func faults(of batch: Batch) -> [RowFault] {
        batch.rows.enumerated().filter { $0.element[1]?.hasPrefix("nobody") ?? false }.map { row, values in
            RowFault(
                row: row,
                code: breaks(.explainsWhatItRefuses) ? "" : "nobody",
                reason: breaks(.tellsNoValues) ? "\(values[1] ?? "") is nobody" : "\"name\" is nobody's"
            )
        }
    }

    func refusals(of batch: Batch) -> [RowFault] { breaks(.refusesTheSameBeforehand) ? [] : faults(of: batch) }

    func inspect(_ schema: Schema, report: @escaping @Sendable (SinkNotice) -> Void) async throws {
        if breaks(.inspectsWithoutTouching) { table.content.withLock { $0.rows = [:] } }
    }

    func open(_ schema: Schema, context: SinkContext) async throws -> any SinkWriter {
        let isAbsent = table.content.withLock { $0.rows == nil }
        if isAbsent {
            let mayNot =
                context.isLooking && !breaks(.makesNothingWhenLooking)
                || context.isResuming && !breaks(.doesNotGoOnWithAnEmptyOne)
            if mayNot { throw RollcallError(.preflight, "the table is not there") }
        }
        context.report(SinkNotice("opened"))
        let renews = breaks(.isTheSameWhenOpenedAgain)
        let number = table.content.withLock { content in
            if isAbsent || renews {
                content.rows = [:]
                content.number += 1
            }
            return content.number
        }
        return FlawedWriter(sink: self, table: table, destination: "table \(number)")
    }
}

/// The same with a spec that tells nobody anything.
struct UndescribedSink: Sink {
    static let spec = ComponentSpec(.sink, "Flawed", summary: "", fields: FlawedSink.spec.fields, example: "")
    static let removals = FlawedSink.removals
    private let sink: FlawedSink

    init(_ settings: Settings) throws { sink = try FlawedSink(settings) }

    func check(_ schema: Schema?) throws { try sink.check(schema) }
    func refusals(of batch: Batch) -> [RowFault] { sink.refusals(of: batch) }

    func open(_ schema: Schema, context: SinkContext) async throws -> any SinkWriter {
        try await sink.open(schema, context: context)
    }
}

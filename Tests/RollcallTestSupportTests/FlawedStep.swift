import RollcallCore
import RollcallTestSupport
import Synchronization

/// A step that writes names in capitals and refuses rows without one, and keeps every promise but the one that its setting names.
struct FlawedStep: Transform {
    private enum Setting {
        static let flaw = Field<String>("flaw", default: "none", doc: "The promise to break.")
    }

    static let spec = ComponentSpec(
        .transform,
        "flawed",
        summary: "Capitals.",
        fields: [Setting.flaw.spec],
        example: "- type: flawed"
    )

    let flaw: String
    /// What steps share that should share nothing.
    let count = Count()

    final class Count: Sendable {
        let value = Mutex(0)
    }

    init(_ settings: Settings) throws { flaw = try settings[Setting.flaw] }

    static func sample(without promise: TransformPromise? = nil) -> TransformSample {
        let flaw = promise.map { "\($0)" } ?? "none"
        let type: any Transform.Type = promise == .isDescribed ? UndescribedStep.self : FlawedStep.self
        return TransformSample(
            type,
            ["flaw": .init(stringLiteral: flaw)],
            columns: [.init("id", .integer), .init("name"), .init("other")],
            rows: [["1", "ada", "x"], ["2", nil, "y"], ["3", "grace", nil]]
        )
    }

    func breaks(_ promise: TransformPromise) -> Bool { flaw == "\(promise)" }

    func outputSchema(for input: Schema?) throws -> Schema? {
        guard let input else { return breaks(.saysWhatItCanBeforeColumnsAreKnown) ? try Schema([.init("else")]) : nil }
        guard breaks(.givesTheColumnsItSaid) else { return input }
        return try Schema(input.columns.map { .init($0.name, .json) })
    }

    func columns(of input: Schema, neededFor output: Set<String>) -> Set<String> {
        breaks(.needsOnlyTheColumnsItSays) ? output : output.union(["name"])
    }

    func open(_ input: Schema) throws -> any TransformStep {
        guard let place = input.index(of: "name") else { throw RollcallError(.configuration, "there is no name") }
        return Step(self, place)
    }

    final class Step: TransformStep {
        let transform: FlawedStep
        let place: Int
        var count = 0

        init(_ transform: FlawedStep, _ place: Int) {
            self.transform = transform
            self.place = place
        }

        func apply(_ batch: Batch) throws -> Transformed {
            let names = (0..<batch.rowCount).map { batch.columns[place][$0] }
            if transform.breaks(.refusesRowsAndNotRuns), names.contains("") {
                throw RollcallError(.fatal, "a name is empty")
            }
            count += batch.rowCount
            transform.count.value.withLock { $0 += batch.rowCount }
            var result = try refusing(batch.replacing(columns(of: batch, names), schema: batch.schema), names)
            breakAfterwards(&result, batch)
            return result
        }

        private func columns(of batch: Batch, _ names: [String?]) throws -> [Column] {
            var builder = BatchBuilder(schema: try Schema([.init("name")]))
            for (row, name) in names.enumerated() {
                var text = name?.uppercased()
                if transform.breaks(.isTheSameInAnyBatches), row == batch.rowCount - 1 { text = "LAST" }
                if transform.breaks(.beginsAnewWhenOpened) { text = "\(transform.count.value.withLock(\.self))" }
                if transform.breaks(.saysWhenItNeedsAllRows) { text = "\(count - batch.rowCount + row)" }
                builder.append(text)
            }
            var columns = batch.columns
            columns[place] = builder.finish().columns[0]
            if transform.breaks(.fillsCellsAsTheirTypesSay) { columns[0] = columns[place] }
            return columns
        }

        private func refusing(_ batch: Batch, _ names: [String?]) throws -> Transformed {
            let kept = names.indices.filter { names[$0] != nil }
            let code = transform.breaks(.explainsWhatItRefuses) ? "" : "name_missing"
            let faults = names.indices.filter { names[$0] == nil }.map { row in
                let others = batch.columns.compactMap { $0[row] }.joined(separator: " ")
                return RowFault(
                    row: transform.breaks(.namesTheRowsItRefuses) ? row : batch.origin(of: row),
                    code: code,
                    reason: transform.breaks(.tellsNoValues) ? "no name beside \(others)" : "\"name\" is missing"
                )
            }
            return Transformed(batch.keeping(kept), invalid: faults)
        }

        private func breakAfterwards(_ result: inout Transformed, _ batch: Batch) {
            if transform.breaks(.accountsForEveryRow), batch.rowCount > 1 { result.filtered += 1 }
            if transform.breaks(.keepsThePosition) { result.batch.position = nil }
            if transform.breaks(.takesABatchOfNone), batch.rowCount == 0 { result.filtered = 1 }
            if transform.breaks(.keepsRowsAndTheirOrder) {
                result.batch = result.batch.keeping((0..<result.batch.rowCount).reversed())
            }
        }
    }
}

/// The same with a spec that tells nobody anything.
struct UndescribedStep: Transform {
    static let spec = ComponentSpec(.transform, "Flawed", summary: "", fields: FlawedStep.spec.fields, example: "")
    private let step: FlawedStep

    init(_ settings: Settings) throws { step = try FlawedStep(settings) }

    func outputSchema(for input: Schema?) throws -> Schema? { try step.outputSchema(for: input) }
    func open(_ input: Schema) throws -> any TransformStep { try step.open(input) }
}

public import RollcallCore

/// Cuts a column into several.
public struct Split: Transform {
    private enum Setting {
        static let column = Field<Located<String>>(
            "column",
            example: "full_name",
            doc: "The column to cut. It stays; a `drop` step takes it away."
        )
        static let separator = Field<String>(
            "separator",
            example: "\", \"",
            doc: "What stands between the parts, blanks included; it is taken as it is, and in case.",
            check: { $0.isEmpty ? "must not be empty" : nil }
        )
        static let into = Field<[Located<String>]>(
            "into",
            example: "[last_name, first_name]",
            doc: """
                The columns for the parts, in order. A name that exists is replaced in its place, others are added at the \
                end. NULL makes all of them NULL; empty text is one empty part.
                """,
            check: { $0.count < 2 ? "must name at least two columns" : nil }
        )
        static let onTooFew = Field<OnTooFew>(
            "on_too_few",
            default: .null,
            doc: """
                What becomes of a value with fewer parts: the columns without one are NULL (`null`), or the row becomes invalid \
                with the code `too_few_parts` (`reject`).
                """
        )
        static let onTooMany = Field<OnTooMany>(
            "on_too_many",
            default: .rest,
            doc: """
                What becomes of a value with more parts: the last column has all the rest, separators included (`rest`), what is \
                too much is dropped (`drop`), or the row becomes invalid with the code `too_many_parts` (`reject`).
                """
        )
    }

    public static let spec = ComponentSpec(
        .transform,
        "split",
        summary: "Cuts a column into several at each separator.",
        fields: [
            Setting.column.spec, Setting.separator.spec, Setting.into.spec, Setting.onTooFew.spec,
            Setting.onTooMany.spec,
        ],
        example: """
            - type: split
              column: full_name
              separator: ", "
              into: [last_name, first_name]
            """
    )

    private let settings: Settings
    private let column: Located<String>
    private let separator: [UInt8]
    private let into: [Located<String>]
    private let onTooFew: OnTooFew
    private let onTooMany: OnTooMany

    public init(_ settings: Settings) throws {
        self.settings = settings
        column = try settings[Setting.column]
        separator = Array(try settings[Setting.separator].utf8)
        into = try settings[Setting.into]
        onTooFew = try settings[Setting.onTooFew]
        onTooMany = try settings[Setting.onTooMany]
        _ = try outputs(after: Schema([]))
    }

    public func outputSchema(for input: Schema?) throws -> Schema? {
        guard let input else { return nil }
        _ = try settings.index(of: column, in: input, for: Setting.column)
        return try outputs(after: input).schema
    }

    /// A column that is replaced keeps its place.
    public func columns(of input: Schema, neededFor output: Set<String>) -> Set<String> {
        output.intersection(input.names).union([column.value])
    }

    public func open(_ input: Schema) throws -> any TransformStep {
        Step(
            self,
            source: try settings.index(of: column, in: input, for: Setting.column),
            outputs: try outputs(after: input)
        )
    }

    private func outputs(after input: Schema) throws -> OutputColumns {
        do {
            return try OutputColumns(into.map { Schema.Column($0.value) }, after: input)
        } catch let error as RollcallError {
            throw error.attributed(to: settings.component, at: settings.location(of: Setting.into))
        }
    }

    private enum OnTooFew: String, ChoiceSetting {
        case null
        case reject
    }

    private enum OnTooMany: String, ChoiceSetting {
        case rest
        case drop
        case reject
    }

    private final class Step: TransformStep {
        private let step: Split
        private let source: Int
        private let outputs: OutputColumns

        init(_ step: Split, source: Int, outputs: OutputColumns) {
            self.step = step
            self.source = source
            self.outputs = outputs
        }

        func apply(_ batch: Batch) -> Transformed {
            var refusals = Refusals()
            // The parts are views into the bytes of the whole.
            var cells = step.into.map { _ in [Cell]() }
            let column = batch.columns[source]
            let bytes = column.arena
            let arena = bytes.span
            for (row, cell) in column.cells.enumerated() {
                var parts = cell.isNull ? [] : step.parts(of: arena, in: cell.range)
                if !cell.isNull, let refusal = step.refusal(of: parts.count) {
                    refusals.refuse(row, column: step.column.value, refusal)
                }
                if step.onTooMany == .rest, parts.count > cells.count {
                    let rest = parts[cells.count - 1].lowerBound..<cell.range.upperBound
                    parts[(cells.count - 1)...] = [rest]
                }
                for index in cells.indices { cells[index].append(index < parts.count ? Cell(parts[index]) : .null) }
            }
            let values = cells.map { Column(arena: column.arena, cells: $0) }
            return refusals.applied(to: outputs.placing(values, in: batch))
        }
    }

    /// Where the parts of a value are.
    private func parts(of bytes: Span<UInt8>, in value: Range<Int>) -> [Range<Int>] {
        var parts: [Range<Int>] = []
        var start = value.lowerBound
        var index = start
        while index + separator.count <= value.upperBound {
            guard separator.indices.allSatisfy({ bytes[index + $0] == separator[$0] }) else {
                index += 1
                continue
            }
            parts.append(start..<index)
            index += separator.count
            start = index
        }
        parts.append(start..<value.upperBound)
        return parts
    }

    private func refusal(of count: Int) -> Refusal? {
        if count < into.count, onTooFew == .reject {
            return Refusal(code: "too_few_parts", reason: "has \(count) parts, and \(into.count) are needed")
        }
        if count > into.count, onTooMany == .reject {
            return Refusal(code: "too_many_parts", reason: "has \(count) parts, and \(into.count) are expected")
        }
        return nil
    }
}

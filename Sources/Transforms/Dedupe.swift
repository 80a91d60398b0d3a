public import RollcallCore

/// Lets only one of rows with the same values through.
public struct Dedupe: Transform {
    private enum Setting {
        static let columns = Field<[Located<String>]>.columns(
            example: "[phone]",
            doc: """
                The columns that are compared, exactly and in case; so write their values in one form first. A row that has NULL or \
                empty text in all of them is like no other, and goes on; in some of them, NULL and empty text are the same.
                """
        )
        static let keep = Field<Keep>(
            "keep",
            default: .first,
            doc: """
                Which of the rows goes on: the `first` or the `last` in the order of the source, or the one with the `largest` value \
                in the column `by`. For the latter two a run reads its rows once more, to find them before the first one is sent; the \
                source must be one that can be read twice, so no standard input.
                """
        )
        static let by = Field<Located<String>?>(
            "by",
            example: "updated_at",
            doc: """
                The column of which `keep: largest` takes the largest value, as its type has it: numbers, moments, `true` over \
                `false`, text by its bytes. NULL, and what is no number or moment, is the smallest; of equal ones the first row goes on.
                """
        )
        static let maximumKeys = Field<Int>(
            "max_keys",
            default: 2_000_000,
            doc: """
                How many different values are remembered; a run that meets more ends with an error. With `keep: first` each takes 22 to \
                43 bytes of memory, two million 67 MB, and for a moment half as much again while the table grows; with `last` and \
                `largest` four times as much, and what the values of `by` take.
                """,
            check: { (1...1_000_000_000).contains($0) ? nil : "must be from 1 to 1000000000" }
        )
    }

    public static let spec = ComponentSpec(
        .transform,
        "dedupe",
        summary: """
            Lets only one of rows with the same values through, over the whole run. The others \
            are left out as by a filter: `on_missing` says what becomes of contacts that they had. Every run reads the whole \
            source, or a row could not be known for a later one. Where another row is the one in a later run, as when a cursor \
            moved, that one becomes a contact, too: use `on_missing: uncallable` or `delete`, or the former one can still be called.
            """,
        fields: [Setting.columns.spec, Setting.keep.spec, Setting.by.spec, Setting.maximumKeys.spec],
        example: """
            - type: dedupe
              columns: [phone]
              keep: largest
              by: updated_at
            """
    )

    private let settings: Settings
    private let columns: [Located<String>]
    private let keep: Keep
    private let by: Located<String>?
    private let maximumKeys: Int

    public init(_ settings: Settings) throws {
        self.settings = settings
        columns = try settings[Setting.columns]
        keep = try settings[Setting.keep]
        by = try settings[Setting.by]
        maximumKeys = try settings[Setting.maximumKeys]
        if keep == .largest, by == nil {
            let problem = settings.problem(
                Setting.keep,
                "is `largest`, and nothing says of what",
                hint: "add `by: column`"
            )
            throw RollcallError(.configuration, problems: [problem])
        }
        if keep != .largest { try settings.refuse(Setting.by, without: "keep: largest") }
    }

    public var needsAllRows: Bool { true }

    public var choosesAmongRows: Bool { true }

    public var surveysRows: Bool { keep != .first }

    public func outputSchema(for input: Schema?) throws -> Schema? {
        if let input {
            _ = try settings.indices(of: columns, in: input, for: Setting.columns)
            _ = try ranking(input)
        }
        return input
    }

    public func columns(of input: Schema, neededFor output: Set<String>) -> Set<String> {
        output.union(columns.map(\.value)).union([by].compactMap { $0?.value })
    }

    public func open(_ input: Schema) throws -> any TransformStep {
        let hint = "raise it if the memory is there"
        let overflow = settings.problem(Setting.maximumKeys, "is \(maximumKeys), and there are more values", hint: hint)
        let keys = DedupeKeys(
            columns: try settings.indices(of: columns, in: input, for: Setting.columns),
            maximumCount: maximumKeys,
            overflow: RollcallError(.fatal, problems: [overflow])
        )
        guard keep != .first else { return FirstRows(keys) }
        return WinningRows(keys, by: try ranking(input), hasChanged: hasChanged)
    }

    private func ranking(_ input: Schema) throws -> WinningRows.Ranking? {
        guard let by else { return nil }
        let index = try settings.index(of: by, in: input, for: Setting.by)
        let type = input.columns[index].type
        guard type != .json else {
            let message = "names \"\(by.value)\", which is JSON and has no order"
            let hint = "take a value out of it with a `derive` step"
            throw RollcallError(
                .configuration,
                problems: [settings.problem(Setting.by, message, hint: hint, at: by.location)]
            )
        }
        return WinningRows.Ranking(column: index, type: type)
    }

    private var hasChanged: RollcallError {
        RollcallError(
            .fatal,
            "more rows have come than when the source was read first",
            hint: "run once more; nobody must write the source's files while they are read",
            at: settings.location
        )
    }

    private enum Keep: String, ChoiceSetting {
        case first
        case last
        case largest
    }
}

public import RollcallCore

/// A source with rows that a test gives it.
public struct RowsSource: Source {
    public static let spec = ComponentSpec(.source, "rows", summary: "", fields: [], example: "")

    public let keyColumns: [String]
    public let declaredSchema: Schema?
    private let batches: [Batch]

    /// - Parameters:
    ///   - key: The key columns.
    ///   - batches: All with the same columns.
    ///   - isDeclared: Whether the columns are known before the source is opened.
    public init(key: [String], _ batches: [Batch], isDeclared: Bool = false) {
        keyColumns = key
        self.batches = batches
        declaredSchema = isDeclared ? batches[0].schema : nil
    }

    public init(_ settings: Settings) throws {
        throw RollcallError(.configuration, "a test gives the rows", at: settings.location)
    }

    public func open(
        after position: Position?,
        choosing choose: @Sendable (Schema) throws -> Set<String>
    ) async throws -> any SourceReader {
        _ = try choose(batches[0].schema)
        return Reader(batches)
    }

    private actor Reader: SourceReader {
        nonisolated let schema: Schema
        nonisolated let estimatedRowCount: Int? = nil
        private var batches: ArraySlice<Batch>

        init(_ batches: [Batch]) {
            schema = batches[0].schema
            self.batches = batches[...]
        }

        func next(atMost rowCount: Int) -> Batch? { batches.popFirst() }
        func finalPosition() -> Position? { nil }
        func close() {}
    }
}

extension Component<any Source> {
    /// Rows of a test in the place of a source of a pipeline file.
    public static func rows(_ source: RowsSource) -> Self {
        Component(plugin: source, title: "source rows", location: SourceLocation(file: "test.yaml", line: 2))
    }
}

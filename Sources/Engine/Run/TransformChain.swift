public import RollcallCore

/// The transforms of a pipeline, made ready for one run.
///
/// An actor, because batches come from whichever task read them; they must come in order, one at a time.
public actor TransformChain {
    /// The columns after the last step.
    public nonisolated let output: Schema
    private let steps: [any TransformStep]
    private let titles: [String]
    /// For each step what its values of each column came to, as `Transformed.nulled`.
    private var nulled: [[String: Int]]

    /// Opens the steps for a source with these columns; mistakes are configuration errors with the place in the file.
    public init(_ transforms: [Component<any Transform>], input: Schema) throws {
        var schema = input
        var steps: [any TransformStep] = []
        for transform in transforms {
            let before = schema
            steps.append(try transform.checking { try $0.open(before) })
            schema = try transform.checking { try $0.outputSchema(for: before) } ?? before
        }
        self.steps = steps
        titles = transforms.map(\.title)
        nulled = Array(repeating: [:], count: steps.count)
        output = schema
    }

    /// Takes one batch through all steps.
    public func apply(_ batch: Batch) throws -> Transformed {
        var result = Transformed(batch)
        for (place, step) in steps.enumerated() {
            let next = try step.apply(result.batch)
            nulled[place].merge(next.nulled, uniquingKeysWith: +)
            result = Transformed(
                next.batch,
                filtered: result.filtered + next.filtered,
                invalid: result.invalid + next.invalid
            )
        }
        return result
    }

    /// The values that became NULL so far because they were not valid, in the order of the steps.
    public var nulledValues: [NulledValues] {
        zip(titles, nulled).flatMap { title, columns in
            columns.sorted { $0.key < $1.key }.map { NulledValues(step: title, column: $0.key, count: $0.value) }
        }
    }
}

/// Values of a column that a step made NULL because they were not valid.
public struct NulledValues: Sendable, Hashable {
    /// How messages name it: `transform phone`.
    public let step: String
    public let column: String
    public let count: Int
}

public import RollcallCore

/// The transforms of a pipeline, made ready for one run.
///
/// An actor, because batches come from whichever task read them; they must come in order, one at a time.
public actor TransformChain {
    /// The columns after the last step.
    public nonisolated let output: Schema
    private let steps: [any TransformStep]

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
        output = schema
    }

    /// Takes one batch through all steps.
    public func apply(_ batch: Batch) throws -> Transformed {
        var result = Transformed(batch)
        for step in steps {
            let next = try step.apply(result.batch)
            result = Transformed(
                next.batch,
                filtered: result.filtered + next.filtered,
                invalid: result.invalid + next.invalid
            )
        }
        return result
    }
}

public import RollcallCore

/// The transforms of a pipeline, made ready for one run.
///
/// An actor, because batches come from whichever task read them; they must come in order, one at a time.
public actor TransformChain {
    /// The columns after the last step.
    public nonisolated let output: Schema
    private let transforms: [Component<any Transform>]
    /// The columns before each step.
    private let inputs: [Schema]
    private var steps: [any TransformStep]
    /// For each step what its values of each column came to, as `Transformed.nulled`.
    private var nulled: [[String: Int]]

    /// Opens the steps for a source with these columns; mistakes are configuration errors with the place in the file.
    public init(_ transforms: [Component<any Transform>], input: Schema) throws {
        var schema = input
        var inputs: [Schema] = []
        var steps: [any TransformStep] = []
        for transform in transforms {
            let before = schema
            inputs.append(before)
            steps.append(try transform.checking { try $0.open(before) })
            schema = try transform.checking { try $0.outputSchema(for: before) } ?? before
        }
        self.transforms = transforms
        self.inputs = inputs
        self.steps = steps
        nulled = Array(repeating: [:], count: steps.count)
        output = schema
    }

    /// Takes one batch through all steps.
    public func apply(_ batch: Batch) throws -> Transformed {
        try apply(batch, through: steps.count)
    }

    /// Takes one batch through the first steps, so many.
    private func apply(_ batch: Batch, through count: Int) throws -> Transformed {
        var result = Transformed(batch)
        for (place, step) in steps[..<count].enumerated() {
            let next = try step.apply(result.batch)
            nulled[place].merge(next.nulled, uniquingKeysWith: +)
            var joined = Transformed(
                next.batch,
                filtered: result.filtered + next.filtered,
                invalid: result.invalid + next.invalid
            )
            joined.superseded = result.superseded.merging(next.superseded) { $1 }
            joined.standing = result.standing + next.standing
            result = joined
        }
        return result
    }

    /// What the steps find odd about the rows so far, in their order.
    var remarks: [String] {
        zip(transforms, steps).flatMap { transform, step in
            step.remarks.map { "\(transform.location): \(transform.title): \($0)" }
        }
    }

    /// The values that became NULL so far because they were not valid, in the order of the steps.
    public var nulledValues: [NulledValues] {
        zip(transforms, nulled).flatMap { transform, columns in
            columns.sorted { $0.key < $1.key }.map {
                NulledValues(step: transform.title, column: $0.key, count: $0.value)
            }
        }
    }

    // MARK: - Steps that must see all rows first

    /// Reads all rows for the steps that must see them before the first one goes on, once for each, and goes back to the first.
    ///
    /// Asked before the first `apply`; where there is no such step, nothing is read.
    ///
    /// - Parameters:
    ///   - reader: Of the rows.
    ///   - keyColumns: The source's, by which is known whose a row is.
    /// - Returns: The rows that could not be read.
    /// - Throws: what reading and the steps throw, and a preflight error where the rows can be read only once.
    @discardableResult
    func survey(_ reader: any SourceReader, keyColumns: [String] = []) async throws -> UnreadableRows {
        var unreadable = UnreadableRows()
        for place in steps.indices {
            guard let step = steps[place] as? any SurveyingStep else { continue }
            var met = UnreadableRows()
            guard try await reader.rewind() else { throw readOnlyOnce(transforms[place]) }
            try begin(place)
            while let batch = try await reader.next(atMost: 1_000) {
                try Task.checkCancellation()
                try step.survey(apply(batch, through: place).batch)
                met.add(UnreadableRows(with: batch, keyColumns))
            }
            unreadable = met
        }
        guard steps.contains(where: { $0 is any SurveyingStep }) else { return unreadable }
        _ = try await reader.rewind()
        try begin(steps.count)
        return unreadable
    }

    /// Makes the first steps, so many, ready for a reading from the first row on.
    private func begin(_ count: Int) throws {
        nulled = Array(repeating: [:], count: steps.count)
        for place in 0..<count {
            if let step = steps[place] as? any SurveyingStep {
                try step.begin()
            } else {
                steps[place] = try transforms[place].checking { try $0.open(inputs[place]) }
            }
        }
    }

    private func readOnlyOnce(_ transform: Component<any Transform>) -> RollcallError {
        RollcallError(
            .preflight,
            "must see all rows before the first one goes on, and those of the source can be read only once",
            hint: "write them to a file, and read that"
        )
        .attributed(to: transform.title, at: transform.location)
    }
}

/// Values of a column that a step made NULL because they were not valid.
public struct NulledValues: Sendable, Hashable {
    /// How messages name it: `transform phone`.
    public let step: String
    public let column: String
    public let count: Int
}

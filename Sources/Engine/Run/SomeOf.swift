/// What came of doing something several times: values in their order, and why there are no more of them.
struct SomeOf<Value: Sendable>: Sendable {
    private(set) var values: [Value] = []
    /// Nothing follows these values.
    private(set) var isEnd = false
    /// What was thrown in the place of the next value.
    private(set) var failure: (any Error)?

    /// Makes values, each given its place, until there are `count` of them, or none follows, or one fails.
    init(atMost count: Int, _ next: (Int) async throws -> Value?) async {
        do {
            while values.count < count, !isEnd {
                if let value = try await next(values.count) {
                    values.append(value)
                } else {
                    isEnd = true
                }
            }
        } catch {
            failure = error
        }
    }

    private init(_ values: [Value], isEnd: Bool, failure: (any Error)?) {
        self.values = values
        self.isEnd = isEnd
        self.failure = failure
    }

    /// The same, and behind these values this error, unless there is one already.
    func failing(with error: (any Error)?) -> SomeOf {
        SomeOf(values, isEnd: isEnd, failure: failure ?? error)
    }

    /// The same of other values, each made from one of these and its place.
    func map<Other>(_ other: (Int, Value) -> Other) -> SomeOf<Other> {
        SomeOf<Other>(values.enumerated().map { other($0.offset, $0.element) }, isEnd: isEnd, failure: failure)
    }
}

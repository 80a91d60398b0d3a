public import RollcallCore

/// Takes rows and forgets them: for measuring how fast a source and its transforms are.
public struct DiscardSink: Sink {
    public static let spec = ComponentSpec(
        .sink,
        "discard",
        summary: "Takes rows and forgets them, to measure a source and its transforms.",
        fields: [],
        example: """
            sink:
              type: discard
            """
    )

    public init(_ settings: Settings) {}

    public func check(_ schema: Schema?) {}

    public func open(_ schema: Schema, context: SinkContext) async throws -> any SinkWriter {
        DiscardWriter()
    }
}

private struct DiscardWriter: SinkWriter {
    let rowsPerDelivery = 1000
    let fillsDeliveries = false
    // Each record of what was delivered covers as many.
    let deliveriesInFlight = 16
    let identity: RowIdentity? = nil

    func deliver(_ batch: Batch, returning: Set<Int>) async throws -> DeliveryReport { DeliveryReport() }

    func close() async {}
}

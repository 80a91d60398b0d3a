public import Testing

/// Checks a source against the contract in `Source` and `SourceReader`; each promise that it breaks is an issue at the caller's line.
public func expectConformance(
    of sample: SourceSample,
    sourceLocation: SourceLocation = #_sourceLocation
) async {
    record(await sample.breaches(), at: sourceLocation)
}

/// Checks a step against the contract in `Transform`; each promise that it breaks is an issue at the caller's line.
public func expectConformance(
    of sample: TransformSample,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    record(sample.breaches(), at: sourceLocation)
}

/// Checks a sink against the contract in `Sink` and `SinkWriter`; each promise that it breaks is an issue at the caller's line.
public func expectConformance(
    of sample: SinkSample,
    sourceLocation: SourceLocation = #_sourceLocation
) async {
    record(await sample.breaches(), at: sourceLocation)
}

private func record(_ breaches: [Breach<some Promise>], at place: SourceLocation) {
    for breach in breaches { Issue.record("\(breach)", sourceLocation: place) }
}

public import RollcallCore

/// The plug-ins that pipeline files can name.
public struct Plugins: Sendable {
    public let sources: [any Source.Type]
    public let transforms: [any Transform.Type]
    public let sinks: [any Sink.Type]

    /// - Precondition: no two plug-ins of a kind have one name.
    public init(
        sources: [any Source.Type] = [],
        transforms: [any Transform.Type] = [],
        sinks: [any Sink.Type] = []
    ) {
        self.sources = sources
        self.transforms = transforms
        self.sinks = sinks
        var seen: Set<String> = []
        for spec in specs {
            precondition(seen.insert(spec.title).inserted, "two plug-ins are called \(spec.title)")
        }
    }

    /// These, and others behind them.
    ///
    /// - Precondition: no two plug-ins of a kind have one name.
    public func adding(_ others: Plugins) -> Plugins {
        Plugins(
            sources: sources + others.sources,
            transforms: transforms + others.transforms,
            sinks: sinks + others.sinks
        )
    }

    /// All, in the order source, transform, sink, and within them as they were given.
    public var specs: [ComponentSpec] {
        sources.map { $0.spec } + transforms.map { $0.spec } + sinks.map { $0.spec }
    }

    public func specs(of kind: ComponentSpec.Kind) -> [ComponentSpec] {
        specs.filter { $0.kind == kind }
    }
}

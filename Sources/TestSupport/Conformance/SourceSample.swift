public import RollcallCore

/// A source with settings, and what it is to make of its data; for the conformance suite.
///
/// A good sample has ten rows or so: NULL and empty values, letters of all kinds, quotes and line ends within values, rows that cannot
/// be read, and whatever else is awkward in the format.
public struct SourceSample: Sendable {
    let type: any Source.Type
    private(set) var settings: ConfigurationNode
    let columns: [Schema.Column]
    let rows: [[String?]]

    /// The codes of the rows that cannot be read, in their order.
    public var unreadable: [String] = []
    /// Texts that stand in rows that cannot be read: nothing may repeat them.
    public var secrets: [String] = []
    /// Whether rows come in the same order each time.
    public var isOrdered = true
    /// Whether an interrupted reading goes on where it was.
    public var canGoOn = true
    /// Whether rows can be looked up by their keys.
    public var canLookUp = true
    /// A key that no row has, as the key columns take it.
    public var absentKey: [String]?

    /// - Parameters:
    ///   - type: The source.
    ///   - settings: As they would stand in a pipeline file.
    ///   - columns: All columns that the source is to have.
    ///   - rows: All rows that are to be read, in their order if they have one; no two with the same key.
    public init(
        _ type: any Source.Type,
        _ settings: ConfigurationNode,
        columns: [Schema.Column],
        rows: [[String?]]
    ) {
        self.type = type
        self.settings = settings
        self.columns = columns
        self.rows = rows
    }

    /// The same with settings added, or put in the place of others.
    public func with(_ more: [String: ConfigurationNode]) -> SourceSample {
        var sample = self
        let kept = (settings.entries ?? []).filter { more[$0.key] == nil }
        let added = more.sorted { $0.key < $1.key }.map {
            ConfigurationNode.Entry(key: $0.key, location: settings.location, value: $0.value)
        }
        sample.settings = .mapping(kept + added, settings.location)
        return sample
    }

    /// The promises that the source breaks, each with what showed it.
    public func breaches() async -> [Breach<SourcePromise>] {
        await SourceSuite(self).run()
    }

    /// What each row has in these columns.
    func projected(to names: [String]) -> [[String?]] {
        let places = names.compactMap { name in columns.firstIndex { $0.name == name } }
        return rows.map { row in places.map { row[$0] } }
    }

    /// Equal, and in the same order where the source has one.
    func isSame<Element: Comparable>(_ one: [Element], _ other: [Element]) -> Bool {
        isOrdered ? one == other : one.sorted() == other.sorted()
    }

    func isSame(_ one: [[String?]], _ other: [[String?]]) -> Bool {
        isOrdered ? one == other : one.map(\.description).sorted() == other.map(\.description).sorted()
    }
}

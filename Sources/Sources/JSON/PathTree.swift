internal import RollcallCore

/// Where the columns of a source are within a record.
///
/// It lies flat, so that a hot loop looks at it without counting references.
struct PathTree: Sendable {
    /// A value that columns are of, or are within.
    struct Node: Sendable {
        /// The columns that are this value, and those that are it or within it: parts of `columns`.
        var columns = 0..<0
        var columnsBelow = 0..<0
        /// A part of `nodes`.
        var children = 0..<0
        /// A part of `names`: as it is without escapes.
        var name = 0..<0
        /// A part of `names`: as it mostly stands in a record, in quotes and before a colon; empty where it cannot stand so.
        var token = 0..<0
        /// A bit for each length and first byte that a child's name has, so that most other names need no comparison.
        var sieve: UInt64 = 0
    }

    private(set) var nodes = [Node()]
    private(set) var columns: [Int] = []
    private(set) var names: [UInt8] = []
    let columnCount: Int

    static let root = 0

    init(_ paths: [JSONPath]) {
        columnCount = paths.count
        // For each node its columns, and how one gets from it to each.
        var ways = [paths.enumerated().map { Way(column: $0.offset, steps: $0.element.steps[...]) }]
        var place = Self.root
        while place < nodes.count {
            let own = ways[place]
            nodes[place].columns = addColumns(own.filter { $0.steps.isEmpty })
            nodes[place].columnsBelow = addColumns(own)
            let firstChild = nodes.count
            var children: [String: Int] = [:]
            for way in own {
                guard let name = way.steps.first else { continue }
                let child = children[name] ?? nodes.count
                if children.updateValue(child, forKey: name) == nil {
                    addNode(called: name, to: place)
                    ways.append([])
                }
                ways[child].append(Way(column: way.column, steps: way.steps.dropFirst()))
            }
            nodes[place].children = firstChild..<nodes.count
            place += 1
        }
    }

    /// How one gets to a column.
    private struct Way {
        let column: Int
        let steps: ArraySlice<String>
    }

    private mutating func addColumns(_ ways: [Way]) -> Range<Int> {
        let start = columns.count
        columns += ways.map(\.column)
        return start..<columns.count
    }

    private mutating func addNode(called name: String, to parent: Int) {
        let start = names.count
        names += Array("\"\(name)\":".utf8)
        let token = start..<names.count
        var node = Node(name: token.dropFirst().dropLast(2))
        nodes[parent].sieve |= Self.sieveBit(names.span.extracting(node.name))
        if names.span.plainJSONEnd(from: node.name.lowerBound) == node.name.upperBound { node.token = token }
        nodes.append(node)
    }

    @inline(__always)
    static func sieveBit(_ name: Span<UInt8>) -> UInt64 {
        let first = name.isEmpty ? 0 : Int(name[0])
        return 1 << UInt64((name.count &* 7 &+ first) & 63)
    }
}

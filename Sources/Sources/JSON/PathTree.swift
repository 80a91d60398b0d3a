/// Where the columns of a source are within a record.
///
/// Names are compared by their bytes, as they are without escapes.
struct PathTree: Sendable {
    /// A value that columns are of, or are within.
    struct Node: Sendable {
        /// The columns that are this value.
        var columns: [Int] = []
        /// The columns that are this value or within it.
        var columnsBelow: [Int] = []
        var name: [UInt8] = []
        var children: [Int] = []
        /// A bit for each length and first byte that a child's name has, so that most other names need no comparison.
        var sieve: UInt64 = 0
    }

    private(set) var nodes = [Node()]
    let columnCount: Int

    static let root = 0

    init(_ paths: [JSONPath]) {
        columnCount = paths.count
        for (column, path) in paths.enumerated() {
            var place = Self.root
            nodes[place].columnsBelow.append(column)
            for step in path.steps {
                place = child(of: place, called: Array(step.utf8))
                nodes[place].columnsBelow.append(column)
            }
            nodes[place].columns.append(column)
        }
    }

    private mutating func child(of parent: Int, called name: [UInt8]) -> Int {
        if let child = nodes[parent].children.first(where: { nodes[$0].name == name }) { return child }
        nodes.append(Node(name: name))
        nodes[parent].children.append(nodes.count - 1)
        nodes[parent].sieve |= Self.sieveBit(name.span)
        return nodes.count - 1
    }

    @inline(__always)
    static func sieveBit(_ name: Span<UInt8>) -> UInt64 {
        let first = name.isEmpty ? 0 : Int(name[0])
        return 1 << UInt64((name.count &* 7 &+ first) & 63)
    }
}

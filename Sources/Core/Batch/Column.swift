/// Where the bytes of one value are within its column's arena, or that the value is null.
public struct Cell: Sendable, Hashable {
    /// SQL's NULL, which is not the empty string.
    public static let null = Cell(offset: 0, length: -1)

    @usableFromInline let offset: UInt32
    @usableFromInline let length: Int32

    @usableFromInline
    init(offset: UInt32, length: Int32) {
        self.offset = offset
        self.length = length
    }

    /// A value at `range` of the arena; arenas end below 4 GiB and values below 2 GiB.
    @inlinable
    public init(_ range: Range<Int>) {
        self.init(offset: UInt32(range.lowerBound), length: Int32(range.count))
    }

    @inlinable public var isNull: Bool { length < 0 }

    /// Where the bytes are; empty for null.
    @inlinable public var range: Range<Int> { Int(offset)..<Int(offset) + count }

    @inlinable public var count: Int { max(0, Int(length)) }
}

/// The values of one column of a batch: views into an arena of UTF-8 text, which columns may share.
///
/// Hot loops take `arena.span` once and read `cells` by index; nothing is copied to choose, rename, reorder or drop columns.
public struct Column: Sendable {
    public let arena: [UInt8]
    public let cells: [Cell]

    public init(arena: [UInt8], cells: [Cell]) {
        self.arena = arena
        self.cells = cells
    }

    /// The value as a string, or nil for null.
    ///
    /// For messages and tests; hot loops read the bytes.
    public subscript(row: Int) -> String? {
        let cell = cells[row]
        return cell.isNull ? nil : String(decoding: arena[cell.range], as: UTF8.self)
    }

    func keeping(_ rows: [Int]) -> Column {
        Column(arena: arena, cells: rows.map { cells[$0] })
    }
}

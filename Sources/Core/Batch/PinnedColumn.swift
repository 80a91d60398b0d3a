/// A column whose storage stays where it is while a hot loop reads it: no reference is counted for a value.
@safe
public struct PinnedColumn {
    // SAFETY: an array that nobody changes keeps its storage in place, as its `span` relies on too; `withPinnedColumns` holds
    // the arrays until its closure is through, and the closure must not let a pinned column out.
    @usableFromInline let arena: UnsafeBufferPointer<UInt8>
    @usableFromInline let cells: UnsafeBufferPointer<Cell>

    fileprivate init(_ column: Column) {
        unsafe arena = column.arena.withUnsafeBufferPointer { unsafe $0 }
        unsafe cells = column.cells.withUnsafeBufferPointer { unsafe $0 }
    }

    /// Where the value is in the arena, or that it is null.
    @inlinable public subscript(row: Int) -> Cell {
        precondition(unsafe cells.indices.contains(row), "the column has no such row")
        return unsafe cells[row]
    }

    /// Whether two values are the same bytes, or both null.
    public func isEqual(_ one: Int, _ other: Int) -> Bool {
        let left = self[one]
        let right = self[other]
        guard left.isNull == right.isNull, left.count == right.count else { return false }
        return unsafe arena[left.range].elementsEqual(arena[right.range])
    }

    /// The value as a string, or nil for null.
    public func text(_ row: Int) -> String? {
        self[row].isNull
            ? nil
            : withBytes(of: row) { unsafe $0.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) } }
    }

    /// Reads the bytes of a value; none for null.
    @inlinable
    public func withBytes<Result>(of row: Int, _ body: (Span<UInt8>) throws -> Result) rethrows -> Result {
        try unsafe body(UnsafeBufferPointer(rebasing: arena[self[row].range]).span)
    }
}

extension Batch {
    /// Runs `body` with all columns pinned, in the order of the schema; they are valid only inside it.
    public func withPinnedColumns<Result>(_ body: ([PinnedColumn]) throws -> Result) rethrows -> Result {
        try withExtendedLifetime(self) {
            try body(columns.map(PinnedColumn.init))
        }
    }
}

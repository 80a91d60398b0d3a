/// Checks records, and finds the values of the columns in them.
///
/// Every byte of a record is checked, also of values that no column is of. Of a name that an object has twice, the last one counts.
struct RecordScanner {
    private let tree: PathTree
    /// Of the records that were scanned, one after the other, in the order of the columns.
    private(set) var values: [RawValue] = []
    /// How often a name that leads to a column stood in an object once more.
    private(set) var repeatedNames = 0

    /// For each node of the tree the child whose name is expected next: records mostly have their members in one order.
    private var expected: [Int]
    /// The nodes that were met in this record.
    private var met: [Bool]
    private var isEnd = false

    init(_ tree: PathTree) {
        self.tree = tree
        expected = Array(repeating: 0, count: tree.nodes.count)
        met = Array(repeating: false, count: tree.nodes.count)
    }

    /// Forgets all values.
    mutating func removeAll() {
        values.removeAll(keepingCapacity: true)
    }

    /// Scans the record that begins at `start`, and adds its values.
    ///
    /// - Parameters:
    ///   - text: What is there.
    ///   - start: Where the record begins.
    ///   - depth: How many objects and arrays it is within.
    ///   - isEnd: Whether nothing follows the text.
    /// - Returns: Where it ends, and whether it is an object. The values of a record that is none are all missing.
    /// - Throws: a fault; the record has no values then.
    mutating func scan(
        _ text: Span<UInt8>,
        from start: Int,
        depth: Int,
        isEnd: Bool
    ) throws(JSONFault) -> (end: Int, isObject: Bool) {
        let base = values.count
        let repeatedBefore = repeatedNames
        self.isEnd = isEnd
        for _ in 0..<tree.columnCount { values.append(.missing) }
        for node in met.indices { met[node] = false }
        do throws(JSONFault) {
            guard try Lexis.byte(text, start) == Lexis.objectStart else {
                return (try skipValue(text, start, depth: depth), false)
            }
            return (try takeValue(text, start, node: PathTree.root, base: base, depth: depth), true)
        } catch {
            values.removeLast(values.count - base)
            repeatedNames = repeatedBefore
            throw error
        }
    }

    /// Drops the values of the last record.
    mutating func removeLast() {
        values.removeLast(tree.columnCount)
    }

    /// Passes by a value of a node, and notes it for the node's columns.
    private mutating func takeValue(
        _ text: Span<UInt8>,
        _ start: Int,
        node: Int,
        base: Int,
        depth: Int
    ) throws(JSONFault) -> Int {
        var kind = RawValue.Kind.plain
        var range = start..<start
        var end: Int
        switch try Lexis.byte(text, start) {
        case Lexis.quote:
            var isEscaped = false
            let closing = try Lexis.stringEnd(text, from: start + 1, isEscaped: &isEscaped)
            kind = isEscaped ? .escapedString : .string
            range = start + 1..<closing
            end = closing + 1
        case Lexis.objectStart where !tree.nodes[node].children.isEmpty:
            kind = .nested
            end = try takeObject(text, start, node: node, base: base, depth: depth + 1)
            range = start..<end
        case Lexis.arrayStart where !tree.nodes[node].children.isEmpty:
            kind = .nested
            end = try takeArray(text, start, node: node, base: base, depth: depth + 1)
            range = start..<end
        case let byte:
            end = try skipValue(text, start, depth: depth)
            range = start..<end
            if byte == Lexis.objectStart || byte == Lexis.arrayStart { kind = .nested }
            if byte == UInt8(ascii: "n") { kind = .null }
        }
        for index in tree.nodes[node].columns { values[base + tree.columns[index]] = RawValue(kind: kind, range) }
        return end
    }

    private mutating func takeObject(
        _ text: Span<UInt8>,
        _ start: Int,
        node: Int,
        base: Int,
        depth: Int
    ) throws(JSONFault) -> Int {
        guard depth <= Lexis.maxDepth else { throw JSONFault(kind: .tooDeep, place: start) }
        expected[node] = 0
        var place = Lexis.passBlanks(text, start + 1)
        if try Lexis.byte(text, place) == Lexis.objectEnd { return place + 1 }
        while true {
            guard try Lexis.byte(text, place) == Lexis.quote else { throw JSONFault(kind: .nameDue, place: place) }
            var isEscaped = false
            let nameEnd = try Lexis.stringEnd(text, from: place + 1, isEscaped: &isEscaped)
            let name = place + 1..<nameEnd
            place = Lexis.passBlanks(text, nameEnd + 1)
            guard try Lexis.byte(text, place) == Lexis.colon else { throw JSONFault(kind: .colonDue, place: place) }
            place = Lexis.passBlanks(text, place + 1)
            if let child = child(of: node, called: name, of: text, isEscaped: isEscaped) {
                if met[child] { forget(child, base: base) }
                met[child] = true
                place = try takeValue(text, place, node: child, base: base, depth: depth)
            } else {
                place = try skipValue(text, place, depth: depth)
            }
            place = Lexis.passBlanks(text, place)
            let byte = try Lexis.byte(text, place)
            if byte == Lexis.objectEnd { return place + 1 }
            guard byte == Lexis.comma else { throw JSONFault(kind: .memberEndDue, place: place) }
            place = Lexis.passBlanks(text, place + 1)
        }
    }

    private mutating func takeArray(
        _ text: Span<UInt8>,
        _ start: Int,
        node: Int,
        base: Int,
        depth: Int
    ) throws(JSONFault) -> Int {
        guard depth <= Lexis.maxDepth else { throw JSONFault(kind: .tooDeep, place: start) }
        var place = Lexis.passBlanks(text, start + 1)
        if try Lexis.byte(text, place) == Lexis.arrayEnd { return place + 1 }
        var index = 0
        while true {
            let name = Array(String(index).utf8)
            if let child = child(of: node, called: name.span) {
                place = try takeValue(text, place, node: child, base: base, depth: depth)
            } else {
                place = try skipValue(text, place, depth: depth)
            }
            index += 1
            place = Lexis.passBlanks(text, place)
            let byte = try Lexis.byte(text, place)
            if byte == Lexis.arrayEnd { return place + 1 }
            guard byte == Lexis.comma else { throw JSONFault(kind: .elementEndDue, place: place) }
            place = Lexis.passBlanks(text, place + 1)
        }
    }

    /// The values of a member that comes once more are those of its last.
    private mutating func forget(_ node: Int, base: Int) {
        repeatedNames += 1
        for index in tree.nodes[node].columnsBelow { values[base + tree.columns[index]] = .missing }
        forgetMet(below: node)
    }

    private mutating func forgetMet(below node: Int) {
        for child in tree.nodes[node].children {
            met[child] = false
            forgetMet(below: child)
        }
    }

    /// The child of this name, if columns are of it or within it.
    @inline(__always)
    private mutating func child(
        of node: Int,
        called name: Range<Int>,
        of text: Span<UInt8>,
        isEscaped: Bool
    ) -> Int? {
        guard !isEscaped else {
            let plain = JSONString.unescaped(text.extracting(name))
            return child(of: node, called: plain.span)
        }
        return child(of: node, called: text.extracting(name))
    }

    @inline(__always)
    private mutating func child(of node: Int, called name: Span<UInt8>) -> Int? {
        guard tree.nodes[node].sieve & PathTree.sieveBit(name) != 0 else { return nil }
        let children = tree.nodes[node].children
        var child = max(expected[node], children.lowerBound)
        for _ in children {
            if child >= children.upperBound { child = children.lowerBound }
            if isName(of: child, name) {
                expected[node] = child + 1
                return child
            }
            child += 1
        }
        return nil
    }

    @inline(__always)
    private func isName(of node: Int, _ name: Span<UInt8>) -> Bool {
        let range = tree.nodes[node].name
        guard range.count == name.count else { return false }
        for index in 0..<name.count where tree.names[range.lowerBound + index] != name[index] { return false }
        return true
    }

    /// Passes by a value that no column is of.
    private func skipValue(_ text: Span<UInt8>, _ start: Int, depth: Int) throws(JSONFault) -> Int {
        switch try Lexis.byte(text, start) {
        case Lexis.quote:
            var isEscaped = false
            return try Lexis.stringEnd(text, from: start + 1, isEscaped: &isEscaped) + 1
        case Lexis.objectStart: return try skipObject(text, start, depth: depth + 1)
        case Lexis.arrayStart: return try skipArray(text, start, depth: depth + 1)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            return try Lexis.numberEnd(text, from: start, isEnd: isEnd)
        case UInt8(ascii: "t"): return try Lexis.passWord("true", text, start)
        case UInt8(ascii: "f"): return try Lexis.passWord("false", text, start)
        case UInt8(ascii: "n"): return try Lexis.passWord("null", text, start)
        default: throw JSONFault(kind: .valueDue, place: start)
        }
    }

    private func skipObject(_ text: Span<UInt8>, _ start: Int, depth: Int) throws(JSONFault) -> Int {
        guard depth <= Lexis.maxDepth else { throw JSONFault(kind: .tooDeep, place: start) }
        var place = Lexis.passBlanks(text, start + 1)
        if try Lexis.byte(text, place) == Lexis.objectEnd { return place + 1 }
        while true {
            guard try Lexis.byte(text, place) == Lexis.quote else { throw JSONFault(kind: .nameDue, place: place) }
            var isEscaped = false
            place = try Lexis.stringEnd(text, from: place + 1, isEscaped: &isEscaped)
            place = Lexis.passBlanks(text, place + 1)
            guard try Lexis.byte(text, place) == Lexis.colon else { throw JSONFault(kind: .colonDue, place: place) }
            place = try skipValue(text, Lexis.passBlanks(text, place + 1), depth: depth)
            place = Lexis.passBlanks(text, place)
            let byte = try Lexis.byte(text, place)
            if byte == Lexis.objectEnd { return place + 1 }
            guard byte == Lexis.comma else { throw JSONFault(kind: .memberEndDue, place: place) }
            place = Lexis.passBlanks(text, place + 1)
        }
    }

    private func skipArray(_ text: Span<UInt8>, _ start: Int, depth: Int) throws(JSONFault) -> Int {
        guard depth <= Lexis.maxDepth else { throw JSONFault(kind: .tooDeep, place: start) }
        var place = Lexis.passBlanks(text, start + 1)
        if try Lexis.byte(text, place) == Lexis.arrayEnd { return place + 1 }
        while true {
            place = Lexis.passBlanks(text, try skipValue(text, place, depth: depth))
            let byte = try Lexis.byte(text, place)
            if byte == Lexis.arrayEnd { return place + 1 }
            guard byte == Lexis.comma else { throw JSONFault(kind: .elementEndDue, place: place) }
            place = Lexis.passBlanks(text, place + 1)
        }
    }
}

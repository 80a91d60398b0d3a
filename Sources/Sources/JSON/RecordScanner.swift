/// Checks records, and finds the values of the columns in them.
///
/// Every byte of a record is checked, also of values that no column is of. Of a name that an object has twice, the last one counts.
struct RecordScanner {
    private let tree: PathTree
    /// Of the records that were scanned, one after the other, in the order of the columns.
    private(set) var values: [RawValue] = []
    /// How often a name that leads to a column stood in an object once more.
    private(set) var repeatedNames = 0

    /// For each node of the tree its child that came first in the last object, and its sibling that came behind it: records mostly have
    /// their members in one order.
    private var firstChild: [Int]
    private var nextSibling: [Int]
    private let noValues: [RawValue]
    private var isEnd = false

    init(_ tree: PathTree) {
        self.tree = tree
        firstChild = tree.nodes.map(\.children.lowerBound)
        nextSibling = tree.nodes.indices.map { $0 + 1 }
        noValues = Array(repeating: .missing, count: tree.columnCount)
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
        values.append(contentsOf: noValues)
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

    /// The members of an object on the way through it.
    private struct Members {
        /// The child whose name may come next.
        var expected: Int
        /// The child that came last.
        var last: Int?
        /// The children that were met, by their places among all: most nodes have few.
        private var met: UInt64 = 0
        private var others: Set<Int> = []

        init(expected: Int) {
            self.expected = expected
        }

        /// - Returns: Whether the child was met before.
        @inline(__always)
        mutating func meet(_ child: Int, of children: Range<Int>) -> Bool {
            let place = child - children.lowerBound
            guard place < UInt64.bitWidth else { return !others.insert(place).inserted }
            let bit: UInt64 = 1 &<< UInt64(place)
            defer { met |= bit }
            return met & bit != 0
        }
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
        var members = Members(expected: firstChild[node])
        var place = Lexis.passBlanks(text, start + 1)
        if try Lexis.byte(text, place) == Lexis.objectEnd { return place + 1 }
        while true {
            if let child = try takeName(text, &place, node: node, &members) {
                if members.meet(child, of: tree.nodes[node].children) { forget(child, base: base) }
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

    /// Passes by the name of a member of a node, and its colon.
    ///
    /// - Returns: The child of this name, if columns are of it or within it.
    @inline(__always)
    private mutating func takeName(
        _ text: Span<UInt8>,
        _ place: inout Int,
        node: Int,
        _ members: inout Members
    ) throws(JSONFault) -> Int? {
        let expected = members.expected
        if tree.nodes[node].children.contains(expected) {
            let token = tree.nodes[expected].token
            if !token.isEmpty, Lexis.isWord(tree.names.span.extracting(token), text, place) {
                members.last = expected
                members.expected = nextSibling[expected]
                place = Lexis.passBlanks(text, place + token.count)
                return expected
            }
        }
        guard try Lexis.byte(text, place) == Lexis.quote else { throw JSONFault(kind: .nameDue, place: place) }
        var isEscaped = false
        let nameEnd = try Lexis.stringEnd(text, from: place + 1, isEscaped: &isEscaped)
        let name = place + 1..<nameEnd
        place = Lexis.passBlanks(text, nameEnd + 1)
        guard try Lexis.byte(text, place) == Lexis.colon else { throw JSONFault(kind: .colonDue, place: place) }
        place = Lexis.passBlanks(text, place + 1)
        guard let child = child(of: node, called: name, of: text, isEscaped: isEscaped, from: expected) else {
            return nil
        }
        if let last = members.last { nextSibling[last] = child } else { firstChild[node] = child }
        members.last = child
        members.expected = nextSibling[child]
        return child
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
            if let child = child(of: node, called: name.span, from: tree.nodes[node].children.lowerBound) {
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
    }

    /// The child of this name, if columns are of it or within it; looked for from one child on.
    private func child(
        of node: Int,
        called name: Range<Int>,
        of text: Span<UInt8>,
        isEscaped: Bool,
        from expected: Int
    ) -> Int? {
        guard !isEscaped else {
            let plain = JSONString.unescaped(text.extracting(name))
            return child(of: node, called: plain.span, from: expected)
        }
        return child(of: node, called: text.extracting(name), from: expected)
    }

    private func child(of node: Int, called name: Span<UInt8>, from expected: Int) -> Int? {
        guard tree.nodes[node].sieve & PathTree.sieveBit(name) != 0 else { return nil }
        let children = tree.nodes[node].children
        var child = expected
        for _ in children {
            if child >= children.upperBound { child = children.lowerBound }
            if isName(of: child, name) { return child }
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

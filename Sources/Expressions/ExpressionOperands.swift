internal import RollcallCore

/// What stands at the sides of the operators.
extension ExpressionParts {
    /// A part of the expression that has a value of its own.
    struct Operand {
        /// What it is, where it is one column or one literal.
        let role: Role?
        let parts: ArraySlice<Part>
        /// Its bytes in the text, without parentheses around it.
        let range: Range<Int>
        /// The function that it is a call of, in small letters; `case` for a CASE.
        let function: String?
        /// What its value may be as it stands: itself, or what `coalesce`, a CASE and their kin choose among; no comparisons.
        let results: [ArraySlice<Part>]
    }

    /// Two operands that are compared.
    struct Comparison {
        let left: Operand
        let right: Operand
        let isOrdering: Bool
        /// Whether the right one is one of several values of different types.
        let isOneOfMany: Bool
    }

    /// All comparisons whose operands have values of their own.
    var comparisons: [Comparison] {
        var found: [Comparison] = []
        func compare(
            _ left: ClosedRange<Int>?,
            _ right: ClosedRange<Int>?,
            isOrdering: Bool = false,
            isOneOfMany: Bool = false
        ) {
            guard let left, let right else { return }
            found.append(
                Comparison(
                    left: operand(left),
                    right: operand(right),
                    isOrdering: isOrdering,
                    isOneOfMany: isOneOfMany
                )
            )
        }
        for index in parts.indices {
            switch parts[index].role {
            case .equality, .ordering:
                let isOrdering = parts[index].role == .ordering
                compare(leftOperand(of: index), rightOperand(from: index + 1), isOrdering: isOrdering)
            case .between:
                guard let and = partners[index], index + 1 < and else { continue }
                let left = leftOperand(of: index)
                compare(left, index + 1...and - 1, isOrdering: true)
                compare(left, rightOperand(from: and + 1), isOrdering: true)
            case .isIn:
                guard let end = partners[index + 1], parts[index + 1].role == .open(.list) else { continue }
                let elements = parts[index + 2..<max(index + 2, end)].map(\.role)
                let isMixed =
                    elements.contains { [.number, .truth].contains($0) }
                    && elements.contains { if case .text = $0 { true } else { false } }
                var place = index + 2
                while place < end, let element = rightOperand(from: place) {
                    compare(leftOperand(of: index), element, isOneOfMany: isMixed)
                    place = element.upperBound + 2
                }
            default: continue
            }
        }
        for (start, whens) in cases {
            guard let first = whens.first, start + 1 < first else { continue }
            for when in whens {
                compare(start + 1...first - 1, rightOperand(from: when + 1))
            }
        }
        return found
    }

    /// What is a condition by itself, as no comparison makes one of it; where the whole is a condition, that may be the whole.
    func conditions(isCondition: Bool) -> [Operand] {
        parts.indices.compactMap { start in
            guard isStart(start - 1), role(start) != .not, let end = end(from: start) else { return nil }
            // What is in the parentheses is looked at by itself.
            guard role(start) != .open(.group) || partners[start] != end else { return nil }
            guard !holdsComparison(start...end) else { return nil }
            var (before, after) = (start - 1, end + 1)
            while role(before) == .open(.group), role(after) == .close { (before, after) = (before - 1, after + 1) }
            guard isStart(before), isEnd(after) else { return nil }
            let isOperand =
                [.not, .and, .or].contains(role(before)) || [.and, .or].contains(role(after))
                || isTested(before, after) || (isCondition && before < 0 && after == parts.count)
            return isOperand ? operand(start...end) : nil
        }
    }

    /// The columns and the calls that have one of these operators beside them.
    func operands(beside roles: Set<Role>) -> [Operand] {
        parts.indices.compactMap { start in
            guard let end = endOfColumnOrCall(from: start) else { return nil }
            var (before, after) = (start - 1, end + 1)
            while role(before) == .open(.group), role(after) == .close { (before, after) = (before - 1, after + 1) }
            let isBeside = [role(before), role(after)].contains { $0.map(roles.contains) ?? false }
            return isBeside ? operand(start...end) : nil
        }
    }

    /// The first arguments of calls of these functions.
    func firstArguments(of names: Set<String>) -> [Operand] {
        parts.indices.compactMap { open in
            guard case .open(.call(let name)) = parts[open].role, names.contains(name), let close = partners[open],
                open + 1 < close, let end = end(from: open + 1)
            else { return nil }
            return operand(open + 1...end)
        }
    }

    /// Where in the text stands what a CAST to a type of one word is of.
    func operandOfCast(_ operand: Operand) -> Range<Int>? {
        let (first, last) = (operand.parts.startIndex + 2, operand.parts.endIndex - 4)
        guard operand.function == "cast", first <= last, operand.parts.indices.contains(last) else { return nil }
        return parts[first].range.lowerBound..<parts[last].range.upperBound
    }

    private func endOfColumnOrCall(from start: Int) -> Int? {
        if case .column = role(start) { return start }
        if case .open(.call) = role(start + 1) { return partners[start + 1] }
        return nil
    }

    /// Comparisons such as the second one of `18 < age < 65`, which compares what comes of the first.
    var chained: [Range<Int>] {
        parts.indices.filter { index in
            guard role(index) == .ordering else { return false }
            var start = index - 1
            while start >= 0, !isStart(start) {
                if isComparison(start) { return role(start) == .ordering }
                if [.close, .caseEnd].contains(role(start)) { start = partners[start] ?? start }
                start -= 1
            }
            return false
        }
        .map { parts[$0].range }
    }

    /// Whether what stands between is what a CASE without operand or `iif` asks for.
    private func isTested(_ before: Int, _ after: Int) -> Bool {
        switch role(before) {
        case .when: cases.contains { $0.whens.contains(before) && $0.whens.first == $0.start + 1 }
        case .open(.call("iif")), .open(.call("if")): role(after) == .comma
        default: false
        }
    }

    private func role(_ index: Int) -> Role? {
        parts.indices.contains(index) ? parts[index].role : nil
    }

    /// Whether nothing that binds more than a comparison stands there, before an operand.
    private func isStart(_ index: Int) -> Bool {
        switch role(index) {
        case nil, .open, .comma, .not, .and, .or, .caseStart, .when, .then, .otherwise: true
        default: false
        }
    }

    /// The same behind an operand.
    private func isEnd(_ index: Int) -> Bool {
        switch role(index) {
        case nil, .close, .comma, .and, .or, .when, .then, .otherwise, .caseEnd, .betweenAnd: true
        default: false
        }
    }

    private func isComparison(_ index: Int) -> Bool {
        switch role(index) {
        case .equality, .ordering, .between, .isIn, .matching, .nullTest: true
        default: false
        }
    }

    /// The last part of what begins at `start`; parentheses and CASEs are passed by as a whole.
    private func end(from start: Int) -> Int? {
        guard !isEnd(start) else { return nil }
        var index = start
        while true {
            if case .open = role(index) { index = partners[index] ?? index }
            if role(index) == .caseStart { index = partners[index] ?? index }
            if isEnd(index + 1) { return index }
            index += 1
        }
    }

    private func holdsComparison(_ range: ClosedRange<Int>) -> Bool {
        var index = range.lowerBound
        while index <= range.upperBound {
            if isComparison(index) { return true }
            if case .open = role(index) { index = partners[index] ?? index }
            if role(index) == .caseStart { index = partners[index] ?? index }
            index += 1
        }
        return false
    }

    /// Nil where it is no operand of this operator alone.
    private func leftOperand(of index: Int) -> ClosedRange<Int>? {
        var start = index - 1
        while start >= 0 {
            if [.close, .caseEnd].contains(role(start)) { start = partners[start] ?? start }
            if isStart(start - 1) { return start...index - 1 }
            guard !isComparison(start - 1) else { return nil }
            start -= 1
        }
        return nil
    }

    private func rightOperand(from start: Int) -> ClosedRange<Int>? {
        guard let end = end(from: start), !holdsComparison(start...end), role(start) != .not else { return nil }
        return start...end
    }

    /// Without the parentheses around it.
    private func operand(_ range: ClosedRange<Int>) -> Operand {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, role(start) == .open(.group), partners[start] == end { (start, end) = (start + 1, end - 1) }
        return Operand(
            role: start == end ? parts[start].role : nil,
            parts: parts[start...max(start, end)],
            range: parts[start].range.lowerBound..<parts[max(start, end)].range.upperBound,
            function: function(start...max(start, end)),
            results: results(start...max(start, end)).map { parts[$0] }
        )
    }

    private func function(_ range: ClosedRange<Int>) -> String? {
        let (start, end) = (range.lowerBound, range.upperBound)
        if case .open(.call(let name)) = role(start + 1), partners[start + 1] == end { return name }
        return role(start) == .caseStart && partners[start] == end ? "case" : nil
    }

    private func results(_ range: ClosedRange<Int>) -> [ClosedRange<Int>] {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, role(start) == .open(.group), partners[start] == end { (start, end) = (start + 1, end - 1) }
        guard start <= end, !holdsComparison(start...end), !holdsLogic(start...end) else { return [] }
        switch function(start...end) {
        case "coalesce", "ifnull", "min", "max":
            return pieces(from: start + 2, to: end, after: [.comma]).flatMap(results)
        case "nullif": return pieces(from: start + 2, to: end, after: [.comma]).prefix(1).flatMap(results)
        case "iif", "if": return pieces(from: start + 2, to: end, after: [.comma]).dropFirst().flatMap(results)
        case "case": return pieces(from: start + 1, to: end, after: [.then, .otherwise]).flatMap(results)
        default: return [start...end]
        }
    }

    /// The parts of a call or a CASE, up to its end: its arguments, or what stands behind one of `starts` up to the next word of the CASE.
    private func pieces(from first: Int, to end: Int, after starts: Set<Role>) -> [ClosedRange<Int>] {
        let ends: Set<Role> = [.comma, .when, .then, .otherwise]
        var pieces: [ClosedRange<Int>] = []
        // An argument begins at once.
        var start = starts.contains(.comma) ? first : nil
        var index = first
        while index <= end {
            if index == end || role(index).map(ends.contains) ?? false {
                if let begin = start, begin < index { pieces.append(begin...index - 1) }
                start = role(index).map(starts.contains) ?? false ? index + 1 : nil
            }
            if case .open = role(index) { index = partners[index] ?? index }
            if role(index) == .caseStart { index = partners[index] ?? index }
            index += 1
        }
        return pieces
    }

    private func holdsLogic(_ range: ClosedRange<Int>) -> Bool {
        var index = range.lowerBound
        while index <= range.upperBound {
            if [.not, .and, .or].contains(role(index)) { return true }
            if case .open = role(index) { index = partners[index] ?? index }
            if role(index) == .caseStart { index = partners[index] ?? index }
            index += 1
        }
        return false
    }
}

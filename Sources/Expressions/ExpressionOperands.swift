internal import RollcallCore

/// What stands at the sides of the operators, as far as that is one column or one literal.
extension ExpressionParts {
    enum Operand {
        case column(Schema.Column)
        case text(String)
        case number
        /// `coalesce` or `ifnull` of a column and numbers.
        case columnOrNumber(Schema.Column)
    }

    /// Two operands that are compared, each with its place in the text.
    struct Comparison {
        let left: (operand: Operand, range: Range<Int>)
        let right: (operand: Operand, range: Range<Int>)
        let isOrdering: Bool
    }

    /// All comparisons of a column with a literal, or of anything else that is simple.
    var comparisons: [Comparison] {
        var found: [Comparison] = []
        func compare(_ left: ClosedRange<Int>?, _ right: ClosedRange<Int>?, isOrdering: Bool) {
            guard let left, let right, let one = operand(left), let other = operand(right) else { return }
            found.append(Comparison(left: one, right: other, isOrdering: isOrdering))
        }
        for index in parts.indices {
            switch parts[index].role {
            case .equality, .ordering:
                guard let right = operandRange(from: index + 1), isEnd(right.upperBound + 1) else { continue }
                compare(leftOperand(of: index), right, isOrdering: parts[index].role == .ordering)
            case .between:
                guard let and = partners[index], index + 1 < and else { continue }
                let left = leftOperand(of: index)
                compare(left, index + 1...and - 1, isOrdering: true)
                guard let high = operandRange(from: and + 1), isEnd(high.upperBound + 1) else { continue }
                compare(left, high, isOrdering: true)
            case .isIn:
                guard let end = partners[index + 1] else { continue }
                for place in index + 2..<max(index + 2, end) where isElement(place) {
                    compare(leftOperand(of: index), place...place, isOrdering: false)
                }
            default: continue
            }
        }
        for (start, whens) in cases {
            guard let first = whens.first, start + 1 < first else { continue }
            for when in whens where role(when + 2) == .then {
                compare(start + 1...first - 1, when + 1...when + 1, isOrdering: false)
            }
        }
        return found
    }

    /// The columns that are conditions by themselves, with their places in the text; where the whole is a condition, a column
    /// that is the whole is one, too.
    func conditions(isCondition: Bool) -> [(column: Schema.Column, range: Range<Int>)] {
        parts.indices.compactMap { index in
            guard case .column(let column) = parts[index].role else { return nil }
            var (before, after) = (index - 1, index + 1)
            while role(before) == .open(.group), role(after) == .close { (before, after) = (before - 1, after + 1) }
            guard isStart(before), isEnd(after) else { return nil }
            let isOperand =
                [.not, .and, .or].contains(role(before)) || [.and, .or].contains(role(after))
                || isTested(before, after) || (isCondition && before < 0 && after == parts.count)
            return isOperand ? (column, parts[index].range) : nil
        }
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

    private func bytes(_ range: ClosedRange<Int>) -> Range<Int> {
        parts[range.lowerBound].range.lowerBound..<parts[range.upperBound].range.upperBound
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
        case nil, .close, .comma, .and, .or, .when, .then, .otherwise, .caseEnd: true
        default: false
        }
    }

    private func isElement(_ index: Int) -> Bool {
        [.open(.list), .comma].contains(role(index - 1)) && [.close, .comma].contains(role(index + 1))
    }

    private func leftOperand(of index: Int) -> ClosedRange<Int>? {
        guard index > 0 else { return nil }
        var start = index - 1
        if role(start) == .close {
            guard let open = partners[start] else { return nil }
            start = open
            if case .open(.call) = role(open) { start -= 1 }
        }
        return start >= 0 && isStart(start - 1) ? start...index - 1 : nil
    }

    private func operandRange(from start: Int) -> ClosedRange<Int>? {
        guard start < parts.count else { return nil }
        if case .open(.group) = parts[start].role { return partners[start].map { start...$0 } }
        if case .open(.call) = role(start + 1) { return partners[start + 1].map { start...$0 } }
        return start...start
    }

    /// Without the parentheses around it.
    private func operand(_ range: ClosedRange<Int>) -> (operand: Operand, range: Range<Int>)? {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, role(start) == .open(.group), partners[start] == end { (start, end) = (start + 1, end - 1) }
        guard start <= end else { return nil }
        let simple: Operand? =
            switch parts[start].role {
            case _ where start < end: fallback(start...end)
            case .column(let column): .column(column)
            case .text(let text): .text(text)
            case .number: .number
            default: nil
            }
        return simple.map { ($0, bytes(start...end)) }
    }

    private func fallback(_ range: ClosedRange<Int>) -> Operand? {
        let open = range.lowerBound + 1
        guard [.open(.call("coalesce")), .open(.call("ifnull"))].contains(role(open)),
            partners[open] == range.upperBound
        else { return nil }
        var column: Schema.Column?
        var hasNumber = false
        for index in open + 1..<range.upperBound {
            switch parts[index].role {
            case .column(let found): column = column ?? found
            case .number: hasNumber = true
            case .comma: continue
            default: return nil
            }
        }
        return hasNumber ? column.map(Operand.columnOrNumber) : nil
    }
}

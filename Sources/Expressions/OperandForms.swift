internal import RollcallCore

extension ExpressionParts.Operand {
    /// The column that it is, and nothing more.
    var column: Schema.Column? {
        if case .column(let column) = role { column } else { nil }
    }

    /// The columns in it.
    var columns: [Schema.Column] {
        parts.compactMap { part in
            if case .column(let column) = part.role { column } else { nil }
        }
    }

    /// Whether it is a call that gives a date, or a date with a time, as text.
    var isMomentInText: Bool {
        ["date", "datetime", "parse_date"].contains(function)
    }

    /// Whether it may be what stands in a JSON document, of which nobody knows the type.
    var extracts: Bool { extracts(atAnyDepth: false) }

    func extracts(atAnyDepth: Bool) -> Bool {
        results.contains { result in
            result.isCall(of: "json_extract") || result.holds(.extraction, atAnyDepth: atAnyDepth)
        }
    }
}

extension LogicalType {
    var isMoment: Bool { self == .date || self == .timestamp }
}

extension String {
    /// Whether a date or a time in ISO 8601 may begin so: `2026-01`.
    var isBeginningOfMoment: Bool {
        let form = "0000-00-00T00:00:00".utf8
        return utf8.count >= 4 && utf8.count <= form.count
            && zip(utf8, form).allSatisfy { own, due in
                (0x30...0x39).contains(due)
                    ? (0x30...0x39).contains(own) : own == due || due == UInt8(ascii: "T") && own == 0x20
            }
    }
}

extension [ArraySlice<ExpressionParts.Part>] {
    /// Of those that are a column and nothing more, the first of this type.
    func firstColumn(of type: LogicalType) -> Schema.Column? {
        lazy.compactMap { result -> Schema.Column? in
            guard result.count == 1, case .column(let column) = result[result.startIndex].role else { return nil }
            return column.type == type ? column : nil
        }
        .first
    }
}

extension ArraySlice<ExpressionParts.Part> {
    func isText(_ literal: String) -> Bool { count == 1 && self[startIndex].role == .text(literal) }

    func isCall(of function: String) -> Bool {
        count > 1 && self[startIndex + 1].role == .open(.call(function))
    }

    func holds(_ role: ExpressionParts.Role, atAnyDepth: Bool = false) -> Bool {
        var depth = 0
        for part in self {
            if case .open = part.role { depth += 1 }
            if part.role == .close { depth -= 1 }
            if depth == 0 || atAnyDepth, part.role == role { return true }
        }
        return false
    }
}

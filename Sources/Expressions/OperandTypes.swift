internal import RollcallCore

/// What values the operands of an expression have, found by computing rows of samples.
final class OperandTypes {
    private let sql: [UInt8]
    private let schema: Schema
    private let samples: Batch
    private var known: [Range<Int>: (types: Set<LogicalType>, texts: Set<String>)] = [:]

    init(_ expression: Expression, _ schema: Schema) throws {
        sql = Array(expression.sql.utf8)
        self.schema = schema
        samples = try Batch.samples(of: schema)
    }

    func written(_ operand: ExpressionParts.Operand) -> String { String(decoding: sql[operand.range], as: UTF8.self) }

    /// `integer`, `decimal` or `text`, as SQLite gave them, or as the results are of that a sample never came to; none where there is nothing
    /// but NULL.
    func types(of operand: ExpressionParts.Operand) -> Set<LogicalType> {
        values(in: operand.range).types.union(operand.results.compactMap(\.typeInSQL))
    }

    /// Whether a part of the expression may be text.
    func mayBeText(in range: Range<Int>) -> Bool { values(in: range).types.contains(.text) }

    /// Whether it is never anything but text; a number likewise.
    func isText(_ operand: ExpressionParts.Operand) -> Bool { types(of: operand) == [.text] }

    func isNumber(_ operand: ExpressionParts.Operand) -> Bool {
        let types = types(of: operand)
        return !types.isEmpty && !types.contains(.text)
    }

    /// Whether it may be what stands for true in a column of booleans.
    func givesTruth(_ operand: ExpressionParts.Operand) -> Bool { values(in: operand.range).texts.contains("1") }

    private func values(in range: Range<Int>) -> (types: Set<LogicalType>, texts: Set<String>) {
        if let values = known[range] { return values }
        var types: Set<LogicalType> = []
        var texts: Set<String> = []
        // What does not compile by itself, such as several values in parentheses, has no type.
        if let query = try? BatchQuery(
            sql: "SELECT (\n\(String(decoding: sql[range], as: UTF8.self))\n) FROM batch",
            schema
        ) {
            _ = query.run(samples) { row in
                guard let type = row.type(0) else { return }
                types.insert(type)
                var arena: [UInt8] = []
                _ = row.appendValue(0, to: &arena)
                texts.insert(String(decoding: arena, as: UTF8.self))
            }
        }
        known[range] = (types, texts)
        return (types, texts)
    }
}

extension ArraySlice<ExpressionParts.Part> {
    /// Of a column or a literal, by itself; nil where it must be computed.
    fileprivate var typeInSQL: LogicalType? {
        guard count == 1 else { return nil }
        return switch self[startIndex].role {
        case .text: .text
        case .number, .truth: .integer
        case .column(let column): [.integer, .boolean, .decimal].contains(column.type) ? .integer : .text
        default: nil
        }
    }
}

extension Batch {
    /// Rows with ordinary values of each column's type, and with such text as columns often have; the last one has none.
    static func samples(of schema: Schema) throws -> Batch {
        var builder = BatchBuilder(schema: schema)
        for text in ["sample", "7919", "2026-02-03"] {
            for column in schema.columns { builder.append(column.type == .text ? text : column.type.sample) }
        }
        for _ in schema.columns { builder.append(nil) }
        return builder.finish()
    }
}

extension LogicalType {
    fileprivate var sample: String {
        switch self {
        case .text: "sample"
        case .integer: "7919"
        case .decimal: "7919.5"
        case .boolean: "true"
        case .date: "2026-02-03"
        case .timestamp: "2026-02-03T04:05:06Z"
        case .json: "{}"
        }
    }
}

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

    /// `integer`, `decimal` or `text`, as SQLite gave them; none where it gave nothing but NULL.
    func types(of operand: ExpressionParts.Operand) -> Set<LogicalType> { values(of: operand).types }

    /// Whether it is never anything but text; a number likewise.
    func isText(_ operand: ExpressionParts.Operand) -> Bool { types(of: operand) == [.text] }

    func isNumber(_ operand: ExpressionParts.Operand) -> Bool {
        let types = types(of: operand)
        return !types.isEmpty && !types.contains(.text)
    }

    /// Whether it may be what stands for true in a column of booleans.
    func givesTruth(_ operand: ExpressionParts.Operand) -> Bool { values(of: operand).texts.contains("1") }

    private func values(of operand: ExpressionParts.Operand) -> (types: Set<LogicalType>, texts: Set<String>) {
        if let values = known[operand.range] { return values }
        var types: Set<LogicalType> = []
        var texts: Set<String> = []
        // What does not compile by itself, such as several values in parentheses, has no type.
        if let query = try? BatchQuery(sql: "SELECT (\n\(written(operand))\n) FROM batch", schema) {
            _ = query.run(samples) { row in
                guard let type = row.type(0) else { return }
                types.insert(type)
                var arena: [UInt8] = []
                _ = row.appendValue(0, to: &arena)
                texts.insert(String(decoding: arena, as: UTF8.self))
            }
        }
        known[operand.range] = (types, texts)
        return (types, texts)
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

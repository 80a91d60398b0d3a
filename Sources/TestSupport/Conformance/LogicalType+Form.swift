internal import Foundation
internal import RollcallCore

extension LogicalType {
    /// Whether a cell of this type may hold the text, as the type's documentation says.
    func admits(_ text: String) -> Bool {
        switch self {
        case .text: true
        case .integer: text.wholeMatch(of: /-?[0-9]+/) != nil
        case .decimal: text.wholeMatch(of: /-?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?|NaN|-?Infinity/) != nil
        case .boolean: text == "true" || text == "false"
        case .date: text.wholeMatch(of: /[0-9]{4,}-[0-9]{2}-[0-9]{2}( BC)?|-?infinity/) != nil
        case .timestamp:
            text.wholeMatch(
                of:
                    /[0-9]{4,}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[-+][0-9]{2}(:[0-9]{2})?)?( BC)?|-?infinity/
            ) != nil
        case .json: (try? JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)) != nil
        }
    }
}

extension Batch {
    /// A cell that is no UTF-8 text, or not what its column's type says; nil where there is none.
    func cellOfWrongForm() -> String? {
        for (column, values) in zip(schema.columns, columns) {
            for (row, cell) in values.cells.enumerated() where !cell.isNull {
                guard let text = String(validating: values.arena[cell.range], as: UTF8.self) else {
                    return "\"\(column.name)\" of row \(row) is no UTF-8 text"
                }
                guard column.type.admits(text) else {
                    return
                        "\"\(column.name)\" of row \(row), of type \(column.type.rawValue), is \"\(text.prefix(80))\""
                }
            }
        }
        return nil
    }
}

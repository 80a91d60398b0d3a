internal import Foundation
internal import RollcallCore

/// Somebody who is to be erased.
struct Subject: Sendable {
    /// As rejects name it.
    let key: String
    /// Of the source's key columns.
    let values: [String]

    /// The same person as a source with these columns has the key: `7` for `007` in a column of integers.
    func known(by schema: Schema, _ keyColumns: [String]) -> Subject {
        let values = zip(keyColumns, values).map { name, value in
            let type = schema.index(of: name).map { schema.columns[$0].type }
            return type == .integer ? Int(value).map(String.init) ?? value : value
        }
        return values == self.values ? self : Subject(key: Reject.name(of: values), values: values)
    }
}

/// What the source has of subjects.
struct SourceAnswer: Sendable {
    /// What would be delivered.
    let columns: Schema
    /// The keys of the rows that were found, in their order; nil where the source cannot look rows up.
    private let names: [String]?
    private let passing: Batch?

    init(columns: Schema, names: [String]? = nil, passing: Batch? = nil) {
        self.columns = columns
        self.names = names
        self.passing = passing
    }

    /// The keys that the source has; nil where it cannot say.
    var found: Set<String>? { names.map { Set($0) } }

    /// A value of the subject's row, where that comes through the transforms.
    func value(ofColumn column: Int, of subject: Subject) -> String? {
        guard let names, let passing else { return nil }
        let row = (0..<passing.rowCount).first { names[passing.origin(of: $0)] == subject.key }
        return row.flatMap { passing.columns[column][$0] }
    }
}

extension Position {
    /// Whether it is the place behind the subject's row.
    func names(_ subject: Subject, in sources: SourceList) -> Bool {
        guard sources.isList, let positions = SourcePositions(self) else { return names(subject.values) }
        return positions.bySource.contains { name, position in
            guard sources.nameColumn != nil else { return position.names(subject.values) }
            return subject.values.first == name && position.names(Array(subject.values.dropFirst()))
        }
    }

    /// Every source writes positions of its own, so every value counts.
    private func names(_ values: [String]) -> Bool {
        guard let document = try? JSONSerialization.jsonObject(with: Data(json.utf8), options: .fragmentsAllowed) else {
            return false
        }
        return Set(values).isSubset(of: Self.texts(in: document))
    }

    private static func texts(in value: Any) -> Set<String> {
        switch value {
        case let text as String: [text]
        case let number as NSNumber: [number.stringValue]
        case let list as [Any]: list.reduce(into: []) { $0.formUnion(texts(in: $1)) }
        case let object as [String: Any]: object.values.reduce(into: []) { $0.formUnion(texts(in: $1)) }
        default: []
        }
    }
}

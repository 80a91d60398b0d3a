internal import RollcallCore

/// A value in a case of a pipeline file, with the type that it has as YAML.
struct CaseValue: SettingValue, Equatable {
    /// Nil is NULL.
    let text: String?
    let type: LogicalType?

    static let form = SettingForm.optional(.text)

    static func read(_ node: ConfigurationNode) throws(SettingFault) -> CaseValue {
        guard case .scalar(let text, let isQuoted, _, _) = node else { throw .expected(Self.self, got: node) }
        if node.isEmpty { return CaseValue(text: nil, type: nil) }
        return CaseValue(text: text, type: isQuoted ? .text : type(ofPlain: text))
    }

    static func type(ofPlain text: String) -> LogicalType {
        if ["true", "false"].contains(text) { return .boolean }
        if Int(text) != nil { return .integer }
        if text.wholeMatch(of: /[+-]?[0-9]+\.[0-9]+/) != nil { return .decimal }
        if text.wholeMatch(of: /\d{4}-\d\d-\d\d/) != nil { return .date }
        if text.wholeMatch(of: /\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d(:?\d\d)?)?/) != nil {
            return .timestamp
        }
        return .text
    }

    /// What a column is that has values of both types.
    static func common(_ one: LogicalType?, _ other: LogicalType?) -> LogicalType? {
        guard let one, let other, one != other else { return one ?? other }
        return Set([one, other]) == [.integer, .decimal] ? .decimal : .text
    }
}

/// One value, or several.
struct CaseKey: SettingValue, Equatable {
    let values: [String]

    static let form = SettingForm.either(.optional(.text), .list(of: .optional(.text)))

    static func read(_ node: ConfigurationNode) throws(SettingFault) -> CaseKey {
        let values = if case .sequence = node { try [CaseValue].read(node) } else { [try CaseValue.read(node)] }
        return CaseKey(values: values.map { $0.text ?? "NULL" })
    }
}

extension LogicalType: SettingValue {
    public static let form = SettingForm.choice(allCases.map(\.rawValue))

    public static func read(_ node: ConfigurationNode) throws(SettingFault) -> LogicalType {
        let text = try String.read(node)
        guard let type = LogicalType(rawValue: text) else {
            let hint = suggestion(for: text, among: allCases.map(\.rawValue))
            throw SettingFault("must be one of \(form.phrase), got \(node.summary)", hint: hint, at: node.location)
        }
        return type
    }
}

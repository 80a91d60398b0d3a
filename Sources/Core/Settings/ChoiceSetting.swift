/// A setting that is one of a few words.
public protocol ChoiceSetting: SettingValue, RawRepresentable<String>, CaseIterable, CustomStringConvertible {}

extension ChoiceSetting {
    public static var form: SettingForm { .choice(allCases.map(\.rawValue)) }

    /// The plain word `null`, which stands for nothing elsewhere, may be one of them.
    public static func read(_ node: ConfigurationNode) throws(SettingFault) -> Self {
        guard let choice = node.text.flatMap(Self.init(rawValue:)) else {
            throw .expected(Self.self, got: node)
        }
        return choice
    }

    public var description: String { rawValue }
}

/// A text that must not be shown: it prints as `<redacted>` and is read by `reveal()` alone.
public struct Secret: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let text: String

    public init(_ text: String) {
        self.text = text
    }

    /// The text itself, for the one call that needs it.
    public func reveal() -> String { text }

    public var description: String { "<redacted>" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension Secret: SettingValue {
    public static let form = SettingForm.text
    public static let isSecret = true

    public static func read(_ node: ConfigurationNode) throws(SettingFault) -> Secret {
        guard let text = node.text, !node.isEmpty else { throw .expected(Self.self, got: node) }
        return Secret(text)
    }
}

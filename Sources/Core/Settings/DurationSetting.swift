/// A length of time as people write it: `90s`, `15m`, `24h`, `7d`.
public struct DurationSetting: SettingValue, Hashable, CustomStringConvertible {
    public let seconds: Int

    public init(seconds: Int) {
        self.seconds = seconds
    }

    public static let form = SettingForm.duration

    public static func read(_ node: ConfigurationNode) throws(SettingFault) -> DurationSetting {
        guard let text = node.text, let unit = text.last, let seconds = secondsPerUnit[unit],
            let number = Int(text.dropLast()), (1...1_000_000).contains(number)
        else { throw .expected(Self.self, got: node) }
        return DurationSetting(seconds: number * seconds)
    }

    private static let secondsPerUnit: [Character: Int] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]

    /// In the largest unit that divides it: `24h` is `1d`.
    public var description: String {
        for unit in ["d", "h", "m"] as [Character] {
            if let length = Self.secondsPerUnit[unit], seconds.isMultiple(of: length) {
                return "\(seconds / length)\(unit)"
            }
        }
        return "\(seconds)s"
    }
}

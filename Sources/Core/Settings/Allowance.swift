/// How many of something may be: a number, or a share of the whole such as `20%`.
public enum Allowance: SettingValue, Hashable, CustomStringConvertible {
    case count(Int)
    /// In percent, from 0 to 100.
    case share(Double)

    public static let form = SettingForm.allowance

    public static func read(_ node: ConfigurationNode) throws(SettingFault) -> Allowance {
        guard let allowance = node.text.flatMap(Allowance.init) else {
            throw .expected(Self.self, got: node)
        }
        return allowance
    }

    /// Nil for text that is neither a whole number nor a percentage.
    public init?(_ text: String) {
        if text.hasSuffix("%") {
            guard let share = Double(text.dropLast()), (0...100).contains(share) else { return nil }
            self = .share(share)
        } else {
            guard let count = Int(text), count >= 0 else { return nil }
            self = .count(count)
        }
    }

    /// Whether `count` out of `whole` are no more than allowed.
    public func admits(_ count: Int, of whole: Int) -> Bool {
        switch self {
        case .count(let most): count <= most
        // Everything is allowed at 100 %, even of a whole that is smaller than its part.
        case .share(100): true
        case .share(let percent): Double(count) * 100 <= percent * Double(whole)
        }
    }

    public var description: String {
        switch self {
        case .count(let count): "\(count)"
        case .share(let percent): percent == percent.rounded() ? "\(Int(percent))%" : "\(percent)%"
        }
    }
}

/// What kind of number it is, by its digits.
public enum PhoneNumberType: UInt8, Sendable, Hashable, CaseIterable {
    // The generated metadata holds these raw values.

    /// No number that is in use.
    case unknown = 0
    case fixedLine = 1
    case mobile = 2
    /// One of the two: the digits do not tell, as in North America.
    case fixedLineOrMobile = 3
    case tollFree = 4
    case premiumRate = 5
    /// The caller pays a part.
    case sharedCost = 6
    case voip = 7
    /// Rings wherever the person is.
    case personalNumber = 8
    case pager = 9
    /// One number for a company as a whole.
    case companyNumber = 10
    case voicemail = 11

    /// The name in settings and columns: `fixed_line_or_mobile`.
    public var name: String {
        switch self {
        case .unknown: "unknown"
        case .fixedLine: "fixed_line"
        case .mobile: "mobile"
        case .fixedLineOrMobile: "fixed_line_or_mobile"
        case .tollFree: "toll_free"
        case .premiumRate: "premium_rate"
        case .sharedCost: "shared_cost"
        case .voip: "voip"
        case .personalNumber: "personal_number"
        case .pager: "pager"
        case .companyNumber: "uan"
        case .voicemail: "voicemail"
        }
    }
}

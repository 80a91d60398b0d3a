internal import PhoneNumbers
internal import RollcallCore

/// A region by its code of two letters.
struct RegionSetting: SettingValue {
    let region: PhoneRegion

    static let form = SettingForm.text

    static func read(_ node: ConfigurationNode) throws(SettingFault) -> RegionSetting {
        let code = try String.read(node)
        if let region = PhoneRegion(code) { return RegionSetting(region: region) }
        throw SettingFault(
            "must be the ISO 3166 code of a country or territory, got \(node.summary)",
            hint: "two letters, such as `GR` or `US`",
            at: node.location
        )
    }
}

/// A type of phone number by its name.
struct PhoneTypeSetting: SettingValue {
    let type: PhoneNumberType

    static let form = SettingForm.choice(PhoneNumberType.allCases.map(\.name))

    static func read(_ node: ConfigurationNode) throws(SettingFault) -> PhoneTypeSetting {
        let name = try String.read(node)
        guard let type = PhoneNumberType.allCases.first(where: { $0.name == name }) else {
            let fault = SettingFault.expected(Self.self, got: node)
            throw SettingFault(
                fault.message,
                hint: suggestion(for: name, among: PhoneNumberType.allCases.map(\.name)),
                at: fault.location
            )
        }
        return PhoneTypeSetting(type: type)
    }
}

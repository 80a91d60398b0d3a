internal import RollcallCore

/// A country with time zones, by its code of two letters.
struct CountrySetting: SettingValue {
    let country: CountryTimes

    static let form = SettingForm.text

    static func read(_ node: ConfigurationNode) throws(SettingFault) -> CountrySetting {
        let code = try String.read(node)
        let bytes = Array(code.utf8)
        guard let country = CountryTimes.country(bytes.span) else {
            throw SettingFault(
                "must be the ISO 3166 code of a country or territory, got \(node.summary)",
                hint: "two letters, such as `US` or `AU`",
                at: node.location
            )
        }
        return CountrySetting(country: country)
    }
}

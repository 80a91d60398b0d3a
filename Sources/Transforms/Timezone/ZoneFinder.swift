internal import PhoneNumbers
internal import RollcallCore
internal import RollcallValues

/// Finds the time zone of a row by what its columns say.
struct ZoneFinder {
    /// Of rows that name no country.
    let defaultCountry: CountryTimes?

    /// Whether a text is the name of a zone; a column has few different ones.
    private var known: [String: Bool] = [:]
    private static let mostKnown = 4_096

    init(defaultCountry: CountryTimes?) {
        self.defaultCountry = defaultCountry
    }

    /// The zone that is written in a value; nil where it is none.
    mutating func stated(_ value: Span<UInt8>) -> FoundZone? {
        let trimmed = value.trimmedRange
        guard !trimmed.isEmpty else { return nil }
        let name = value.extracting(trimmed).text
        let isZone: Bool
        if let answer = known[name] {
            isZone = answer
        } else {
            if known.count == Self.mostKnown { known = [:] }
            isZone = (name.contains("/") || name == "UTC") && Zone(name) != nil
            known[name] = isZone
        }
        return isZone ? FoundZone(name: name, confidence: .stated) : nil
    }

    /// The zone of a row by its country, postal code and phone number, as far as it has these.
    ///
    /// What is surest counts. A phone number from another country than the row's tells nothing of it.
    func found(country: Span<UInt8>, postalCode: Span<UInt8>, phone: Span<UInt8>) -> FoundZone? {
        // A country that is not known is not the one that most rows are of.
        let named = country.trimmedRange.isEmpty ? defaultCountry : CountryTimes.country(country)
        guard let country = named else { return zone(ofPhone: phone) }
        let zones = country.zones(ofPostalCode: postalCode)
        if zones.count == 1 { return FoundZone(name: zones[0], confidence: .certain) }
        guard !country.hasOneTime else { return country.main }
        let byPhone = zone(ofPhone: phone, in: country, within: zones)
        if let byPhone, byPhone.confidence == .likely { return byPhone }
        return zones.first.map { FoundZone(name: $0, confidence: .guess) } ?? byPhone ?? country.main
    }

    /// The zone of a number that names its country.
    private func zone(ofPhone text: Span<UInt8>) -> FoundZone? {
        guard let number = try? PhoneNumber(text), let region = number.region else { return nil }
        let code = Array(region.code.utf8)
        guard number.isValid, let country = CountryTimes.country(code.span) else { return nil }
        guard !country.hasOneTime else { return FoundZone(name: country.main.name, confidence: .likely) }
        return country.choice(among: number.timeZones, within: []) ?? country.main
    }

    private func zone(ofPhone text: Span<UInt8>, in country: CountryTimes, within zones: [String]) -> FoundZone? {
        guard let home = country.region, let number = try? PhoneNumber(text, region: home), number.region == home else {
            return nil
        }
        return country.choice(among: number.timeZones, within: zones)
    }
}

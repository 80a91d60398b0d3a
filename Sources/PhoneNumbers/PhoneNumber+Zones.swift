extension PhoneNumber {
    /// The time zones in which there are such numbers, by their names in the IANA database, as libphonenumber knows them.
    ///
    /// Those of its area where its digits tell one, else all of its calling code; none where it is not valid. Some names stand for
    /// a zone nearby that has not always the same time: `Europe/Paris` for Algeria.
    public var timeZones: [String] {
        let type = type
        guard type != .unknown else { return [] }
        var digits: [UInt8] = []
        digits.reserveCapacity(24)
        appendE164(to: &digits)
        let end = hasArea(type) ? digits.count : digits.count - nationalNumber.count
        return ZonePrefixes.shared.zones(of: digits.span.extracting(1..<end))
    }

    /// Whether numbers of the type begin with the digits of an area.
    private func hasArea(_ type: PhoneNumberType) -> Bool {
        switch type {
        case .fixedLine, .fixedLineOrMobile: true
        case .mobile: GeneratedZones.mobileAreas.contains(callingCode)
        default: false
        }
    }
}

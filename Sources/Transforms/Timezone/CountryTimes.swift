internal import PhoneNumbers

/// The time zones of one country.
struct CountryTimes: Sendable {
    /// A bit for the time that each zone shows; empty where the country has one time.
    private let times: [String: UInt64]
    /// That of the most populous zone.
    private static let mainTime: UInt64 = 1
    /// The zone of the country, or its most populous one.
    let main: FoundZone
    let region: PhoneRegion?
    private let postalCodes: PostalCodes?

    var hasOneTime: Bool { main.confidence == .certain }

    /// Of all countries, by their codes of two capital letters.
    private static let all: ByteTable<CountryTimes> = {
        let entries = CountryZones.table.split(separator: "\n").map { line in
            let fields = line.split(separator: " ").map(String.init)
            return (key: fields[0], value: CountryTimes(fields[0], groups: Array(fields.dropFirst())))
        }
        // As the United Kingdom and Greece are often called, though not by ISO 3166.
        let usual = entries.compactMap { entry in
            ["GB": "UK", "GR": "EL"][entry.key].map { (key: $0, value: entry.value) }
        }
        return ByteTable(entries + usual)
    }()

    /// The country with this code, in capital or small letters, with white space around it or not; nil where there is none.
    static func country(_ code: Span<UInt8>) -> CountryTimes? {
        let trimmed = code.trimmedRange
        guard trimmed.count == 2 else { return nil }
        let letters = [code[trimmed.lowerBound].uppercasedASCII, code[trimmed.lowerBound + 1].uppercasedASCII]
        return all[letters.span]
    }

    /// - Parameters:
    ///   - code: The country's code.
    ///   - groups: Names of zones with commas between, the most populous one first.
    private init(_ code: String, groups: [String]) {
        let zones = groups.map { $0.split(separator: ",").map(String.init) }
        main = FoundZone(name: zones[0][0], confidence: groups.count == 1 ? .certain : .guess)
        region = PhoneRegion(code)
        postalCodes = PostalCodes(code)
        var times: [String: UInt64] = [:]
        for (number, names) in zones.enumerated() where zones.count > 1 {
            for name in names { times[name] = Self.mainTime << UInt64(number) }
        }
        self.times = times
    }

    /// The zones in one of which places with the postal code are; empty where none is known.
    func zones(ofPostalCode code: Span<UInt8>) -> [String] {
        postalCodes?.zones(of: code) ?? []
    }

    /// What zones tell of a row, one of which is the row's.
    ///
    /// - Parameters:
    ///   - zones: Those of its phone number; what is no zone of the country does not count.
    ///   - candidates: Only those that show the time of one of these count; empty for all.
    /// - Returns: Nil where none is left.
    func choice(among zones: [String], within candidates: [String]) -> FoundZone? {
        let found = times(of: zones) & (candidates.isEmpty ? .max : times(of: candidates))
        let names = candidates.isEmpty ? zones : candidates
        guard let first = names.first(where: { times[$0, default: 0] & found != 0 }) else { return nil }
        let isMain = found & Self.mainTime != 0
        // A zone of another country may stand for one of this that it is near to.
        let isOne = found.nonzeroBitCount == 1 && zones.allSatisfy { times[$0] != nil }
        return FoundZone(name: isMain ? main.name : first, confidence: isOne ? .likely : .guess)
    }

    private func times(of zones: [String]) -> UInt64 {
        zones.reduce(0) { $0 | times[$1, default: 0] }
    }
}

extension UInt8 {
    var uppercasedASCII: UInt8 { (0x61...0x7A).contains(self) ? self ^ 0x20 : self }
}

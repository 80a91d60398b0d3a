/// The time zones of the postal codes of one country.
struct PostalCodes: Sendable {
    /// Countries whose codes are known, with the forms that these have without blanks and hyphens: `9` is a digit, `A` a letter.
    private static let forms: [String: [String]] = [
        "AU": ["9999"], "BR": ["99999", "99999999"], "CA": ["A9A", "A9A9A9"], "ES": ["99999"], "FR": ["99999"],
        "MX": ["99999"], "PT": ["9999", "9999999"], "US": ["99999", "999999999"],
    ]
    static var countries: [String] { forms.keys.sorted() }

    private let forms: [[UInt8]]
    /// By what codes begin with.
    private let zones: ByteTable<[String]>

    /// - Parameter country: The country's code; nil where its postal codes are not known.
    init?(_ country: String) {
        guard let forms = Self.forms[country] else { return nil }
        self.forms = forms.map { Array($0.utf8) }
        let entries = PostalZones.table.split(separator: "\n").filter { $0.hasPrefix("\(country) ") }.flatMap { line in
            let fields = line.split(separator: " ").map(String.init)
            let zones = fields[1] == "-" ? [] : fields[1].split(separator: ",").map(String.init)
            return fields.dropFirst(2).map { (key: $0, value: zones) }
        }
        zones = ByteTable(entries)
    }

    /// The zones in one of which places with the code are, the most populous first; empty where none is known.
    ///
    /// What has not the form of a code is none: a zero that a spreadsheet has dropped would make another code of it.
    func zones(of code: Span<UInt8>) -> [String] {
        guard let letters = significant(code) else { return [] }
        for length in (1...Self.longestBeginning).reversed() where length <= letters.count {
            if let zones = zones[letters.span.extracting(first: length)] { return zones }
        }
        return []
    }

    private static let longestBeginning = 5

    /// The code in capital letters without blanks and hyphens; nil where it has not the form of one.
    private func significant(_ code: Span<UInt8>) -> [UInt8]? {
        var letters: [UInt8] = []
        let trimmed = code.trimmedRange
        guard trimmed.count <= 12 else { return nil }
        for index in trimmed where code[index] != UInt8(ascii: " ") && code[index] != UInt8(ascii: "-") {
            letters.append(code[index].uppercasedASCII)
        }
        return forms.contains { has(letters, $0) } ? letters : nil
    }

    private func has(_ letters: [UInt8], _ form: [UInt8]) -> Bool {
        guard letters.count == form.count else { return false }
        return zip(letters, form).allSatisfy { letter, kind in
            kind == UInt8(ascii: "9") ? letter.isASCIIDigit : letter.isASCIILetter
        }
    }
}

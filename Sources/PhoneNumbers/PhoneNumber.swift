/// A phone number as it can be dialled from anywhere, read from text as people write it.
///
/// Reads, checks and classifies as libphonenumber does, by its metadata of `PhoneMetadata.version`. Nothing is allocated to
/// read a number, to check it, or to append its E.164 form to bytes.
public struct PhoneNumber: Sendable, Hashable {
    /// The calling code: 30 for Greece, 1 for all of North America.
    public let callingCode: UInt16
    /// The national significant number: all that is dialled behind the calling code, zeros at its start included.
    public let nationalNumber: PhoneDigits
    /// What is dialled once the call is answered; empty where there is none.
    public let extensionDigits: PhoneDigits

    init(callingCode: UInt16, nationalNumber: PhoneDigits, extensionDigits: PhoneDigits) {
        self.callingCode = callingCode
        self.nationalNumber = nationalNumber
        self.extensionDigits = extensionDigits
    }

    /// Reads a number.
    ///
    /// - Parameters:
    ///   - text: UTF-8 in any of the usual forms: international with `+` or with the prefix that is dialled in `region`,
    ///     national with or without its prefix, `tel:` URI, with punctuation, an extension, letters for digits, digits of any script.
    ///   - region: Where a number without a calling code is from; without it, only numbers with `+` can be read.
    /// - Throws: why it is no number; one that can be read need not be valid.
    public init(_ text: Span<UInt8>, region: PhoneRegion? = nil) throws(PhoneNumberFault) {
        self = try NumberText.read(text) { symbols throws(PhoneNumberFault) in
            try NumberParser(region: region).parse(symbols)
        }
    }

    /// Reads a number; see the initializer that takes bytes.
    public init(_ text: String, region: PhoneRegion? = nil) throws(PhoneNumberFault) {
        let bytes = Array(text.utf8)
        try self.init(bytes.span, region: region)
    }

    /// `+302101234567`, without the extension.
    public var e164: String {
        var bytes: [UInt8] = []
        appendE164(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends `+302101234567`, without the extension.
    public func appendE164(to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "+"))
        if callingCode >= 100 { bytes.append(UInt8(ascii: "0") + UInt8(callingCode / 100)) }
        if callingCode >= 10 { bytes.append(UInt8(ascii: "0") + UInt8(callingCode / 10 % 10)) }
        bytes.append(UInt8(ascii: "0") + UInt8(callingCode % 10))
        nationalNumber.append(to: &bytes)
    }
}

internal import PhoneNumbers

/// All that is known of a number, on one line, to compare it with what libphonenumber knows.
public enum PhoneAnswer {
    /// - Parameters:
    ///   - number: The text, with `\t`, `\n`, `\r` and `\\` for what would break a line.
    ///   - region: A code, or `-`.
    /// - Returns: What is wrong, or E.164, length, type, region, extension and time zones, with tabs between them.
    public static func line(for number: Span<UInt8>, region: Span<UInt8>) -> String {
        let bytes = unescaped(number)
        do throws(PhoneNumberFault) {
            return line(for: try PhoneNumber(bytes.span, region: PhoneRegion(region)))
        } catch {
            switch error {
            case .notANumber: return "NOT_A_NUMBER"
            case .unknownCallingCode: return "INVALID_COUNTRY_CODE"
            case .tooShortAfterInternationalPrefix: return "TOO_SHORT_AFTER_IDD"
            case .tooShort: return "TOO_SHORT_NSN"
            case .tooLong: return "TOO_LONG"
            }
        }
    }

    private static func line(for number: PhoneNumber) -> String {
        let assignment = number.assignment
        let length =
            switch number.lengthCheck {
            case .possible: "IS_POSSIBLE"
            case .possibleLocally: "IS_POSSIBLE_LOCAL_ONLY"
            case .unknownCallingCode: "INVALID_COUNTRY_CODE"
            case .tooShort: "TOO_SHORT"
            case .tooLong: "TOO_LONG"
            case .impossible: "INVALID_LENGTH"
            }
        let facts = [
            number.e164, length, assignment.type.name, assignment.region?.code ?? "-", number.extensionDigits.text,
            number.timeZones.joined(separator: ","),
        ]
        return facts.joined(separator: "\t")
    }

    private static func unescaped(_ text: Span<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        var isEscaped = false
        for index in text.indices {
            let byte = text[index]
            if isEscaped {
                switch byte {
                case UInt8(ascii: "t"): bytes.append(0x09)
                case UInt8(ascii: "n"): bytes.append(0x0A)
                case UInt8(ascii: "r"): bytes.append(0x0D)
                default: bytes.append(byte)
                }
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else {
                bytes.append(byte)
            }
        }
        return bytes
    }
}

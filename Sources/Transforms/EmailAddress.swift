internal import RollcallCore

/// Checks and normalises e-mail addresses by the practical rules: RFC 5321 with its lengths, of RFC 5322 the dot-atom, and for
/// domains in other scripts IDNA 2008.
struct EmailAddress: Sendable {
    let lowercasesLocalPart: Bool
    let allowsQuotedLocalPart: Bool

    /// Appends the address as it should be written; a blank value is no address, and NULL.
    func rewrite(_ value: Span<UInt8>, into arena: inout [UInt8]) -> Rewriting {
        let trimmed = value.trimmedRange
        guard !trimmed.isEmpty else { return .null }
        let address = value.extracting(trimmed)
        let start = arena.count
        guard let at = address.lastIndex(of: UInt8(ascii: "@")) else { return refused("has no @") }
        if let reason = appendLocalPart(address.extracting(0..<at), to: &arena) { return refused(reason) }
        arena.append(UInt8(ascii: "@"))
        let domainStart = arena.count
        if let reason = appendDomain(address.extracting((at + 1)..<address.count), to: &arena) {
            return refused(reason)
        }
        guard arena.count - domainStart <= Self.longestDomain, arena.count - start <= Self.longest else {
            return refused("is longer than \(Self.longest) characters, or its domain than \(Self.longestDomain)")
        }
        return .replaced
    }

    /// RFC 5321, section 4.5.3.1: a path of 256 octets with its angle brackets.
    private static let longest = 254
    private static let longestLocalPart = 64
    /// RFC 1035, section 2.3.4, without the lengths of the first label and of the root.
    private static let longestDomain = 253
    private static let longestLabel = 63

    private func refused(_ reason: String) -> Rewriting {
        .refused(Refusal(code: "email_invalid", reason: "is no e-mail address: it \(reason)"))
    }

    // MARK: - The part before the @

    private func appendLocalPart(_ part: Span<UInt8>, to arena: inout [UInt8]) -> String? {
        guard !part.isEmpty else { return "has nothing before the @" }
        guard part.count <= Self.longestLocalPart else {
            return "has more than \(Self.longestLocalPart) characters before the @"
        }
        if part[0] == UInt8(ascii: "\"") {
            guard allowsQuotedLocalPart else { return "has a quoted part before the @" }
            guard part.isQuotedString else { return "has quotes before the @ that do not match" }
            arena.appendBytes(part)
            return nil
        }
        var isBehindDot = true
        for index in part.indices {
            let byte = part[index]
            if byte == UInt8(ascii: ".") {
                guard !isBehindDot else { return Self.misplacedDot }
                isBehindDot = true
            } else {
                guard byte.isAtomText else { return "has a character before the @ that may not be there" }
                isBehindDot = false
            }
            arena.append(lowercasesLocalPart ? byte.lowercasedASCII : byte)
        }
        return isBehindDot ? Self.misplacedDot : nil
    }

    private static let misplacedDot = "has a dot at an end of the part before the @, or two in a row"

    // MARK: - The domain

    private func appendDomain(_ domain: Span<UInt8>, to arena: inout [UInt8]) -> String? {
        if domain.isASCII { return appendASCIIDomain(domain, to: &arena) }
        guard let name = InternationalDomain.ascii(domain.text) else {
            return "has a domain with characters that may not be there"
        }
        let bytes = Array(name.utf8)
        return appendASCIIDomain(bytes.span, to: &arena)
    }

    private func appendASCIIDomain(_ domain: Span<UInt8>, to arena: inout [UInt8]) -> String? {
        guard !domain.isEmpty else { return "has nothing behind the @" }
        var labelStart = 0
        var labels = 0
        var isNumber = true
        for index in 0...domain.count {
            guard index == domain.count || domain[index] == UInt8(ascii: ".") else {
                let byte = domain[index].lowercasedASCII
                guard byte.isASCIILetter || byte.isASCIIDigit || byte == UInt8(ascii: "-") else {
                    return "has a domain with characters that may not be there"
                }
                if !byte.isASCIIDigit { isNumber = false }
                arena.append(byte)
                continue
            }
            let label = domain.extracting(labelStart..<index)
            guard !label.isEmpty else { return "has a domain with a dot at an end, or two in a row" }
            guard label.count <= Self.longestLabel, label[0] != UInt8(ascii: "-"),
                label[label.count - 1] != UInt8(ascii: "-")
            else { return "has a domain with a part that is too long, or has a hyphen at an end" }
            labels += 1
            labelStart = index + 1
            if index < domain.count {
                arena.append(UInt8(ascii: "."))
                isNumber = true
            }
        }
        guard labels > 1 else { return "has a domain without a dot" }
        return isNumber ? "has a number where the domain's last part should be" : nil
    }
}

extension Span<UInt8> {
    fileprivate func lastIndex(of byte: UInt8) -> Int? {
        var index = count - 1
        while index >= 0, self[index] != byte { index -= 1 }
        return index >= 0 ? index : nil
    }

    /// RFC 5321's Quoted-string: printable characters, and behind a backslash quotes and backslashes too.
    fileprivate var isQuotedString: Bool {
        guard count >= 2, self[count - 1] == UInt8(ascii: "\"") else { return false }
        var isEscaped = false
        for index in 1..<(count - 1) {
            let byte = self[index]
            guard (0x20...0x7E).contains(byte) else { return false }
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                return false
            }
        }
        return !isEscaped
    }
}

extension UInt8 {
    /// RFC 5322, section 3.2.3: `atext`.
    fileprivate var isAtomText: Bool {
        isASCIILetter || isASCIIDigit || "!#$%&'*+-/=?^_`{|}~".utf8.contains(self)
    }

    var lowercasedASCII: UInt8 { (0x41...0x5A).contains(self) ? self | 0x20 : self }
}

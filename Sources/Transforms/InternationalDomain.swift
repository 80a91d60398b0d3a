internal import Foundation

/// Domain names in other scripts, as the DNS has them: `bücher.example` is `xn--bcher-kva.example` (IDNA 2008).
enum InternationalDomain {
    /// Nil for a name with characters that no domain has: only letters, their marks, digits and hyphens are left.
    ///
    /// The name is first written in small letters and plain forms (NFKC), as browsers do.
    static func ascii(_ name: String) -> String? {
        let mapped = String(String.UnicodeScalarView(name.unicodeScalars.map { $0.isFullStop ? "." : $0 }))
            .precomposedStringWithCompatibilityMapping.lowercased().precomposedStringWithCompatibilityMapping
        var labels: [String] = []
        for label in mapped.split(separator: ".", omittingEmptySubsequences: false) {
            let scalars = Array(label.unicodeScalars)
            guard !scalars.allSatisfy(\.isASCII) else {
                labels.append(String(label))
                continue
            }
            guard scalars.allSatisfy(\.mayBeInLabel), scalars.first?.isMark == false else { return nil }
            labels.append("xn--" + Punycode.encode(scalars))
        }
        return labels.joined(separator: ".")
    }
}

/// RFC 3492 with the parameters of its section 5.
private enum Punycode {
    static func encode(_ scalars: [Unicode.Scalar]) -> String {
        var output = String(String.UnicodeScalarView(scalars.filter(\.isASCII)))
        let basicCount = output.utf8.count
        if basicCount > 0 { output += "-" }
        var handled = basicCount
        var next = 128
        var delta = 0
        var bias = 72
        while handled < scalars.count {
            let smallest = scalars.reduce(Int.max) { Int($1.value) >= next ? min($0, Int($1.value)) : $0 }
            delta += (smallest - next) * (handled + 1)
            next = smallest
            for scalar in scalars {
                if scalar.value < next { delta += 1 }
                guard scalar.value == next else { continue }
                append(delta, bias, to: &output)
                bias = adapted(delta, count: handled + 1, isFirst: handled == basicCount)
                delta = 0
                handled += 1
            }
            delta += 1
            next += 1
        }
        return output
    }

    private static let base = 36
    private static let (lowest, highest) = (1, 26)

    private static func append(_ delta: Int, _ bias: Int, to output: inout String) {
        var rest = delta
        var place = base
        while true {
            let threshold = min(max(place - bias, lowest), highest)
            guard rest >= threshold else { break }
            output.unicodeScalars.append(digit(threshold + (rest - threshold) % (base - threshold)))
            rest = (rest - threshold) / (base - threshold)
            place += base
        }
        output.unicodeScalars.append(digit(rest))
    }

    private static func digit(_ value: Int) -> Unicode.Scalar {
        Unicode.Scalar(value < 26 ? UInt8(ascii: "a") + UInt8(value) : UInt8(ascii: "0") + UInt8(value - 26))
    }

    private static func adapted(_ delta: Int, count: Int, isFirst: Bool) -> Int {
        var delta = isFirst ? delta / 700 : delta / 2
        delta += delta / count
        var place = 0
        while delta > (base - lowest) * highest / 2 {
            delta /= base - lowest
            place += base
        }
        return place + (base - lowest + 1) * delta / (delta + 38)
    }
}

extension Unicode.Scalar {
    /// What separates labels in other scripts, too (UTS 46).
    fileprivate var isFullStop: Bool { self == "。" || self == "．" || self == "｡" }

    fileprivate var isMark: Bool {
        [.nonspacingMark, .spacingMark].contains(properties.generalCategory)
    }

    fileprivate var mayBeInLabel: Bool {
        switch properties.generalCategory {
        case .lowercaseLetter, .otherLetter, .modifierLetter, .nonspacingMark, .spacingMark, .decimalNumber: true
        default: self == "-"
        }
    }
}

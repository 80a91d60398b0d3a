/// A cell as the number that SQLite computes with.
enum SQLiteNumber {
    case integer(Int64)
    case real(Double)

    init?(boolean bytes: UnsafeBufferPointer<UInt8>) {
        switch unsafe bytes.first {
        case UInt8(ascii: "t"): self = .integer(1)
        case UInt8(ascii: "f"): self = .integer(0)
        default: return nil
        }
    }

    /// Nil for what stays text: what is no number, such as `NaN`, and a whole number beyond 64 bits.
    ///
    /// What has no decimal point is a whole number, so that an id in a `numeric` column keeps its digits; what has one is the
    /// nearest real number, so that `2.00 / 4` is a half, and never text, which would be greater than every number.
    init?(number bytes: UnsafeBufferPointer<UInt8>) {
        var magnitude: Int64 = 0
        var digits = 0
        var fraction: Int?
        // Zeros of the fraction that count only where another digit follows: Postgres's `avg` writes 7.5000000000000000.
        var zeros = 0
        var isNegative = false
        for unsafe(index, byte) in unsafe bytes.enumerated() {
            switch byte {
            case UInt8(ascii: "0") where fraction != nil: zeros += 1
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                digits += zeros + 1
                if let places = fraction { fraction = places + zeros + 1 }
                while zeros > 0 {
                    magnitude = magnitude &* 10
                    zeros -= 1
                }
                magnitude = magnitude &* 10 &+ Int64(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "-") where index == 0: isNegative = true
            case UInt8(ascii: ".") where fraction == nil: fraction = 0
            default:
                guard let value = unsafe Self.slowReal(bytes) else { return nil }
                self = .real(value)
                return
            }
        }
        guard digits + zeros > 0 else { return nil }
        // Up to 18 digits fit 64 bits; up to 15 digits and 22 places divide exactly (IEEE 754 doubles).
        if fraction == nil, digits <= 18 {
            self = .integer(isNegative ? -magnitude : magnitude)
        } else if fraction == nil, let whole = unsafe Int64(String(decoding: bytes, as: UTF8.self)) {
            self = .integer(whole)
        } else if let fraction, digits <= 15 {
            let value = Double(magnitude) / Self.powersOfTen[fraction]
            self = .real(isNegative ? -value : value)
        } else if fraction != nil, let value = unsafe Self.slowReal(bytes) {
            self = .real(value)
        } else {
            return nil
        }
    }

    private static let powersOfTen: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
    ]

    private static func slowReal(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
        let text = unsafe String(decoding: bytes, as: UTF8.self)
        guard let value = Double(text), value.isFinite else { return nil }
        return value
    }
}

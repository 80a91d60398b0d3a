extension Symbol {
    static func of(_ scalar: Unicode.Scalar) -> UInt8 {
        switch scalar.value {
        case 0..<0x80: UInt8(scalar.value)
        case 0xA0: noBreakSpace
        case 0xD3, 0xF3: oWithAcute
        case 0x130: dottedI
        case 0x131: dotlessI
        case 0x17F: longS
        case 0x301: combiningAcute
        case 0x411, 0x431: cyrillicBe
        case 0x414, 0x434, 0x1C81: cyrillicDe
        case 0x41E, 0x43E, 0x1C82: cyrillicO
        case 0x212A: kelvin
        case 0xFF03: wideHash
        case 0xFF0B: widePlus
        case 0xFF0E: wideFullStop
        case 0xFF25, 0xFF45: wideE
        case 0xFF29, 0xFF49: wideI
        case 0xFF2E, 0xFF4E: wideN
        case 0xFF34, 0xFF54: wideT
        case 0xFF38, 0xFF58: wideX
        case 0xFF5E: wideTilde
        case 0x30FC: prolongedSound
        case 0xAD, 0x200B, 0x2010...0x2015, 0x2053, 0x2060, 0x2212, 0x223C, 0x3000, 0xFF08, 0xFF09, 0xFF0D, 0xFF0F,
            0xFF3B, 0xFF3D:
            widePunctuation
        default: byProperties(scalar.properties)
        }
    }

    private static func byProperties(_ properties: Unicode.Scalar.Properties) -> UInt8 {
        switch properties.generalCategory {
        case .decimalNumber: otherDigits.lowerBound + UInt8(properties.numericValue ?? 0)
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .letterNumber,
            .otherNumber:
            otherLetter
        default: other
        }
    }
}

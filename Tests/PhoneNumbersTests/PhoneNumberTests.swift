import PhoneNumbers
import Testing

@Suite struct PhoneNumberTests {
    private func e164(_ text: String, _ region: String? = nil) throws -> String {
        try PhoneNumber(text, region: region.map { try #require(PhoneRegion($0)) }).e164
    }

    private func fault(_ text: String, _ region: String? = nil) -> PhoneNumberFault? {
        do throws(PhoneNumberFault) {
            _ = try PhoneNumber(text, region: region.flatMap { PhoneRegion($0) })
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [
        ("+30 210 1234567", "+302101234567"), ("Tel: +30 (210) 123-4567.", "+302101234567"),
        ("2101234567", "+302101234567"), ("00 30 210 1234567", "+302101234567"), ("0044 20 8366 1177", "+442083661177"),
        ("302101234567", "+302101234567"), ("+30-210 1234567 ext. 12", "+302101234567"),
        ("tel:210-123-4567;phone-context=+30", "+302101234567"),
        ("tel:2101234567;phone-context=example.gr", "+302101234567"),
        ("＋３０ ２１０ １２３４５６７", "+302101234567"), ("٢١٠١٢٣٤٥٦٧", "+302101234567"), ("2101234567;isub=12", "+302101234567"),
        ("210 1234567 x2/x3", "+302101234567"),
    ])
    func manyFormsAreOneNumber(_ text: String, _ expected: String) throws {
        #expect(try e164(text, "GR") == expected)
    }

    @Test(arguments: [
        ("GB", "020 8366 1177", "+442083661177"), ("US", "1-800-FLOWERS", "+18003569377"),
        ("US", "011 44 20 8366 1177", "+442083661177"), ("AU", "0011 30 210 1234567", "+302101234567"),
        // A leading zero is part of an Italian number.
        ("IT", "06 698 12345", "+390669812345"), ("US", "+39 0 2 1234 5678", "+390212345678"),
        // Mobiles in Argentina: 0, area code and 15 at home, 9 and the area code from abroad.
        ("AR", "0343 15 555 1212", "+5493435551212"), ("AR", "+54 9 343 555 1212", "+5493435551212"),
        // The 1 before Mexican mobiles is gone, and so is the carrier code of Brazil.
        ("MX", "55 1234 5678", "+525512345678"), ("BR", "0 31 11 96123 4567", "+5511961234567"),
        // Where the area code can be left out, it is put in.
        ("BB", "2301234", "+12462301234"), ("SM", "886377", "+3780549886377"),
        ("RU", "8 (912) 345-67-89", "+79123456789"), ("HU", "06 1 234 5678", "+3612345678"),
        ("DE", "+800 1234 5678", "+80012345678"),
        // Letters in disguise: the first two have keys, the others have none.
        ("US", "1800abc\u{131}\u{17F}12", "+18002224712"), ("US", "1800\u{130}abc\u{212A}1234", "+18002221234"),
    ])
    func prefixesAreThoseOfTheRegion(_ region: String, _ text: String, _ expected: String) throws {
        #expect(try e164(text, region) == expected)
    }

    @Test(arguments: [
        ("+1 212 555 2368", "US", PhoneNumberType.fixedLineOrMobile), ("+1 416 555 0123", "CA", .fixedLineOrMobile),
        ("+1 246 230 1234", "BB", .mobile), ("+7 701 234 5678", "KZ", .mobile), ("+44 7624 312345", "IM", .mobile),
        ("+39 06 698 12345", "VA", .fixedLine), ("+590 690 00 12 34", "GP", .mobile),
        ("+262 639 01 23 45", "YT", .mobile),
        ("+800 1234 5678", "001", .tollFree), ("+883 5100 1234 5678", "001", .voip),
        ("+44 800 123 4567", "GB", .tollFree),
        ("+1 227 555 0123", "US", .fixedLineOrMobile), ("+1 235 555 0123", "US", .fixedLineOrMobile),
    ])
    func aNumberTellsItsRegionAndType(_ text: String, _ region: String, _ type: PhoneNumberType) throws {
        let assignment = try PhoneNumber(text).assignment
        #expect(assignment.region?.code == region)
        #expect(assignment.type == type)
        #expect(assignment.isValid)
    }

    @Test(arguments: [
        ("", PhoneNumberFault.notANumber), ("n/a", .notANumber), ("+", .notANumber), ("12 ext 3", .notANumber),
        ("tel:123456;phone-context=+", .notANumber), ("2101234567", .unknownCallingCode),
        ("+999 123456", .unknownCallingCode),
        ("+30 1", .tooShort), ("+30 210123456789012345", .tooLong),
        (String(repeating: "1", count: 251), .tooLong), (String(repeating: "１", count: 251), .tooLong),
    ])
    func whatIsNoNumberSaysWhy(_ text: String, _ expected: PhoneNumberFault) {
        #expect(fault(text) == expected)
    }

    @Test func anInternationalPrefixNeedsANumberBehindIt() {
        #expect(fault("00 1", "GR") == .tooShortAfterInternationalPrefix)
    }

    @Test func bytesThatAreNoTextAreNoNumber() {
        let bytes = Array("+30210123456".utf8) + [0xFF]
        #expect(throws: PhoneNumberFault.notANumber) { try PhoneNumber(bytes.span) }
    }

    @Test(arguments: [
        ("+1 253 0000", PhoneNumberLength.possibleLocally), ("+1 253 000", .tooShort), ("+1 650 253 00000", .tooLong),
        ("+1 650 253 0000", .possible), ("+36 123 4567", .possibleLocally), ("+47 123456", .impossible),
    ])
    func lengthsAreChecked(_ text: String, _ expected: PhoneNumberLength) throws {
        let number = try PhoneNumber(text)
        #expect(number.lengthCheck == expected)
        #expect(number.isPossible == [.possible, .possibleLocally].contains(expected))
    }

    @Test(arguments: [
        ("+1 650 253 0000 ext. 123", "123"), ("+1 650 253 0000;ext=0123", "0123"), ("+1 650 253 0000 x7", "7"),
        ("+1 650 253 0000,,12#", "12"), ("+1 650 253 0000 доб. 45", "45"), ("+1 650 253 0000 extensión ４５", "45"),
        ("+1 650 253 0000", ""), ("+1 650 253 0000 ext. 12345678901234567890", "12345678901234567890"),
    ])
    func extensionsAreKeptApart(_ text: String, _ expected: String) throws {
        let number = try PhoneNumber(text)
        #expect(number.e164 == "+16502530000")
        #expect(number.extensionDigits.text == expected)
    }

    @Test func twoFormsOfANumberAreEqual() throws {
        let one = try PhoneNumber("+30 210 1234567")
        let other = try PhoneNumber("210-1234567", region: PhoneRegion("gr"))
        #expect(one == other)
        #expect(Set([one, other]).count == 1)
        #expect(try one != PhoneNumber("+30 210 1234567 x1"))
        #expect(one.nationalNumber.text == "2101234567")
    }

    @Test func regionsHaveCodesOfTwoLetters() {
        #expect(PhoneRegion("GR")?.callingCode == 30)
        #expect(PhoneRegion("gr")?.code == "GR")
        #expect(["UK", "uk", "EL", "el"].map { PhoneRegion($0)?.code } == ["GB", "GB", "GR", "GR"])
        for code in ["", "G", "GRC", "ZZ", "001", "30", "U+", "G1", "Ελ"] {
            #expect(PhoneRegion(code) == nil, "\(code)")
        }
    }

    @Test func anSQLFunctionGetsOnlyValidNumbers() {
        func appended(_ text: String, _ region: String) -> String? {
            let (text, region) = (Array(text.utf8), Array(region.utf8))
            var bytes: [UInt8] = []
            let isNumber = PhoneNumber.appendE164(of: text.span, region: region.span, to: &bytes)
            #expect(isNumber == !bytes.isEmpty)
            return isNumber ? String(decoding: bytes, as: UTF8.self) : nil
        }
        #expect(appended("210 1234567", "GR") == "+302101234567")
        #expect(appended("+30 210 1234567", "") == "+302101234567")
        #expect(appended("210 1234567", "") == nil)
        #expect(appended("210 123456", "GR") == nil)
        #expect(appended("", "GR") == nil)
    }

    @Test func theMetadataSaysWhatItIs() {
        #expect(PhoneMetadata.version.split(separator: ".").count == 3)
        #expect(PhoneMetadata.date >= "2026-11-06")
    }
}

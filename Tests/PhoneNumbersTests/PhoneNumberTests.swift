import PhoneNumbers
import Testing

@Suite struct PhoneNumberTests {
    @Test func aNationalNumberTakesTheCallingCodeOfItsRegion() throws {
        #expect(try PhoneNumber("2310 123456", region: PhoneRegion("GR")).e164 == "+302310123456")
    }
}

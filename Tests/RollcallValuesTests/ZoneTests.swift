import RollcallValues
import Testing

@Suite struct ZoneTests {
    /// Foundation takes them for zones: `BST` for the time of Bangladesh, `IST` for that of India.
    @Test(arguments: [
        "BST", "CST", "EST", "IST", "PST", "CET", "EST5EDT", "Zulu", "GMT+3", "GMT+0", "UTC+2", "UTC-02:00", "+02:00",
        "SystemV/EST5", "SystemV/PST8PDT", "US/Pacific-New", "Etc/Unknown", "Mars/X", "/", "", "Europe", "Europe/",
        "europe/athens", " Europe/Athens",
    ])
    func whatIsNoNameOfTheIANADatabaseIsNoZone(_ name: String) {
        #expect(Zone(name) == nil)
    }

    @Test(arguments: [
        "UTC", "GMT", "Europe/Athens", "America/Argentina/Buenos_Aires", "Asia/Calcutta", "Europe/Kyiv", "Etc/UTC",
        "Etc/GMT+3", "US/Eastern", "Mexico/General",
    ])
    func namesOfTheIANADatabaseAndItsLinksAreZones(_ name: String) {
        #expect(Zone(name) != nil)
    }
}
